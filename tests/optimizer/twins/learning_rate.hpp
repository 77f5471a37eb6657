// SPDX-License-Identifier: MIT
#pragma once
// Gradient descent by schedule by hand.

#include "loop.hpp"

namespace twins {

/// Up for ten steps, down half a cosine for twenty, then a tenth.
template <class P>
tacit::Vector<double> scheduled(const P& problem, const tacit::Vector<double>& start, Index steps) {
  return descend_by_entry(problem, start, steps, [&](double t, std::size_t, double& theta, double g) {
    const double pi = 3.141592653589793;
    const double rate = t <= 10 ? 0.4 * t / 10 : t <= 30 ? 0.1 + (0.4 - 0.1) * (1 + std::cos(pi * (t - 11) / 20)) / 2 : 0.1;
    theta -= rate * g;
  });
}

}  // namespace twins
