// SPDX-License-Identifier: MIT
#pragma once
// Weight decay in front of a momentum, and decoupled, by hand.

#include "loop.hpp"

namespace twins {

template <class P>
tacit::Vector<double> coupled_weight_decay(const P& problem, const tacit::Vector<double>& start, Index steps) {
  Numbers v = zeros(start);
  return descend_by_entry(problem, start, steps, [&](double, std::size_t k, double& theta, double g) {
    v[k] = 0.9 * v[k] + (g + 0.3 * theta);
    theta -= 0.1 * v[k];
  });
}
template <class P>
tacit::Vector<double> decoupled_weight_decay(const P& problem, const tacit::Vector<double>& start, Index steps) {
  Numbers v = zeros(start);
  return descend_by_entry(problem, start, steps, [&](double, std::size_t k, double& theta, double g) {
    v[k] = 0.9 * v[k] + g;
    theta -= 0.1 * (v[k] + 0.3 * theta);
  });
}

}  // namespace twins
