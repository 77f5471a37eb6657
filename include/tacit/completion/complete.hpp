// SPDX-License-Identifier: MIT
#pragma once
// Completion without options: k folds; in each, every method is tuned on validation entries of the training part and tested on the fold, which nothing
// else has seen. Among the deep factorizations the one with the lowest mean validation error is chosen (never by a test entry); it is then tuned once more and
// fitted to everything. Baselines stand beside it, tuned on the same entries. No fold and no method is dropped, unless the time budget is over: folds
// that not all methods have finished do not count, and the result says how many did.
//
//   auto result = complete(data);   std::cout << result.table();   result.fit.predict(entries);   result.width: half an interval

#include "../baseline/nearest_neighbours.hpp"
#include "../baseline/soft_impute.hpp"
#include "../baseline/tune_als.hpp"
#include "conformal.hpp"
#include "deep_fit.hpp"
#include "folds.hpp"
#include "ratings_fit.hpp"

namespace tacit {

struct CompletionSettings {
  Index folds = 5, repeats = 1;  ///< repeats draw new folds
  double validation = 0.1;       ///< of each training part
  double budget = 60;            ///< seconds for the folds: half of them go to our fits, which end early where that is too little; one fold is
                                 ///< always finished; the closing fit comes on top. Results depend on the machine where time runs out, else not
  std::vector<Index> depths = {2, 3};
  Index width = 0;               ///< of hidden layers; 0: min(n1, n2, 100)
  bool baselines = true;
  double coverage = 0.9;         ///< of the intervals
  std::uint64_t seed = 1;
  int threads = 0;               ///< 0: all cores
  bool deterministic = true;     ///< false: descent on ratings takes blocks as they come, a little faster, and never twice with the same digits
};

struct CompletionResult {
  std::vector<MethodResult> methods;
  Index folds = 0, folds_asked = 0;  ///< finished, and asked for
  DeepFit fit;
  std::vector<double> absolute_errors;  ///< of the chosen method on test folds
  double width = 0;                  ///< half an interval of the asked coverage
  Vector<double> tested_y, tested_z; ///< what the chosen method predicted on test folds,
  std::vector<Entry> tested_at;      ///< and where
  std::vector<std::string> left_out; ///< methods that one fold alone would keep busy beyond the budget

  const MethodResult& chosen() const {
    return *std::find_if(methods.begin(), methods.end(), [](const MethodResult& m) { return m.chosen; });
  }
  Table table() const { return method_table(methods, folds); }
};

namespace detail {

/// With what ours add: tuned in the same way, then fitted to everything.
struct MatrixMethod : Method<Entries> {
  std::function<DeepFit(const Data<double>& train, const Data<double>& validation, const Data<double>& all)> close = {};
};

inline Fitted<Entries> fixed(Means means, const Data<double>& validation) {
  const double error = rmse(means.predict(validation.where), validation.y);
  return {"closed form", error, [means = std::move(means)](const Entries& at) { return means.predict(at); }};
}

inline DeepGrid grid_of(const CompletionSettings& s, Index depth, std::uint64_t seed) {
  DeepGrid grid;
  grid.depth = depth;
  grid.width = s.width;
  grid.seed = seed;
  const double threads = s.threads > 0 ? s.threads : std::max(1u, std::thread::hardware_concurrency());
  grid.seconds = 0.5 * s.budget * threads / static_cast<double>(s.folds * s.repeats * static_cast<Index>(s.depths.size()));
  return grid;
}

/// Many entries of a sparse matrix: there, descent rating by rating with trained biases (ratings_fit.hpp) takes the place of descent on all of them.
inline bool like_ratings(const Entries& where) { return where.count() >= 10'000 && where.density() <= 0.3; }

/// Nearest neighbours, ALS and SoftImpute need some 30 s to be tuned on a million entries: where one fold is more than the budget, they are left out.
inline bool too_slow(const CompletionSettings& s, const Entries& where) { return 3e-5 * static_cast<double>(where.count()) > s.budget && where.count() > 100'000; }

inline RatingsGrid ratings_grid_of(const CompletionSettings& s, Index depth, std::uint64_t seed, int threads) {
  RatingsGrid grid;
  grid.depth = depth;
  grid.width = s.width;
  grid.seed = seed;
  grid.seconds = grid_of(s, depth, seed).seconds;
  grid.threads = threads;
  grid.deterministic = s.deterministic;
  return grid;
}

inline std::vector<MatrixMethod> methods_of(const CompletionSettings& s, const Entries& where) {
  std::vector<MatrixMethod> methods;
  using D = const Data<double>&;
  const bool ratings = like_ratings(where);
  for (Index depth : s.depths) {
    if (ratings && (depth == 2 || depth == 3)) {
      methods.push_back({{sentence("depth ", depth, " + biases"), true, [s, depth](D train, D validation, std::uint64_t seed, double) {
                           auto tuned = tune_ratings(train, validation, ratings_grid_of(s, depth, seed, 1));
                           std::string settings = tuned.fit.settings();
                           return forget_type<Entries>(std::move(tuned), std::move(settings));
                         }}, [s, depth](D train, D validation, D all) -> DeepFit {
                           const RatingsGrid grid = ratings_grid_of(s, depth, s.seed, s.threads);
                           return refit(tune_ratings(train, validation, grid).fit, all, grid);
                         }});
      continue;
    }
    methods.push_back({{sentence("depth ", depth), true, [s, depth](D train, D validation, std::uint64_t seed, double) {
                         auto tuned = tune_deep(train, validation, grid_of(s, depth, seed));
                         std::string settings = tuned.fit.settings();
                         return forget_type<Entries>(std::move(tuned), std::move(settings));
                       }}, [s, depth](D train, D validation, D all) {
                         const DeepGrid grid = grid_of(s, depth, s.seed);
                         return refit(tune_deep(train, validation, grid).fit, all, grid);
                       }});
  }
  if (!s.baselines) return methods;
  methods.push_back({{"global mean", false, [](D train, D validation, std::uint64_t, double) { return fixed(global_mean(train), validation); }}});
  methods.push_back({{"row + column means", false, [](D train, D validation, std::uint64_t, double) { return fixed(row_and_column_means(train), validation); }}});
  if (too_slow(s, where)) return methods;
  methods.push_back({{"nearest neighbours", false, [](D train, D validation, std::uint64_t, double) {
                       auto tuned = tune_nearest_neighbours(train, validation);
                       std::string settings = tuned.fit.name();
                       return forget_type<Entries>(std::move(tuned), std::move(settings));
                     }}});
  methods.push_back({{"ALS", false, [](D train, D validation, std::uint64_t seed, double) {
                       auto tuned = tune_als(train, validation, {.seed = seed});
                       std::string settings = tuned.fit.name();
                       return forget_type<Entries>(std::move(tuned), std::move(settings));
                     }}});
  methods.push_back({{"SoftImpute", false, [](D train, D validation, std::uint64_t seed, double) {
                       auto tuned = tune_soft_impute(train, validation, {.seed = seed});
                       std::string settings = tuned.fit.name();
                       return forget_type<Entries>(std::move(tuned), std::move(settings));
                     }}});
  return methods;
}

}  // namespace detail

/// `folds`: train and test parts to compare the methods on, drawn as the settings say where none are given. The closing fit is to `data`.
inline CompletionResult complete(const Data<double>& data, const CompletionSettings& s = {}, std::vector<TrainTest<double>> folds = {}) {
  const detail::FoldPlan plan{s.folds, s.repeats, s.validation, s.budget, s.seed, s.threads};
  plan.check("complete", data.count());
  require(!s.depths.empty(), "complete: no depth is given");
  const auto methods = detail::methods_of(s, data.where);
  auto compared = detail::compare_on_folds("complete", data, plan, std::vector<detail::Method<Entries>>(methods.begin(), methods.end()), std::move(folds));
  CompletionResult result;
  if (s.baselines && detail::too_slow(s, data.where)) result.left_out = {"nearest neighbours", "ALS", "SoftImpute"};
  result.methods = std::move(compared.methods);
  result.folds = compared.folds;
  result.folds_asked = compared.folds_asked;
  result.tested_y = std::move(compared.tested_y);
  result.tested_z = std::move(compared.tested_z);
  for (const Entries& where : compared.tested)
    for (Index k = 0; k < where.count(); ++k) result.tested_at.push_back(where[k]);
  for (Index k = 0; k < result.tested_y.size(); ++k) result.absolute_errors.push_back(std::abs(result.tested_y[k] - result.tested_z[k]));
  result.width = conformal_width(result.absolute_errors, s.coverage);

  // The closing fit: tuned once more with all folds, then fitted to everything.
  const auto parts = hold_out_entries(data, {.test = s.validation, .seed = s.seed});
  result.fit = methods[compared.winner].close(parts.train, parts.test, data);
  return result;
}

}  // namespace tacit
