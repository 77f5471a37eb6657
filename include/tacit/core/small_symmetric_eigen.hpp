// SPDX-License-Identifier: MIT
#pragma once
// Eigenvalues and eigenvectors of a small dense symmetric matrix by cyclic Jacobi rotations, largest value first. For k up to some tens,
// where a method
// keeps its buffers and must not allocate: O(k^3) a sweep, six to ten sweeps. Small values are found to |A| times rounding.  [Golub & Van
// Loan, 8.5]

#include <cmath>
#include <limits>
#include <utility>

#include "scalar.hpp"

namespace tacit {

class SmallSymmetricEigen {
 public:
  SmallSymmetricEigen() = default;
  /// Buffers for matrices of up to `most` rows.
  explicit SmallSymmetricEigen(Index most) : A_(most, most), V_(most, most), values_(most) {}

  /// Of the leading k x k part of A, whose lower triangle is read.
  void compute(const Matrix<double>& A, Index k) {
    k_ = k;
    double scale = 0;
    for (Index j = 0; j < k; ++j)
      for (Index i = j; i < k; ++i) {
        A_(i, j) = A_(j, i) = A(i, j);
        V_(i, j) = V_(j, i) = i == j;
        scale = std::max(scale, std::abs(A(i, j)));
      }
    const double negligible = scale * std::numeric_limits<double>::epsilon() * 0.01;
    for (int sweep = 0; sweep < 60 && std::isfinite(scale); ++sweep) {
      bool rotated = false;
      for (Index p = 0; p < k; ++p)
        for (Index q = p + 1; q < k; ++q)
          if (std::abs(A_(p, q)) > negligible) rotate(p, q), rotated = true;
      if (!rotated) break;
    }
    for (Index i = 0; i < k; ++i) values_[i] = A_(i, i);
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
  Vector<double> values_;
  Index k_ = 0;
};

}  // namespace tacit
