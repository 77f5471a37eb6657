// SPDX-License-Identifier: MIT
#pragma once
// Steepest descent with exact search by hand, on a quadratic: the slope along the line is linear, and two gradients tell where it vanishes.

#include <tacit/core/scalar.hpp>

namespace twins {

template <class P>
tacit::Vector<double> exact_line_search(const P& problem, tacit::Vector<double> theta, tacit::Index steps) {
  auto ws = problem.workspace();
  tacit::Vector<double> g(theta.size()), at(theta.size()), other(theta.size());
  for (; steps > 0; --steps) {
    problem.value_and_gradient(theta, ws, g);
    for (tacit::Index k = 0; k < g.size(); ++k) at[k] = theta[k] - g[k];
    problem.value_and_gradient(at, ws, other);
    double square = 0, product = 0;
    for (tacit::Index k = 0; k < g.size(); ++k) square += g[k] * g[k], product += g[k] * other[k];
    for (tacit::Index k = 0; k < g.size(); ++k) theta[k] -= square / (square - product) * g[k];
  }
  return theta;
}

}  // namespace twins
