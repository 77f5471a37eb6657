// SPDX-License-Identifier: MIT
#pragma once
// Spectral descent by hand, by Eigen's singular value decomposition.

#include "matrices.hpp"

namespace twins {

template <class P>
tacit::Vector<double> spectral_descent(const P& problem, const tacit::Vector<double>& start, Index steps) {
  return descend_by_block(problem, start, steps, [](Index, std::size_t, auto& W, const auto& G) {
    W -= 0.003 * on_singular_values(G, [](auto s) { return s.setOnes(); });
  });
}
template <class P>
tacit::Vector<double> dual_spectral_descent(const P& problem, const tacit::Vector<double>& start, Index steps) {
  return descend_by_block(problem, start, steps, [](Index, std::size_t, auto& W, const auto& G) {
    W -= 0.05 * on_singular_values(G, [](auto s) { return s.setConstant(s.sum()); });
  });
}

}  // namespace twins
