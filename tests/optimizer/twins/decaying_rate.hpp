// SPDX-License-Identifier: MIT
#pragma once
// Gradient descent by rates that fall as a power of the iteration by hand.

#include "loop.hpp"

namespace twins {

template <class P>
tacit::Vector<double> inverse_sqrt(const P& problem, const tacit::Vector<double>& start, Index steps) {
  return descend_by_entry(problem, start, steps,
                          [&](double t, std::size_t, double& theta, double g) { theta -= 0.4 * (t < 8 ? t / 8 : std::sqrt(8 / t)) * g; });
}
template <class P>
tacit::Vector<double> inverse_time(const P& problem, const tacit::Vector<double>& start, Index steps) {
  return descend_by_entry(problem, start, steps,
                          [&](double t, std::size_t, double& theta, double g) { theta -= 0.4 / (1 + (t - 1) * 0.1) * g; });
}

}  // namespace twins
