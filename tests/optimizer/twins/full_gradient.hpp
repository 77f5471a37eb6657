// SPDX-License-Identifier: MIT
#pragma once
// Gradient descent by hand.

#include <tacit/core/scalar.hpp>

namespace twins {

template <class P>
tacit::Vector<double> gradient_descent(const P& problem, tacit::Vector<double> theta, tacit::Index steps) {
  auto ws = problem.workspace();
  tacit::Vector<double> g(theta.size());
  for (; steps > 0; --steps) {
    problem.value_and_gradient(theta, ws, g);
    for (tacit::Index k = 0; k < g.size(); ++k) theta[k] -= 0.3 * g[k];
  }
  return theta;
}

}  // namespace twins
