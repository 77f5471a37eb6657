// SPDX-License-Identifier: MIT
#pragma once
// Clipping of entries by hand.

#include "loop.hpp"

namespace twins {

template <class P>
tacit::Vector<double> clip_value(const P& problem, const tacit::Vector<double>& start, Index steps) {
  return descend_by_entry(problem, start, steps,
                          [&](double, std::size_t, double& theta, double g) { theta -= 0.3 * std::min(std::max(g, -0.05), 0.05); });
}

}  // namespace twins
