// SPDX-License-Identifier: MIT
#pragma once
// The methods that complete() compares on a matrix: deep factorizations by descent and averaged over their posterior, ratings with trained biases, Poisson factors of
// counts, and baselines.

#include "../../fit/features_alone.hpp"
#include "../../fit/ordered_estimator.hpp"
#include "../../fit/tune_als.hpp"
#include "../../fit/tune_nuclear_norm.hpp"
#include "../../solver/nearest_neighbours.hpp"
#include "../../solver/soft_impute.hpp"
#include "../completion_result.hpp"
#include "method_costs.hpp"

namespace tacit::detail {

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
        grid.clip = s.clip;
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
      methods.push_back(estimator<Entries>(sentence("depth ", grid.depth, " + biases"), grid, 1, data.count() <= side_by_side_at_most));
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
  if (are_counts(data.y) && s.scaling == Scaling::automatic) {
    methods.push_back(other_method<Entries>(
        "Poisson factors",
        [pace](D train, D validation, std::uint64_t seed, double within) {
          return tune_poisson(train, validation, {.seconds = within, .seed = seed, .pace = pace});
        },
        [pace](const PoissonFactors& fit, D part, std::uint64_t seed, bool) {
          return refit(fit, part, PoissonGrid{.seed = seed, .pace = pace});
        },
        0.15, 0.15 * seconds));
    methods.back().ours = methods.back().of_data = true;
    methods.back().adds = false;  // a sum of exponentials is no low rank
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
      ratings ? 0.12 : 0.45);
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
      ratings ? 0.06 : 0.15);
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
