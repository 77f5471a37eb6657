// SPDX-License-Identifier: MIT
#pragma once
// AdaGrad by hand.

#include "loop.hpp"

namespace twins {

template <class P>
tacit::Vector<double> adagrad(const P& problem, const tacit::Vector<double>& start, Index steps) {
  Numbers v = zeros(start);
  return descend_by_entry(problem, start, steps, [&](double, std::size_t k, double& theta, double g) {
    v[k] += g * g;
    theta -= 0.05 * (g / (std::sqrt(v[k]) + 1e-10));
  });
}
/// As optax has it.
template <class P>
tacit::Vector<double> adagrad_inside(const P& problem, const tacit::Vector<double>& start, Index steps) {
  Numbers v(static_cast<std::size_t>(start.size()), 0.1);
  return descend_by_entry(problem, start, steps, [&](double, std::size_t k, double& theta, double g) {
    v[k] += g * g;
    theta -= 0.05 * (g / std::sqrt(v[k] + 1e-7));
  });
}

}  // namespace twins
