// SPDX-License-Identifier: MIT
#pragma once
// Adam with weight decay by hand.

#include "loop.hpp"

namespace twins {

template <class P>
tacit::Vector<double> adamw(const P& problem, const tacit::Vector<double>& start, Index steps) {
  Numbers m = zeros(start), v = zeros(start);
  return descend_by_entry(problem, start, steps, [&](double t, std::size_t k, double& theta, double g) {
    m[k] += (1 - 0.9) * (g - m[k]);
    v[k] += (1 - 0.999) * (g * g - v[k]);
    const double cm = 1 / (1 - std::pow(0.9, t)), cv = 1 / (1 - std::pow(0.999, t));
    theta -= 0.01 * (cm * m[k] / (std::sqrt(cv * v[k]) + 1e-8) + 0.1 * theta);
  });
}
template <class P>
tacit::Vector<double> adam_l2(const P& problem, const tacit::Vector<double>& start, Index steps) {
  Numbers m = zeros(start), v = zeros(start);
  return descend_by_entry(problem, start, steps, [&](double t, std::size_t k, double& theta, double g) {
    g += 0.1 * theta;
    m[k] += (1 - 0.9) * (g - m[k]);
    v[k] += (1 - 0.999) * (g * g - v[k]);
    const double cm = 1 / (1 - std::pow(0.9, t)), cv = 1 / (1 - std::pow(0.999, t));
    theta -= 0.01 * (cm * m[k] / (std::sqrt(cv * v[k]) + 1e-8));
  });
}

}  // namespace twins
