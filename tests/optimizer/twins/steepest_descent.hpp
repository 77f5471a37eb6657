// SPDX-License-Identifier: MIT
#pragma once
// Steepest descent for the 3-norm by hand, q = 3/2; and for the 1-norm: one entry at a time.

#include "loop.hpp"

namespace twins {

template <class P>
tacit::Vector<double> steepest_descent(const P& problem, const tacit::Vector<double>& start, Index steps) {
  return descend(problem, start, steps, [](Index, tacit::Vector<double>& theta, const tacit::Vector<double>& g) {
    double sum = 0;
    for (const double entry : g) sum += std::pow(std::abs(entry), 1.5);
    for (Index k = 0; k < g.size(); ++k) theta[k] -= 0.01 * sign(g[k]) * std::sqrt(std::abs(g[k])) / std::pow(sum, 1.0 / 3);
  });
}
template <class P>
tacit::Vector<double> greedy_descent(const P& problem, const tacit::Vector<double>& start, Index steps) {
  return descend(problem, start, steps, [](Index, tacit::Vector<double>& theta, const tacit::Vector<double>& g) {
    Index top = 0;
    for (Index k = 0; k < g.size(); ++k)
      if (std::abs(g[k]) > std::abs(g[top])) top = k;
    theta[top] -= 0.3 * g[top];
  });
}

}  // namespace twins
