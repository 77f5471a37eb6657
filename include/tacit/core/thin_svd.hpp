// SPDX-License-Identifier: MIT
#pragma once
// Thin singular value decomposition  G = U diag(s) V^T  of an m x n matrix with k = min(m, n) columns in U and V, s descending; singular
// values up to max(m, n) eps s_1 count as zero, and their vectors on the longer side are zero. The eigenvectors of the smaller Gram matrix,
// which know singular values only down to sqrt(eps) s_1, are a start; one-sided Jacobi rotations then make the columns of G V orthogonal to
// working precision, whatever the conditioning. Sizes are given once and compute() allocates nothing but Eigen's packing buffers. About 20
// n^3 flops for n x n. [Hestenes 1958; de Rijk 1989; a preconditioned start: Drmac & Veselic 2008]

#include <cmath>
#include <limits>

#include "product.hpp"
#include "symmetric_eigen.hpp"

namespace tacit::detail {

template <Scalar S>
class ThinSvd {
 public:
  ThinSvd(Index rows, Index cols)
      : tall_(rows >= cols), gram_(std::min(rows, cols), std::min(rows, cols)), long_(std::max(rows, cols), gram_.rows()),
        given_(long_.rows(), long_.cols()), short_(gram_.rows(), gram_.rows()), values_(gram_.rows()), solver_(gram_.rows()) {}

  void compute(ConstMatrixMap<S> G) {
    if (tall_) given_ = G;
    else given_ = G.transpose();
    const Index k = values_.size();
    const S largest = given_.cwiseAbs().maxCoeff();
    rank_ = 0;
    if (!given_.allFinite()) {  // NaN goes in, NaN comes out: the run then says where it comes from
      for (auto* part : {&long_, &short_}) part->setConstant(std::numeric_limits<S>::quiet_NaN());
      values_.setConstant(std::numeric_limits<S>::quiet_NaN());
      rank_ = k;
      return;
    }
    if (largest == 0) {
      long_.setZero();
      short_.setIdentity();
      values_.setZero();
      return;
    }
    given_ /= largest;
    multiply_tn<S>(see(given_), see(given_), Write::set, change(gram_));
    solver_.compute(see(gram_));
    short_ = solver_.eigenvectors().rowwise().reverse();
    multiply<S>(see(given_), see(short_), Write::set, change(long_));
    orthogonalise();
    sort();
    const S cut = static_cast<S>(long_.rows()) * std::numeric_limits<S>::epsilon() * values_[0];
    for (Index i = 0; i < k; ++i) {
      if (values_[i] > cut) {
        long_.col(i) /= values_[i];
        ++rank_;
      } else {
        values_[i] = 0;
        long_.col(i).setZero();
      }
    }
    values_ *= largest;
  }

  /// U (m x k) and V (n x k).
  const Matrix<S>& left() const { return tall_ ? long_ : short_; }
  const Matrix<S>& right() const { return tall_ ? short_ : long_; }
  /// Singular values, descending; zero beyond rank().
  const Vector<S>& values() const { return values_; }
  Index rank() const { return rank_; }

  /// out = U diag(f) V^T over the first rank() columns; the vectors of the smaller side are overwritten by their multiples.
  void compose(const Vector<S>& f, MatrixMap<S> out) {
    for (Index i = 0; i < rank_; ++i) short_.col(i) *= f[i];
    compose(out);
  }
  /// out = U V^T, the polar factor.
  void compose(MatrixMap<S> out) const {
    const Index m = out.rows(), n = out.cols();
    if (rank_ == 0) return void(out.setZero());
    multiply_nt<S>({left().data(), m, rank_}, {right().data(), n, rank_}, Write::set, out);
  }

 private:
  static ConstMatrixMap<S> see(const Matrix<S>& m) { return {m.data(), m.rows(), m.cols()}; }
  static MatrixMap<S> change(Matrix<S>& m) { return {m.data(), m.rows(), m.cols()}; }

  /// Rotations of pairs of columns of G V, and of V alike, until all are orthogonal; values_ are then the columns' norms.
  void orthogonalise() {
    const Index k = values_.size();
    const S eps = std::numeric_limits<S>::epsilon(), tolerance = eps * std::sqrt(static_cast<S>(long_.rows()));
    for (int sweep = 0; sweep < 40; ++sweep) {
      for (Index i = 0; i < k; ++i) values_[i] = long_.col(i).squaredNorm();
      const S nil = values_.maxCoeff() * std::pow(static_cast<S>(long_.rows()) * eps / 2, S(2));  // the rest are rounding errors
      bool rotated = false;
      for (Index i = 0; i < k; ++i)
        for (Index j = i + 1; j < k; ++j) {
          const S a = values_[i], b = values_[j];
          if (a <= nil || b <= nil) continue;
          const S together = long_.col(i).dot(long_.col(j));
          if (std::abs(together) <= tolerance * std::sqrt(a) * std::sqrt(b)) continue;
          rotated = true;
          const S zeta = (b - a) / (2 * together), t = std::copysign(1 / (std::abs(zeta) + std::sqrt(1 + zeta * zeta)), zeta);
          const S c = 1 / std::sqrt(1 + t * t), s = c * t;
          rotate(long_, i, j, c, s);
          rotate(short_, i, j, c, s);
          values_[i] = long_.col(i).squaredNorm();
          values_[j] = long_.col(j).squaredNorm();
        }
      if (!rotated) break;
    }
    values_ = values_.cwiseSqrt();
  }
  static void rotate(Matrix<S>& of, Index i, Index j, S c, S s) {
    S *x = of.col(i).data(), *y = of.col(j).data();
    for (Index r = 0; r < of.rows(); ++r) {
      const S xr = x[r], yr = y[r];
      x[r] = c * xr - s * yr;
      y[r] = s * xr + c * yr;
    }
  }
  void sort() {
    for (Index i = 0; i + 1 < values_.size(); ++i) {
      Index top = i;
      for (Index j = i + 1; j < values_.size(); ++j)
        if (values_[j] > values_[top]) top = j;
      if (top == i) continue;
      std::swap(values_[i], values_[top]);
      long_.col(i).swap(long_.col(top));
      short_.col(i).swap(short_.col(top));
    }
  }

  bool tall_;
  Matrix<S> gram_, long_, given_, short_;  // long_ belongs to the longer side, short_ to the smaller
  Vector<S> values_;
  SymmetricEigen<S> solver_;
  Index rank_ = 0;
};

}  // namespace tacit::detail
