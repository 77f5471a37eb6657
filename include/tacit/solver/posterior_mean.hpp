// SPDX-License-Identifier: MIT
#pragma once
// Depth 2 averaged over its posterior instead of trained to a point:  y_ij = <a_i, b_j> + noise of variance s,  a_i ~ N(0, diag(c)),  b_j ~ N(0, diag(d)),
// by the best independent normal distributions N(a_i, S_i), N(b_j, T_j) (variational Bayes). A sweep, every line by itself:
//   S_i = (sum_{j in row i} (b_j b_j^T + T_j) / s + diag(1/c))^{-1},   a_i = S_i sum_j y_ij b_j / s,   columns alike,   then s, c and d from their expectations.
// What a row does not determine is averaged out, so that the shrinkage of each row, column and component follows from the data and no penalty is left to be
// chosen: that factors are not identifiable is what regularises.  W = A B^T is an ordinary deep matrix of depth 2; nothing else is kept.
// Biases of rows and columns can be components of the model itself, and rows and columns can have effects of what is observed of them.
// Cost of a sweep: m k (k + 1) flops + (n1 + n2) k^3. Memory: second moments are kept of the mode with fewer lines alone; a line of the other one, once found, is added to
// what the lines of its entries will ask for (the same sums in the same order): min(n1, n2) k (k + 1) numbers, and no second list of the entries where there are no more
// columns than rows. Effects of what is observed of a line of the other mode want its second moments, too. k is limited so that those of all lines stay below 3 x 10^7.
// Source: Lim & Teh 2007; the implicit regularisation: Nakajima & Sugiyama 2011.

#include <optional>

#include "../core/budget.hpp"
#include "../core/random.hpp"
#include "pattern_effects.hpp"
#include "validation.hpp"

namespace tacit::detail {

/// G <- G^{-1} for a symmetric positive definite G (k x k) whose lower half is read, pivot by pivot: k^3 flops, all of them on columns.
inline void invert(Matrix<double>& G, Vector<double>& column) {
  const Index k = G.rows();
  for (Index p = 0; p < k; ++p) {
    double* c = column.data();
    for (Index i = 0; i < p; ++i) c[i] = G(p, i);
    for (Index i = p; i < k; ++i) c[i] = G(i, p);
    const double inverse = 1 / c[p];
    c[p] = 0;
    for (Index j = 0; j < k; ++j) {
      const double factor = inverse * c[j];
      G.col(j).tail(k - j) -= factor * column.tail(k - j);
      if (j < p) G(p, j) = factor;
    }
    for (Index i = p + 1; i < k; ++i) G(i, p) = inverse * c[i];
    G(p, p) = -inverse;
  }
  for (Index j = 0; j < k; ++j)
    for (Index i = j; i < k; ++i) G(i, j) = G(j, i) = -G(i, j);
}

/// What there is beside the components. biases: of rows and of columns, each a component that is 1 on the other side, with a variance of its own;
/// pattern: effects of which entries of a row, of a column, are observed (pattern_effects.hpp).
struct PosteriorTerms {
  bool biases = false, row_pattern = false, column_pattern = false;
};

class PosteriorMean {
 public:
  PosteriorMean(const Data<double>& data, Index width, std::uint64_t seed, const PosteriorTerms& terms = {})
      : data_(data), k_(width + (terms.biases ? 2 : 0)), squares_(data.y.squaredNorm()) {
    const Entries& where = data.where;
    const bool fewer_rows = where.rows() < where.cols();
    if (fewer_rows) y_by_col_ = transposed(where, data.y);
    const double size = squares_ / static_cast<double>(data.count()), variance = std::sqrt(size / static_cast<double>(width));
    noise_ = 0.05 * size;  // small: components that a large one extinguishes do not come back
    A_.start(k_, where.rows(), variance, fewer_rows || terms.row_pattern);
    B_.start(k_, where.cols(), variance, !fewer_rows || terms.column_pattern);
    (fewer_rows ? A_ : B_).collect();
    Random random(seed, "posterior mean");
    for (Index j = 0; j < where.cols(); ++j)
      for (Index q = 0; q < width; ++q) B_.mean(q, j) = std::sqrt(variance) * random.normal();
    if (terms.biases) {
      A_.fixed = width, B_.fixed = width + 1;
      B_.mean.row(B_.fixed).setOnes();
      A_.prior[B_.fixed] = B_.prior[A_.fixed] = size / 3;
    }
    for (Index j = 0; j < where.cols(); ++j) {
      double* moment = B_.moment(j);
      for (Index q = 0; q < k_; ++q)
        for (Index r = q; r < k_; ++r) *moment++ = B_.mean(q, j) * B_.mean(r, j);
      if (A_.collects) hand_on(B_, j, where.col_start(), where.row_by_col(), y_by_col_.data(), A_);
    }
    if (terms.row_pattern) A_.pattern.emplace(k_, where.rows(), where.cols(), where.row_start(), where.col(), variance / 10);
    if (terms.column_pattern) B_.pattern.emplace(k_, where.cols(), where.rows(), where.col_start(), where.row_by_col(), variance / 10);
    sum_.resize(k_ * (k_ + 1) / 2);
    precision_.resize(k_, k_);
    column_.resize(k_);
  }
  /// The most components whose second moments fit into memory.
  static Index most(const Entries& where) { return static_cast<Index>(std::sqrt(6e7 / static_cast<double>(where.rows() + where.cols()))); }
  /// Multiplications of a sweep.
  static double cost(const Entries& where, Index width, const PosteriorTerms& terms = {}) {
    const auto k = static_cast<double>(width + (terms.biases ? 2 : 0)), m = static_cast<double>(where.count());
    const auto n1 = static_cast<double>(where.rows()), n2 = static_cast<double>(where.cols());
    return m * k * (k + 3) + (n1 + n2) * k * k * k + (terms.row_pattern ? PatternEffects::cost(m, n1, k) : 0) +
           (terms.column_pattern ? PatternEffects::cost(m, n2, k) : 0);
  }

  /// Stopped in between, it is of no use any more.
  void sweep(const Pace& pace = {}) {
    const Entries& where = data_.where;
    half(where.row_start(), where.col(), data_.y.data(), B_, A_, pace);
    expected_ = 0;  // sum over the entries of E (y - <a, b>)^2 - y^2, in units of the noise
    half(where.col_start(), B_.collects ? nullptr : where.row_by_col(), y_by_col_.data(), A_, B_, pace);
    noise_ = std::max(squares_ + noise_ * expected_, 1e-12 * squares_) / static_cast<double>(data_.count());
  }

  /// Means of the priors of a_i and b_j from the next sweep on, k x n1 and k x n2; empty: 0. Variances c and d are then those around the means. Not beside a pattern.
  void set_prior_means(Matrix<double> of_A, Matrix<double> of_B) { A_.middle = std::move(of_A), B_.middle = std::move(of_B); }

  const Matrix<double>& At() const { return A_.mean; }  ///< k x n1, k with what the biases need
  const Matrix<double>& Bt() const { return B_.mean; }  ///< k x n2
  double noise() const { return noise_; }

 private:
  struct Side {
    Matrix<double> mean, moments;  ///< second moments: the lower half of S + x x^T by columns; of all lines, or of the one at work
    Matrix<double> sums, rights;   ///< collected for each line over its entries: the other side's second moments, and y times its means
    bool collects = false;
    Vector<double> prior;        ///< variances
    Matrix<double> middle = {};  ///< means of the prior, where they are not 0
    Index fixed = -1;            ///< the component that is 1 in all lines
    std::optional<PatternEffects> pattern = {};

    void start(Index k, Index lines, double variance, bool keeps) {
      mean.setZero(k, lines);
      moments.resize(k * (k + 1) / 2, keeps ? lines : 1);
      prior.setConstant(k, variance);
    }
    void collect() {
      collects = true;
      sums.setZero(moments.rows(), mean.cols());
      rights.setZero(mean.rows(), mean.cols());
    }
    double* moment(Index i) { return moments.data() + (moments.cols() == mean.cols() ? i * moments.rows() : 0); }
  };

  /// Line i of X, to the lines of Y that it has entries in.
  static void hand_on(Side& X, Index i, const Index* start, const std::int32_t* other, const double* y, Side& Y) {
    const Eigen::Map<const Vector<double>> moment(X.moment(i), X.moments.rows());
    for (Index s = start[i]; s < start[i + 1]; ++s) {
      Y.sums.col(other[s]) += moment;
      Y.rights.col(other[s]) += y[s] * X.mean.col(i);
    }
  }

  /// X given Y. Of a side that collects nothing but `start` is read.
  void half(const Index* start, const std::int32_t* other, const double* y, Side& Y, Side& X, const Pace& pace) {
    if (Y.collects) Y.collect();
    Vector<double> inverse = X.prior.cwiseInverse(), spread = Vector<double>::Zero(k_);
    if (X.fixed >= 0) inverse[X.fixed] = 0;
    Index lines = 0, since = 0;  // entries visited since it was asked
    const Index n = X.mean.cols();
    if (X.pattern) rights_.resize(k_, n);
    const auto finish = [&](Index i, const auto& prior_mean, const Vector<double>& right) {
      auto x = X.mean.col(i);
      const bool observed = start[i + 1] > start[i];
      double* moment = X.moment(i);
      for (Index q = 0, p = 0; q < k_; ++q) {
        const double own = x[q] - prior_mean[q];
        if (observed) spread[q] += own * own + moment[p];
        if (q != X.fixed) expected_ += 1 - inverse[q] * (moment[p] + x[q] * own) - x[q] * right[q];
        p += k_ - q;
      }
      if (X.fixed >= 0) x[X.fixed] = 1;
      for (Index q = 0; q < k_; ++q)
        for (Index r = q; r < k_; ++r) *moment++ += x[q] * x[r];
      if (Y.collects) hand_on(X, i, start, other, y, Y);
      lines += observed;
    };
    const Vector<double> zero = Vector<double>::Zero(k_);
    for (Index i = 0; i < n; ++i) {
      const Index first = start[i], count = start[i + 1] - first;
      since += count;
      if (since * k_ * k_ > 100'000'000) since = 0, pace.ask();
      if (X.collects) {
        sum_ = X.sums.col(i), right_ = X.rights.col(i);
      } else {
        sum_.setZero(), right_.setZero(k_);
        for (Index s = first; s < first + count; ++s) sum_ += Y.moments.col(other[s]);
        for (Index s = first; s < first + count; ++s) right_ += y[s] * Y.mean.col(other[s]);
      }
      for (Index q = 0, p = 0; q < k_; ++q)
        for (Index r = q; r < k_; ++r) precision_(r, q) = sum_[p++] / noise_;
      right_ /= noise_;
      if (const Index f = X.fixed; f >= 0) {  // what is known goes to the other side
        expected_ += precision_(f, f) - 2 * right_[f];
        right_.head(f) -= precision_.row(f).head(f).transpose();
        right_.tail(k_ - f) -= precision_.col(f).tail(k_ - f);
        right_[f] = 0;
        precision_.row(f).setZero(), precision_.col(f).setZero();
        precision_(f, f) = 1;
      }
      precision_.diagonal() += inverse;
      invert(precision_, column_);
      if (X.fixed >= 0) precision_(X.fixed, X.fixed) = 0;
      auto x = X.mean.col(i);
      for (Index q = 0; q < k_; ++q) x[q] = precision_.col(q).dot(right_);
      for (Index r = 0; X.middle.size() && r < k_; ++r) x += inverse[r] * X.middle(r, i) * precision_.col(r);
      double* covariance = X.moment(i);
      for (Index q = 0; q < k_; ++q)
        for (Index r = q; r < k_; ++r) *covariance++ = precision_(r, q);
      if (X.pattern) rights_.col(i) = right_;
      else if (X.middle.size()) finish(i, X.middle.col(i), right_);
      else finish(i, zero, right_);
    }
    if (X.pattern) {
      const Matrix<double>& offset = X.pattern->update(X.moments, X.mean, inverse);
      for (Index i = 0; i < n; ++i) {
        X.mean.col(i) += PatternEffects::times(X.moments, i, inverse.cwiseProduct(offset.col(i)));
        finish(i, offset.col(i), rights_.col(i));
      }
    }
    spread /= static_cast<double>(lines);
    X.prior = spread.cwiseMax(1e-10 * spread.maxCoeff()).cwiseMax(1e-200);
  }

  const Data<double>& data_;
  Index k_;
  Vector<double> y_by_col_;
  double squares_, noise_ = 1, expected_ = 0;
  Side A_, B_;
  Matrix<double> precision_, rights_;
  Vector<double> sum_, right_, column_;
};

}  // namespace tacit::detail
