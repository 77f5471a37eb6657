// SPDX-License-Identifier: MIT
#pragma once
// Clipping by norm, which some steps meet and others do not; only the norm is Eigen's, by hand.

#include "loop.hpp"

namespace twins {

template <class P>
tacit::Vector<double> clip(const P& problem, const tacit::Vector<double>& start, Index steps) {
  return descend(problem, start, steps, [&](Index, tacit::Vector<double>& theta, const tacit::Vector<double>& g) {
    const double length = g.norm(), factor = length > 0.2 ? 0.2 / length : 1;
    for (Index k = 0; k < theta.size(); ++k) theta[k] -= factor * 0.5 * g[k];
  });
}

}  // namespace twins
