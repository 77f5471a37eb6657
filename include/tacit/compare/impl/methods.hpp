// SPDX-License-Identifier: MIT
#pragma once
// The methods that complete() compares on a matrix: deep factorizations by descent and averaged over their posterior, ratings with trained biases, and baselines.

#include "../../fit/features_alone.hpp"
#include "../../fit/ordered_estimator.hpp"
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

/// Between rows and columns, or what of it can be compared within so many seconds: the cheaper one.
inline NeighbourGrid neighbours_within(const Entries& where, double seconds, const Pace& pace) {
  const double rows = neighbour_pairs(where, Between::rows), cols = neighbour_pairs(where, Between::columns);
  NeighbourGrid grid;
  grid.pace = pace;
  if (rows + cols > seconds * pairs_a_second) grid.between = {rows <= cols ? Between::rows : Between::columns};
  return grid;
}
inline Fitted<Entries> tuned_neighbours(const Data<double>& train, const Data<double>& validation, double seconds, const Pace& pace = {}) {
  const NeighbourGrid grid = neighbours_within(train.where, seconds, pace);
  double pairs = 0;
  for (const Between between : grid.between) pairs += neighbour_pairs(train.where, between);
  if (pairs > seconds * pairs_a_second)
    return {sentence("left out: comparing lines would take about ", rounded(pairs / pairs_a_second, 2), " s")};
  auto tuned = tune_nearest_neighbours(train, validation, grid);
  const auto fit = std::make_shared<const NearestNeighbours>(tuned.fit);
  Fitted<Entries> fitted = named<Entries>(std::move(tuned));
  fitted.refitted = [fit](const Data<double>& part, const Entries& at) { return refit(*fit, part).predict(at); };
  return fitted;
}
/// Whether their predictions of the whole table can be kept, and made in twice the time that comparing may take.
inline bool neighbours_fill(const Entries& where, double seconds) {
  if (!stands_as_factors(where.shape())) return false;
  double pairs = 0;
  for (const Between between : neighbours_within(where, seconds, {}).between)
    pairs += static_cast<double>(where.count()) * static_cast<double>(between == Between::rows ? where.rows() : where.cols());
  return pairs <= 2 * seconds * pairs_a_second;
}

/// The terms that regressions of columns on one another, or trees, can have within so many seconds, the dearest last; none of tables that are wide, or too large to be kept.
inline std::vector<RegressionTerms> regression_terms(const Entries& where, bool trees, double seconds) {
  std::vector<RegressionTerms> terms;
  if (where.cols() > 100 || where.rows() < 2 * where.cols() || !stands_as_factors(where.shape())) return terms;
  const auto m = static_cast<double>(where.count()), n = static_cast<double>(where.cols());
  const auto ridge = [&](double F) { return 3 * (2 * m * F * F + n * F * F * F / 3) / 1e10; };
  const auto attempt = [&](RegressionTerms of, double work) {
    if (work <= seconds) terms.push_back(of);
  };
  const double products = n * (n + 3) / 2;
  if (trees) {
    attempt(RegressionTerms::trees, ridge(n <= 30 ? products : 2 * n) + 100 * m * n * 6 * 1.5e-9);
    return terms;
  }
  attempt(RegressionTerms::linear, 4 * ridge(n));
  attempt(RegressionTerms::squares, 4 * ridge(2 * n));
  attempt(RegressionTerms::products, 4 * ridge(products));
  return terms;
}

inline double features_alone_seconds(const Entries& where, const SideFeatures& features) {
  double flops = 0;
  for (const Index mode : {0, 1}) {
    const auto F = static_cast<double>(features.of(mode).values.cols());
    flops += 2 * static_cast<double>(where.count()) * F * F + static_cast<double>(where.shape()[1 - mode]) * F * F * F / 3;
  }
  return 4 * flops / 1e10;
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

inline constexpr double multiplications_a_second = 2e9;

/// Why a method is left out that would not come to an end: `steps` of so many multiplications take longer than its seconds. Empty: it is not.
inline std::string too_dear(double steps, const char* called, double cost, double seconds) {
  const double takes = steps * cost / multiplications_a_second;
  return takes <= seconds ? ""
                          : sentence("left out: ", steps, " ", called, " would take about ", rounded(takes, 2), " s, there are ",
                                     rounded(seconds, 2), " s");
}
/// The method, left out where reason(train) says why.
template <class Reason>
Estimator<Entries> unless(Estimator<Entries> method, Reason reason) {
  method.tune = [tune = method.tune, reason](const Data<double>& train, const Data<double>& validation, std::uint64_t seed,
                                             double seconds) {
    std::string why = reason(train);
    return why.empty() ? tune(train, validation, seed, seconds) : Fitted<Entries>{std::move(why)};
  };
  return method;
}
/// A sweep of rank 10; a step of few singular vectors.
inline double cost_of_als(const Entries& where) {
  return 100 * (2 * static_cast<double>(where.count()) + 8 * static_cast<double>(where.rows() + where.cols()));
}
inline double cost_of_soft_impute(const Entries& where) {
  const auto n1 = static_cast<double>(where.rows()), n2 = static_cast<double>(where.cols()), least = std::min(n1, n2);
  if (least <= 100 && where.density() >= 0.1) return 4 * least * n1 * n2 + 10 * least * least * least;
  return 40 * static_cast<double>(where.count()) + 300 * (n1 + n2);
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
        grid.patience = 5;
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
  // The average over the posterior wins most often, and has the larger share; of many entries descents would not come to an end anyway. What a fold has left over is for
  // fitting the chosen settings again.
  const double descents = (entries > many_entries ? 0.05 : 0.15) / static_cast<double>(s.depths.size());
  for (DeepGrid& grid : grids) grid.seconds = (grid.by == Simplicity::averaging ? (ratings ? 0.6 : 0.35) : descents) * seconds;
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

/// A descent has to leave its start, from which theta grows by a twentieth a step, and to arrive: with fewer steps it predicts the mean.
inline constexpr double least_steps = 100;

/// Descent on all entries, no wider than so many steps in its time allow; left out where that is next to nothing (and something else of ours is there to be chosen).
inline Estimator<Entries> descent(const std::string& name, const DeepGrid& grid, bool may_leave_out) {
  using D = const Data<double>&;
  Estimator<Entries> method = estimator<Entries>(name, grid);
  const auto affordable = [grid](D train) {  // 6 multiplications an entry and component
    return std::max<Index>(1, static_cast<Index>(std::min(
                                  1e9, grid.seconds * multiplications_a_second / (6 * least_steps * static_cast<double>(train.count())))));
  };
  const auto narrowed = [name, grid, affordable](D train) {
    DeepGrid narrow = grid;
    const Index widest = std::min<Index>({train.where.rows(), train.where.cols(), 100}), most = affordable(train);
    if (grid.width == 0 && most < widest) narrow.width = most;
    return estimator<Entries>(name, narrow);
  };
  method.tune = [=](D train, D validation, std::uint64_t seed, double seconds) {
    return narrowed(train).tune(train, validation, seed, seconds);
  };
  method.close = [=](D train, D validation, D all, std::uint64_t seed, bool again, double seconds) {
    return narrowed(train).close(train, validation, all, seed, again, seconds);
  };
  return unless(std::move(method), [=](D train) {
    const Index least = grid.width > 0 ? grid.width : std::min<Index>({train.where.rows(), train.where.cols(), 4});
    const std::string steps = sentence("steps at width ", least);
    return may_leave_out ? too_dear(least_steps, steps.c_str(), 6 * static_cast<double>(least * train.count()), grid.seconds) : "";
  });
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
  std::vector<DeepGrid> grids = grids_of(s, ratings, data.count(), seconds);
  const bool average = std::any_of(grids.begin(), grids.end(), [](const DeepGrid& grid) { return grid.by == Simplicity::averaging; });
  // What ALS and SoftImpute do not need, where they are left out, the average has; of ratings descents are better in little time.
  const auto als = [within = 0.45 * seconds](D train) { return too_dear(30, "sweeps", cost_of_als(train.where), within); };
  const auto soft = [within = 0.15 * seconds](D train) { return too_dear(100, "steps", cost_of_soft_impute(train.where), within); };
  const double spare = s.baselines && !ratings ? (als(data).empty() ? 0 : 0.45) + (soft(data).empty() ? 0 : 0.15) : 0;
  for (DeepGrid& grid : grids) {
    if (grid.by == Simplicity::averaging) grid.seconds += spare * seconds;
    if (grid.by == Simplicity::averaging) methods.push_back(estimator<Entries>(sentence("depth ", grid.depth, ", averaged"), grid));
    else methods.push_back(descent(sentence("depth ", grid.depth), grid, average));
  }
  const auto features = s.features.none() ? nullptr : std::make_shared<const SideFeatures>(s.features);
  for (DeepGrid grid : grids) {
    if (!features || grid.by != Simplicity::averaging) continue;
    grid.features = features;
    methods.push_back(estimator<Entries>("depth 2, averaged, features", grid));
    methods.back().ours = false;  // chosen only where features help beyond chance
  }
  const bool ordered = !s.ordered.empty() && !ratings;
  if (ordered && std::find(s.depths.begin(), s.depths.end(), 2) != s.depths.end())
    methods.push_back(ordered_average({.order = s.ordered, .width = s.width, .sweeps = s.iterations, .pace = pace}, 0.35, 0.35 * seconds));
  if (!s.baselines) return methods;
  if (ordered) methods.push_back(interpolation_method(s.ordered, data));
  // These can be chosen, too; nearest neighbours where the table of their predictions can be kept.
  const auto add = [&](const char* name, auto tuned, auto again, double share = 1) {
    methods.push_back(other_method<Entries>(name, tuned, again, share, share * seconds));
  };
  const auto means = [&](const char* name, auto of) {
    add(
        name, [of](D train, D validation, std::uint64_t, double) { return closed_form(of(train), validation); },
        [of](const Centre&, D part, std::uint64_t, bool) { return of(part); }, 0);
  };
  means("global mean", [](D part) { return global_mean(part); });
  means("row + column means", [](D part) { return line_means(part); });
  add(
      "nearest neighbours",
      [budget = s.budget, pace](D train, D validation, std::uint64_t, double) {
        return tune_nearest_neighbours(train, validation, neighbours_within(train.where, budget / 8, pace));
      },
      [](const NearestNeighbours& fit, D part, std::uint64_t, bool) { return refit(fit, part); });
  methods.back().tune = [budget = s.budget, pace](D train, D validation, std::uint64_t, double) {
    return tuned_neighbours(train, validation, budget / 8, pace);
  };
  methods.back().kind = MethodKind::neighbours;
  if (!neighbours_fill(data.where, s.budget / 8)) methods.back().close = {};
  if (features) {
    add(
        "features alone",
        [features, pace](D train, D validation, std::uint64_t, double) {
          return tune_features_alone(train, validation, *features, {1, 10, 100, 1000}, pace);
        },
        [features](const FeaturesAlone& fit, D part, std::uint64_t, bool) { return refit(fit, part, *features); });
    methods.back().kind = MethodKind::features;
    const double take = features_alone_seconds(data.where, *features);
    if (take > s.budget / 8) {
      methods.back().close = {};
      methods.back().tune = [take](D, D, std::uint64_t, double) -> Fitted<Entries> {
        return {sentence("left out: would take about ", rounded(take, 2), " s")};
      };
    }
  }
  for (const bool trees : {false, true}) {
    const auto terms = regression_terms(data.where, trees, s.budget / 8);
    if (terms.empty()) continue;
    add(
        trees ? "column trees" : "column regressions",
        [terms, pace](D train, D validation, std::uint64_t, double) { return tune_column_regressions(train, validation, terms, pace); },
        [pace](const ColumnRegressions& fit, D part, std::uint64_t, bool) { return refit(fit, part, pace); });
    methods.back().kind = MethodKind::regression;
  }
  add(
      "ALS", [pace](D train, D validation, std::uint64_t seed, double within) { return tuned_als(train, validation, seed, within, pace); },
      [pace](const Als& fit, D part, std::uint64_t seed, bool) { return refit(fit, part, AlsGrid{.seed = seed, .pace = pace}); },
      ratings ? 0.2 : 0.45);
  methods.back() = unless(methods.back(), [within = methods.back().share * seconds](D train) {
    return too_dear(30, "sweeps", cost_of_als(train.where), within);
  });
  add(
      "SoftImpute",
      [pace](D train, D validation, std::uint64_t seed, double within) {
        return tune_soft_impute(train, validation, {.seconds = within, .seed = seed, .pace = pace});
      },
      [pace](const SoftImpute& fit, D part, std::uint64_t seed, bool) {
        return refit(fit, part, SoftImputePath{.seed = seed, .pace = pace});
      },
      0.15);
  methods.back() = unless(methods.back(), soft);
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
