// SPDX-License-Identifier: MIT
#pragma once
// How complete() (complete.hpp) goes about it.

#include "../../core/compiled.hpp"
#include "../complete.hpp"
#include "../methods.hpp"
#include "../refit_errors.hpp"

namespace tacit {

namespace detail {

inline side_by_side::FoldPlan plan_of(const CompletionSettings& s) { return {s.folds, s.repeats, s.budget, s.seed, s.threads, s.pace}; }

/// Entries up to which the average over the posterior is worth its sweeps.
inline constexpr Index averaged_at_most = 10'000'000;

inline std::vector<DeepGrid> grids_of(const CompletionSettings& s, bool ratings, Index entries, double seconds) {
  std::vector<DeepGrid> grids;
  for (Index depth : s.depths) {
    DeepGrid grid;
    grid.depth = depth;
    grid.width = s.width;
    grid.iterations = s.iterations;
    grid.pace = s.pace;
    if (ratings && (depth == 2 || depth == 3)) {  // descents: ratings_grids_of
      if (depth == 2 && entries <= averaged_at_most) {
        grid.by = Simplicity::averaging;
        grid.centres = {Centre::effects, Centre::mean};  // zero means nothing in a rating
        grids.push_back(grid);
      }
      continue;
    }
    if (depth == 2) {
      grid.by = Simplicity::averaging;
      grids.push_back(grid);
    }
    grid.by = depth == 2 ? Simplicity::decay : Simplicity::stopping;
    grids.push_back(grid);
  }
  // The average over the posterior wins most often, and has the larger share; of many entries descents would not come to an end anyway.
  const double descents = (entries > many_entries ? 0.05 : 0.15) / static_cast<double>(s.depths.size());
  for (DeepGrid& grid : grids) grid.seconds = (grid.by == Simplicity::averaging ? (ratings ? 0.45 : 0.35) : descents) * seconds;
  return grids;
}

inline std::vector<RatingsGrid> ratings_grids_of(const CompletionSettings& s, double seconds) {
  std::vector<RatingsGrid> grids;
  for (Index depth : s.depths) {
    if (depth != 2 && depth != 3) continue;
    RatingsGrid grid;
    grid.depth = depth;
    grid.width = s.width;
    grid.seconds = 0.25 / static_cast<double>(s.depths.size()) * seconds;
    grid.threads = s.threads;
    grid.epochs = std::min(grid.epochs, s.iterations);
    grid.pace = s.pace;
    grid.deterministic = s.deterministic;
    grids.push_back(grid);
  }
  return grids;
}

}  // namespace detail

TACIT_INLINE CompletionResult complete(const Data<double>& data, const CompletionSettings& s, std::vector<TrainTest<double>> folds) {
  const detail::side_by_side::FoldPlan plan = detail::plan_of(s);
  plan.check("complete", data.y);
  require(!s.depths.empty(), "complete: no depth is given");
  require(s.iterations > 0, "complete: the iterations are ", s.iterations, ", they need to be positive");
  require(s.holdout.kind != HoldoutKind::listed || s.repeats == 1, "complete: a list of entries to hold out cannot be repeated ", s.repeats,
          " times");
  const bool given = !folds.empty();
  if (!given) folds = plan.draw([&](const Folds& of) { return detail::test_parts(data, s.holdout, of); });

  const bool ratings = detail::like_ratings(data.where);
  const double of_a_fold = s.budget * plan.cores() / static_cast<double>(folds.size());  // seconds of all methods together, on all threads
  const auto methods =
      detail::methods_of(detail::grids_of(s, ratings, data.count(), of_a_fold),
                         ratings ? detail::ratings_grids_of(s, of_a_fold) : std::vector<RatingsGrid>{}, s.baselines, s.budget, s.pace);
  auto compared = detail::side_by_side::compare_on_folds(
      "complete", folds, plan, methods,
      [&](const Data<double>& train, std::uint64_t seed) { return detail::validation_part(train, s.holdout, s.validation, seed); },
      [&](const detail::Method& method, double elapsed) {
        const double share = method.share * of_a_fold;
        return s.pace.counted ? share : std::max(std::min(s.budget - elapsed, share), 0.1);
      });

  CompletionResult result;
  result.methods = std::move(compared.methods);
  result.folds = compared.folds;
  result.folds_asked = compared.folds_asked;
  result.tested_y = std::move(compared.tested_y);
  result.tested_z = std::move(compared.tested_z);
  for (const Entries& where : compared.tested)
    for (Index k = 0; k < where.count(); ++k) result.tested_at.push_back(where[k]);
  for (Index k = 0; k < result.tested_y.size(); ++k) result.absolute_errors.push_back(std::abs(result.tested_y[k] - result.tested_z[k]));

  // The closing fit: tuned once more with all folds, then fitted to everything.
  const auto parts = detail::validation_part(data, s.holdout, s.validation, s.seed);
  const detail::Closing closing = methods[compared.winner].close(parts.train, parts.test, data, s.seed, s.refit);
  result.fit = closing.fit;
  result.interval_errors =
      given || s.holdout.kind != HoldoutKind::entries
          ? result.absolute_errors
          : detail::refit_errors(data, s.seed, s.threads, s.pace.counted ? std::numeric_limits<double>::infinity() : 0.2 * s.budget,
                                 closing.refitted);
  result.width = conformal_width(result.interval_errors, s.coverage);
  return result;
}

}  // namespace tacit
