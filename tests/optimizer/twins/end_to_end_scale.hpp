// SPDX-License-Identifier: MIT
#pragma once
// The end-to-end rule of depth 3 by hand, in the full singular basis.

#include "matrices.hpp"

namespace twins {

template <class P>
tacit::Vector<double> end_to_end_descent(const P& problem, const tacit::Vector<double>& start, Index steps) {
  return descend_by_block(problem, start, steps, [](Index, std::size_t, auto& W, const auto& G) {
    const Eigen::JacobiSVD<tacit::Matrix<double>> svd(W, Eigen::ComputeFullU | Eigen::ComputeFullV);
    const auto s = [&](Index i, double power) {
      return i < svd.singularValues().size() ? std::pow(svd.singularValues()[i], power) : power == 0 ? 1.0 : 0.0;
    };
    Square inner = svd.matrixU().transpose() * G * svd.matrixV();
    for (Index r = 0; r < inner.rows(); ++r)
      for (Index q = 0; q < inner.cols(); ++q) inner(r, q) *= s(q, 4.0 / 3) + s(r, 2.0 / 3) * s(q, 2.0 / 3) + s(r, 4.0 / 3);
    W = ((1 - 0.05 * 0.1 * 3) * W - 0.05 * (svd.matrixU() * inner * svd.matrixV().transpose())).eval();
  });
}

}  // namespace twins
