// SPDX-License-Identifier: MIT
#pragma once
// Adamax by hand.

#include "loop.hpp"

namespace twins {

template <class P>
tacit::Vector<double> adamax(const P& problem, const tacit::Vector<double>& start, Index steps) {
  Numbers m = zeros(start), w = zeros(start);
  return descend_by_entry(problem, start, steps, [&](double t, std::size_t k, double& theta, double g) {
    m[k] += (1 - 0.9) * (g - m[k]);
    w[k] = std::max(0.999 * w[k], std::abs(g) + 1e-8);
    theta -= 0.01 * (1 / (1 - std::pow(0.9, t)) * m[k] / w[k]);
  });
}

}  // namespace twins
