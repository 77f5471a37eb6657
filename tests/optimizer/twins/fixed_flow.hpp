// SPDX-License-Identifier: MIT
#pragma once
// The classical Runge-Kutta method on the gradient flow by hand: 0.3 of time a step, in two halves.

#include <tacit/core/scalar.hpp>

namespace twins {

template <class P>
tacit::Vector<double> fixed_flow(const P& problem, tacit::Vector<double> theta, tacit::Index steps) {
  auto ws = problem.workspace();
  const tacit::Index n = theta.size();
  const double h = 0.3 / 2;
  tacit::Vector<double> k1(n), k2(n), k3(n), k4(n), trial(n);
  for (tacit::Index t = 0; t < 2 * steps; ++t) {
    problem.value_and_gradient(theta, ws, k1);
    for (tacit::Index i = 0; i < n; ++i) trial[i] = theta[i] - h / 2 * k1[i];
    problem.value_and_gradient(trial, ws, k2);
    for (tacit::Index i = 0; i < n; ++i) trial[i] = theta[i] - h / 2 * k2[i];
    problem.value_and_gradient(trial, ws, k3);
    for (tacit::Index i = 0; i < n; ++i) trial[i] = theta[i] - h * k3[i];
    problem.value_and_gradient(trial, ws, k4);
    for (tacit::Index i = 0; i < n; ++i) theta[i] -= h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
  }
  return theta;
}

}  // namespace twins
