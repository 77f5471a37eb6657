// SPDX-License-Identifier: MIT
#pragma once
// Gradient descent with backtracking by hand.

#include <tacit/core/scalar.hpp>

namespace twins {

template <class P>
tacit::Vector<double> armijo(const P& problem, tacit::Vector<double> theta, tacit::Index steps) {
  auto ws = problem.workspace();
  tacit::Vector<double> g(theta.size()), next(theta.size());
  double length = 0;
  for (; steps > 0; --steps) {
    const double f = problem.value_and_gradient(theta, ws, g).objective;
    double square = 0;
    for (const double x : g) square += x * x;
    for (length = length == 0 ? 4 : 2 * length;; length /= 2) {
      for (tacit::Index k = 0; k < g.size(); ++k) next[k] = theta[k] - length * g[k];
      if (problem.value(next, ws).objective <= f - 1e-4 * length * square) break;
    }
    theta = next;
  }
  return theta;
}

}  // namespace twins
