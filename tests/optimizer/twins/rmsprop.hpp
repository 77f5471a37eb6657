// SPDX-License-Identifier: MIT
#pragma once
// RMSProp by hand.

#include "loop.hpp"

namespace twins {

template <class P>
tacit::Vector<double> rmsprop(const P& problem, const tacit::Vector<double>& start, Index steps) {
  Numbers v = zeros(start);
  return descend_by_entry(problem, start, steps, [&](double, std::size_t k, double& theta, double g) {
    v[k] += (1 - 0.9) * (g * g - v[k]);
    theta -= 0.01 * (g / (std::sqrt(v[k]) + 1e-8));
  });
}
/// Centred, with momentum, and eps inside the root.
template <class P>
tacit::Vector<double> rmsprop_centred(const P& problem, const tacit::Vector<double>& start, Index steps) {
  Numbers v = zeros(start), a = zeros(start), m = zeros(start);
  return descend_by_entry(problem, start, steps, [&](double, std::size_t k, double& theta, double g) {
    v[k] += (1 - 0.9) * (g * g - v[k]);
    a[k] += (1 - 0.9) * (g - a[k]);
    m[k] = 0.5 * m[k] + g / std::sqrt(std::max(v[k] - a[k] * a[k], 0.0) + 1e-3);
    theta -= 0.01 * m[k];
  });
}

}  // namespace twins
