// SPDX-License-Identifier: MIT
#pragma once
// Eigenvalues and eigenvectors of a small dense symmetric matrix, largest value first, for k up to some hundreds, where a method keeps its
// buffers and must not allocate. Up to 16 rows by cyclic Jacobi rotations, 6 k^3 flops a sweep, six to ten sweeps; above by Householder
// reflectors to a tridiagonal matrix and its QL steps, about 9 k^3 flops. Small values are found to |A| times rounding.
//                                                                                                        [Golub & Van Loan, 8.3 and 8.5]

#include <cmath>
#include <limits>
#include <utility>

#include "tridiagonal_eigen.hpp"

namespace tacit {

class SmallSymmetricEigen {
 public:
  SmallSymmetricEigen() = default;
  /// Buffers for matrices of up to `most` rows.
  explicit SmallSymmetricEigen(Index most) : A_(most, most), V_(most, most), values_(most), below_(most), image_(most) {}

  /// Of the leading k x k part of A, whose lower triangle is read.
  void compute(const Matrix<double>& A, Index k) {
    k_ = k;
    double scale = 0;
    for (Index j = 0; j < k; ++j)
      for (Index i = j; i < k; ++i) {
        A_(i, j) = A_(j, i) = A(i, j);
        V_(i, j) = V_(j, i) = i == j;
        if (!(std::abs(A(i, j)) <= scale)) scale = std::abs(A(i, j));  // a NaN, too
      }
    if (!std::isfinite(scale)) {
      values_.head(k).setConstant(std::numeric_limits<double>::quiet_NaN());
      return;
    }
    if (k > 16) tridiagonalise(), detail::tridiagonal_eigen(values_, below_, k, V_, k);
    else jacobi(scale);
    for (Index i = 0; i < k; ++i) {  // few values: selection
      Index largest = i;
      for (Index j = i + 1; j < k; ++j)
        if (values_[j] > values_[largest]) largest = j;
      if (largest == i) continue;
      std::swap(values_[i], values_[largest]);
      for (Index r = 0; r < k; ++r) std::swap(V_(r, i), V_(r, largest));
    }
  }

  Index size() const { return k_; }
  double value(Index i) const { return values_[i]; }
  /// Entry r of the eigenvector of value(i).
  double vector(Index r, Index i) const { return V_(r, i); }

 private:
  void jacobi(double scale) {
    const double negligible = scale * std::numeric_limits<double>::epsilon() * 0.01;
    for (int sweep = 0; sweep < 60; ++sweep) {
      bool rotated = false;
      for (Index p = 0; p < k_; ++p)
        for (Index q = p + 1; q < k_; ++q)
          if (std::abs(A_(p, q)) > negligible) rotate(p, q), rotated = true;
      if (!rotated) break;
    }
    for (Index i = 0; i < k_; ++i) values_[i] = A_(i, i);
  }
  /// A = V T V^T: V in V_, the diagonal of T in values_, what stands below it in below_.
  void tridiagonalise() {
    for (Index at = 0; at + 2 < k_; ++at) {
      const Index from = at + 1;
      double rest = 0;
      for (Index i = from + 1; i < k_; ++i) rest = std::hypot(rest, A_(i, at));
      if (rest == 0) continue;
      const double head = A_(from, at), beta = -std::copysign(std::hypot(head, rest), head), length = std::hypot(head - beta, rest);
      A_(from, at) = head - beta;
      for (Index i = from; i < k_; ++i) A_(i, at) /= length;  // the unit vector v of the reflector I - 2 v v^T
      double along = 0;
      for (Index i = from; i < k_; ++i) image_[i] = 0;
      for (Index j = from; j < k_; ++j)
        for (Index i = from; i < k_; ++i) image_[i] += A_(i, j) * A_(j, at);
      for (Index i = from; i < k_; ++i) along += image_[i] * A_(i, at);
      for (Index i = from; i < k_; ++i) image_[i] = 2 * (image_[i] - along * A_(i, at));
      for (Index j = from; j < k_; ++j)
        for (Index i = from; i < k_; ++i) A_(i, j) -= A_(i, at) * image_[j] + image_[i] * A_(j, at);
      for (Index r = 0; r < k_; ++r) image_[r] = 0;
      for (Index j = from; j < k_; ++j)
        for (Index r = 0; r < k_; ++r) image_[r] += V_(r, j) * A_(j, at);
      for (Index j = from; j < k_; ++j)
        for (Index r = 0; r < k_; ++r) V_(r, j) -= 2 * A_(j, at) * image_[r];
      A_(from, at) = beta;
    }
    for (Index i = 0; i < k_; ++i) values_[i] = A_(i, i), below_[i] = i + 1 < k_ ? A_(i + 1, i) : 0;
  }
  void rotate(Index p, Index q) {
    const double theta = (A_(q, q) - A_(p, p)) / (2 * A_(p, q));
    const double t = (theta >= 0 ? 1 : -1) / (std::abs(theta) + std::hypot(theta, 1.0)), c = 1 / std::hypot(t, 1.0), s = t * c;
    for (Index i = 0; i < k_; ++i) {
      const double a = A_(i, p), b = A_(i, q), v = V_(i, p), w = V_(i, q);
      A_(i, p) = c * a - s * b, A_(i, q) = s * a + c * b;
      V_(i, p) = c * v - s * w, V_(i, q) = s * v + c * w;
    }
    for (Index i = 0; i < k_; ++i) {
      const double a = A_(p, i), b = A_(q, i);
      A_(p, i) = c * a - s * b, A_(q, i) = s * a + c * b;
    }
    A_(p, q) = A_(q, p) = 0;
  }

  Matrix<double> A_, V_;
  Vector<double> values_, below_, image_;
  Index k_ = 0;
};

}  // namespace tacit
