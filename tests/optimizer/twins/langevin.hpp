// SPDX-License-Identifier: MIT
#pragma once
// Langevin dynamics by hand: rate 0.1, temperature 0.02.

#include <tacit/core/random.hpp>

#include <cmath>

namespace twins {

template <class P>
tacit::Vector<double> langevin(const P& problem, tacit::Vector<double> theta, tacit::Index steps) {
  auto ws = problem.workspace();
  tacit::Vector<double> g(theta.size());
  tacit::Random random(5, "langevin");
  for (; steps > 0; --steps) {
    problem.value_and_gradient(theta, ws, g);
    for (tacit::Index k = 0; k < g.size(); ++k) theta[k] += -0.1 * g[k] + std::sqrt(2 * 0.1 * 0.02) * random.normal();
  }
  return theta;
}

}  // namespace twins
