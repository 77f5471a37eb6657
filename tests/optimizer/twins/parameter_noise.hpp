// SPDX-License-Identifier: MIT
#pragma once
// Parameter noise by hand: rate 0.1, sigma = 0.05.

#include <tacit/core/random.hpp>

namespace twins {

template <class P>
tacit::Vector<double> parameter_noise(const P& problem, tacit::Vector<double> theta, tacit::Index steps) {
  auto ws = problem.workspace();
  tacit::Vector<double> g(theta.size()), there(theta.size());
  tacit::Random random(5, "parameter_noise");
  for (; steps > 0; --steps) {
    for (tacit::Index k = 0; k < g.size(); ++k) there[k] = theta[k] + 0.05 * random.normal();
    problem.value_and_gradient(there, ws, g);
    for (tacit::Index k = 0; k < g.size(); ++k) theta[k] -= 0.1 * g[k];
  }
  return theta;
}

}  // namespace twins
