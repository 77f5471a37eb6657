// SPDX-License-Identifier: MIT
#pragma once
// Gradient descent by a rate that rises and falls once by hand.

#include "loop.hpp"

namespace twins {

template <class P>
tacit::Vector<double> one_cycle(const P& problem, const tacit::Vector<double>& start, Index steps) {
  return descend_by_entry(problem, start, steps, [&](double t, std::size_t, double& theta, double g) {
    const double pi = 3.141592653589793, k = t - 1, top = 0.3 * 40 - 1, low = 0.5 / 25, last = low / 1e4;
    const double rate = k >= 39    ? last
                        : k <= top ? 0.5 + (low - 0.5) * (1 + std::cos(pi * (k / top))) / 2
                                   : last + (0.5 - last) * (1 + std::cos(pi * ((k - top) / (39 - top)))) / 2;
    theta -= rate * g;
  });
}

}  // namespace twins
