// SPDX-License-Identifier: MIT
#pragma once
// Synthetic low-rank tasks.                                                                 [Arora et al. 2019, section 4 and code]
//   truth       W* = c U V^T,  U (rows x rank) and V (cols x rank) iid N(0, 1),  V = U if symmetric;
//               c makes ||W*||_F = sqrt(rows cols): the root mean square of its entries is 1
//   .condition  instead, U and V with orthonormal columns and singular values that fall geometrically from c to c / condition
//   completion  y_k = W*(i_k, j_k) + noise,  cells uniform without replacement
//   sensing     y_k = <X_k, W*> + noise,  X_k with iid N(0, 1) / sqrt(rows cols) entries, drawn anew until 0.8 <= RMS(y) <= 1.2
// Truth, cells, measurements and noise have random streams of their own: more observations leave the truth as it is.
//
//   auto [truth, seen] = low_rank_completion({.rows = 100, .cols = 100, .rank = 5, .observed = 2000, .seed = 1});

#include <cmath>

#include "../core/product.hpp"
#include "../observation/data.hpp"
#include "random_entries.hpp"

namespace tacit {

struct LowRank {
  Index rows = 100, cols = 100, rank = 5;
  Index observed = 2000;  ///< m, the number of entries or measurements
  std::uint64_t seed = 1;
  bool symmetric = false;  ///< V = U: symmetric, positive semidefinite
  double noise_std = 0;    ///< of the N(0, noise_std^2) added to each observation; a typical entry has size 1
  double condition = 0;    ///< largest by smallest singular value of the truth, 1 or more; 0: as Gaussian factors have it
};

template <Scalar S>
struct CompletionTask {
  Matrix<S> truth;
  Data<S> seen;
};
/// The truth as factors,  W* = left right^T,  for sizes at which W* is not to be formed.
template <Scalar S>
struct FactoredTask {
  Matrix<S> left, right;  ///< rows x rank, cols x rank
  Data<S> seen;
};
template <Scalar S>
struct SensingTask {
  Matrix<S> truth;
  Data<S, LinearMap<S>> seen;
};

namespace detail {

/// The factors, transposed (rank x rows, rank x cols) so that one entry reads two short contiguous columns. Always drawn in double.
struct LowRankFactors {
  Matrix<double> left, right;

  explicit LowRankFactors(const LowRank& task) : left(task.rank, task.rows), right(task.rank, task.cols) {
    require(task.rows > 0 && task.cols > 0, "low_rank: the matrix is ", task.rows, " x ", task.cols, ", both sizes need to be at least 1");
    require(task.rank > 0 && task.rank <= std::min(task.rows, task.cols), "low_rank: the rank is ", task.rank, ", a ", task.rows, " x ",
            task.cols, " matrix has ranks 1 to ", std::min(task.rows, task.cols));
    require(!task.symmetric || task.rows == task.cols, "low_rank: a symmetric truth is square, asked for is ", task.rows, " x ", task.cols);
    require(task.noise_std >= 0 && std::isfinite(task.noise_std), "low_rank: noise_std is ", task.noise_std, ", it needs to be 0 or more");
    require(task.condition == 0 || (task.condition >= 1 && std::isfinite(task.condition)), "low_rank: the condition is ", task.condition,
            ", it needs to be 1 or more and finite, or 0 for Gaussian factors");
    Random random(task.seed, "truth");
    for (Index k = 0; k < left.size(); ++k) left.data()[k] = random.normal();
    for (Index k = 0; k < right.size(); ++k) right.data()[k] = task.symmetric ? left.data()[k] : random.normal();
    if (task.condition > 0) {
      space_values(left, task.condition);
      space_values(right, task.condition);
    }
    const double scale = std::sqrt(static_cast<double>(task.rows) * static_cast<double>(task.cols)) / norm();
    left *= std::sqrt(scale);
    right *= std::sqrt(scale);
  }

  double entry(Index i, Index j) const {
    double sum = 0;
    for (Index k = 0; k < left.rows(); ++k) sum += left(k, i) * right(k, j);
    return sum;
  }
  template <Scalar S>
  Matrix<S> dense() const {
    Matrix<S> W(left.cols(), right.cols());
    for (Index j = 0; j < W.cols(); ++j)
      for (Index i = 0; i < W.rows(); ++i) W(i, j) = static_cast<S>(entry(i, j));
    return W;
  }

 private:
  /// Orthonormal rows by Gram-Schmidt, twice, which is enough; then row a times the root of condition^(-a / (rank - 1)).
  static void space_values(Matrix<double>& factor, double condition) {
    const Index rank = factor.rows();
    for (Index a = 0; a < rank; ++a) {
      for (int pass = 0; pass < 2; ++pass)
        for (Index b = 0; b < a; ++b) factor.row(a) -= factor.row(a).dot(factor.row(b)) * factor.row(b);
      factor.row(a) /= factor.row(a).norm();
    }
    for (Index a = 0; a < rank && rank > 1; ++a)
      factor.row(a) *= std::pow(condition, -0.5 * static_cast<double>(a) / static_cast<double>(rank - 1));
  }
  /// ||U V^T||_F^2 = tr(U^T U  V^T V), without forming the product.
  double norm() const {
    double squares = 0;
    for (Index a = 0; a < left.rows(); ++a)
      for (Index b = 0; b < left.rows(); ++b) squares += left.row(a).dot(left.row(b)) * right.row(a).dot(right.row(b));
    return std::sqrt(squares);
  }
};

template <Scalar S>
Data<S> observe(const LowRankFactors& truth, const LowRank& task) {
  Entries where = random_entries(task.rows, task.cols, task.observed, task.seed);
  Random noise(task.seed, "noise");
  Vector<S> y(where.count());
  for (Index k = 0; k < y.size(); ++k) {
    y[k] = static_cast<S>(truth.entry(where.row()[k], where.col()[k]));
    if (task.noise_std > 0) y[k] += static_cast<S>(task.noise_std * noise.normal());
  }
  return Data<S>(std::move(where), std::move(y));
}

}  // namespace detail

/// Matrix completion with the truth as a dense matrix; without noise, seen.y equals the truth's entries bit for bit.
template <Scalar S = double>
CompletionTask<S> low_rank_completion(const LowRank& task) {
  const detail::LowRankFactors truth(task);
  Shape{task.rows, task.cols}.require_dense("low_rank_completion");
  return {truth.dense<S>(), detail::observe<S>(truth, task)};
}

/// The same task with the truth as factors; nothing rows x cols is formed. Memory: 24 bytes an entry (double), and 8 more while drawing:
/// 10^7 entries of a 10^5 x 10^5 matrix of rank 5 take 0.3 GB.
template <Scalar S = double>
FactoredTask<S> low_rank_entries(const LowRank& task) {
  const detail::LowRankFactors truth(task);
  Data<S> seen = detail::observe<S>(truth, task);
  return {truth.left.transpose().template cast<S>(), truth.right.transpose().template cast<S>(), std::move(seen)};
}

/// Matrix sensing: dense Gaussian measurements, rows x cols x observed numbers in all.
template <Scalar S = double>
SensingTask<S> low_rank_sensing(const LowRank& task) {
  const detail::LowRankFactors factors(task);
  require(task.observed > 0, "low_rank_sensing: ", task.observed, " measurements asked for, at least 1 is needed");
  Shape{task.rows, task.cols, task.observed}.require_dense("low_rank_sensing");
  const Matrix<S> truth = factors.dense<S>();
  const Eigen::Map<const Vector<S>> vec(truth.data(), truth.size());
  Random random(task.seed, "measurements"), noise(task.seed, "noise");
  const double scale = 1 / std::sqrt(static_cast<double>(truth.size()));
  Matrix<S> X(truth.size(), task.observed);
  Vector<S> y(task.observed);
  double rms = 0;
  for (int draw = 0; draw < 1000; ++draw) {
    for (Index k = 0; k < X.size(); ++k) X.data()[k] = static_cast<S>(scale * random.normal());
    for (Index k = 0; k < y.size(); ++k) y[k] = X.col(k).dot(vec);
    rms = std::sqrt(static_cast<double>(y.squaredNorm()) / static_cast<double>(y.size()));
    if (rms < 0.8 || rms > 1.2) continue;
    for (Index k = 0; k < y.size() && task.noise_std > 0; ++k) y[k] += static_cast<S>(task.noise_std * noise.normal());
    return {truth, {LinearMap<S>(task.rows, task.cols, std::move(X)), std::move(y)}};
  }
  throw std::invalid_argument(sentence("low_rank_sensing: in 1000 draws of ", task.observed,
                                       " measurements none had a root mean square between 0.8 and 1.2; the last one had ", rms));
}

}  // namespace tacit
