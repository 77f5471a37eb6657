// SPDX-License-Identifier: MIT
#pragma once
// Lion by hand.

#include "loop.hpp"

namespace twins {

template <class P>
tacit::Vector<double> lion(const P& problem, const tacit::Vector<double>& start, Index steps) {
  Numbers m = zeros(start);
  return descend_by_entry(problem, start, steps, [&](double, std::size_t k, double& theta, double g) {
    const double u = sign(m[k] + (1 - 0.9) * (g - m[k]));
    m[k] += (1 - 0.99) * (g - m[k]);
    theta -= 0.01 * (u + 0.1 * theta);
  });
}

}  // namespace twins
