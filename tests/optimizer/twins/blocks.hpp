// SPDX-License-Identifier: MIT
#pragma once
// Stages for single blocks by hand, on two factors W1 (4 x 6, the first 24 parameters) and W2 (20 parameters).

#include <tacit/core/scalar.hpp>

namespace twins {

/// Heavy ball on W2 alone.
template <class P>
tacit::Vector<double> only(const P& problem, tacit::Vector<double> theta, tacit::Index steps) {
  auto ws = problem.workspace();
  tacit::Vector<double> g(theta.size()), v = tacit::Vector<double>::Zero(20);
  for (; steps > 0; --steps) {
    problem.value_and_gradient(theta, ws, g);
    for (tacit::Index k = 0; k < 20; ++k) {
      v[k] = 0.8 * v[k] + g[24 + k];
      g[24 + k] = v[k];
    }
    for (tacit::Index k = 0; k < g.size(); ++k) theta[k] -= 0.1 * g[k];
  }
  return theta;
}

/// Half the rate for W1, three times for W2.
template <class P>
tacit::Vector<double> block_rates(const P& problem, tacit::Vector<double> theta, tacit::Index steps) {
  auto ws = problem.workspace();
  tacit::Vector<double> g(theta.size());
  for (; steps > 0; --steps) {
    problem.value_and_gradient(theta, ws, g);
    for (tacit::Index k = 0; k < g.size(); ++k) theta[k] -= 0.1 * ((k < 24 ? 0.5 : 3.0) * g[k]);
  }
  return theta;
}

}  // namespace twins
