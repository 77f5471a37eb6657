// SPDX-License-Identifier: MIT
#pragma once
// The spectral pieces of the convex baselines, in double: bounds of norms that hold for the matrix as given, and the two shrinkages
//   SingularShrink  X = argmin tau ||X||_* + 1/2 ||X - Z||_F^2          = sum_i max(sigma_i - tau, 0) u_i v_i^T
//   EigenShrink     X = argmin tau tr X + 1/2 ||X - Z||_F^2 over X >= 0  = sum_i max(lambda_i - tau, 0) q_i q_i^T   (Z symmetric)
// both through Eigen's symmetric eigensolver on the smaller side, O(n^3). Above n = 150 SingularShrink follows the few singular vectors
// that pass tau from call to call by subspace iteration, O(n1 n2 rank): inexact, which costs the caller iterations but nothing else,
// because the norms of a certificate come from the two bounds below.

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "../core/check.hpp"
#include "../core/product.hpp"
#include "../core/random.hpp"

namespace tacit::detail {

using EigenSolver = Eigen::SelfAdjointEigenSolver<Matrix<double>>;

// Products through the three kernels of core/product.hpp, so that this header compiles no more than those.
inline Matrix<double> product(const Matrix<double>& A, const Matrix<double>& B) {
  Matrix<double> C(A.rows(), B.cols());
  multiply<double>({A.data(), A.rows(), A.cols()}, {B.data(), B.rows(), B.cols()}, Write::set, {C.data(), C.rows(), C.cols()});
  return C;
}
inline Matrix<double> product_tn(const Matrix<double>& A, const Matrix<double>& B) {
  Matrix<double> C(A.cols(), B.cols());
  multiply_tn<double>({A.data(), A.rows(), A.cols()}, {B.data(), B.rows(), B.cols()}, Write::set, {C.data(), C.rows(), C.cols()});
  return C;
}
inline Matrix<double> product_nt(const Matrix<double>& A, const Matrix<double>& B) {
  Matrix<double> C(A.rows(), B.rows());
  multiply_nt<double>({A.data(), A.rows(), A.cols()}, {B.data(), B.rows(), B.cols()}, Write::set, {C.data(), C.rows(), C.cols()});
  return C;
}

/// W^T W or W W^T, whichever is smaller.
inline Matrix<double> small_gram(const Matrix<double>& W) { return W.rows() >= W.cols() ? product_tn(W, W) : product_nt(W, W); }

/// ||W||_2 from above, to 1e-12 relative.
inline double spectral_norm_bound(const Matrix<double>& W) {
  const EigenSolver eigen(small_gram(W), Eigen::EigenvaluesOnly);
  return std::sqrt(std::max(eigen.eigenvalues().maxCoeff(), 0.0)) * (1 + 1e-12);
}

/// ||W||_* from above: for any orthonormal basis q_i, W = sum_i (W q_i) q_i^T gives ||W||_* <= sum_i ||W q_i||, with equality for
/// singular vectors. So the rounding of the Gram matrix, which spoils sigma_i below 1e-8 sigma_1, can raise the result but not lower it.
inline double nuclear_norm_bound(const Matrix<double>& W) {
  const EigenSolver eigen(small_gram(W));
  const Matrix<double> mapped = W.rows() >= W.cols() ? product(W, eigen.eigenvectors()) : product_tn(W, eigen.eigenvectors());
  return mapped.colwise().norm().sum();
}

class SingularShrink {
 public:
  /// Writes X and returns ||X||_*.
  double operator()(const Matrix<double>& Z, double tau, Matrix<double>& X) {
    const Index smaller = std::min(Z.rows(), Z.cols());
    if (smaller > exact_up_to && basis_.cols() == 0) enlarge(Z.cols());
    for (; smaller > exact_up_to && 4 * basis_.cols() < smaller; enlarge(Z.cols())) {
      iterate(Z);
      if (const Index rank = count_above(tau); rank + 2 <= basis_.cols()) return combine(tau, rank, X);
    }
    return exact(Z, tau, X);
  }

 private:
  static constexpr Index exact_up_to = 150, spare = 10;

  double exact(const Matrix<double>& Z, double tau, Matrix<double>& X) {
    eigen_.compute(small_gram(Z));
    const Vector<double> value = eigen_.eigenvalues().cwiseMax(0).cwiseSqrt();
    const Index n = value.size(), kept = std::min(n, (value.array() > tau).count() + spare);
    basis_ = eigen_.eigenvectors().rightCols(kept);
    if (Z.rows() < Z.cols()) {  // right singular vectors from the left ones; of a vanishing one nothing is kept, so its scale is free
      basis_ = product_tn(Z, basis_);
      for (Index i = 0; i < kept; ++i) basis_.col(i) /= std::max(basis_.col(i).norm(), 1e-300);
    }
    mapped_ = product(Z, basis_);
    return combine(tau, count_above(tau), X);
  }
  /// One step of subspace iteration with Z^T Z, and the best singular vectors within the subspace.
  void iterate(const Matrix<double>& Z) {
    basis_ = product_tn(Z, product(Z, basis_));
    for (int pass = 0; pass < 2; ++pass) {  // orthonormal: the second pass makes up for the condition that the first one met
      for (Index i = 0; i < basis_.cols(); ++i) basis_.col(i) /= std::max(basis_.col(i).norm(), 1e-300);
      eigen_.compute(product_tn(basis_, basis_));
      basis_ = product(basis_, eigen_.eigenvectors());
      for (Index i = 0; i < basis_.cols(); ++i) basis_.col(i) /= std::max(basis_.col(i).norm(), 1e-300);
    }
    mapped_ = product(Z, basis_);
    eigen_.compute(product_tn(mapped_, mapped_));
    basis_ = product(basis_, eigen_.eigenvectors());
    mapped_ = product(mapped_, eigen_.eigenvectors());
  }
  Index count_above(double tau) {
    value_ = mapped_.colwise().norm();
    return (value_.array() > tau).count();
  }
  double combine(double tau, Index rank, Matrix<double>& X) {
    value_ = (value_.array() - tau).max(0).matrix();
    for (Index i = 0; i < value_.size(); ++i) mapped_.col(i) *= value_[i] / (value_[i] + tau);
    X = product_nt(mapped_, basis_);
    if (basis_.cols() > rank + 2 * spare) basis_ = Matrix<double>(basis_.rightCols(rank + spare));
    return value_.sum();
  }
  void enlarge(Index rows) {
    Matrix<double> wider(rows, basis_.cols() + std::max(spare, basis_.cols() / 2));
    for (Index i = 0; i < wider.size(); ++i) wider.data()[i] = random_.normal() / std::sqrt(static_cast<double>(rows));
    if (basis_.cols() > 0) wider.rightCols(basis_.cols()) = basis_;
    basis_ = std::move(wider);
  }

  EigenSolver eigen_;
  Matrix<double> basis_, mapped_;  // V and Z V, ascending singular values
  Vector<double> value_;
  Random random_{0, "SingularShrink"};
};

class EigenShrink {
 public:
  /// Writes X and returns tr X.
  double operator()(const Matrix<double>& Z, double tau, Matrix<double>& X) {
    eigen_.compute(Z);
    const Vector<double> value = (eigen_.eigenvalues().array() - tau).max(0).matrix();
    const Index rank = (value.array() > 0).count();
    scaled_ = eigen_.eigenvectors().rightCols(rank);
    for (Index i = 0; i < rank; ++i) scaled_.col(i) *= std::sqrt(value[value.size() - rank + i]);
    X = product_nt(scaled_, scaled_);
    return value.sum();
  }

 private:
  EigenSolver eigen_;
  Matrix<double> scaled_;
};

}  // namespace tacit::detail
