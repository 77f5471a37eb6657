// SPDX-License-Identifier: MIT
#pragma once
// Shampoo of matrices by hand.

#include "matrices.hpp"

namespace twins {

template <class P>
tacit::Vector<double> shampoo_every(Index every, const P& problem, const tacit::Vector<double>& start, Index steps) {
  std::vector<Square> L(9), R(9), l_root(9), r_root(9);
  return descend_by_block(problem, start, steps, [&](Index t, std::size_t l, auto& W, const auto& G) {
    if (t == 1) L[l] = 1e-4 * Square::Identity(G.rows(), G.rows()), R[l] = 1e-4 * Square::Identity(G.cols(), G.cols());
    L[l] += G * G.transpose();
    R[l] += G.transpose() * G;
    if ((t - 1) % every == 0) l_root[l] = power_of(L[l], -0.25), r_root[l] = power_of(R[l], -0.25);
    W -= 0.05 * (l_root[l] * G * r_root[l]);
  });
}
template <class P>
tacit::Vector<double> shampoo(const P& problem, const tacit::Vector<double>& start, Index steps) {
  return shampoo_every(1, problem, start, steps);
}
template <class P>
tacit::Vector<double> seldom_shampoo(const P& problem, const tacit::Vector<double>& start, Index steps) {
  return shampoo_every(7, problem, start, steps);
}

}  // namespace twins
