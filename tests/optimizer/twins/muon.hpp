// SPDX-License-Identifier: MIT
#pragma once
// Muon by hand: the Newton-Schulz steps on the block or, where it is tall, on its transpose.

#include "matrices.hpp"

namespace twins {

inline tacit::Matrix<double> five_steps(tacit::Matrix<double> X) {
  const bool tall = X.rows() > X.cols();
  if (tall) X = X.transpose().eval();
  for (int k = 0; k < 5; ++k) {
    const Square A = X * X.transpose(), B = -4.7750 * A + 2.0315 * A * A;
    X = (3.4445 * X + B * X).eval();
  }
  if (tall) X = X.transpose().eval();
  return X;
}
template <class P>
tacit::Vector<double> muon(const P& problem, const tacit::Vector<double>& start, Index steps) {
  std::vector<tacit::Matrix<double>> m(9);
  return descend_by_block(problem, start, steps, [&](Index t, std::size_t l, auto& W, const auto& G) {
    if (t == 1) m[l] = 0 * G;
    m[l] = 0.9 * m[l] + 0.1 * G;
    const tacit::Matrix<double> B = 0.9 * m[l] + 0.1 * G;
    const double scale = std::sqrt(std::max(1.0, double(W.rows()) / double(W.cols())));
    W = ((1 - 0.01 * 0.1) * W - 0.01 * scale * five_steps(B / (B.norm() + 1e-7))).eval();
  });
}
template <class P>
tacit::Vector<double> muon_as_adamw(const P& problem, const tacit::Vector<double>& start, Index steps) {
  std::vector<tacit::Matrix<double>> m(9);
  return descend_by_block(problem, start, steps, [&](Index t, std::size_t l, auto& W, const auto& G) {
    if (t == 1) m[l] = 0 * G;
    m[l] = 0.9 * m[l] + G;
    const double scale = 0.2 * std::sqrt(double(std::max(W.rows(), W.cols())));
    W -= 0.01 * scale * five_steps(m[l] / std::max(m[l].norm(), 1e-7));
  });
}

}  // namespace twins
