// SPDX-License-Identifier: MIT
#pragma once
// Polyak's rate by hand.

#include <tacit/core/scalar.hpp>

namespace twins {

template <class P>
tacit::Vector<double> polyak(const P& problem, tacit::Vector<double> theta, tacit::Index steps) {
  auto ws = problem.workspace();
  tacit::Vector<double> g(theta.size());
  for (; steps > 0; --steps) {
    const double f = problem.value_and_gradient(theta, ws, g).objective;
    double square = 0;
    for (const double x : g) square += x * x;
    for (tacit::Index k = 0; k < g.size(); ++k) theta[k] -= f / (4 * square) * g[k];
  }
  return theta;
}

}  // namespace twins
