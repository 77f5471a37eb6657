// SPDX-License-Identifier: MIT
#pragma once
// Path-SGD of W = W2 W1 by hand: each weight has the paths to one output and from one input.

#include "loop.hpp"

namespace twins {

template <class P>
tacit::Vector<double> path_sgd(const P& problem, const tacit::Vector<double>& start, Index steps) {
  return descend(problem, start, steps, [&](Index, tacit::Vector<double>& theta, tacit::Vector<double>& g) {
    const tacit::Vector<double> old = theta;
    const auto W1 = problem.layout().matrix(old, 0), W2 = problem.layout().matrix(old, 1);
    const auto G1 = problem.layout().matrix(g, 0), G2 = problem.layout().matrix(g, 1);
    for (Index h = 0; h < W1.rows(); ++h) {
      double in = 0, out = 0;
      for (Index j = 0; j < W1.cols(); ++j) in += W1(h, j) * W1(h, j);
      for (Index i = 0; i < W2.rows(); ++i) out += W2(i, h) * W2(i, h);
      for (Index j = 0; j < W1.cols(); ++j) problem.layout().matrix(theta, 0)(h, j) -= 0.02 * (G1(h, j) / out);
      for (Index i = 0; i < W2.rows(); ++i) problem.layout().matrix(theta, 1)(i, h) -= 0.02 * (G2(i, h) / in);
    }
  });
}

}  // namespace twins
