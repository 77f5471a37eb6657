// SPDX-License-Identifier: MIT
#pragma once
// AdaDelta by hand.

#include "loop.hpp"

namespace twins {

template <class P>
tacit::Vector<double> adadelta(const P& problem, const tacit::Vector<double>& start, Index steps) {
  Numbers v = zeros(start), a = zeros(start);
  return descend_by_entry(problem, start, steps, [&](double, std::size_t k, double& theta, double g) {
    v[k] += (1 - 0.9) * (g * g - v[k]);
    const double d = g * (std::sqrt(a[k] + 1e-4) / std::sqrt(v[k] + 1e-4));
    a[k] += (1 - 0.9) * (d * d - a[k]);
    theta -= 0.5 * d;
  });
}

}  // namespace twins
