// SPDX-License-Identifier: MIT
#pragma once
// The methods that complete() compares, all behind one face: tuned on a training and a validation part, a method says which settings it took, its validation
// error, and predicts. Ours also hand out their fit. A method that would not end within the time there is says so instead, and stays in the table without numbers.

#include <functional>

#include "../baseline/nearest_neighbours.hpp"
#include "../baseline/soft_impute.hpp"
#include "../baseline/tune_als.hpp"
#include "../baseline/tune_nuclear_norm.hpp"
#include "folds.hpp"
#include "ratings_fit.hpp"
#include "tune_deep.hpp"
#include "unobserved_lines.hpp"

namespace tacit::detail {

using Fitted = side_by_side::Fitted<Entries>;
using side_by_side::forget_type;
using SomeData = const Data<double>&;
/// The closing fit, and its settings fitted anew to other entries.
struct Closing {
  DeepFit fit;
  std::function<Vector<double>(SomeData train, const Entries& at)> refitted;
};
struct Method {
  std::string name;
  bool ours;
  /// Within about so many seconds.
  std::function<Fitted(SomeData train, SomeData validation, std::uint64_t seed, double seconds)> tune;
  /// Of ours: tuned in the same way, then, if asked, fitted once more to everything.
  std::function<Closing(SomeData train, SomeData validation, SomeData all, std::uint64_t seed, bool again)> close = {};
  double share = 1;  ///< of the time that a fold has, for tuning; ours know theirs from their grids
};

template <class Fit, class Trial>
Fitted named(Tuned<Fit, Trial> tuned) {
  std::string settings = tuned.fit.name();
  return forget_type<Entries>(std::move(tuned), std::move(settings));
}
/// `fit` to `seen`; refit_to(part) is the same fit to other entries.
template <class Refit>
Closing closing_of(DeepFit fit, SomeData seen, Refit refit_to) {
  average_unobserved(fit, seen.where);
  return {std::move(fit), [refit_to](SomeData part, const Entries& at) {
            DeepFit again = refit_to(part);
            average_unobserved(again, part.where);
            return again.predict(at);
          }};
}
inline Fitted fixed(Means means, SomeData validation) {
  const double error = rmse(means.predict(validation.where), validation.y);
  return {"closed form", error, [means = std::move(means)](const Entries& at) { return means.predict(at); }};
}

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

inline Fitted tuned_neighbours(SomeData train, SomeData validation, double seconds, const Pace& pace = {}) {
  const double rows = neighbour_pairs(train.where, Between::rows), cols = neighbour_pairs(train.where, Between::columns);
  NeighbourGrid grid;
  grid.pace = pace;
  if (rows + cols > seconds * pairs_a_second) grid.between = {rows <= cols ? Between::rows : Between::columns};
  const double least = grid.between.size() == 2 ? rows + cols : std::min(rows, cols);
  if (least > seconds * pairs_a_second)
    return {sentence("left out: comparing lines would take about ", rounded(least / pairs_a_second, 2), " s")};
  return named(tune_nearest_neighbours(train, validation, grid));
}

inline Fitted tuned_nuclear(SomeData train, SomeData validation, double seconds, const Pace& pace = {}) {
  const double n1 = static_cast<double>(train.where.rows()), n2 = static_cast<double>(train.where.cols()), least = std::min(n1, n2);
  if (least > 1000 || n1 * n2 > Shape::dense_limit) return {"left out: the smaller side is above 1000"};
  const double one = 100 * (4 * n1 * n2 * least + 10 * least * least * least) / 1e10;  // seconds for one share of noise
  if (3 * one > seconds) return {sentence("left out: would take about ", rounded(8 * one, 2), " s")};
  return named(tune_nuclear_norm(train, validation, {.seconds = seconds, .pace = pace}));
}

inline Fitted tuned_als(SomeData train, SomeData validation, std::uint64_t seed, double seconds, const Pace& pace = {}) {
  AlsGrid grid{.seconds = seconds, .seed = seed, .pace = pace};
  if (train.count() > many_entries) grid.factor *= grid.factor;  // half as many lambdas; those in between the best ones follow anyway
  return named(tune_als(train, validation, grid));
}

/// Many entries of a sparse matrix: there, descent rating by rating with trained biases (ratings_fit.hpp) takes the place of descent on all of them.
inline bool like_ratings(const Entries& where) { return where.count() >= 10'000 && where.density() <= 0.3; }

/// Of every (depth, way) one, then the baselines. What of them is too dear is decided by the whole budget, not by what is left of it, so that it is the same in every
/// fold and on every machine.
inline std::vector<Method> methods_of(const std::vector<DeepGrid>& ours, const std::vector<RatingsGrid>& on_ratings, bool baselines,
                                      double budget, const Pace& pace = {}) {
  std::vector<Method> methods;
  for (const RatingsGrid& grid : on_ratings)
    methods.push_back({sentence("depth ", grid.depth, " + biases"), true,
                       [grid](SomeData train, SomeData validation, std::uint64_t seed, double seconds) {
                         RatingsGrid now = grid;
                         now.seed = seed;
                         now.seconds = std::min(grid.seconds, seconds);
                         now.threads = 1;  // folds run side by side
                         auto tuned = tune_ratings(train, validation, now);
                         std::string settings = tuned.fit.settings();
                         return forget_type<Entries>(std::move(tuned), std::move(settings));
                       },
                       [grid](SomeData train, SomeData validation, SomeData all, std::uint64_t seed, bool again) -> Closing {
                         RatingsGrid now = grid;
                         now.seed = seed;
                         const RatingsFit fit = tune_ratings(train, validation, now).fit;
                         const RatingsFit closing = again ? refit(fit, all, now) : fit;
                         now.threads = 1;  // parts run side by side
                         return closing_of(closing, again ? all : train, [fit, now](SomeData part) { return refit(fit, part, now); });
                       }});
  for (const DeepGrid& grid : ours)
    methods.push_back({sentence("depth ", grid.depth, grid.by == Simplicity::averaging ? ", averaged" : ""), true,
                       [grid](SomeData train, SomeData validation, std::uint64_t seed, double seconds) {
                         DeepGrid now = grid;
                         now.seed = seed;
                         now.seconds = std::min(grid.seconds, seconds);
                         auto tuned = tune_deep(train, validation, now);
                         std::string settings = tuned.fit.settings();
                         return forget_type<Entries>(std::move(tuned), std::move(settings));
                       },
                       [grid](SomeData train, SomeData validation, SomeData all, std::uint64_t seed, bool again) -> Closing {
                         DeepGrid now = grid;
                         now.seed = seed;
                         const DeepFit fit = tune_deep(train, validation, now).fit;
                         return closing_of(again ? refit(fit, all, now) : fit, again ? all : train,
                                           [fit, now](SomeData part) { return refit(fit, part, now); });
                       }});
  if (!baselines) return methods;
  methods.push_back({"global mean", false,
                     [](SomeData train, SomeData validation, std::uint64_t, double) { return fixed(global_mean(train), validation); }});
  methods.push_back({"row + column means", false, [](SomeData train, SomeData validation, std::uint64_t, double) {
                       return fixed(row_and_column_means(train), validation);
                     }});
  methods.push_back({"nearest neighbours", false, [budget, pace](SomeData train, SomeData validation, std::uint64_t, double) {
                       return tuned_neighbours(train, validation, budget / 8, pace);
                     }});
  methods.push_back({"ALS",
                     false,
                     [pace](SomeData train, SomeData validation, std::uint64_t seed, double seconds) {
                       return tuned_als(train, validation, seed, seconds, pace);
                     },
                     {},
                     0.45});
  methods.push_back({"SoftImpute",
                     false,
                     [pace](SomeData train, SomeData validation, std::uint64_t seed, double seconds) {
                       return named(tune_soft_impute(train, validation, {.seconds = seconds, .seed = seed, .pace = pace}));
                     },
                     {},
                     0.15});
  methods.push_back({"minimum nuclear norm", false, [budget, pace](SomeData train, SomeData validation, std::uint64_t, double) {
                       return tuned_nuclear(train, validation, budget / 8, pace);
                     }});
  return methods;
}

}  // namespace tacit::detail
