// SPDX-License-Identifier: MIT
#pragma once
// Signum by hand.

#include "loop.hpp"

namespace twins {

template <class P>
tacit::Vector<double> signum(const P& problem, const tacit::Vector<double>& start, Index steps) {
  Numbers m = zeros(start);
  return descend_by_entry(problem, start, steps, [&](double, std::size_t k, double& theta, double g) {
    m[k] += (1 - 0.9) * (g - m[k]);
    theta -= 0.01 * sign(m[k]);
  });
}

}  // namespace twins
