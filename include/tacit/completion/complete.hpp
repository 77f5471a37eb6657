// SPDX-License-Identifier: MIT
#pragma once
// Completion without options: deep factorizations and baselines side by side on k folds (folds.hpp). The deep factorization that is chosen there is tuned once
// more and fitted to everything.
//
//   auto result = complete(data);   std::cout << result.table();   result.fit.predict(entries);   result.width: half an interval

#include "../baseline/nearest_neighbours.hpp"
#include "../baseline/soft_impute.hpp"
#include "../baseline/tune_als.hpp"
#include "conformal.hpp"
#include "deep_fit.hpp"
#include "folds.hpp"

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
};

struct CompletionResult {
  std::vector<MethodResult> methods;
  Index folds = 0, folds_asked = 0;  ///< finished, and asked for
  DeepFit fit;
  DeepGrid grid;                     ///< that the fit came from
  std::vector<double> absolute_errors;  ///< of the chosen method on test folds
  double width = 0;                  ///< half an interval of the asked coverage
  Vector<double> tested_y, tested_z; ///< what the chosen method predicted on test folds,
  std::vector<Entry> tested_at;      ///< and where

  const MethodResult& chosen() const {
    return *std::find_if(methods.begin(), methods.end(), [](const MethodResult& m) { return m.chosen; });
  }
  Table table() const { return method_table(methods, folds); }
};

namespace detail {

inline Fitted<Entries> fixed(Means means, const Data<double>& validation) {
  const double error = rmse(means.predict(validation.where), validation.y);
  return {"closed form", error, [means = std::move(means)](const Entries& at) { return means.predict(at); }};
}

inline FoldPlan plan_of(const CompletionSettings& s) { return {s.folds, s.repeats, s.validation, s.budget, s.seed, s.threads}; }

inline DeepGrid grid_of(const CompletionSettings& s, Index depth, std::uint64_t seed, double) {
  DeepGrid grid;
  grid.depth = depth;
  grid.width = s.width;
  grid.seed = seed;
  grid.seconds = 0.5 * s.budget * plan_of(s).cores() / static_cast<double>(s.folds * s.repeats * static_cast<Index>(s.depths.size()));
  return grid;
}

inline std::vector<Method<Entries>> methods_of(const CompletionSettings& s) {
  std::vector<Method<Entries>> methods;
  using D = const Data<double>&;
  for (Index depth : s.depths)
    methods.push_back({sentence("depth ", depth), true, [s, depth](D train, D validation, std::uint64_t seed, double) {
                         auto tuned = tune_deep(train, validation, grid_of(s, depth, seed));
                         std::string settings = tuned.fit.settings();
                         return forget_type<Entries>(std::move(tuned), std::move(settings));
                       }});
  if (!s.baselines) return methods;
  methods.push_back({"global mean", false, [](D train, D validation, std::uint64_t, double) { return fixed(global_mean(train), validation); }});
  methods.push_back({"row + column means", false, [](D train, D validation, std::uint64_t, double) { return fixed(row_and_column_means(train), validation); }});
  methods.push_back({"nearest neighbours", false, [](D train, D validation, std::uint64_t, double) {
                       auto tuned = tune_nearest_neighbours(train, validation);
                       std::string settings = tuned.fit.name();
                       return forget_type<Entries>(std::move(tuned), std::move(settings));
                     }});
  methods.push_back({"ALS", false, [](D train, D validation, std::uint64_t seed, double) {
                       auto tuned = tune_als(train, validation, {.seed = seed});
                       std::string settings = tuned.fit.name();
                       return forget_type<Entries>(std::move(tuned), std::move(settings));
                     }});
  methods.push_back({"SoftImpute", false, [](D train, D validation, std::uint64_t seed, double) {
                       auto tuned = tune_soft_impute(train, validation, {.seed = seed});
                       std::string settings = tuned.fit.name();
                       return forget_type<Entries>(std::move(tuned), std::move(settings));
                     }});
  return methods;
}

}  // namespace detail

inline CompletionResult complete(const Data<double>& data, const CompletionSettings& s = {}) {
  const detail::FoldPlan plan = detail::plan_of(s);
  plan.check("complete", data.count());
  require(!s.depths.empty(), "complete: no depth is given");
  auto compared = detail::compare_on_folds("complete", data, plan, detail::methods_of(s));
  CompletionResult result;
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
  result.grid = detail::grid_of(s, s.depths[compared.winner], s.seed);
  const auto parts = hold_out_entries(data, {.test = s.validation, .seed = s.seed});
  result.fit = refit(tune_deep(parts.train, parts.test, result.grid).fit, data, result.grid);
  return result;
}

}  // namespace tacit
