// SPDX-License-Identifier: MIT
#pragma once
// A tensor as the best of its unfoldings, a deep matrix of depth 2 averaged over its posterior (posterior_mean.hpp): rows are the
// combinations of some modes, columns those of the others, and nothing is asked of the modes within a group. It wins where few patterns are
// shared between the groups, and CP or a Tucker core would find no structure within them; it is what "complete an unfolding" means as a
// tensor model (unfolding_model.hpp), Tucker1 where one mode stands against the others.
// All bipartitions of the modes are tried. More than four are fitted at a small width first, and the best four get a short trial; the best
// of these goes on with what time is left. Cost: that of tune_deep on a matrix with the same entries.

#include "tensor_fit.hpp"
#include "tune_deep.hpp"
#include "unfolding_model.hpp"

namespace tacit::detail {

inline Tuned<TensorFit, TensorTrial> average_unfoldings(const Data<double, TensorEntries>& train,
                                                        const Data<double, TensorEntries>& validation, const TensorGrid& grid) {
  const Shape& shape = train.where.shape();
  std::vector<Unfolding> ways = modelled_unfoldings(shape, train.count());
  require(!ways.empty(), "tune_tensor: no unfolding of the ", shape,
          " tensor can be completed, the combinations or sizes of its modes are too many for ", train.count(), " entries");
  Tuned<TensorFit, TensorTrial> best;
  best.validation_rmse = std::numeric_limits<double>::infinity();
  Tuned<DeepFit, DeepTrial> kept;
  std::size_t chosen = 0;
  bool cut_short = false;
  const auto attempt = [&](std::size_t w, const DeepGrid& by) {
    const Budget budget(by.seconds);
    auto tuned = tune_deep(ways[w].data(train), ways[w].data(validation), by);
    const double error = tuned.validation_rmse;
    best.trials.push_back({sentence(in_words(ways[w].rows), ", ", tuned.fit.settings()), train.count(), error});
    if (!(error < best.validation_rmse)) return error;
    best.validation_rmse = error;
    kept = std::move(tuned);
    chosen = w;
    cut_short = grid.pace.counted ? std::isfinite(by.seconds) : budget.over();
    return error;
  };
  constexpr std::size_t finalists = 4;
  DeepGrid by{.depth = 2,
              .by = Simplicity::averaging,
              .width = grid.ranks.size() == 1 ? grid.ranks[0] : 0,
              .iterations = grid.iterations,
              .seed = grid.seed,
              .pace = grid.pace};
  double share = 0.4;
  if (ways.size() > finalists) {
    DeepGrid brief = by;
    brief.width = grid.ranks.size() == 1 ? grid.ranks[0] : std::min<Index>(4, grid.ranks.back());
    brief.centres = {Centring::effects};
    brief.restarts = 1;
    brief.iterations = std::min<Index>(30, grid.iterations);
    brief.seconds = 0.1 * grid.seconds / static_cast<double>(ways.size());
    std::vector<std::pair<double, std::size_t>> errors;
    for (std::size_t w = 0; w < ways.size(); ++w) errors.emplace_back(attempt(w, brief), w);
    std::stable_sort(errors.begin(), errors.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Unfolding> first;
    for (std::size_t k = 0; k < finalists; ++k) first.push_back(std::move(ways[errors[k].second]));
    ways = std::move(first);
    chosen = 0;
    share -= 0.1;
  }
  by.seconds = share * grid.seconds / static_cast<double>(ways.size());
  for (std::size_t w = 0; w < ways.size(); ++w) attempt(w, by);
  by.seconds = 0.6 * grid.seconds;
  if (cut_short) attempt(chosen, by);
  best.fit = unfolding_model(kept.fit, shape, ways[chosen].rows, grid.seed);
  return best;
}

}  // namespace tacit::detail
