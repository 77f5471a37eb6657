// SPDX-License-Identifier: MIT
#pragma once
// The complementarity problem of the central flow: given a symmetric k x k matrix A and a symmetric positive semi-definite operator B on
// such matrices, find
//   X >= 0,  A + B[X] >= 0,  <X, A + B[X]> = 0       (semi-definite),   the minimiser over X >= 0 of  1/2 <X, B[X]> + <A, X>.
// A >= 0: X = 0.  k = 1: X = max(0, -A / B).  Otherwise projected gradient steps of length 1 / lambda_max(B), accelerated, started anew
// where the objective
// turns [Nesterov 1983; O'Donoghue & Candes 2015]; the projection clips eigenvalues. There is no solution where B does not lift a direction
// that A pushes
// below zero: solve() then says so.                                                 [Cohen et al. 2025, the covariance of the oscillations]

#include <algorithm>

#include "../core/small_symmetric_eigen.hpp"

namespace tacit {

class Complementarity {
 public:
  Complementarity() = default;
  /// Buffers for problems of up to `most` rows.
  explicit Complementarity(Index most)
      : X_(most, most), Y_(most, most), Z_(most, most), G_(most, most), last_(most * most), image_(most * most), eigen_(most) {}

  /// Both residuals of the scaled problem, |A| = 1 and lambda_max(B) = 1, at which solve() stops.
  double tolerance = 1e-11;
  Index most_steps = 50'000;

  /// A in the leading k x k part of `A`; B in that of a k^2 x k^2 matrix, acting on matrices column by column. False where no solution was
  /// found.
  bool solve(const Matrix<double>& A, const Matrix<double>& B, Index k) {
    k_ = k;
    X_.topLeftCorner(k, k).setZero();
    const double size = A.topLeftCorner(k, k).cwiseAbs().maxCoeff();
    if (!std::isfinite(size)) return false;
    eigen_.compute(A, k);
    if (eigen_.value(k - 1) >= 0) return true;
    if (k == 1) {
      X_(0, 0) = -A(0, 0) / B(0, 0);
      return std::isfinite(X_(0, 0)) && B(0, 0) > 0;
    }
    const double L = largest_eigenvalue(B);
    if (!(L > 0) || !std::isfinite(L)) return false;
    Y_.topLeftCorner(k, k).setZero();
    double momentum = 1;
    for (Index step = 0; step < most_steps; ++step) {
      // G = A / |A| + B[Y] / L
      apply(B, Y_);
      for (Index j = 0; j < k; ++j)
        for (Index i = 0; i < k; ++i) {
          G_(i, j) = A(i, j) / size + image_[i + j * k] / L;
          Z_(i, j) = Y_(i, j) - G_(i, j);
        }
      eigen_.compute(Z_, k);
      double turn = 0;  // <Y - X+, X+ - X>: positive where the step goes against the momentum
      for (Index j = 0; j < k; ++j)
        for (Index i = 0; i < k; ++i) {
          double x = 0;
          for (Index r = 0; r < k && eigen_.value(r) > 0; ++r) x += eigen_.value(r) * eigen_.vector(i, r) * eigen_.vector(j, r);
          turn += (Y_(i, j) - x) * (x - X_(i, j));
          Z_(i, j) = x;
        }
      if (turn > 0) momentum = 1;
      const double next = (1 + std::sqrt(1 + 4 * momentum * momentum)) / 2, beta = (momentum - 1) / next;
      for (Index j = 0; j < k; ++j)
        for (Index i = 0; i < k; ++i) {
          Y_(i, j) = Z_(i, j) + beta * (Z_(i, j) - X_(i, j));
          X_(i, j) = Z_(i, j);
        }
      momentum = next;
      if (step % 4 == 3 && solved(A, B, size, L)) {
        X_.topLeftCorner(k, k) *= size / L;
        return true;
      }
      if (!(X_.topLeftCorner(k, k).trace() < 1e12)) return false;
    }
    return false;
  }

  /// The solution, in the leading k x k part.
  const Matrix<double>& X() const { return X_; }
  Index size() const { return k_; }
  double trace() const { return X_.topLeftCorner(k_, k_).trace(); }

 private:
  bool solved(const Matrix<double>& A, const Matrix<double>& B, double size, double L) {
    apply(B, X_);
    double product = 0;
    for (Index j = 0; j < k_; ++j)
      for (Index i = 0; i < k_; ++i) {
        G_(i, j) = A(i, j) / size + image_[i + j * k_] / L;
        product += G_(i, j) * X_(i, j);
      }
    eigen_.compute(G_, k_);
    return eigen_.value(k_ - 1) >= -tolerance && std::abs(product) <= tolerance;
  }
  void apply(const Matrix<double>& B, const Matrix<double>& to) {
    const Index n = k_ * k_;
    image_.head(n).setZero();
    for (Index j = 0; j < k_; ++j)
      for (Index i = 0; i < k_; ++i) image_.head(n) += to(i, j) * B.col(i + j * k_).head(n);
  }
  /// From above, by the power method and a margin.
  double largest_eigenvalue(const Matrix<double>& B) {
    const Index n = k_ * k_;
    last_.head(n).setZero();
    for (Index i = 0; i < n; ++i) last_[i] = B(i, i) + 1e-3 * B.col(i).head(n).cwiseAbs().maxCoeff();
    double value = 0;
    for (int round = 0; round < 200; ++round) {
      const double norm = last_.head(n).norm();
      if (!(norm > 0)) return 0;
      last_.head(n) /= norm;
      image_.head(n).setZero();
      for (Index i = 0; i < n; ++i) image_.head(n) += last_[i] * B.col(i).head(n);
      const double before = value;
      value = last_.head(n).dot(image_.head(n));
      last_.head(n) = image_.head(n);
      if (std::abs(value - before) <= 1e-4 * value) break;
    }
    return 1.05 * value;
  }

  Matrix<double> X_, Y_, Z_, G_;
  Vector<double> last_, image_;
  SmallSymmetricEigen eigen_;
  Index k_ = 0;
};

}  // namespace tacit
