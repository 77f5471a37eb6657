// SPDX-License-Identifier: MIT
#pragma once
// The factors of one mode, x_i of k components for each line i, as independent normal distributions given what the data say of each line, a precision P_i and a right side h_i:
//   lines without order   N(S_i h_i, S_i),  S_i = (P_i + diag(1 / v))^{-1},  v from their second moments, as in posterior_mean.hpp
//   lines in order        all together: each component is an autoregression along the chain (line_chain.hpp), so that their joint precision is block tridiagonal, with
//                         P_t + diag(g_t) on the diagonal and -diag(e_t) between t and t + 1. Elimination from the first line to the last,
//                           M_{t+1} = P_{t+1} + diag(g_{t+1}) - e_t M_t^{-1} e_t,   m_{t+1} = h_{t+1} + e_t M_t^{-1} m_t,
//                         and back,  K = M_t^{-1} e_t,   x_t = M_t^{-1} m_t + K x_{t+1},   S_t = M_t^{-1} + K S_{t+1} K^T,   Cov(x_t, x_{t+1}) = K S_{t+1}.
// Cost 2 k^3 flops a line without order, 6 k^3 with; memory k (k + 3) / 2 numbers a line.                   Source: Rauch, Tung & Striebel 1965, in information form.

#include "../core/random.hpp"
#include "../core/small_product.hpp"
#include "line_chain.hpp"
#include "posterior_mean.hpp"

namespace tacit::detail {

class FactorLines {
 public:
  Matrix<double> mean;     ///< k x n
  Matrix<double> moments;  ///< of each line the lower half of S + x x^T by columns

  /// `chain` is null without order, and outlives this.
  FactorLines(Index k, Index lines, const LineChain* chain, double variance)
      : mean(Matrix<double>::Zero(k, lines)), moments(Matrix<double>::Zero(k * (k + 1) / 2, lines)), k_(k), chain_(chain),
        prior_(static_cast<std::size_t>(k), {variance, 10}), sum_(moments.rows()), right_(k), column_(k) {
    for (Matrix<double>* X : {&precision_, &next_, &gain_, &work_}) X->resize(k, k);
  }
  /// These means without a spread, and of each component its variance so far.
  void start(Matrix<double> means, const Vector<double>& variance) {
    mean = std::move(means);
    for (Index q = 0; q < k_; ++q) prior_[static_cast<std::size_t>(q)].variance = variance[q];
    for (Index i = 0; i < mean.cols(); ++i)
      for (Index q = 0, p = 0; q < k_; ++q)
        for (Index r = q; r < k_; ++r) moments(p++, i) = mean(q, i) * mean(r, i);
  }
  /// A draw from the prior, line by line, without a spread.
  void draw(Random& random) {
    Vector<double> variance(k_);
    for (Index q = 0; q < k_; ++q) variance[q] = prior_[static_cast<std::size_t>(q)].variance;
    Matrix<double> means(k_, mean.cols());
    for (Index i = 0; i < means.cols(); ++i)
      for (Index q = 0; q < k_; ++q) means(q, i) = std::sqrt(variance[q]) * random.normal();
    start(std::move(means), variance);
  }
  const std::vector<Autoregression>& prior() const { return prior_; }

  /// gather(i, sum, right): P_i (its lower half by columns) and h_i of line i; how many entries it has.
  template <class Gather>
  void update(const Gather& gather) {
    if (k_ == 0) return;
    chain_ ? along_chain(gather) : one_by_one(gather);
  }

 private:
  void unpack(const double* packed, Matrix<double>& G) const {
    for (Index q = 0; q < k_; ++q)
      for (Index r = q; r < k_; ++r) G(r, q) = G(q, r) = *packed++;
  }
  void pack(const Matrix<double>& G, double* packed) const {
    for (Index q = 0; q < k_; ++q)
      for (Index r = q; r < k_; ++r) *packed++ = G(r, q);
  }
  /// The second moments of line i, whose covariance this is.
  void set_moments(Index i, const Matrix<double>& covariance) {
    double* moment = moments.data() + i * moments.rows();
    for (Index q = 0; q < k_; ++q)
      for (Index r = q; r < k_; ++r) *moment++ = covariance(r, q) + mean(q, i) * mean(r, i);
  }
  static void product(const Matrix<double>& A, bool transpose_B, const Matrix<double>& B, Matrix<double>& C) {
    const Index k = A.rows();
    SmallProduct<double>{A.data(), k, B.data(), transpose_B ? k : 1, transpose_B ? 1 : k, C.data(), k, k, k}.run(Write::set);
  }
  /// y = G x of a symmetric G.
  static void times(const Matrix<double>& G, const Vector<double>& x, double* y) {
    for (Index q = 0; q < G.cols(); ++q) y[q] = G.col(q).dot(x);
  }

  template <class Gather>
  void one_by_one(const Gather& gather) {
    Vector<double> squares = Vector<double>::Zero(k_);
    double lines = 0;
    for (Index i = 0; i < mean.cols(); ++i) {
      const Index count = gather(i, sum_, right_);
      unpack(sum_.data(), precision_);
      for (Index q = 0; q < k_; ++q) precision_(q, q) += 1 / prior_[static_cast<std::size_t>(q)].variance;
      invert(precision_, column_);
      times(precision_, right_, mean.data() + i * k_);
      set_moments(i, precision_);
      if (count == 0) continue;
      ++lines;
      for (Index q = 0; q < k_; ++q) squares[q] += precision_(q, q) + mean(q, i) * mean(q, i);
    }
    const double least = std::max(1e-10 * squares.maxCoeff(), 1e-200);
    for (Index q = 0; q < k_; ++q) prior_[static_cast<std::size_t>(q)].variance = std::max(squares[q], least) / lines;
  }

  template <class Gather>
  void along_chain(const Gather& gather) {
    const Index n = chain_->size();
    const auto kinds = static_cast<Index>(chain_->length.size());
    // Of each component and kind of step: phi, the coupling e, and what the step adds to the diagonal before and after it.
    Matrix<double> phi(k_, kinds), coupling(k_, kinds), before(k_, kinds), after(k_, kinds);
    for (Index b = 0; b < kinds; ++b)
      for (Index q = 0; q < k_; ++q) {
        const Autoregression& process = prior_[static_cast<std::size_t>(q)];
        const double f = process.phi(chain_->length[static_cast<std::size_t>(b)]), w = 1 / (process.variance * (1 - f * f));
        phi(q, b) = f, coupling(q, b) = f * w, before(q, b) = f * f * w, after(q, b) = w;
      }
    const auto kind = [&](Index t) { return static_cast<Index>(chain_->kind[static_cast<std::size_t>(t)]); };
    const auto line = [&](Index t) { return chain_->line[static_cast<std::size_t>(t)]; };
    for (Index t = 0; t < n; ++t) {
      const Index i = line(t);
      gather(i, sum_, right_);
      unpack(sum_.data(), precision_);
      if (t == 0) {
        for (Index q = 0; q < k_; ++q) precision_(q, q) += 1 / prior_[static_cast<std::size_t>(q)].variance;
      } else {  // next_ holds M_{t-1}^{-1}, column_ its product with m_{t-1}
        const auto e = coupling.col(kind(t - 1));
        for (Index q = 0; q < k_; ++q) {
          precision_.col(q) -= e[q] * e.cwiseProduct(next_.col(q));
          precision_(q, q) += after(q, kind(t - 1));
        }
        right_ += e.cwiseProduct(column_);
      }
      if (t + 1 < n)
        for (Index q = 0; q < k_; ++q) precision_(q, q) += before(q, kind(t));
      mean.col(i) = right_;
      next_ = precision_;
      invert(next_, column_);
      times(next_, right_, column_.data());
      pack(next_, moments.data() + i * moments.rows());
    }
    // Back: next_ becomes the covariance of line t + 1.
    std::vector<ChainMoments> sums(static_cast<std::size_t>(k_), ChainMoments(chain_->length.size()));
    for (Index t = n; t-- > 0;) {
      const Index i = line(t);
      unpack(moments.data() + i * moments.rows(), precision_);
      right_ = mean.col(i);
      times(precision_, right_, mean.data() + i * k_);
      if (t + 1 < n) {
        const Index after_i = line(t + 1);
        const auto e = coupling.col(kind(t));
        for (Index q = 0; q < k_; ++q) gain_.col(q) = precision_.col(q) * e[q];
        for (Index q = 0; q < k_; ++q) mean.col(i) += mean(q, after_i) * gain_.col(q);
        product(gain_, false, next_, work_);  // covariance of neighbours
        for (Index q = 0; q < k_; ++q)
          sums[static_cast<std::size_t>(q)].product[static_cast<std::size_t>(kind(t))] += work_(q, q) + mean(q, i) * mean(q, after_i);
        product(work_, true, gain_, next_);
        next_ += precision_;
      } else {
        next_ = precision_;
      }
      for (Index q = 0; q < k_; ++q) {
        ChainMoments& m = sums[static_cast<std::size_t>(q)];
        const double square = next_(q, q) + mean(q, i) * mean(q, i);
        if (t + 1 < n) m.before[static_cast<std::size_t>(kind(t))] += square;
        if (t > 0) m.after[static_cast<std::size_t>(kind(t - 1))] += square, ++m.count[static_cast<std::size_t>(kind(t - 1))];
        else m.first = square;
        ++m.lines;
      }
      set_moments(i, next_);
    }
    double largest = 0;
    for (Index q = 0; q < k_; ++q) {
      Autoregression& process = prior_[static_cast<std::size_t>(q)];
      process.update(sums[static_cast<std::size_t>(q)], chain_->length, 4 * static_cast<double>(n));
      largest = std::max(largest, process.variance);
    }
    for (Autoregression& process : prior_) process.variance = std::max({process.variance, 1e-10 * largest, 1e-200});
  }

  Index k_;
  const LineChain* chain_;
  std::vector<Autoregression> prior_;
  Vector<double> sum_, right_, column_;
  Matrix<double> precision_, next_, gain_, work_;
};

}  // namespace tacit::detail
