// SPDX-License-Identifier: MIT
#pragma once
// The methods that complete() compares on a tensor: factorizations (tensor_fit.hpp) of every kind by descent, CP and Tucker of one mode also averaged over their posterior,
// and baselines: means of slices, CP by ALS on the observed entries, the matrix completion of the best unfolding.

#include "../../fit/average_unfolding.hpp"
#include "../../fit/ordered_estimator.hpp"
#include "../../fit/unfolding.hpp"
#include "../../solver/tensor_als.hpp"
#include "../completion_result.hpp"

namespace tacit::detail {

/// Whether the tensor has an unfolding that a matrix can hold; the others go without that method.
inline bool completes_as_matrix(const Shape& shape) { return shape.order() <= 16 && !unfoldings(shape).empty(); }

/// Whether a mode can stand against the others in every fold's training part.
inline bool one_mode(const CompletionSettings& s, const Data<double, TensorEntries>& data) {
  const double share = (1 - s.validation) * (1 - 1 / static_cast<double>(s.folds));
  return !single_modes(data.where.shape(), static_cast<Index>(0.95 * share * static_cast<double>(data.count()))).empty();
}

/// Every kind by descent, CP also by averaging, and, where the model is to be chosen, Tucker of one mode; then the baselines.
inline std::vector<Estimator<TensorEntries>> estimators_of(const CompletionSettings& s, const Data<double, TensorEntries>& data, double) {
  using D = const Data<double, TensorEntries>&;
  std::vector<Estimator<TensorEntries>> methods;
  for (TensorKind kind : s.kinds)
    for (const bool averaging : {true, false}) {
      const bool tucker1 = averaging && kind == TensorKind::tucker && s.kinds.size() > 1 && s.ranks.size() > 1 && one_mode(s, data);
      if (averaging && kind != TensorKind::cp && !tucker1) continue;
      methods.push_back(estimator<TensorEntries>(
          sentence(tacit::name_of(kind), tucker1 ? "1" : "", averaging ? ", averaged" : ""),
          TensorGrid{
              .kind = kind, .averaging = averaging, .ranks = s.ranks, .depths = s.depths, .iterations = s.iterations, .pace = s.pace},
          averaging ? 2 : 1));
    }
  std::vector<LineOrder> ordered;
  for (const LineOrder& one : s.ordered)
    if (unfolds_densely(data.where, one.mode)) ordered.push_back(one);
  if (!ordered.empty()) methods.push_back(ordered_unfolding({.order = ordered, .sweeps = s.iterations, .pace = s.pace}, 1));
  if (!s.baselines) return methods;
  if (!s.ordered.empty()) methods.push_back(interpolation_method(s.ordered, data));
  const auto add = [&](const char* name, auto tuned, auto again, double share) {
    methods.push_back(other_method<TensorEntries>(name, tuned, again, share, std::numeric_limits<double>::infinity()));
  };
  const auto means = [&](const char* name, auto of) {
    add(
        name, [of](D train, D validation, std::uint64_t, double) { return closed_form(of(train), validation); },
        [of](const Centre&, D part, std::uint64_t, bool) { return of(part); }, 0);
  };
  means("global mean", [](D part) { return global_mean(part); });
  means("slice means", [](D part) { return line_means(part); });
  add(
      "mode effects", [](D train, D validation, std::uint64_t, double) { return tune_means(train, validation); },
      [](const Centre& fit, D part, std::uint64_t, bool) { return refit(fit, part); }, 0);
  add(
      "ALS CP",
      [pace = s.pace](D train, D validation, std::uint64_t seed, double seconds) {
        TensorAlsGrid grid;
        grid.seconds = seconds;
        grid.seed = seed;
        grid.pace = pace;
        return tune_tensor_als(train, validation, grid);
      },
      [pace = s.pace](const TensorAls& fit, D part, std::uint64_t seed, bool anew) {
        TensorAlsGrid grid;
        grid.seed = seed;
        grid.pace = pace;
        return refit(fit, part, grid, anew);
      },
      1);
  if (completes_as_matrix(data.where.shape())) {
    add(
        "best unfolding",
        [pace = s.pace](D train, D validation, std::uint64_t seed, double seconds) {
          return tune_unfolding(train, validation, {.seconds = seconds, .seed = seed, .pace = pace});
        },
        [pace = s.pace](const UnfoldedAls& fit, D part, std::uint64_t seed, bool) {
          return refit(fit, part, AlsGrid{.seed = seed, .pace = pace});
        },
        1);
    if (!unfoldings_are_models(data.where.shape(), data.count())) methods.back().close = {};
  }
  return methods;
}

}  // namespace tacit::detail
