// SPDX-License-Identifier: MIT
#pragma once
// Newton-Schulz iteration towards the polar factor, in products alone:  A = X X^T,  X <- a X + (b A + c A^2) X,  on the smaller side. It
// acts on singular values as  x <- a x + b x^3 + c x^5  and leaves the singular vectors.  [Muon, Jordan et al. 2024]
//   (3.4445, -4.7750, 2.0315), 5 steps   Muon's: fast, not the polar factor. Singular values from 0.00151 to 1 end in [0.6818, 1.2024]
//   (15/8, -10/8, 3/8), 30 steps         converges to the polar factor, to 1e-15
// Cost a step of an m x n block, m <= n: 3 m^2 n + m^3 flops, since A and A^2 are symmetric.

#include <algorithm>
#include <vector>

#include "../core/product.hpp"
#include "../core/small_product.hpp"
#include "matrix_blocks.hpp"

namespace tacit {

struct NewtonSchulz {
  double a = 3.4445, b = -4.7750, c = 2.0315;
  Index iterations = 5;

  template <class A>
  void persist(A& archive) {
    archive("a", a);
    archive("b", b);
    archive("c", c);
    archive("iterations", iterations);
  }

  /// Buffers for blocks of any of these sizes.
  template <Scalar S>
  struct Workspace {
    Vector<S> X, gram, polynomial;
    explicit Workspace(const std::vector<MatrixBlock>& blocks) {
      Index count = 0, side = 0;
      for (const MatrixBlock& block : blocks) count = std::max(count, block.count()), side = std::max(side, block.order());
      X.resize(count);
      gram.resize(side * side);
      polynomial.resize(side * side);
    }
  };

  /// Overwrites X, whose singular values should be at most 1.
  template <Scalar S>
  void run(MatrixMap<S> X, Workspace<S>& ws) const {
    const bool tall = X.rows() > X.cols();
    const Index side = std::min(X.rows(), X.cols()), length = std::max(X.rows(), X.cols());
    S *here = X.data(), *there = ws.X.data();
    if (tall) {  // its transpose instead, so that one form of the products will do
      MatrixMap<S>(there, side, length) = X.transpose();
      std::swap(here, there);
    }
    MatrixMap<S> gram(ws.gram.data(), side, side), polynomial(ws.polynomial.data(), side, side);
    for (Index k = 0; k < iterations; ++k) {
      multiply_by_transpose<S>({here, side, length}, gram);
      multiply_by_transpose<S>({gram.data(), side, side}, polynomial);  // A = A^T
      polynomial = static_cast<S>(b) * gram + static_cast<S>(c) * polynomial;
      polynomial.diagonal().array() += static_cast<S>(a);
      if (is_small(side, length))
        detail::SmallProduct<S>{polynomial.data(), side, here, 1, side, there, side, length, side}.run(Write::set);
      else detail::multiply<S>({polynomial.data(), side, side}, {here, side, length}, Write::set, {there, side, length});
      std::swap(here, there);
    }
    if (tall) {
      if (here == X.data()) std::copy_n(here, X.size(), there), here = there;
      X = ConstMatrixMap<S>(here, side, length).transpose();
    } else if (here != X.data()) {
      X = ConstMatrixMap<S>(here, side, length);
    }
  }

 private:
  /// Where operands stay in the second-level cache, packing them takes longer than it saves.
  static bool is_small(Index side, Index length) { return side * length <= 256 * 256; }
  /// C = X X^T, half of it computed.
  template <Scalar S>
  static void multiply_by_transpose(ConstMatrixMap<S> X, MatrixMap<S> C) {
    const Index side = X.rows(), length = X.cols();
    if (is_small(side, length))
      return detail::SmallProduct<S>{X.data(), side, X.data(), side, 1, C.data(), side, side, length}.run_symmetric();
    C.setZero();
    C.template selfadjointView<Eigen::Lower>().rankUpdate(X);
    C.template triangularView<Eigen::StrictlyUpper>() = C.transpose();
  }
};

}  // namespace tacit
