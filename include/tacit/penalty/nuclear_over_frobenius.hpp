// SPDX-License-Identifier: MIT
#pragma once
// The ratio penalty  lambda R(W),  R = |W|_* / |W|_F  in [1, sqrt(rank)], scale invariant, and its true gradient:                  [Zhao 2022]
//   grad R = U V^T / |W|_F - (|W|_* / |W|_F^3) W,      <grad R, W> = 0.
// Singular values below 1e-7 sigma_1 (float: 3e-4 sigma_1) count as zero: U V^T is restricted to the numerical range, a subgradient. At W = 0 value and
// gradient are zero. V begins as the eigenvectors of the Gram matrix on the smaller side, k = min(n1, n2), whose rounding mixes vectors of small singular
// values; rotations of pairs of columns of W V make these orthogonal (one-sided Jacobi), so that U, sigma and V are good to eps sigma_1 / sigma_i. The gradient
// is formed from them, U diag(sum_j s_j (s_j - s_i) / |W|_F^3) V^T, without the difference above. About 9 k^3 + 6 n1 n2 k flops a call.   [Drmac & Veselic 2008]
// The Hessian needs the derivative of U V^T along dW, with A = U^T dW V:
//   U [(A_ij - A_ji) / (s_i + s_j)] V^T + (I - U U^T) dW V S^-1 V^T + U S^-1 U^T dW (I - V V^T).
// Includes Eigen's symmetric eigensolver, so <tacit/tacit.hpp> leaves it out.

#include <Eigen/Eigenvalues>
#include <cmath>
#include <limits>

#include "../core/check.hpp"
#include "../core/norm.hpp"
#include "../core/product.hpp"
#include "../core/scalar.hpp"

namespace tacit {

struct NuclearOverFrobenius {
  double lambda;

  static const char* name() { return "NuclearOverFrobenius"; }

  template <Scalar S>
  struct Workspace {
    Eigen::SelfAdjointEigenSolver<Matrix<S>> eigen;
    Matrix<S> tall, gram, V, U, scaled;  ///< tall: W / scale, or its transpose where it has more columns than rows
    Vector<S> sigma, inverse;            ///< of tall; inverse is 0 where sigma counts as zero, as are the columns of U
    S nuclear = 0, frobenius = 0;        ///< of tall
    S scale = 1;                         ///< another one where powers of |W| leave the range
  };

  void check() const { require(std::isfinite(lambda), "NuclearOverFrobenius: lambda is ", lambda); }

  template <Scalar S>
  Workspace<S> start(Index rows, Index cols) const {
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
            0,
            1};
  }

  /// Returns lambda R(W); slope = lambda grad R(W).
  template <Scalar S>
  S value_and_slope(ConstMatrixMap<S> W, Workspace<S>& ws, MatrixMap<S> slope) const {
    if (W.rows() >= W.cols()) ws.tall = W;
    else ws.tall = W.transpose();
    ws.scale = 1;
    ws.frobenius = ws.tall.norm();
    if (const S square = ws.frobenius * ws.frobenius; !detail::squares_in_range(square * square)) {  // the highest power below
      const S largest = ws.tall.cwiseAbs().maxCoeff();
      if (largest > 0 && std::isfinite(largest)) {
        ws.scale = largest;
        ws.tall /= largest;
        ws.frobenius = ws.tall.norm();
      }
    }
    if (!(ws.frobenius > 0) || !std::isfinite(ws.frobenius)) {
      ws.nuclear = ws.frobenius;
      slope.setConstant(ws.frobenius * S(0));
      ws.inverse.setZero();
      return ws.frobenius;  // 0, or not a number
    }
    const auto view = [](const Matrix<S>& m) { return ConstMatrixMap<S>(m.data(), m.rows(), m.cols()); };
    const auto into = [](Matrix<S>& m) { return MatrixMap<S>(m.data(), m.rows(), m.cols()); };
    detail::multiply_tn<S>(view(ws.tall), view(ws.tall), Write::set, into(ws.gram));
    ws.eigen.compute(ws.gram);
    ws.V = ws.eigen.eigenvectors();
    detail::multiply<S>(view(ws.tall), view(ws.V), Write::set, into(ws.U));
    make_orthogonal(ws.U, ws.V, ws.sigma);
    for (Index i = 0; i < ws.sigma.size(); ++i) ws.sigma[i] = ws.U.col(i).norm();
    const S cut = (sizeof(S) == 4 ? S(3e-4) : S(1e-7)) * ws.sigma.maxCoeff();
    for (Index i = 0; i < ws.sigma.size(); ++i) {
      const bool counts = ws.sigma[i] > cut;
      ws.inverse[i] = counts ? 1 / ws.sigma[i] : S(0);
      if (!counts) ws.sigma[i] = 0;
    }
    ws.nuclear = ws.sigma.sum();
    const S l = static_cast<S>(lambda), f = ws.frobenius;
    for (Index i = 0; i < ws.sigma.size(); ++i) {
      // |W|_F^2 - |W|_* s_i = sum_j s_j (s_j - s_i); what counts as zero keeps its part of -|W|_* W / |W|_F^3.
      const S c = ws.inverse[i] > 0 ? (ws.sigma.array() * (ws.sigma.array() - ws.sigma[i])).sum() * ws.inverse[i] : -ws.nuclear;
      ws.scaled.col(i) = (l / f * (c / (f * f))) * ws.U.col(i);
      ws.U.col(i) *= ws.inverse[i];
    }
    detail::multiply_nt<S>(view(ws.scaled), view(ws.V), Write::set, into(ws.tall));
    if (W.rows() >= W.cols()) slope = ws.tall / ws.scale;
    else slope = ws.tall.transpose() / ws.scale;
    return l * ws.nuclear / ws.frobenius;
  }

  /// out = lambda (Hessian of R) dW, at the W of the last value_and_slope.
  template <Scalar S>
  void curvature_times(ConstMatrixMap<S> W, Workspace<S>& ws, ConstMatrixMap<S> dW, MatrixMap<S> out) const {
    const bool upright = W.rows() >= W.cols();
    const Matrix<S> X = (upright ? Matrix<S>(W) : Matrix<S>(W.transpose())) / ws.scale,
                    dX = upright ? Matrix<S>(dW) : Matrix<S>(dW.transpose());
    const S f = ws.frobenius, n = ws.nuclear;
    if (!(f > 0)) return out.setZero(), void();
    using detail::product, detail::product_nt, detail::product_tn;
    const auto scale_columns = [&ws](Matrix<S> M) {
      for (Index i = 0; i < M.cols(); ++i) M.col(i) *= ws.inverse[i];
      return M;
    };
    const Matrix<S>& U = ws.U;
    Matrix<S> V = ws.V;
    for (Index i = 0; i < V.cols(); ++i)
      if (ws.inverse[i] == 0) V.col(i).setZero();
    const Matrix<S> along = product(dX, V), A = product_tn(U, along), across = product_tn(U, dX);
    Matrix<S> K(A.rows(), A.cols());
    for (Index j = 0; j < K.cols(); ++j)
      for (Index i = 0; i < K.rows(); ++i)
        K(i, j) = ws.inverse[i] * ws.inverse[j] > 0 ? (A(i, j) - A(j, i)) / (ws.sigma[i] + ws.sigma[j]) : S(0);
    // d(U V^T) = [U K + (dX V - U A) / sigma] V^T + U / sigma (U^T dX - A V^T)
    const Matrix<S> left = product(U, K) + scale_columns(along - product(U, A));
    const Matrix<S> dpolar = product_nt(left, V) + product(scale_columns(U), Matrix<S>(across - product_nt(A, V)));
    const Matrix<S> polar = product_nt(U, V);
    const S dn = polar.cwiseProduct(dX).sum(), df = X.cwiseProduct(dX).sum() / f;
    const Matrix<S> result = static_cast<S>(lambda) * (dpolar / f - polar * (df / (f * f)) -
                                                       X * (dn / (f * f * f) - 3 * n * df / (f * f * f * f)) - dX * (n / (f * f * f)));
    if (upright) out = result / ws.scale / ws.scale;
    else out = result.transpose() / ws.scale / ws.scale;
  }

  template <class Archive>
  void persist(Archive& archive) {
    archive("lambda", lambda);
  }

 private:
  /// Rotates pairs of columns of T = W V, V along with them, until all are orthogonal: about one sweep where V is good already. `squares` is a buffer.
  template <Scalar S>
  static void make_orthogonal(Matrix<S>& T, Matrix<S>& V, Vector<S>& squares) {
    const S nil = 4 * std::sqrt(static_cast<S>(T.rows())) * std::numeric_limits<S>::epsilon();
    const auto turn = [](auto x, auto y, S cosine, S sine) {
      for (Index r = 0; r < x.size(); ++r) {
        const S a = x[r], b = y[r];
        x[r] = cosine * a - sine * b;
        y[r] = sine * a + cosine * b;
      }
    };
    for (Index p = 0; p < T.cols(); ++p) squares[p] = T.col(p).squaredNorm();
    bool rotated = true;
    for (int sweep = 0; rotated && sweep < 10; ++sweep) {
      rotated = false;
      for (Index p = 0; p < T.cols(); ++p)
        for (Index q = p + 1; q < T.cols(); ++q) {
          const S a = squares[p], b = squares[q], c = T.col(p).dot(T.col(q));
          if (!(std::abs(c) > nil * std::sqrt(a) * std::sqrt(b))) continue;
          rotated = true;
          const S zeta = (b - a) / (2 * c), t = std::copysign(1 / (std::abs(zeta) + std::sqrt(1 + zeta * zeta)), zeta);
          const S cosine = 1 / std::sqrt(1 + t * t), sine = cosine * t;
          turn(T.col(p), T.col(q), cosine, sine);
          turn(V.col(p), V.col(q), cosine, sine);
          squares[p] = T.col(p).squaredNorm();
          squares[q] = T.col(q).squaredNorm();
        }
    }
  }
};

}  // namespace tacit
