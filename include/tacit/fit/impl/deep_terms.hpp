// SPDX-License-Identifier: MIT
#pragma once
// What a DeepChoice (deep_fit.hpp) means to the solvers: the problem of early stopping, the terms of an average over the posterior, and the prior of its side features.

#include "../../problem.hpp"
#include "../../solver/feature_prior.hpp"
#include "../../solver/posterior_mean.hpp"
#include "../tune_deep.hpp"
#include "deep_fit.hpp"

namespace tacit::detail {

/// Early stopping's problem. Half sums: the decay is then that of the path of depth 2.
inline auto stopped_problem(const DeepMatrix<double>& model, const Standardised<Entries>& on, double decay) {
  return Problem(model, on.data, HalfSumOfSquares{}, WeightDecayPenalty{decay > 0 ? decay * largest_decay(*on.data) : 0.0});
}

inline std::uint64_t start_seed(std::uint64_t seed, std::size_t restart) { return seed + 1000 * restart; }

/// The prior of a choice with side features.
inline std::optional<FeaturePrior> feature_prior(const DeepGrid& grid, const DeepChoice& choice, const Entries& where) {
  if (!grid.features || choice.ridge == 0) return {};
  return FeaturePrior(*grid.features, where, choice.ridge);
}
inline void make_sweep(PosteriorMean& posterior, const std::optional<FeaturePrior>& prior, const Pace& pace) {
  if (prior) prior->sweep(posterior, pace);
  else posterior.sweep(pace);
}
inline std::array<bool, 2> from_features(const DeepGrid& grid) {
  return {grid.features && !grid.features->rows.none(), grid.features && !grid.features->columns.none()};
}
inline PosteriorTerms terms_of(const DeepChoice& choice) {
  return {choice.biases, choice.pattern == Pattern::rows || choice.pattern == Pattern::both,
          choice.pattern == Pattern::columns || choice.pattern == Pattern::both};
}
inline std::pair<double, double> range_of(const Data<double>& data) { return {data.y.minCoeff(), data.y.maxCoeff()}; }

}  // namespace tacit::detail
