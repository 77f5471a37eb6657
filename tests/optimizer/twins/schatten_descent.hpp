// SPDX-License-Identifier: MIT
#pragma once
// Steepest descent for the Schatten 3-norm of each block by hand, q = 3/2, times the dual norm.

#include "matrices.hpp"

namespace twins {

template <class P>
tacit::Vector<double> schatten_descent(const P& problem, const tacit::Vector<double>& start, Index steps) {
  return descend_by_block(problem, start, steps, [](Index, std::size_t, auto& W, const auto& G) {
    W -= 0.1 * on_singular_values(G, [](tacit::Vector<double> s) {
           const double sum = s.array().pow(1.5).sum();  // |s|_q = sum^(2/3), d = sqrt(s) / sum^(1/3)
           return tacit::Vector<double>(s.array().sqrt() * std::pow(sum, 2.0 / 3 - 1.0 / 3));
         });
  });
}

}  // namespace twins
