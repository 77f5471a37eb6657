// SPDX-License-Identifier: MIT
#pragma once
// The methods that complete() compares on a tensor: factorizations (tensor_fit.hpp) of every kind by descent, CP and the best unfolding averaged over their posterior,
// where modes are in order CP with autoregressions for their factors and an unfolding, and baselines: means of slices, CP by ALS on the observed entries, a penalty on all unfoldings at once, the matrix completion of the best unfolding.

#include "../../fit/average_unfolding.hpp"
#include "../../fit/ordered_estimator.hpp"
#include "../../fit/unfolding.hpp"
#include "../../fit/weighted_sum.hpp"
#include "../../solver/tensor_als.hpp"
#include "../../solver/unfolded_norms.hpp"
#include "../completion_result.hpp"

namespace tacit::detail {

/// Whether the tensor has an unfolding that a matrix can hold; the others go without that method.
inline bool completes_as_matrix(const Shape& shape) { return shape.order() <= 16 && !unfoldings(shape).empty(); }

/// Whether an unfolding can be a model of every fold's training part.
inline bool one_unfolding(const CompletionSettings& s, const Data<double, TensorEntries>& data) {
  const double share = (1 - s.validation) * (1 - 1 / static_cast<double>(s.folds));
  return !modelled_unfoldings(data.where.shape(), static_cast<Index>(0.95 * share * static_cast<double>(data.count()))).empty();
}

/// Why a penalty on all unfoldings is not tried, decided by the whole budget, so that it is the same in every fold and on every machine; empty where it is.
inline std::string norms_left_out(const CompletionSettings& s, const Shape& shape) {
  if (shape.size() > unfolded_norms_limit) return sentence("left out: a dense ", shape, " tensor is too large");
  const double least = 60 * unfolded_norms_work(shape) / 1e9, share = 0.1 * s.budget / static_cast<double>(s.folds);
  return least > share ? sentence("left out: would take about ", rounded(5 * least, 2), " s") : "";
}

/// Every kind by descent, CP also by averaging, and, where the model is to be chosen, unfoldings; then the baselines.
inline std::vector<Estimator<TensorEntries>> estimators_of(const CompletionSettings& s, const Data<double, TensorEntries>& data, double) {
  using D = const Data<double, TensorEntries>&;
  std::vector<Estimator<TensorEntries>> methods;
  const bool adds = sums_are_models(data.where.shape());  // else CP alone
  for (TensorKind kind : s.kinds)
    for (const bool averaging : {true, false}) {
      const bool unfolding = averaging && kind == TensorKind::tucker && s.kinds.size() > 1 && s.ranks.size() > 1 && one_unfolding(s, data);
      if (averaging && kind != TensorKind::cp && !unfolding) continue;
      methods.push_back(estimator<TensorEntries>(
          sentence(unfolding ? "unfolding" : tacit::name_of(kind), averaging ? ", averaged" : ""),
          TensorGrid{
              .kind = kind, .averaging = averaging, .ranks = s.ranks, .depths = s.depths, .iterations = s.iterations, .pace = s.pace},
          averaging ? 2 : 1));
      methods.back().adds = adds || kind == TensorKind::cp;
    }
  if (!s.ordered.empty() && std::find(s.kinds.begin(), s.kinds.end(), TensorKind::cp) != s.kinds.end())
    methods.push_back(estimator<TensorEntries>(
        "CP, averaged, ordered",
        TensorGrid{
            .kind = TensorKind::cp, .averaging = true, .ranks = s.ranks, .iterations = s.iterations, .order = s.ordered, .pace = s.pace},
        2));
  std::vector<LineOrder> ordered;
  for (const LineOrder& one : s.ordered)
    if (unfolds_densely(data.where, one.mode)) ordered.push_back(one);
  const auto apart = [&] { methods.back().adds = adds; };  // closes as another model than CP
  if (!ordered.empty()) methods.push_back(ordered_unfolding({.order = ordered, .sweeps = s.iterations, .pace = s.pace}, 1)), apart();
  if (!s.baselines) return methods;
  if (!s.ordered.empty()) methods.push_back(interpolation_method(s.ordered, data)), apart();
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
  add(
      "norms of unfoldings",
      [pace = s.pace](D train, D validation, std::uint64_t, double seconds) {
        return tune_unfolded_norms(train, validation, {.seconds = seconds, .pace = pace});
      },
      [pace = s.pace](const UnfoldedNorms& fit, D part, std::uint64_t, bool) { return refit(fit, part, {.pace = pace}); }, 1);
  apart();
  if (const std::string why = norms_left_out(s, data.where.shape()); !why.empty()) {
    methods.back().tune = [why](D, D, std::uint64_t, double) { return Fitted<TensorEntries>{why}; };
    methods.back().share = 0;
  }
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
    apart();
    if (!unfoldings_are_models(data.where.shape(), data.count())) methods.back().close = {};
  }
  return methods;
}

}  // namespace tacit::detail
