// SPDX-License-Identifier: MIT
#pragma once
// The iteration behind SoftImpute. One step from W at momentum beta:
//   P  = W + beta (W - W_before),   Z = P + P_Omega(y - P)    (missing entries imputed),   W <- sum_i max(sigma_i(Z) - lambda, 0) u_i v_i^T
// beta = 0 is the step of Mazumder, Hastie & Tibshirani 2010; beta by Nesterov's rule, back to 0 where the objective rises, needs several times fewer of
// them where few entries are observed [Beck & Teboulle 2009; O'Donoghue & Candes 2015].
// The singular vectors of Z, of which one more than pass lambda is enough, come by one of two ways, on W^T where W has more rows than columns:
//   exact     Z is formed and Z Z^T decomposed: n1 <= 100 and at least a tenth observed                     4 n1^2 n2 + O(n1^3) flops
//   subspace  one step of block subspace iteration from the last step's vectors: inexact while W moves, exact in the limit. Z is never formed:
//             sparse residual + low rank; r the width of the block                                  4 m r + O((n1 + n2) r^2 + r^3) flops

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <limits>

#include "../core/random.hpp"
#include "../core/top_singular_values.hpp"
#include "validation.hpp"

namespace tacit::detail {

/// |M|_2 of the matrix with these values at the observed entries and zeros elsewhere.
inline double spectral_norm_of_observed(const Entries& where, const Vector<double>& y) {
  TopSpectrumWorkspace<double> ws;
  Vector<double> sigma;
  top_singular_values<double>(
      where.rows(), where.cols(),
      [&](const Matrix<double>& X, Matrix<double>& Y) {
        Y.setZero();
        for (Index c = 0; c < X.cols(); ++c)
          for (Index k = 0; k < y.size(); ++k) Y(where.row()[k], c) += y[k] * X(where.col()[k], c);
      },
      [&](const Matrix<double>& X, Matrix<double>& Y) {
        Y.setZero();
        for (Index c = 0; c < X.cols(); ++c)
          for (Index k = 0; k < y.size(); ++k) Y(where.col()[k], c) += y[k] * X(where.row()[k], c);
      },
      {.count = 1, .oversampling = 5, .iterations = 200, .tolerance = 1e-6}, ws, sigma);
  return sigma[0];
}

/// Makes the rows of Y orthonormal through the Cholesky factor of their Gram matrix, as inverse, so that products do the work; a second time where
/// they were far from it. Rows that depend on those before become 0.
inline void orthonormalize_rows(Matrix<double>& Y) {
  const Index r = Y.rows();
  double least = 0;  // pivot, of rows of length 1
  for (int pass = 0; pass < 2 && least < 0.01; ++pass) {
    least = 1;
    Matrix<double> L = product_nt(Y, Y), inverse = Matrix<double>::Zero(r, r);
    const Vector<double> scale = L.diagonal().cwiseSqrt();
    for (Index i = 0; i < r; ++i)
      for (Index j = 0; j < r; ++j) L(i, j) /= std::max(scale[i] * scale[j], std::numeric_limits<double>::min());
    for (Index j = 0; j < r; ++j) {
      const double pivot = L(j, j);
      if (!(pivot > 1e-13)) {  // column j of L stays out
        for (Index i = j; i < r; ++i) L(i, j) = 0;
        continue;
      }
      const double root = std::sqrt(pivot);
      least = std::min(least, pivot);
      for (Index i = j; i < r; ++i) L(i, j) /= root;
      for (Index q = j + 1; q < r; ++q)
        for (Index i = q; i < r; ++i) L(i, q) -= L(i, j) * L(q, j);
    }
    for (Index c = 0; c < r; ++c) {
      if (L(c, c) == 0) continue;
      inverse(c, c) = 1 / L(c, c);
      for (Index j = c; j < r; ++j) {  // forward substitution, by columns of L
        if (j > c) inverse(j, c) = L(j, j) == 0 ? 0 : inverse(j, c) / L(j, j);
        for (Index i = j + 1; i < r; ++i) inverse(i, c) -= L(i, j) * inverse(j, c);
      }
    }
    for (Index i = 0; i < r; ++i) inverse.col(i) /= std::max(scale[i], std::numeric_limits<double>::min());
    Y = product(inverse, Y);
  }
}

class SoftImputeIteration {
 public:
  /// y: what is left after the caller's centre. W starts at 0.
  SoftImputeIteration(const Entries& where, const Vector<double>& y, Index max_rank, std::uint64_t seed)
      : flipped_(where.rows() > where.cols()), where_(flipped_ ? transposed(where) : where), y_(flipped_ ? transposed(where, y) : y),
        max_rank_(std::min(max_rank, where_.rows())), exact_(where_.rows() <= 100 && where_.density() >= 0.1), random_(seed, "SoftImpute") {
    left_.resize(0, where_.rows());
    right_.resize(0, where_.cols());
    basis_.resize(0, where_.cols());
    left_before_ = left_, right_before_ = right_;
    z_ = z_before_ = Vector<double>::Zero(y_.size());
    if (exact_) W_ = W_before_ = Matrix<double>::Zero(where_.rows(), where_.cols());
  }

  /// Iterates at this lambda from where W stands, until the relative change of W stays below the tolerance for two steps, or go_on() says no.
  template <class GoOn>
  void run(double lambda, double tolerance, Index iterations, const GoOn& go_on) {
    double momentum = 1, last = std::numeric_limits<double>::infinity();
    int quiet = 0;
    converged = false;
    for (Index step = 0; step < iterations && !converged && (go_on() || step == 0); ++step) {
      const double next = (1 + std::sqrt(1 + 4 * momentum * momentum)) / 2;
      const bool complete = advance(lambda, step == 0 ? 0 : (momentum - 1) / next);
      ++steps;
      momentum = objective > last ? 1 : next;
      last = objective;
      if (!std::isfinite(objective)) return;
      quiet = complete && change() <= tolerance ? quiet + 1 : 0;
      converged = quiet == 2;
    }
  }

  /// U diag(d) V^T with d descending.
  Index rank() const { return left_.rows(); }
  Vector<double> d() const { return d_.head(rank()); }
  Matrix<double> U() const { return unit(flipped_); }
  Matrix<double> V() const { return unit(!flipped_); }

  double objective = 0;  ///< 1/2 sum_observed (y - W)^2 + lambda |W|_*
  bool converged = false, rank_limited = false;
  Index steps = 0;

 private:
  static constexpr Index spare = 6;

  Matrix<double> unit(bool right) const {
    if (right) return right_.transpose();
    Matrix<double> U = left_.transpose();
    for (Index i = 0; i < U.cols(); ++i) U.col(i) /= d_[i];
    return U;
  }

  /// One step; false where the block cannot tell yet that no further singular value passes lambda.
  bool advance(double lambda, double beta) {
    residual_ = y_ - z_ - beta * (z_ - z_before_);
    if (exact_) decompose(beta);
    else iterate_subspace(beta);
    Index passing = (sigma_.array() > lambda).count();
    const bool complete = exact_ || settled(lambda, passing);
    rank_limited = passing > max_rank_;
    passing = std::min(passing, max_rank_);
    left_.swap(left_before_), right_.swap(right_before_);
    d_ = (sigma_.head(passing).array() - lambda).matrix();
    left_ = images_.topRows(passing);
    right_ = basis_.topRows(passing);
    for (Index j = 0; j < left_.cols(); ++j) left_.col(j).array() *= d_.array();
    z_.swap(z_before_);
    if (exact_) {
      W_.swap(W_before_);
      multiply_tn<double>({left_.data(), passing, left_.cols()}, {right_.data(), passing, right_.cols()}, Write::set,
                          {W_.data(), W_.rows(), W_.cols()});
      for (Index k = 0; k < z_.size(); ++k) z_[k] = W_(where_.row()[k], where_.col()[k]);
    } else {
      product_at(left_, right_, where_, z_);
      resize_block(passing);
    }
    objective = (y_ - z_).squaredNorm() / 2 + lambda * d_.sum();
    return complete;
  }

  /// Whether the largest singular value below lambda is in the block, and does not grow as if it were about to pass: found by subspace iteration, it
  /// comes from below.
  bool settled(double lambda, Index passing) {
    if (passing == sigma_.size() && passing < widest()) return false;
    const double below = passing < sigma_.size() ? sigma_[passing] : 0;
    const double growth = passing == passing_before_ ? below - below_before_ : lambda;
    passing_before_ = passing, below_before_ = below;
    return growth <= 0.02 * (lambda - below);
  }
  Index widest() const { return std::min(where_.rows(), max_rank_ + spare); }

  /// sigma_ descending, left singular vectors as rows of images_, right ones as rows of basis_; of those that vanish, 0.
  void decompose(double beta) {
    Z_ = W_ + beta * (W_ - W_before_);
    for (Index k = 0; k < y_.size(); ++k) Z_(where_.row()[k], where_.col()[k]) = y_[k];
    rotate(product_nt(Z_, Z_));
    const Index kept = std::min(sigma_.size(), widest());
    sigma_.conservativeResize(kept);
    images_ = rotation_.leftCols(kept).transpose();
    basis_ = product(images_, Z_);
    normalize_basis();
  }

  void iterate_subspace(double beta) {
    if (basis_.rows() == 0) resize_block(0);
    const Index b = basis_.rows();
    images_.resize(b, where_.rows());
    for (Index i = 0; i < where_.rows(); ++i) {  // (Z V)^T
      const Index first = where_.row_start()[i];
      combine(basis_.data(), b, where_.row_start()[i + 1] - first, where_.col() + first, residual_.data() + first, nullptr, Write::set,
              images_.data() + i * b);
    }
    images_.topRows(rank()) +=
        left_;  // P V for V = (right singular vectors of W, vectors orthogonal to them); W in place of P, for a start
    orthonormalize_rows(images_);
    basis_.resize(b, where_.cols());
    for (Index j = 0; j < where_.cols(); ++j) {  // U^T Z
      const Index first = where_.col_start()[j];
      combine(images_.data(), b, where_.col_start()[j + 1] - first, where_.row_by_col() + first, residual_.data(), where_.by_col() + first,
              Write::set, basis_.data() + j * b);
    }
    add_low_rank(images_, left_, right_, 1 + beta, basis_);
    add_low_rank(images_, left_before_, right_before_, -beta, basis_);
    rotate(product_nt(basis_, basis_));
    images_ = product_tn(rotation_, images_);
    basis_ = product_tn(rotation_, basis_);
    normalize_basis();
  }
  /// out += factor (X inner^T) outer
  static void add_low_rank(const Matrix<double>& X, const Matrix<double>& inner, const Matrix<double>& outer, double factor,
                           Matrix<double>& out) {
    if (factor == 0 || inner.rows() == 0) return;
    Matrix<double> small = product_nt(X, inner);
    small *= factor;
    multiply<double>({small.data(), small.rows(), small.cols()}, {outer.data(), outer.rows(), outer.cols()}, Write::add,
                     {out.data(), out.rows(), out.cols()});
  }
  /// The eigenvectors of a Gram matrix, largest first, and sigma.
  void rotate(const Matrix<double>& gram) {
    if (!gram.allFinite()) {
      sigma_.setConstant(gram.rows(), std::numeric_limits<double>::quiet_NaN());
      rotation_.setIdentity(gram.rows(), gram.rows());
      return;
    }
    eigen_.compute(gram);
    sigma_ = eigen_.eigenvalues().reverse().cwiseMax(0).cwiseSqrt();
    rotation_ = eigen_.eigenvectors().rowwise().reverse();
  }
  void normalize_basis() {
    Vector<double> scale(sigma_.size());
    for (Index i = 0; i < scale.size(); ++i) scale[i] = sigma_[i] > 1e-12 * sigma_[0] ? 1 / sigma_[i] : 0;
    for (Index j = 0; j < basis_.cols(); ++j) basis_.col(j).array() *= scale.array();
  }
  /// A few rows more than pass lambda; new and vanished ones are drawn at random, and made orthogonal to those of W.
  void resize_block(Index passing) {
    const Index old = basis_.rows(), wanted = std::min(passing + std::max(spare, passing / 4), widest());
    const Index rows = wanted > old || passing + 2 * std::max(spare, passing / 4) < old ? wanted : old;
    basis_.conservativeResize(rows, Eigen::NoChange);
    for (Index i = 0; i < rows; ++i) {
      if (i < old && sigma_[i] > 1e-12 * sigma_[0]) continue;
      Matrix<double> drawn(1, basis_.cols());
      for (double& x : drawn.row(0)) x = random_.normal() / std::sqrt(static_cast<double>(basis_.cols()));
      if (passing > 0) drawn -= product(product_nt(drawn, right_), right_);
      basis_.row(i) = drawn;
    }
  }
  /// |W - W_before| / |W|, the larger one of all entries, from the factors (to some 1e-8, where they cancel), and of those observed.
  double change() const {
    const double of_z = (z_ - z_before_).squaredNorm(), z = z_.squaredNorm();
    double of_W = d_.squaredNorm(), W = of_W;
    if (left_before_.rows() > 0) {
      of_W += left_before_.squaredNorm();
      if (rank() > 0) of_W -= 2 * product_nt(left_, left_before_).cwiseProduct(product_nt(right_, right_before_)).sum();
    }
    if (of_z == 0 && of_W <= 0) return 0;
    return std::sqrt(std::max({of_z / z, of_W / W, 0.0}));
  }

  bool flipped_;
  Entries where_;
  Vector<double> y_;
  Index max_rank_;
  bool exact_;
  Random random_;
  Matrix<double> left_, right_, left_before_, right_before_;  // W = left^T right: rows d_i u_i and v_i
  Matrix<double> images_, basis_, rotation_, Z_, W_, W_before_;
  Index passing_before_ = -1;
  double below_before_ = 0;
  Vector<double> z_, z_before_, residual_, sigma_, d_;
  Eigen::SelfAdjointEigenSolver<Matrix<double>> eigen_;
};

}  // namespace tacit::detail
