// SPDX-License-Identifier: MIT
#pragma once
// Decay behind the step, by hand.

#include "loop.hpp"

namespace twins {

template <class P>
tacit::Vector<double> decay_after_step(const P& problem, const tacit::Vector<double>& start, Index steps) {
  return descend_by_entry(problem, start, steps,
                          [](double, std::size_t, double& theta, double g) { theta = (1 - 0.1 * 0.3) * (theta - 0.1 * g); });
}

}  // namespace twins
