// SPDX-License-Identifier: MIT
#pragma once
// Mirror descent on singular values by hand.

#include "matrices.hpp"

namespace twins {

template <class P>
tacit::Vector<double> spectral_mirror_descent(const P& problem, const tacit::Vector<double>& start, Index steps) {
  return descend_by_block(problem, start, steps, [](Index, std::size_t, auto& W, const auto& G) {
    const Square D =
        on_singular_values(W, [](tacit::Vector<double> s) { return tacit::Vector<double>((s / 0.2).array().asinh()); }) - 0.1 * G;
    W = on_singular_values(D, [](tacit::Vector<double> s) { return tacit::Vector<double>(0.2 * s.array().sinh()); });
  });
}

}  // namespace twins
