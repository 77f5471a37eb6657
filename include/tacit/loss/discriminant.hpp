// SPDX-License-Identifier: MIT
#pragma once
// The deep discriminant objective: between-class over within-class scatter of a projection, to be made large.
//   rayleigh_ratio   of a vector w = z:      loss = -J(w),   J(w) = (w^T S_b w) / (w^T S_w w)                        [Li 2026]
//   discriminant     of k directions, W k x d, z = vec(W):   loss = -tr((W S_w W^T)^{-1} W S_b W^T) / k,     W of full rank; k = 1 is the ratio
// Both see W on all its entries, and no targets:
//   Problem problem(DiagonalProduct<double>({.size = d, .depth = 3}), no_targets<double>(Shape{d}), rayleigh_ratio(between, within));
// The ratio does not change with the scale of w, so <w, slope> = 0; the mean over k directions is the same of W and of G W, G invertible. S_w has to be positive
// definite: add a multiple of the identity where it is not. All entries are one group: a batch is everything. O(k d^2 + k^3) flops; for k > 1, matrices of k x d are allocated.

#include <Eigen/Cholesky>
#include <memory>
#include <utility>

#include "../core/check.hpp"
#include "../observation/data.hpp"
#include "../observation/partition.hpp"
#include "squares.hpp"

namespace tacit {

class Discriminant {
 public:
  static constexpr Reduction reduction = Reduction::mean;

  /// `directions` is k; 0: as many as W has rows.
  Discriminant(const Matrix<double>& between, const Matrix<double>& within, Index directions = 0) : directions_(directions) {
    const Index d = within.rows();
    require(d > 0 && within.cols() == d && between.rows() == d && between.cols() == d, "discriminant: the scatters are ", between.rows(),
            " x ", between.cols(), " between and ", within.rows(), " x ", within.cols(), " within classes, both need to be d x d");
    for (const auto& [matrix, which] : {std::pair{&between, "between"}, {&within, "within"}})
      require(matrix->allFinite() && (*matrix - matrix->transpose()).norm() <= 1e-9 * matrix->norm(), "discriminant: the scatter ", which,
              " classes is not symmetric, or not finite");
    const Eigen::LLT<Matrix<double>> factor(within);
    require(factor.info() == Eigen::Success && factor.matrixLLT().diagonal().minCoeff() > 0,
            "discriminant: the scatter within classes is not positive definite; add a multiple of the identity");
    both_ = std::make_shared<const Both>(Both{between, within, between.cast<float>(), within.cast<float>()});
  }
  const char* name() const { return directions_ == 1 ? "rayleigh_ratio" : "discriminant"; }

  /// All entries belong together.
  void arrange(Index entries, Index) {
    require(entries % size() == 0 && (directions_ == 0 || entries == directions_ * size()), name(), ": the scatters are of ", size(),
            " coordinates, W has ", entries, " entries");
    entries_ = entries;
  }
  Index width() const { return entries_ ? entries_ : size(); }
  static Partition groups() { return {}; }

  /// What a fingerprint sees.
  template <class Archive>
  void persist(Archive& archive) const {
    for (const Matrix<double>* matrix : {&both_->between, &both_->within}) {
      Vector<double> flat = Eigen::Map<const Vector<double>>(matrix->data(), matrix->size());
      archive("scatter", flat);
    }
  }

  template <Scalar S>
  S value_and_slope(In<S> z, In<S>, In<S>, S scale, Out<S> slope) const {
    const Matrix<S>&B = between<S>(), &A = within<S>();
    const Index d = size(), k = z.size() / d;
    if (k * d != z.size())
      return std::numeric_limits<S>::quiet_NaN();  // other data than the scatters are of: told when the problem is built
    if (k == 1) {
      slope.noalias() = B * z;
      const S below = quadratic(A, z), ratio = z.dot(slope) / below;
      slope.noalias() -= ratio * (A * z);
      slope *= -2 * scale / below;
      return -scale * ratio;
    }
    const At<S> at(A, B, {z.data(), k, d});
    MatrixMap<S>(slope.data(), k, d) = (-2 * scale / static_cast<S>(k)) * (at.inverse * at.WB - at.C * at.WA);
    return -scale * (at.inverse * at.above).trace() / static_cast<S>(k);
  }
  template <Scalar S>
  void curvature_times(In<S> z, In<S>, In<S>, S scale, In<S> dz, Out<S> out) const {
    const Matrix<S>&B = between<S>(), &A = within<S>();
    const Index d = size(), k = z.size() / d;
    if (k * d != z.size()) return void(out.setConstant(std::numeric_limits<S>::quiet_NaN()));
    const ConstMatrixMap<S> W(z.data(), k, d), dW(dz.data(), k, d);
    const At<S> at(A, B, W);
    const Matrix<S> VA = dW * A, VB = dW * B;
    Matrix<S> dbelow = VA * W.transpose(), dabove = VB * W.transpose();
    dbelow += dbelow.transpose().eval();
    dabove += dabove.transpose().eval();
    const Matrix<S> dinverse = -at.inverse * dbelow * at.inverse;
    const Matrix<S> dC = dinverse * at.above * at.inverse + at.inverse * dabove * at.inverse + at.inverse * at.above * dinverse;
    MatrixMap<S>(out.data(), k, d) = (-2 * scale / static_cast<S>(k)) * (dinverse * at.WB + at.inverse * VB - dC * at.WA - at.C * VA);
  }

 private:
  struct Both {
    Matrix<double> between, within;
    Matrix<float> between_float, within_float;
  };
  /// What both derivatives are made of: inverse = (W A W^T)^{-1}, above = W B W^T, C = inverse above inverse.
  template <Scalar S>
  struct At {
    Matrix<S> WA, WB, above, inverse, C;
    At(const Matrix<S>& A, const Matrix<S>& B, ConstMatrixMap<S> W) : WA(W * A), WB(W * B), above(WB * W.transpose()) {
      const Matrix<S> below = WA * W.transpose();
      inverse = Eigen::LLT<Matrix<S>>(below).solve(Matrix<S>::Identity(W.rows(), W.rows()));
      C = inverse * above * inverse;
    }
  };
  Index size() const { return both_->within.rows(); }
  template <Scalar S>
  const Matrix<S>& between() const {
    if constexpr (sizeof(S) == 4) return both_->between_float;
    else return both_->between;
  }
  template <Scalar S>
  const Matrix<S>& within() const {
    if constexpr (sizeof(S) == 4) return both_->within_float;
    else return both_->within;
  }
  template <Scalar S>
  static S quadratic(const Matrix<S>& A, In<S> z) {
    S sum = 0;
    for (Index j = 0; j < z.size(); ++j) sum += z[j] * A.col(j).dot(z);
    return sum;
  }
  std::shared_ptr<const Both> both_;
  Index directions_, entries_ = 0;
};

/// -J of a vector; the scatters are d x d.
inline Discriminant rayleigh_ratio(const Matrix<double>& between, const Matrix<double>& within) { return {between, within, 1}; }
/// Of a W of k x d: the mean over k directions.
inline Discriminant discriminant(const Matrix<double>& between, const Matrix<double>& within) { return {between, within}; }

/// All entries of W, under a loss that has no targets.
template <Scalar S>
Data<S, AllEntries> no_targets(const Shape& shape) {
  return {AllEntries(shape), Vector<S>::Zero(shape.count())};
}

}  // namespace tacit
