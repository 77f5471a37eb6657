// SPDX-License-Identifier: MIT
#pragma once
// The ratio penalty  lambda R(W),  R = |W|_* / |W|_F  in [1, sqrt(rank)], scale invariant, and its true gradient:                  [Zhao 2022]
//   grad R = U V^T / |W|_F - (|W|_* / |W|_F^3) W,      <grad R, W> = 0.
// Singular values below 1e-7 sigma_1 (float: 3e-4 sigma_1) count as zero: U V^T is restricted to the numerical range, a subgradient. At W = 0 value and
// gradient are zero. U V^T comes from the eigenvectors of the Gram matrix on the smaller side, k = min(n1, n2): about 9 k^3 + 4 n1 n2 k flops a call.
// The Hessian needs the derivative of U V^T along dW, with A = U^T dW V:
//   U [(A_ij - A_ji) / (s_i + s_j)] V^T + (I - U U^T) dW V S^-1 V^T + U S^-1 U^T dW (I - V V^T).
// Includes Eigen's symmetric eigensolver, so <tacit/tacit.hpp> leaves it out.

#include <Eigen/Eigenvalues>
#include <cmath>

#include "../core/check.hpp"
#include "../core/scalar.hpp"

namespace tacit {

struct NuclearOverFrobenius {
  double lambda;

  static const char* name() { return "NuclearOverFrobenius"; }

  template <Scalar S>
  struct Workspace {
    Eigen::SelfAdjointEigenSolver<Matrix<S>> eigen;
    Matrix<S> tall, gram, V, polar, scaled;  ///< tall: W, or W^T where it has more columns than rows
    Vector<S> sigma, inverse;                ///< of each eigenvector; inverse is 0 where sigma counts as zero
    S nuclear = 0, frobenius = 0;
  };

  template <Scalar S>
  Workspace<S> start(Index rows, Index cols) const {
    require(std::isfinite(lambda), "NuclearOverFrobenius: lambda is ", lambda);
    const Index n = std::max(rows, cols), k = std::min(rows, cols);
    return {Eigen::SelfAdjointEigenSolver<Matrix<S>>(k),
            Matrix<S>(n, k),
            Matrix<S>(k, k),
            Matrix<S>(k, k),
            Matrix<S>(n, k),
            Matrix<S>(n, k),
            Vector<S>(k),
            Vector<S>(k),
            0,
            0};
  }

  /// Returns lambda R(W); slope = lambda grad R(W).
  template <Scalar S>
  S value_and_slope(ConstMatrixMap<S> W, Workspace<S>& ws, MatrixMap<S> slope) const {
    if (W.rows() >= W.cols())
      ws.tall = W;
    else
      ws.tall = W.transpose();
    ws.frobenius = ws.tall.norm();
    if (!(ws.frobenius > 0) || !std::isfinite(ws.frobenius)) {
      ws.nuclear = ws.frobenius;
      slope.setConstant(ws.frobenius * S(0));
      ws.inverse.setZero();
      return ws.frobenius;  // 0, or not a number
    }
    ws.gram.noalias() = ws.tall.transpose() * ws.tall;
    ws.eigen.compute(ws.gram);
    ws.V = ws.eigen.eigenvectors();
    // sigma_i = |W v_i| is as accurate as W allows; the roots of the Gram matrix's eigenvalues are off by sqrt(rounding) where W has a low rank.
    ws.scaled.noalias() = ws.tall * ws.V;
    for (Index i = 0; i < ws.sigma.size(); ++i) ws.sigma[i] = ws.scaled.col(i).norm();
    const S cut = (sizeof(S) == 4 ? S(3e-4) : S(1e-7)) * ws.sigma.maxCoeff();
    for (Index i = 0; i < ws.sigma.size(); ++i) {
      const bool counts = ws.sigma[i] > cut;
      ws.inverse[i] = counts ? 1 / ws.sigma[i] : S(0);
      if (!counts) ws.sigma[i] = 0;
      ws.scaled.col(i) *= ws.inverse[i];
    }
    ws.nuclear = ws.sigma.sum();
    ws.polar.noalias() = ws.scaled * ws.V.transpose();  // U V^T
    const S l = static_cast<S>(lambda), pull = ws.nuclear / (ws.frobenius * ws.frobenius);
    ws.tall = (l / ws.frobenius) * (ws.polar - pull * ws.tall);
    if (W.rows() >= W.cols())
      slope = ws.tall;
    else
      slope = ws.tall.transpose();
    return l * ws.nuclear / ws.frobenius;
  }

  /// out = lambda (Hessian of R) dW, at the W of the last value_and_slope.
  template <Scalar S>
  void curvature_times(ConstMatrixMap<S> W, Workspace<S>& ws, ConstMatrixMap<S> dW, MatrixMap<S> out) const {
    const bool upright = W.rows() >= W.cols();
    const Matrix<S> X = upright ? Matrix<S>(W) : Matrix<S>(W.transpose()), dX = upright ? Matrix<S>(dW) : Matrix<S>(dW.transpose());
    const S f = ws.frobenius, n = ws.nuclear;
    if (!(f > 0)) return out.setZero(), void();
    const Matrix<S> U = X * ws.V * ws.inverse.asDiagonal();  // zero columns where sigma counts as zero
    Matrix<S> V = ws.V;
    for (Index i = 0; i < V.cols(); ++i)
      if (ws.inverse[i] == 0) V.col(i).setZero();
    const Matrix<S> along = dX * V, A = U.transpose() * along;
    Matrix<S> K(A.rows(), A.cols());
    for (Index j = 0; j < K.cols(); ++j)
      for (Index i = 0; i < K.rows(); ++i)
        K(i, j) = ws.inverse[i] * ws.inverse[j] > 0 ? (A(i, j) - A(j, i)) / (ws.sigma[i] + ws.sigma[j]) : S(0);
    const Matrix<S> across = U.transpose() * dX;
    const Matrix<S> dpolar = U * K * V.transpose() + (along - U * A) * ws.inverse.asDiagonal() * V.transpose() +
                             U * ws.inverse.asDiagonal() * (across - A * V.transpose());
    const S dn = ws.polar.cwiseProduct(dX).sum(), df = X.cwiseProduct(dX).sum() / f;
    const Matrix<S> result = static_cast<S>(lambda) * (dpolar / f - ws.polar * (df / (f * f)) -
                                                       X * (dn / (f * f * f) - 3 * n * df / (f * f * f * f)) - dX * (n / (f * f * f)));
    if (upright)
      out = result;
    else
      out = result.transpose();
  }

  template <class Archive>
  void persist(Archive& archive) {
    archive("lambda", lambda);
  }
};

}  // namespace tacit
