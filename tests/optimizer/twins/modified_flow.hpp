// SPDX-License-Identifier: MIT
#pragma once
// The classical Runge-Kutta method on  theta' = -(g + 0.15 H g)  by hand: 0.3 of time a step, in two halves.

#include <tacit/core/scalar.hpp>

namespace twins {

template <class P>
tacit::Vector<double> modified_flow(const P& problem, tacit::Vector<double> theta, tacit::Index steps) {
  auto ws = problem.workspace();
  const tacit::Index n = theta.size();
  const double h = 0.3 / 2;
  tacit::Vector<double> g(n), k1(n), k2(n), k3(n), k4(n), trial(n);
  const auto field = [&](const tacit::Vector<double>& at, tacit::Vector<double>& k) {
    problem.value_and_gradient(at, ws, g);
    problem.hessian_times(at, tacit::Vector<double>(g), ws, k);
    for (tacit::Index i = 0; i < n; ++i) k[i] = g[i] + 0.3 / 2 * k[i];
  };
  for (tacit::Index t = 0; t < 2 * steps; ++t) {
    field(theta, k1);
    for (tacit::Index i = 0; i < n; ++i) trial[i] = theta[i] - h / 2 * k1[i];
    field(trial, k2);
    for (tacit::Index i = 0; i < n; ++i) trial[i] = theta[i] - h / 2 * k2[i];
    field(trial, k3);
    for (tacit::Index i = 0; i < n; ++i) trial[i] = theta[i] - h * k3[i];
    field(trial, k4);
    for (tacit::Index i = 0; i < n; ++i) theta[i] -= h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
  }
  return theta;
}

}  // namespace twins
