// SPDX-License-Identifier: MIT
#pragma once
// How complete() of a tensor (tensor_complete.hpp) goes about it.

#include "../../baseline/tensor_als.hpp"
#include "../../baseline/unfolding.hpp"
#include "../../core/compiled.hpp"
#include "../average_unfolding.hpp"
#include "../folds.hpp"
#include "../tensor_complete.hpp"
#include "../tune_tensor.hpp"

namespace tacit {

namespace detail {

/// Whether a mode can stand against the others in every fold's training part.
inline bool one_mode(const TensorCompletionSettings& s, const Data<double, TensorEntries>& data) {
  const double share = (1 - s.validation) * (1 - 1 / static_cast<double>(s.folds));
  return !single_modes(data.where.shape(), static_cast<Index>(0.95 * share * static_cast<double>(data.count()))).empty();
}

/// Every kind by descent, CP also by averaging; and, where the model is to be chosen, Tucker of one mode.
inline std::vector<TensorGrid> grids_of(const TensorCompletionSettings& s, const Data<double, TensorEntries>& data) {
  std::vector<TensorGrid> grids;
  for (TensorKind kind : s.kinds)
    for (const bool averaging : {true, false})
      if (!averaging || kind == TensorKind::cp ||
          (kind == TensorKind::tucker && s.kinds.size() > 1 && s.ranks.size() > 1 && one_mode(s, data)))
        grids.push_back({.kind = kind, .averaging = averaging, .ranks = s.ranks, .depths = s.depths});
  return grids;
}

inline std::string name_of(const TensorGrid& grid) {
  return sentence(tacit::name_of(grid.kind), !grid.averaging ? "" : grid.kind == TensorKind::tucker ? "1, averaged" : ", averaged");
}

inline TensorGrid with(TensorGrid grid, std::uint64_t seed, double seconds) {
  grid.seconds = seconds;
  grid.seed = seed;
  return grid;
}

struct TensorMethod {
  using D = const Data<double, TensorEntries>&;
  std::string name;
  bool ours;
  std::function<side_by_side::Fitted<TensorEntries>(D train, D validation, std::uint64_t seed, double seconds)> tune;
  double weight = 0;  ///< of its share of the budget; 0: it takes what it needs
};
/// Each tuning gets its share of what is left.
class SharedBudget {
 public:
  SharedBudget(const side_by_side::FoldPlan& plan, const std::vector<TensorMethod>& methods, std::size_t folds)
      : cores_(plan.cores()), budget_(plan.budget) {
    for (const TensorMethod& method : methods) all_ += method.weight * static_cast<double>(folds);
    to_come_ = all_;
  }
  double operator()(const TensorMethod& method, double elapsed) {
    if (method.weight == 0) return 0;
    const double left = std::max(0.0, budget_ - elapsed) * cores_ * method.weight / to_come_;
    to_come_ -= method.weight;
    return std::max(left, 0.5 * budget_ * cores_ * method.weight / all_);  // others were late: no method starves for it
  }

 private:
  double cores_, budget_, all_ = 0, to_come_ = 0;
};

inline std::vector<TensorMethod> methods_of(const TensorCompletionSettings& s, const Data<double, TensorEntries>& data) {
  const Shape& shape = data.where.shape();
  std::vector<TensorMethod> methods;
  using D = TensorMethod::D;
  for (const TensorGrid& grid : grids_of(s, data))
    methods.push_back({name_of(grid), true,
                       [grid](D train, D validation, std::uint64_t seed, double seconds) {
                         auto tuned = tune_tensor(train, validation, with(grid, seed, seconds));
                         std::string settings = tuned.fit.settings();
                         return side_by_side::forget_type<TensorEntries>(std::move(tuned), std::move(settings));
                       },
                       grid.averaging ? 2.0 : 1.0});
  if (!s.baselines) return methods;
  const auto named = [](auto tuned) {
    std::string settings = tuned.fit.name();
    return side_by_side::forget_type<TensorEntries>(std::move(tuned), std::move(settings));
  };
  const auto means = [&](const char* name, auto fit) {
    methods.push_back({name, false, [fit](D train, D validation, std::uint64_t, double) {
                         Tuned<ModeMeans, ModeMeansTrial> one{fit(train), 0, {}};
                         one.validation_rmse = rmse(one.fit.predict(validation.where), validation.y);
                         return side_by_side::forget_type<TensorEntries>(std::move(one), "closed form");
                       }});
  };
  means("global mean", [](D train) { return global_mean(train); });
  means("slice means", [](D train) { return slice_means(train); });
  methods.push_back(
      {"mode effects", false, [named](D train, D validation, std::uint64_t, double) { return named(tune_mode_means(train, validation)); }});
  methods.push_back({"ALS CP", false,
                     [named](D train, D validation, std::uint64_t seed, double seconds) {
                       TensorAlsGrid grid;
                       grid.seconds = seconds;
                       grid.seed = seed;
                       return named(tune_tensor_als(train, validation, grid));
                     },
                     1});
  if (completes_as_matrix(shape))
    methods.push_back({"best unfolding", false,
                       [named](D train, D validation, std::uint64_t seed, double seconds) {
                         return named(tune_unfolding(train, validation, {.seconds = seconds, .seed = seed}));
                       },
                       1});
  return methods;
}

}  // namespace detail

TACIT_INLINE TensorCompletionResult complete(const Data<double, TensorEntries>& data, const TensorCompletionSettings& s) {
  const detail::side_by_side::FoldPlan plan = detail::plan_of(s);
  plan.check("complete", data.y);
  require(!s.kinds.empty(), "complete: no model is given");
  const auto folds = plan.draw([&](const Folds& of) { return k_folds(data, of); });
  const auto methods = detail::methods_of(s, data);
  auto compared = detail::side_by_side::compare_on_folds(
      "complete", folds, plan, methods,
      [&](const Data<double, TensorEntries>& train, std::uint64_t seed) {
        return hold_out_entries(train, {.test = s.validation, .seed = seed});
      },
      detail::SharedBudget(plan, methods, folds.size()));
  TensorCompletionResult result;
  result.methods = std::move(compared.methods);
  result.folds = compared.folds;
  result.folds_asked = compared.folds_asked;
  result.tested_y = std::move(compared.tested_y);
  result.tested_z = std::move(compared.tested_z);
  result.tested = std::move(compared.tested);

  // The closing fit: tuned once more with all folds, then fitted to everything.
  const std::vector<TensorGrid> grids = detail::grids_of(s, data);
  const double share =
      plan.budget * plan.cores() / static_cast<double>(compared.folds_asked) / static_cast<double>(grids.size() + (s.baselines ? 2 : 0));
  const TensorGrid grid = detail::with(grids[compared.winner], s.seed, share);
  const auto parts = hold_out_entries(data, {.test = s.validation, .seed = s.seed});
  auto tuned = tune_tensor(parts.train, parts.test, grid);
  result.fit = refit(tuned.fit, data, grid);
  result.trials = std::move(tuned.trials);
  return result;
}

}  // namespace tacit
