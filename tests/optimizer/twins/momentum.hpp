// SPDX-License-Identifier: MIT
#pragma once
// Heavy ball and Nesterov's momentum by hand.

#include "loop.hpp"

namespace twins {

template <class P>
tacit::Vector<double> momentum(const P& problem, const tacit::Vector<double>& start, Index steps) {
  Numbers v = zeros(start);
  return descend_by_entry(problem, start, steps, [&](double, std::size_t k, double& theta, double g) {
    v[k] = 0.8 * v[k] + g;
    theta -= 0.1 * v[k];
  });
}
template <class P>
tacit::Vector<double> dampened_momentum(const P& problem, const tacit::Vector<double>& start, Index steps) {
  Numbers v = zeros(start);
  return descend_by_entry(problem, start, steps, [&](double t, std::size_t k, double& theta, double g) {
    v[k] = t == 1 ? g : 0.8 * v[k] + (1 - 0.3) * g;
    theta -= 0.1 * v[k];
  });
}
template <class P>
tacit::Vector<double> nesterov(const P& problem, const tacit::Vector<double>& start, Index steps) {
  Numbers v = zeros(start);
  return descend_by_entry(problem, start, steps, [&](double, std::size_t k, double& theta, double g) {
    v[k] = 0.7 * v[k] + g;
    theta -= 0.1 * (g + 0.7 * v[k]);
  });
}

}  // namespace twins
