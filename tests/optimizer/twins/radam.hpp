// SPDX-License-Identifier: MIT
#pragma once
// RAdam by hand.

#include "loop.hpp"

namespace twins {

template <class P>
tacit::Vector<double> radam(const P& problem, const tacit::Vector<double>& start, Index steps) {
  Numbers m = zeros(start), v = zeros(start);
  return descend_by_entry(problem, start, steps, [&](double t, std::size_t k, double& theta, double g) {
    m[k] += (1 - 0.9) * (g - m[k]);
    v[k] += (1 - 0.999) * (g * g - v[k]);
    const double power = std::pow(0.999, t), c1 = 1 - std::pow(0.9, t);
    const double R = 2 / (1 - 0.999) - 1, rho = R - 2 * t * power / (1 - power);
    const double r = std::sqrt((rho - 4) * (rho - 2) * R / ((R - 4) * (R - 2) * rho)), root = std::sqrt(1 - power);
    theta -= 0.01 * (rho > 5 ? r * root / c1 * m[k] / (std::sqrt(v[k]) + 1e-8) : 1 / c1 * m[k]);
  });
}

}  // namespace twins
