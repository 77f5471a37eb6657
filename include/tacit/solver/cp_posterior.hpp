// SPDX-License-Identifier: MIT
#pragma once
// CP averaged over its posterior instead of trained to a point:  y = sum_r prod_n a_n(i_n, r) + noise of variance s,  rows a_n(i) ~ N(0, diag(c_n)),  by the best
// independent normal distributions N(a_n(i), S_n(i)) (variational Bayes). With M_n(i) = S_n(i) + a_n(i) a_n(i)^T, a sweep takes mode after mode, slice after slice:
//   S_n(i) = (sum_{entries of slice i} prod_{m != n} M_m(i_m) / s + diag(1 / c_n))^{-1},   a_n(i) = S_n(i) sum y prod_{m != n} a_m(i_m) / s,   products entrywise,
// then c_n, and s at the end, from their expectations. The shrinkage of slices and components follows from the data: no penalty is chosen, components that the data do
// not need vanish, and a rank that is too large does little harm.  W = CP of the means: an ordinary CP model, nothing else is kept. Matrices: posterior_mean.hpp.
// The rows of a mode in order come from all its sums at once: each component is an autoregression along the lines (factor_lines.hpp), whose variance and correlation length
// are estimated in every sweep. Slices without entries are then what their neighbours say; where neighbours are not alike, the correlation length vanishes.
// Entries that agree in their leading indices share partial sums: a dense tensor takes about d m k (k + 3) / 2 additions a sweep, a sparse one d - 1 times as many
// operations; and 2 sum_n n_n k^3 flops, three times as many for a mode in order. Memory: sum_n n_n k (k + 1) / 2 numbers, d m indices for each mode.
// Source: Zhao, Zhang & Cichocki 2015 (with point estimates of noise and prior, a prior a mode); Lim & Teh 2007.

#include <optional>

#include "factor_lines.hpp"
#include "tensor_als.hpp"

namespace tacit::detail {

/// The entries of a tensor with one mode first, the largest of the others last, sorted.
struct SlicesOfMode {
  std::vector<Index> others;
  std::vector<TensorEntries::Indices> index;  ///< of the mode, then of the others
  Vector<double> y;

  SlicesOfMode(const TensorEntries& where, const Vector<double>& values, Index mode) : y(values) {
    const Shape& shape = where.shape();
    for (Index n = 0; n < shape.order(); ++n)
      if (n != mode) others.push_back(n);
    std::stable_sort(others.begin(), others.end(), [&](Index a, Index b) { return shape[a] < shape[b]; });
    std::vector<Index> sizes{shape[mode]};
    index.push_back(where.indices()[static_cast<std::size_t>(mode)]);
    for (Index n : others) sizes.push_back(shape[n]), index.push_back(where.indices()[static_cast<std::size_t>(n)]);
    reorder(sort_tensor_entries(Shape(sizes), index), y);
  }
};

/// Of each mode its chain, null without order; or empty. The chains outlive the posterior.
using ModeChains = std::vector<const LineChain*>;

class CpPosterior {
 public:
  CpPosterior(const Data<double, TensorEntries>& data, Index k, std::uint64_t seed, const ModeChains& chains = {})
      : CpPosterior(data, k, chains) {
    const Index order = data.where.shape().order();
    const double size = squares_ / count_;
    noise_ = 0.05 * size;  // small: components that a large one extinguishes do not come back
    Random random(seed, "CP posterior");
    for (Index n = 0; n < order; ++n) {
      prior_.emplace_back(Vector<double>::Constant(k, std::pow(size / static_cast<double>(k), 1 / static_cast<double>(order))));
      Matrix<double> A(k, data.where.shape()[n]);
      for (Index s = 0; s < A.size(); ++s) A.data()[s] = std::sqrt(prior_.back()[0]) * random.normal();
      add(std::move(A));
    }
  }
  /// Going on from factors (k x n_n each) of other data of the same kind.
  CpPosterior(const Data<double, TensorEntries>& data, const std::vector<Matrix<double>>& factors, const ModeChains& chains = {})
      : CpPosterior(data, factors.front().rows(), chains) {
    for (const Matrix<double>& A : factors) {
      const Vector<double> squares = A.rowwise().squaredNorm() / static_cast<double>(A.cols());
      prior_.emplace_back(squares.cwiseMax(1e-10 * squares.maxCoeff()).cwiseMax(1e-200));
      add(A);
    }
    noise_ = std::max((cp_at(factors, data.where) - data.y).squaredNorm(), 1e-12 * squares_) / count_;
  }
  /// The most components whose second moments fit into memory.
  static Index most(const Shape& shape) {
    double lines = 0;
    for (Index n : shape.sizes()) lines += static_cast<double>(n);
    return static_cast<Index>(std::sqrt(6e7 / lines));
  }

  void sweep() {
    for (std::size_t n = 0; n < slices_.size(); ++n) update(n);
    noise_ = std::max(expected_, 1e-12 * squares_) / count_;
  }

  /// k x n_n each.
  const std::vector<Matrix<double>>& factors() const { return means_; }
  double noise() const { return noise_; }

 private:
  CpPosterior(const Data<double, TensorEntries>& data, Index k, const ModeChains& chains)
      : k_(k), packed_(k * (k + 1) / 2), count_(static_cast<double>(data.count())), squares_(data.y.squaredNorm()), chains_(chains) {
    chains_.resize(static_cast<std::size_t>(data.where.shape().order()));
    for (Index n = 0; n < data.where.shape().order(); ++n) slices_.emplace_back(data.where, data.y, n);
    sums_.resize(packed_ + k, data.where.shape().order() - 1);
    precision_.resize(k, k);
    column_.resize(k);
  }
  /// Means of the next mode, and the moments of means without a spread.
  void add(Matrix<double> A) {
    Matrix<double> M(packed_, A.cols());
    for (Index i = 0; i < A.cols(); ++i)
      for (Index q = 0, p = 0; q < k_; ++q)
        for (Index r = q; r < k_; ++r) M(p++, i) = A(q, i) * A(r, i);
    const LineChain* chain = chains_[means_.size()];
    in_order_.emplace_back(chain ? std::optional<FactorLines>(FactorLines(k_, A.cols(), chain, 1)) : std::nullopt);
    if (chain) in_order_.back()->start(A, prior_.back());
    means_.push_back(std::move(A));
    moments_.push_back(std::move(M));
  }
  /// The partial sums of level l (moments, then means times y), times the line of the level above at entry s, go there.
  void flush(const SlicesOfMode& of, Index level, std::size_t s) {
    const auto above = static_cast<std::size_t>(level - 1), mode = static_cast<std::size_t>(of.others[above]);
    const Index i = of.index[above + 1][s];
    auto from = sums_.col(level), to = sums_.col(level - 1);
    to.head(packed_) += from.head(packed_).cwiseProduct(moments_[mode].col(i));
    to.tail(k_) += from.tail(k_).cwiseProduct(means_[mode].col(i));
    from.setZero();
  }

  void update(std::size_t n) {
    const SlicesOfMode& of = slices_[n];
    const Index deepest = static_cast<Index>(of.others.size()) - 1;
    const auto last = static_cast<std::size_t>(of.others.back());
    const std::size_t count = of.index[0].size();
    Vector<double> spread = Vector<double>::Zero(k_);
    Index lines = 0;
    expected_ = squares_;  // sum over the entries of E (y - W)^2
    means_[n].setZero();   // slices without entries
    moments_[n].setZero();
    sums_.setZero();
    Matrix<double> all = Matrix<double>::Zero(sums_.rows(), in_order_[n] ? means_[n].cols() : 0);
    for (std::size_t s = 0; s < count; ++s) {
      const Index i = of.index.back()[s];
      auto sum = sums_.col(deepest);
      sum.head(packed_) += moments_[last].col(i);
      sum.tail(k_) += of.y[static_cast<Index>(s)] * means_[last].col(i);
      Index same = 0;  // leading indices, the slice's first, that the next entry has, too
      while (s + 1 < count && same <= deepest &&
             of.index[static_cast<std::size_t>(same)][s] == of.index[static_cast<std::size_t>(same)][s + 1])
        ++same;
      for (Index level = deepest; level > std::max<Index>(same - 1, 0); --level) flush(of, level, s);
      if (same > 0) continue;
      if (in_order_[n]) all.col(of.index[0][s]) = sums_.col(0);
      else solve(n, of.index[0][s], spread);
      ++lines;
      sums_.col(0).setZero();
    }
    if (in_order_[n]) return solve_in_order(n, all);
    const double mean = 1 / static_cast<double>(lines);
    prior_[n] = (spread * mean).cwiseMax(1e-10 * spread.maxCoeff() * mean).cwiseMax(1e-200);
  }

  /// The distribution of all slices of a mode in order from their sums, a column each.
  void solve_in_order(std::size_t n, const Matrix<double>& all) {
    FactorLines& lines = *in_order_[n];
    lines.update([&](Index i, Vector<double>& sum, Vector<double>& right) {
      sum = all.col(i).head(packed_) / noise_, right = all.col(i).tail(k_) / noise_;
      return Index(1);
    });
    means_[n] = lines.mean, moments_[n] = lines.moments;
    for (Index i = 0; i < all.cols(); ++i) {
      for (Index q = 0, p = 0; q < k_; ++q)
        for (Index r = q; r < k_; ++r, ++p) expected_ += (r == q ? 1 : 2) * all(p, i) * moments_[n](p, i);
      expected_ -= 2 * all.col(i).tail(k_).dot(means_[n].col(i));
    }
  }
  /// The slice's distribution from its sums.
  void solve(std::size_t n, Index i, Vector<double>& spread) {
    const double *sum = sums_.data(), *right = sum + packed_;
    for (Index q = 0, p = 0; q < k_; ++q)
      for (Index r = q; r < k_; ++r, ++p) precision_(r, q) = precision_(q, r) = sum[p] / noise_;
    precision_.diagonal() += prior_[n].cwiseInverse();
    invert(precision_, column_);
    double *x = means_[n].data() + i * k_, *M = moments_[n].data() + i * packed_;
    for (Index q = 0; q < k_; ++q)
      for (Index r = 0; r < k_; ++r) x[q] += precision_(r, q) * right[r] / noise_;
    for (Index q = 0, p = 0; q < k_; ++q)
      for (Index r = q; r < k_; ++r, ++p) {
        M[p] = precision_(r, q) + x[q] * x[r];
        expected_ += (r == q ? 1 : 2) * sum[p] * M[p];
        if (r == q) spread[q] += M[p];
      }
    for (Index q = 0; q < k_; ++q) expected_ -= 2 * x[q] * right[q];
  }

  Index k_, packed_;
  double count_, squares_, noise_ = 1, expected_ = 0;
  ModeChains chains_;
  std::vector<SlicesOfMode> slices_;
  std::vector<Matrix<double>> means_, moments_;  // k x n_n; the lower half of M_n(i) by columns
  std::vector<Vector<double>> prior_;            // c_n; of modes in order, as they started
  std::vector<std::optional<FactorLines>> in_order_;
  Matrix<double> sums_, precision_;  // a column a level
  Vector<double> column_;
};

}  // namespace tacit::detail
