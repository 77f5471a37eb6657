// SPDX-License-Identifier: MIT
#pragma once
// The methods that complete() compares on a tensor: factorizations (tensor_fit.hpp) of every kind by descent, CP and Tucker of one mode also averaged over their posterior,
// and baselines: means of slices, CP by ALS on the observed entries, the matrix completion of the best unfolding.

#include "../../fit/average_unfolding.hpp"
#include "../../fit/estimator.hpp"
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
  if (!s.baselines) return methods;
  const auto baseline = [&](const char* name, auto tuned, double share) { methods.push_back({name, false, tuned, {}, share}); };
  baseline(
      "global mean", [](D train, D validation, std::uint64_t, double) { return closed_form(global_mean(train), validation); }, 0);
  baseline(
      "slice means", [](D train, D validation, std::uint64_t, double) { return closed_form(line_means(train), validation); }, 0);
  baseline(
      "mode effects", [](D train, D validation, std::uint64_t, double) { return named<TensorEntries>(tune_means(train, validation)); }, 0);
  baseline(
      "ALS CP",
      [pace = s.pace](D train, D validation, std::uint64_t seed, double seconds) {
        TensorAlsGrid grid;
        grid.seconds = seconds;
        grid.seed = seed;
        grid.pace = pace;
        return named<TensorEntries>(tune_tensor_als(train, validation, grid));
      },
      1);
  if (completes_as_matrix(data.where.shape()))
    baseline(
        "best unfolding",
        [pace = s.pace](D train, D validation, std::uint64_t seed, double seconds) {
          return named<TensorEntries>(tune_unfolding(train, validation, {.seconds = seconds, .seed = seed, .pace = pace}));
        },
        1);
  return methods;
}

}  // namespace tacit::detail
