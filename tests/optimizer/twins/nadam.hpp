// SPDX-License-Identifier: MIT
#pragma once
// NAdam by hand.

#include "loop.hpp"

namespace twins {

template <class P>
tacit::Vector<double> nadam(const P& problem, const tacit::Vector<double>& start, Index steps) {
  Numbers m = zeros(start), v = zeros(start), product(m.size(), 1.0);
  return descend_by_entry(problem, start, steps, [&](double t, std::size_t k, double& theta, double g) {
    m[k] += (1 - 0.9) * (g - m[k]);
    v[k] += (1 - 0.999) * (g * g - v[k]);
    const double mu = 0.9 * (1 - 0.5 * std::pow(0.96, t * 4e-3)), next = 0.9 * (1 - 0.5 * std::pow(0.96, (t + 1) * 4e-3));
    product[k] *= mu;
    const double cm = next / (1 - product[k] * next), cg = (1 - mu) / (1 - product[k]), cv = 1 / (1 - std::pow(0.999, t));
    theta -= 0.01 * ((cm * m[k] + cg * g) / (std::sqrt(cv * v[k]) + 1e-8));
  });
}

}  // namespace twins
