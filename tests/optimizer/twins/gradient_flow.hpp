// SPDX-License-Identifier: MIT
#pragma once
// The gradient flow by classical Runge-Kutta steps that are far shorter than they need to be; where the tested one ends its run at this time, both are there.

#include <tacit/core/scalar.hpp>

namespace twins {

/// theta at time `end` of  theta' = -grad objective.
template <class P>
tacit::Vector<double> flow_until(const P& problem, tacit::Vector<double> theta, double end, int steps) {
  auto ws = problem.workspace();
  const double h = end / steps;
  tacit::Vector<double> k1(theta.size()), k2 = k1, k3 = k1, k4 = k1;
  for (; steps > 0; --steps) {
    problem.value_and_gradient(theta, ws, k1);
    problem.value_and_gradient(tacit::Vector<double>(theta - h / 2 * k1), ws, k2);
    problem.value_and_gradient(tacit::Vector<double>(theta - h / 2 * k2), ws, k3);
    problem.value_and_gradient(tacit::Vector<double>(theta - h * k3), ws, k4);
    theta -= h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
  }
  return theta;
}
template <class P>
tacit::Vector<double> gradient_flow(const P& problem, const tacit::Vector<double>& start, tacit::Index) {
  return flow_until(problem, start, 6, 3000);
}

}  // namespace twins
