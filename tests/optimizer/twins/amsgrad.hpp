// SPDX-License-Identifier: MIT
#pragma once
// AMSGrad by hand.

#include "loop.hpp"

namespace twins {

template <class P>
tacit::Vector<double> amsgrad(const P& problem, const tacit::Vector<double>& start, Index steps) {
  Numbers m = zeros(start), v = zeros(start), w = zeros(start);
  return descend_by_entry(problem, start, steps, [&](double t, std::size_t k, double& theta, double g) {
    m[k] += (1 - 0.9) * (g - m[k]);
    v[k] += (1 - 0.9) * (g * g - v[k]);
    w[k] = std::max(w[k], v[k]);
    const double cm = 1 / (1 - std::pow(0.9, t)), cv = 1 / (1 - std::pow(0.9, t));
    theta -= 0.01 * (cm * m[k] / (std::sqrt(cv * w[k]) + 1e-8));
  });
}
/// As optax has it.
template <class P>
tacit::Vector<double> amsgrad_corrected(const P& problem, const tacit::Vector<double>& start, Index steps) {
  Numbers m = zeros(start), v = zeros(start), w = zeros(start);
  return descend_by_entry(problem, start, steps, [&](double t, std::size_t k, double& theta, double g) {
    m[k] += (1 - 0.9) * (g - m[k]);
    v[k] += (1 - 0.9) * (g * g - v[k]);
    const double cm = 1 / (1 - std::pow(0.9, t)), cv = 1 / (1 - std::pow(0.9, t));
    w[k] = std::max(w[k], cv * v[k]);
    theta -= 0.01 * (cm * m[k] / (std::sqrt(w[k]) + 1e-8));
  });
}

}  // namespace twins
