// SPDX-License-Identifier: MIT
#pragma once
// The methods that complete() compares on a matrix: deep factorizations by descent and averaged over their posterior, ratings with trained biases, and baselines.

#include "../../fit/estimator.hpp"
#include "../../fit/tune_als.hpp"
#include "../../fit/tune_nuclear_norm.hpp"
#include "../../solver/nearest_neighbours.hpp"
#include "../../solver/soft_impute.hpp"
#include "../completion_result.hpp"

namespace tacit::detail {

/// Pairs of entries in the same column (between rows) or row: what nearest neighbours cost.
inline double neighbour_pairs(const Entries& where, Between between) {
  const Index* start = between == Between::rows ? where.col_start() : where.row_start();
  double pairs = 0;
  for (Index j = 0; j < (between == Between::rows ? where.cols() : where.rows()); ++j)
    pairs += std::pow(static_cast<double>(start[j + 1] - start[j]), 2);
  return pairs;
}
inline constexpr Index many_entries = 100'000;  ///< where a minute is little
inline constexpr double pairs_a_second = 3e7;   ///< with their sorting, on a slow core

inline Fitted<Entries> tuned_neighbours(const Data<double>& train, const Data<double>& validation, double seconds, const Pace& pace = {}) {
  const double rows = neighbour_pairs(train.where, Between::rows), cols = neighbour_pairs(train.where, Between::columns);
  NeighbourGrid grid;
  grid.pace = pace;
  if (rows + cols > seconds * pairs_a_second) grid.between = {rows <= cols ? Between::rows : Between::columns};
  const double least = grid.between.size() == 2 ? rows + cols : std::min(rows, cols);
  if (least > seconds * pairs_a_second)
    return {sentence("left out: comparing lines would take about ", rounded(least / pairs_a_second, 2), " s")};
  auto tuned = tune_nearest_neighbours(train, validation, grid);
  const NeighbourSettings chosen{tuned.fit.k, tuned.fit.shrinkage, tuned.fit.between, tuned.fit.centre};
  Fitted<Entries> fitted = named<Entries>(std::move(tuned));
  fitted.refitted = [chosen](const Data<double>& part, const Entries& at) {
    NeighbourSettings same = chosen;
    same.centre = refit(chosen.centre, part);
    return nearest_neighbours(part, same).predict(at);
  };
  return fitted;
}

inline Fitted<Entries> tuned_nuclear(const Data<double>& train, const Data<double>& validation, double seconds, const Pace& pace = {}) {
  const double n1 = static_cast<double>(train.where.rows()), n2 = static_cast<double>(train.where.cols()), least = std::min(n1, n2);
  if (least > 1000 || n1 * n2 > Shape::dense_limit) return {"left out: the smaller side is above 1000"};
  const double one = 100 * (4 * n1 * n2 * least + 10 * least * least * least) / 1e10;  // seconds for one share of noise
  if (3 * one > seconds) return {sentence("left out: would take about ", rounded(8 * one, 2), " s")};
  auto tuned = tune_nuclear_norm(train, validation, {.seconds = seconds, .pace = pace});
  const auto fit = tuned.fit;
  Fitted<Entries> fitted = named<Entries>(std::move(tuned));
  fitted.refitted = [fit, pace](const Data<double>& part, const Entries& at) {
    return finished(as_fit(refit(fit, part, NuclearPath{.pace = pace}), at), part.where).predict(at);
  };
  return fitted;
}

inline Tuned<Als, AlsTrial> tuned_als(const Data<double>& train, const Data<double>& validation, std::uint64_t seed, double seconds,
                                      const Pace& pace = {}) {
  AlsGrid grid{.seconds = seconds, .seed = seed, .pace = pace};
  if (train.count() > many_entries) grid.factor *= grid.factor;  // half as many lambdas; those in between the best ones follow anyway
  return tune_als(train, validation, grid);
}

/// Many entries of a sparse matrix: there, descent rating by rating with trained biases (ratings_fit.hpp) takes the place of descent on all of them.
inline bool like_ratings(const Entries& where) { return where.count() >= 10'000 && where.density() <= 0.3; }

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
        grid.centres = {Centring::effects, Centring::mean};  // zero means nothing in a rating
        grid.ratings = true;
        grid.clip = s.clip && (s.scaling == Scaling::automatic || s.scaling == Scaling::none);  // in units of the data
        grid.patience = 4;
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
  // What the shares leave of a fold is for fitting the chosen settings again, which takes up to half as long as the search.
  const double descents = (entries > many_entries ? 0.05 : 0.15) / static_cast<double>(s.depths.size());
  for (DeepGrid& grid : grids) grid.seconds = (grid.by == Simplicity::averaging ? (ratings ? 0.3 : 0.35) : descents) * seconds;
  return grids;
}

inline std::vector<RatingsGrid> ratings_grids_of(const CompletionSettings& s, double seconds) {
  std::vector<RatingsGrid> grids;
  for (Index depth : s.depths) {
    if (depth != 2 && depth != 3) continue;
    RatingsGrid grid;
    grid.depth = depth;
    grid.width = s.width;
    grid.seconds = 0.2 / static_cast<double>(s.depths.size()) * seconds;
    grid.threads = s.threads;
    grid.epochs = std::min(grid.epochs, s.iterations);
    grid.pace = s.pace;
    grid.deterministic = s.deterministic;
    grids.push_back(grid);
  }
  return grids;
}

/// Of every (depth, way) one, then the baselines; `seconds`: of a fold, for all methods. What of them is too dear is decided by the whole budget, not by what is left of
/// it, so that it is the same in every fold and on every machine.
inline std::vector<Estimator<Entries>> estimators_of(const CompletionSettings& s, const Data<double>& data, double seconds) {
  using D = const Data<double>&;
  const bool ratings = like_ratings(data.where);
  const Pace& pace = s.pace;
  std::vector<Estimator<Entries>> methods;
  if (ratings)
    for (const RatingsGrid& grid : ratings_grids_of(s, seconds))
      methods.push_back(estimator<Entries>(sentence("depth ", grid.depth, " + biases"), grid));
  for (const DeepGrid& grid : grids_of(s, ratings, data.count(), seconds))
    methods.push_back(estimator<Entries>(sentence("depth ", grid.depth, grid.by == Simplicity::averaging ? ", averaged" : ""), grid));
  if (!s.baselines) return methods;
  // Means and low-rank fits can be chosen, too; nearest neighbours are no factorization.
  const auto add = [&](const char* name, auto tuned, auto again, double share = 1) {
    methods.push_back(other_method<Entries>(name, tuned, again, share, share * seconds));
  };
  const auto means = [&](const char* name, auto of) {
    add(
        name, [of](D train, D validation, std::uint64_t, double) { return closed_form(of(train), validation); },
        [of](const Centre&, D part, std::uint64_t, bool) { return of(part); });
  };
  means("global mean", [](D part) { return global_mean(part); });
  means("row + column means", [](D part) { return line_means(part); });
  methods.push_back({"nearest neighbours", false, [budget = s.budget, pace](D train, D validation, std::uint64_t, double) {
                       return tuned_neighbours(train, validation, budget / 8, pace);
                     }});
  add(
      "ALS", [pace](D train, D validation, std::uint64_t seed, double within) { return tuned_als(train, validation, seed, within, pace); },
      [pace](const Als& fit, D part, std::uint64_t seed, bool) { return refit(fit, part, AlsGrid{.seed = seed, .pace = pace}); },
      ratings ? 0.12 : 0.45);
  add(
      "SoftImpute",
      [pace](D train, D validation, std::uint64_t seed, double within) {
        return tune_soft_impute(train, validation, {.seconds = within, .seed = seed, .pace = pace});
      },
      [pace](const SoftImpute& fit, D part, std::uint64_t seed, bool) {
        return refit(fit, part, SoftImputePath{.seed = seed, .pace = pace});
      },
      ratings ? 0.06 : 0.15);
  add(
      "minimum nuclear norm",
      [pace](D train, D validation, std::uint64_t, double within) {
        return tune_nuclear_norm(train, validation, {.seconds = within, .pace = pace});
      },
      [pace](const NuclearFit& fit, D part, std::uint64_t, bool) { return refit(fit, part, NuclearPath{.pace = pace}); });
  methods.back().tune = [budget = s.budget, pace](D train, D validation, std::uint64_t, double) {
    return tuned_nuclear(train, validation, budget / 8, pace);
  };
  return methods;
}

}  // namespace tacit::detail
