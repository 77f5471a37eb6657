// SPDX-License-Identifier: MIT
#pragma once
// Nesterov's momentum of convex problems by hand.

#include "loop.hpp"

namespace twins {

template <class P>
tacit::Vector<double> nesterov_convex(const P& problem, const tacit::Vector<double>& start, Index steps) {
  Numbers v = zeros(start);
  return descend_by_entry(problem, start, steps, [&](double t, std::size_t k, double& theta, double g) {
    v[k] = (t > 1 ? (t - 2) / (t + 1) : 0) * v[k] + g;
    theta -= 0.02 * (g + (t - 1) / (t + 2) * v[k]);
  });
}

}  // namespace twins
