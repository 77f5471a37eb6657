// SPDX-License-Identifier: MIT
#pragma once
// Mirror descent with the hyperbolic entropy, entry by entry.

#include "loop.hpp"

namespace twins {

template <class P>
tacit::Vector<double> mirror_descent(const P& problem, const tacit::Vector<double>& start, Index steps) {
  return descend_by_entry(problem, start, steps,
                          [](double, std::size_t, double& theta, double g) { theta = 0.2 * std::sinh(std::asinh(theta / 0.2) - 0.1 * g); });
}

}  // namespace twins
