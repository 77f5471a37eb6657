// SPDX-License-Identifier: MIT
#pragma once
// Annealed gradient noise by hand: rate 0.1, variance 0.04 / (1 + k)^0.6.

#include <tacit/core/random.hpp>

#include <cmath>

namespace twins {

template <class P>
tacit::Vector<double> noisy_descent(const P& problem, tacit::Vector<double> theta, tacit::Index steps) {
  auto ws = problem.workspace();
  tacit::Vector<double> g(theta.size());
  tacit::Random random(5, "gradient_noise");
  for (tacit::Index t = 0; t < steps; ++t) {
    problem.value_and_gradient(theta, ws, g);
    const double size = std::sqrt(0.04 / std::pow(1 + static_cast<double>(t), 0.6));
    for (tacit::Index k = 0; k < g.size(); ++k) theta[k] -= 0.1 * (g[k] + size * random.normal());
  }
  return theta;
}

}  // namespace twins
