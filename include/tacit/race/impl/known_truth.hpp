// SPDX-License-Identifier: MIT
#pragma once
// How far a theta is from a truth that a problem of a race knows: relative errors of W(theta).

#include <cmath>

#include "../instance.hpp"

namespace tacit::detail {

/// W(theta), all of it, first index fastest.
inline Vector<double> race_product(const AnyProblem<double>& problem, In<double> theta) {
  const AllEntries all(problem.model().shape());
  auto ws = problem.model().workspace(all);
  Vector<double> W(all.count());
  problem.model().evaluate(theta, all, ws, W);
  return W;
}
/// |W - truth| / |truth| over the entries where `seen` is 0 (none: over all).
inline auto relative_error(AnyProblem<double> problem, Vector<double> truth, const Vector<double>& seen = {}) {
  Vector<double> unseen = seen.size() ? Vector<double>(Vector<double>::Ones(truth.size()) - seen) : Vector<double>::Ones(truth.size());
  return [problem = std::move(problem), truth = std::move(truth), unseen = std::move(unseen)](In<double> theta) {
    const Vector<double> apart = race_product(problem, theta) - truth;
    return std::sqrt(apart.cwiseAbs2().dot(unseen) / truth.cwiseAbs2().dot(unseen));
  };
}
inline constexpr const char* race_product_words = "W = W_N ... W_1";

}  // namespace tacit::detail
