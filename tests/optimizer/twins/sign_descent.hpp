// SPDX-License-Identifier: MIT
#pragma once
// Sign descent by hand.

#include "loop.hpp"

namespace twins {

template <class P>
tacit::Vector<double> sign_descent(const P& problem, const tacit::Vector<double>& start, Index steps) {
  return descend_by_entry(problem, start, steps, [&](double, std::size_t, double& theta, double g) { theta -= 0.01 * sign(g); });
}

}  // namespace twins
