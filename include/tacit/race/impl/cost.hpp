// SPDX-License-Identifier: MIT
#pragma once
// What questions cost beside a gradient (cost.hpp), by timing them in turns.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "../../core/compiled.hpp"
#include "../cost.hpp"

namespace tacit {

TACIT_INLINE OracleCost measured_cost(const RaceInstance& instance, Index rounds) {
  require(rounds >= 1, "measured_cost: .rounds is ", rounds, ", it needs to be at least 1");
  using Clock = std::chrono::steady_clock;
  const auto& problem = instance.problem;
  auto ws = problem.workspace();
  Vector<double> g(problem.dimension()), hv(problem.dimension());
  const Vector<double> v = Vector<double>::Ones(problem.dimension());
  double gradient = std::numeric_limits<double>::infinity(), value = gradient, product = gradient;
  const auto timed = [](double& least, const auto& ask) {
    const auto before = Clock::now();
    ask();
    least = std::min(least, std::chrono::duration<double>(Clock::now() - before).count());
  };
  for (Index k = 0; k < rounds; ++k) {
    timed(value, [&] { problem.value(instance.theta, ws); });
    timed(gradient, [&] { problem.value_and_gradient(instance.theta, ws, g); });
    if (problem.can_curve()) timed(product, [&] { problem.hessian_times_linearized(instance.theta, v, ws, hv); });
  }
  const auto halves = [&](double seconds) { return std::max(0.5, std::round(2 * seconds / gradient) / 2); };
  OracleCost cost;
  if (gradient > 0) cost.value = halves(value);
  if (gradient > 0 && problem.can_curve()) cost.hessian_product = halves(product);
  return cost;
}

}  // namespace tacit
