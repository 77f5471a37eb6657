// SPDX-License-Identifier: MIT
#pragma once
// What a row says by which of its entries were observed at all (implicit feedback): the prior mean of a_i is not 0 but
//   m_i = |N(i)|^{-1/2} sum_{j in N(i)} q_j,   q_j ~ N(0, diag(l)),      N(i): the observed columns of row i;  of columns alike.
// Given T_i = S_i rhs_i, what the entries say of a_i under the prior N(0, diag(c)), and its covariance S_i, the effects q minimise
//   sum_i m_i^T H_i m_i / 2 - m_i^T C^{-1} T_i + sum_j q_j^T L^{-1} q_j / 2,   H_i = C^{-1} - C^{-1} S_i C^{-1},
// where a_i is integrated out, so that rows with few entries do not hold q where it was. A few steps of conjugate gradients,
// preconditioned by the diagonal, go on from the last sweep's q; then  l = mean of q_j^2 + 1 / diagonal. The uncertainty of q
// enters l alone: added to the second moments of a_i it made every fit worse. Only entries that the fit is given belong to N(i).
// Cost of an update: some 14 m k + 6 n k^2 multiplications for n lines.                       [the effects: Koren 2008, SVD++]

#include <algorithm>
#include <cmath>

#include "../core/product.hpp"

namespace tacit::detail {

class PatternEffects {
 public:
  static constexpr int steps = 5;
  static double cost(double entries, double lines, double k) { return (2 * steps + 4) * entries * k + (steps + 1) * lines * k * k; }

  /// The entries of line i are at start[i] ... start[i + 1] of `other`, which says in which of `others` lines of the other kind they are.
  PatternEffects(Index k, Index lines, Index others, const Index* start, const std::int32_t* other, double variance)
      : start_(start), other_(other), q_(Matrix<double>::Zero(k, others)), variance_(Vector<double>::Constant(k, variance)),
        observed_(Vector<double>::Zero(others)) {
    share_.setZero(lines);
    for (Index i = 0; i < lines; ++i)
      if (start[i + 1] > start[i]) share_[i] = 1 / std::sqrt(static_cast<double>(start[i + 1] - start[i]));
    for (Index s = 0; s < start[lines]; ++s) observed_[other[s]] = 1;
  }

  /// `covariance`: S_i, the lower half by columns; `inverse`: 1 / c, and 0 for a component that is fixed. The m_i, one column each.
  const Matrix<double>& update(const Matrix<double>& covariance, const Matrix<double>& T, const Vector<double>& inverse) {
    const Index k = q_.rows();
    Vector<double> ridge = variance_.cwiseInverse();
    diagonal_.setZero(k, q_.cols());
    for (Index i = 0; i < T.cols(); ++i) {
      Vector<double> h = inverse;
      for (Index r = 0, p = 0; r < k; p += k - r++) h[r] = std::max(h[r] - inverse[r] * inverse[r] * covariance(p, i), 0.0);
      h *= share_[i] * share_[i];
      for (Index s = start_[i]; s < start_[i + 1]; ++s) diagonal_.col(other_[s]) += h;
    }
    diagonal_.colwise() += ridge;
    const auto apply = [&](const Matrix<double>& q, Matrix<double>& to) {
      gather(q, offset_);
      for (Index i = 0; i < T.cols(); ++i) {
        Vector<double> scaled = inverse.cwiseProduct(offset_.col(i));
        offset_.col(i) = scaled - inverse.cwiseProduct(times(covariance, i, scaled));
      }
      scatter(offset_, to);
      to += ridge.asDiagonal() * q;
    };
    scatter(inverse.asDiagonal() * T, residual_);
    apply(q_, image_);
    residual_ -= image_;
    direction_ = residual_.cwiseQuotient(diagonal_);
    double slope = residual_.cwiseProduct(direction_).sum();
    for (int step = 0; step < steps && slope > 0; ++step) {
      apply(direction_, image_);
      const double curvature = direction_.cwiseProduct(image_).sum();
      if (!(curvature > 0)) break;  // rounding, of components that died out
      const double along = slope / curvature;
      q_ += along * direction_;
      residual_ -= along * image_;
      const double before = slope;
      image_ = residual_.cwiseQuotient(diagonal_);
      slope = residual_.cwiseProduct(image_).sum();
      direction_ = image_ + (slope / before) * direction_;
    }
    variance_.setZero();
    for (Index j = 0; j < q_.cols(); ++j)
      if (observed_[j] > 0) variance_ += q_.col(j).cwiseAbs2() + diagonal_.col(j).cwiseInverse();
    variance_ /= observed_.sum();
    variance_ = variance_.cwiseMax(1e-10 * variance_.maxCoeff()).cwiseMax(1e-200);
    gather(q_, offset_);
    return offset_;
  }
  /// S x of line i.
  static Vector<double> times(const Matrix<double>& covariance, Index i, const Vector<double>& x) {
    const Index k = x.size();
    Vector<double> product = Vector<double>::Zero(k);
    const double* packed = covariance.data() + i * covariance.rows();
    for (Index r = 0; r < k; packed += k - r++) {
      double sum = packed[0] * x[r];
      for (Index t = r + 1; t < k; ++t) product[t] += packed[t - r] * x[r], sum += packed[t - r] * x[t];
      product[r] += sum;
    }
    return product;
  }

 private:
  void gather(const Matrix<double>& q, Matrix<double>& to) const {
    to.setZero(q.rows(), share_.size());
    for (Index i = 0; i < to.cols(); ++i) {
      auto column = to.col(i);
      for (Index s = start_[i]; s < start_[i + 1]; ++s) column += q.col(other_[s]);
      column *= share_[i];
    }
  }
  void scatter(const Matrix<double>& of, Matrix<double>& to) {
    to.setZero(q_.rows(), q_.cols());
    for (Index i = 0; i < of.cols(); ++i) {
      part_ = share_[i] * of.col(i);
      for (Index s = start_[i]; s < start_[i + 1]; ++s) to.col(other_[s]) += part_;
    }
  }

  const Index* start_;
  const std::int32_t* other_;
  Matrix<double> q_, diagonal_, residual_, direction_, image_, offset_;
  Vector<double> variance_, share_, observed_, part_;
};

}  // namespace tacit::detail
