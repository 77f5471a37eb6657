// SPDX-License-Identifier: MIT
#pragma once
// Sign and logarithm of |det W| of a square matrix, by Gaussian elimination with partial pivoting: 2/3 n^3 flops. The determinant itself
// under- and overflows long before these do. (Eigen's decompositions would cost every includer a second of compile time.)

#include <cmath>
#include <limits>
#include <utility>

#include "check.hpp"
#include "scalar.hpp"

namespace tacit {

struct Determinant {
  int sign = 1;        ///< -1, 0 or 1
  double log_abs = 0;  ///< ln |det|, -infinity where the matrix is singular, NaN where it holds one
};

/// W is n x n and is overwritten.
template <Scalar S>
Determinant determinant_in_place(Matrix<S>& W) {
  require(W.rows() == W.cols(), "determinant: the matrix is ", W.rows(), " x ", W.cols(), ", it needs to be square");
  Determinant det;
  const Index n = W.rows();
  for (Index k = 0; k < n; ++k) {
    Index pivot = k;
    for (Index i = k + 1; i < n; ++i)
      if (std::abs(W(i, k)) > std::abs(W(pivot, k))) pivot = i;
    const S p = W(pivot, k);
    if (p == 0) return {0, -std::numeric_limits<double>::infinity()};
    if (pivot != k) {
      for (Index j = k; j < n; ++j) std::swap(W(k, j), W(pivot, j));
      det.sign = -det.sign;
    }
    if (p < 0) det.sign = -det.sign;
    det.log_abs += std::log(std::abs(static_cast<double>(p)));
    for (Index i = k + 1; i < n; ++i) W(i, k) /= p;
    for (Index j = k + 1; j < n; ++j) {
      const S factor = W(k, j);
      for (Index i = k + 1; i < n; ++i) W(i, j) -= factor * W(i, k);
    }
  }
  return det;
}

template <class Derived>
Determinant determinant(const Eigen::MatrixBase<Derived>& W) {
  Matrix<typename Derived::Scalar> copy = W;
  return determinant_in_place(copy);
}

}  // namespace tacit
