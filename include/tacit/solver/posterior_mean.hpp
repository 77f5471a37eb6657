// SPDX-License-Identifier: MIT
#pragma once
// Depth 2 averaged over its posterior instead of trained to a point:  y_ij = <a_i, b_j> + noise of variance s,  a_i ~ N(0, diag(c)),  b_j ~ N(0, diag(d)),
// by the best independent normal distributions N(a_i, S_i), N(b_j, T_j) (variational Bayes). A sweep, every line by itself:
//   S_i = (sum_{j in row i} (b_j b_j^T + T_j) / s + diag(1/c))^{-1},   a_i = S_i sum_j y_ij b_j / s,   columns alike,   then s, c and d from their expectations.
// What a row does not determine is averaged out, so that the shrinkage of each row, column and component follows from the data and no penalty is left to be
// chosen: that factors are not identifiable is what regularises.  W = A B^T is an ordinary deep matrix of depth 2; nothing else is kept.
// Cost of a sweep: m k (k + 1) flops + (n1 + n2) k^3; memory (n1 + n2) k (k + 1) / 2 numbers, k is limited so that these stay below 3 x 10^7.
// Source: Lim & Teh 2007; the implicit regularisation: Nakajima & Sugiyama 2011.

#include "../core/budget.hpp"
#include "../core/random.hpp"
#include "validation.hpp"

namespace tacit::detail {

/// G <- G^{-1} for a symmetric positive definite G (k x k), pivot by pivot: 2 k^3 flops, all of them on whole columns.
inline void invert(Matrix<double>& G, Vector<double>& column) {
  const Index k = G.rows();
  for (Index p = 0; p < k; ++p) {
    column = G.col(p);
    const double inverse = 1 / column[p];
    double* c = column.data();
    c[p] = 0;
    for (Index j = 0; j < k; ++j) {
      const double factor = inverse * c[j];
      G.col(j) -= factor * column;
      G(p, j) = factor;
    }
    for (Index i = 0; i < k; ++i) G(i, p) = inverse * c[i];
    G(p, p) = -inverse;
  }
  G *= -1;
}

class PosteriorMean {
 public:
  PosteriorMean(const Data<double>& data, Index k, std::uint64_t seed)
      : data_(data), k_(k), y_by_col_(transposed(data.where, data.y)), squares_(data.y.squaredNorm()) {
    const double size = squares_ / static_cast<double>(data.count());
    noise_ = 0.05 * size;  // small: components that a large one extinguishes do not come back
    A_.resize(k, data.where.rows());
    B_.resize(k, data.where.cols());
    Random random(seed, "posterior mean");
    c_ = d_ = Vector<double>::Constant(k, std::sqrt(size / static_cast<double>(k)));
    for (Index s = 0; s < B_.size(); ++s) B_.data()[s] = std::sqrt(d_[0]) * random.normal();
    const Index packed = k * (k + 1) / 2;
    of_A_.resize(packed, A_.cols());
    of_B_.resize(packed, B_.cols());
    for (Index j = 0; j < B_.cols(); ++j) {
      Index p = 0;
      for (Index q = 0; q < k; ++q)
        for (Index r = q; r < k; ++r) of_B_(p++, j) = B_(q, j) * B_(r, j);
    }
    sum_.resize(packed);
    precision_.resize(k, k);
    column_.resize(k);
  }
  /// The most components whose second moments fit into memory.
  static Index most(const Entries& where) { return static_cast<Index>(std::sqrt(6e7 / static_cast<double>(where.rows() + where.cols()))); }

  /// Stopped in between, it is of no use any more.
  void sweep(const Pace& pace = {}) {
    const Entries& where = data_.where;
    const double noise = noise_;
    half(where.row_start(), where.col(), data_.y.data(), B_, of_B_, noise, c_, mean_A_, A_, of_A_, pace);
    expected_ = squares_;  // sum over the entries of E (y - <a, b>)^2
    half(where.col_start(), where.row_by_col(), y_by_col_.data(), A_, of_A_, noise, d_, mean_B_, B_, of_B_, pace);
    noise_ = std::max(expected_, 1e-12 * squares_) / static_cast<double>(data_.count());
  }

  /// Means of the priors of a_i and b_j from the next sweep on, k x n1 and k x n2; empty: 0. Variances c and d are then those around the means.
  void set_prior_means(Matrix<double> of_A, Matrix<double> of_B) { mean_A_ = std::move(of_A), mean_B_ = std::move(of_B); }

  const Matrix<double>& At() const { return A_; }  ///< k x n1
  const Matrix<double>& Bt() const { return B_; }  ///< k x n2
  double noise() const { return noise_; }

 private:
  /// X given Y: means X, second moments `of_X` (the lower half of S + x x^T by columns), and the variances of X's prior around its means `middle`.
  void half(const Index* start, const std::int32_t* other, const double* y, const Matrix<double>& Y, const Matrix<double>& of_Y,
            double noise, Vector<double>& prior, const Matrix<double>& middle, Matrix<double>& X, Matrix<double>& of_X, const Pace& pace) {
    Vector<double> moments = Vector<double>::Zero(k_);
    Index lines = 0;
    Index since = 0;  // entries visited since it was asked
    for (Index i = 0; i < X.cols(); ++i) {
      const Index first = start[i], count = start[i + 1] - first;
      since += count;
      if (since * k_ * k_ > 100'000'000) since = 0, pace.ask();
      sum_.setZero();
      for (Index s = first; s < first + count; ++s) sum_ += of_Y.col(other[s]);
      for (Index q = 0, p = 0; q < k_; ++q)
        for (Index r = q; r < k_; ++r) precision_(r, q) = sum_[p++] / noise;
      for (Index q = 0; q < k_; ++q) precision_(q, q) += 1 / prior[q];
      for (Index q = 1; q < k_; ++q)
        for (Index r = 0; r < q; ++r) precision_(r, q) = precision_(q, r);
      invert(precision_, column_);
      const Matrix<double>& covariance = precision_;
      right_.setZero(k_);
      for (Index s = first; s < first + count; ++s) right_ += y[s] * Y.col(other[s]);
      auto x = X.col(i);
      for (Index q = 0; q < k_; ++q) x[q] = covariance.col(q).dot(right_) / noise;
      for (Index r = 0; middle.size() && r < k_; ++r) x += middle(r, i) / prior[r] * covariance.col(r);
      double* moment = of_X.data() + i * of_X.rows();
      for (Index q = 0, p = 0; q < k_; ++q)
        for (Index r = q; r < k_; ++r, ++p) {
          moment[p] = covariance(r, q) + x[q] * x[r];
          expected_ += (r == q ? 1 : 2) * sum_[p] * moment[p];
          if (r == q && count > 0) moments[q] += middle.size() ? moment[p] + middle(q, i) * (middle(q, i) - 2 * x[q]) : moment[p];
        }
      expected_ -= 2 * x.dot(right_);
      lines += count > 0;
    }
    prior = (moments / static_cast<double>(lines)).cwiseMax(1e-10 * moments.maxCoeff() / static_cast<double>(lines)).cwiseMax(1e-200);
  }

  const Data<double>& data_;
  Index k_;
  Vector<double> y_by_col_;
  double squares_, noise_ = 1, expected_ = 0;
  Matrix<double> A_, B_, of_A_, of_B_, precision_, mean_A_, mean_B_;
  Vector<double> c_, d_, sum_, right_, column_;
};

}  // namespace tacit::detail
