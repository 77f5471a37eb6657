// SPDX-License-Identifier: MIT
#pragma once
// The normalised gradient; only norms are Eigen's, by hand.

#include "loop.hpp"

namespace twins {

template <class P>
tacit::Vector<double> normalised_gradient(const P& problem, const tacit::Vector<double>& start, Index steps) {
  return descend(problem, start, steps, [&](Index, tacit::Vector<double>& theta, const tacit::Vector<double>& g) {
    const double step = 1 / (g.norm() + 1e-3) * 0.05;
    for (Index k = 0; k < theta.size(); ++k) theta[k] -= step * g[k];
  });
}
template <class P>
tacit::Vector<double> block_normalised_gradient(const P& problem, const tacit::Vector<double>& start, Index steps) {
  return descend(problem, start, steps, [&](Index, tacit::Vector<double>& theta, const tacit::Vector<double>& g) {
    for (const auto& block : problem.layout()) {
      const double c = 1 / g.segment(block.offset, block.count).norm();
      for (Index k = block.offset; k < block.offset + block.count; ++k) theta[k] -= 0.05 * (g[k] * c);
    }
  });
}

}  // namespace twins
