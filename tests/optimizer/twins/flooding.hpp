// SPDX-License-Identifier: MIT
#pragma once
// Flooding by hand: at the rate 0.1, with the level 1.

#include <tacit/core/scalar.hpp>

namespace twins {

template <class P>
tacit::Vector<double> flooding(const P& problem, tacit::Vector<double> theta, tacit::Index steps) {
  auto ws = problem.workspace();
  tacit::Vector<double> g(theta.size());
  for (; steps > 0; --steps) {
    const double loss = problem.value_and_gradient(theta, ws, g).objective;
    for (tacit::Index k = 0; k < g.size(); ++k) theta[k] += (loss > 1 ? -0.1 : 0.1) * g[k];
  }
  return theta;
}

}  // namespace twins
