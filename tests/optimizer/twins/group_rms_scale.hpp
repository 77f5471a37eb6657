// SPDX-License-Identifier: MIT
#pragma once
// GroupRMSprop; only the norm is Eigen's, by hand.

#include "loop.hpp"

namespace twins {

template <class P>
tacit::Vector<double> group_rmsprop(const P& problem, const tacit::Vector<double>& start, Index steps) {
  double v = 0;
  return descend(problem, start, steps, [&](Index t, tacit::Vector<double>& theta, const tacit::Vector<double>& g) {
    v = 0.9 * v + (1 - 0.9) * g.squaredNorm();
    const double step = 1 / (std::sqrt(v / (1 - std::pow(0.9, static_cast<double>(t)))) + 1e-4) * 0.05;
    for (Index k = 0; k < theta.size(); ++k) theta[k] -= step * g[k];
  });
}

}  // namespace twins
