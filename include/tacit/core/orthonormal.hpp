// SPDX-License-Identifier: MIT
#pragma once
// The orthonormal factor Q of a square A = Q R by Householder reflectors, in place: orthonormal to working precision also where A is
// numerically singular, which Gram-Schmidt is not. 8/3 n^3 flops, nothing is allocated.  [Golub & Van Loan, Matrix Computations, 5.2]

#include <cmath>

#include "scalar.hpp"

namespace tacit::detail {

/// A <- Q; tau has the length of a column.
template <Scalar S>
void orthonormalise(MatrixMap<S> A, Vector<S>& tau) {
  const Index n = A.cols();
  for (Index k = 0; k < n; ++k) {  // reflector k stands below the diagonal of column k, with a head of 1 that is not stored
    auto below = A.col(k).tail(n - k - 1);
    const S head = A(k, k), rest = below.stableNorm();
    if (rest == 0) {
      tau[k] = 0;
      continue;
    }
    const S beta = -std::copysign(std::hypot(head, rest), head);
    tau[k] = (beta - head) / beta;
    below /= head - beta;
    for (Index j = k + 1; j < n; ++j) {
      auto column = A.col(j).tail(n - k - 1);
      const S sum = tau[k] * (A(k, j) + below.dot(column));
      A(k, j) -= sum;
      column -= sum * below;
    }
  }
  for (Index k = n - 1; k >= 0; --k) {  // Q = H_0 ... H_{n-1}, from its last columns on
    auto below = A.col(k).tail(n - k - 1);
    for (Index j = k + 1; j < n; ++j) {
      auto column = A.col(j).tail(n - k - 1);
      const S sum = tau[k] * (A(k, j) + below.dot(column));
      A(k, j) -= sum;
      column -= sum * below;
    }
    below *= -tau[k];
    A(k, k) = 1 - tau[k];
    A.col(k).head(k).setZero();
  }
}

}  // namespace tacit::detail
