// SPDX-License-Identifier: MIT
#pragma once
// Exponentiated gradient in its three forms, entry by entry.

#include "loop.hpp"

namespace twins {

template <class P>
tacit::Vector<double> positive_exponentiated(const P& problem, const tacit::Vector<double>& start, Index steps) {
  return descend_by_entry(problem, start, steps, [](double, std::size_t, double& theta, double g) { theta = theta * std::exp(-0.1 * g); });
}
template <class P>
tacit::Vector<double> simplex_exponentiated(const P& problem, const tacit::Vector<double>& start, Index steps) {
  return descend(problem, start, steps, [](Index, tacit::Vector<double>& theta, const tacit::Vector<double>& g) {
    double sum = 0;
    for (Index k = 0; k < g.size(); ++k) sum += theta[k] = theta[k] * std::exp(-0.1 * g[k]);
    for (double& entry : theta) entry /= sum;
  });
}
template <class P>
tacit::Vector<double> exponentiated_pair(const P& problem, const tacit::Vector<double>& start, Index steps) {
  Numbers plus = zeros(start), minus = zeros(start);
  return descend_by_entry(problem, start, steps, [&](double t, std::size_t k, double& theta, double g) {
    if (t == 1) plus[k] = (std::sqrt(theta * theta + 0.04) + theta) / 2, minus[k] = plus[k] - theta;
    plus[k] *= std::exp(-0.1 * g);
    minus[k] *= std::exp(0.1 * g);
    theta = plus[k] - minus[k];
  });
}

}  // namespace twins
