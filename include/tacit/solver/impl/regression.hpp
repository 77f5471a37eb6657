// SPDX-License-Identifier: MIT
#pragma once
// What solver/regression.hpp declares.

#include "../../core/thin_svd.hpp"
#include "../regression.hpp"

namespace tacit {

namespace detail {

TACIT_INLINE Regression regression(const Matrix<double>& samples, const Matrix<double>& targets, RegressionKind kind, double lambda,
                                   Index rank) {
  ThinSvd<double> svd(samples.rows(), samples.cols());
  svd.compute({samples.data(), samples.rows(), samples.cols()});
  Regression result;
  result.rank = svd.rank();
  const Index k = std::max<Index>(svd.rank(), 1);  // of X = 0 one vector is as good as none: its value is 0
  const Matrix<double> U = svd.left().leftCols(k), V = svd.right().leftCols(k);
  const Vector<double> s = svd.values().head(k);
  const auto inverse = [](double x) { return x > 0 ? 1 / x : 0.0; };

  const Matrix<double> seen = product<double>(targets, V);  // p x k
  const double whole = targets.squaredNorm() / 2, unseen = (targets - product_nt<double>(seen, V)).squaredNorm() / 2;
  Matrix<double> scaled = seen;
  result.lower = unseen;
  if (kind == RegressionKind::reduced_rank) {
    ThinSvd<double> of(seen.rows(), seen.cols());
    of.compute({seen.data(), seen.rows(), seen.cols()});
    const Index r = std::min(rank, of.values().size());
    Matrix<double> left = of.left().leftCols(r);
    for (Index i = 0; i < r; ++i) left.col(i) *= of.values()[i];
    scaled = product_nt<double>(left, of.right().leftCols(r));
    result.lower += of.values().tail(of.values().size() - r).squaredNorm() / 2;
  } else if (kind == RegressionKind::ridge) {
    // The dual at the residual R = Z - W X^T:  <R, Z> - ||R||^2 / 2 - ||R X||^2 / (2 lambda), below in the coordinates of V.
    for (Index i = 0; i < k; ++i) result.lower += lambda / (s[i] * s[i] + lambda) * seen.col(i).squaredNorm() / 2;
  }
  for (Index i = 0; i < k; ++i) scaled.col(i) *= kind == RegressionKind::ridge ? s[i] / (s[i] * s[i] + lambda) : inverse(s[i]);
  result.W = product_nt<double>(scaled, U);

  const Matrix<double> misfit = product<double>(result.W, samples) - targets;
  result.value = misfit.squaredNorm() / 2 + lambda / 2 * result.W.squaredNorm();
  result.gap = whole > 0 ? std::max(result.value - result.lower, 0.0) / whole : 0;
  const double at_zero = product_nt<double>(targets, samples).norm();
  if (kind != RegressionKind::reduced_rank && at_zero > 0)
    result.residual = (product_nt<double>(misfit, samples) + lambda * result.W).norm() / at_zero;
  return result;
}

}  // namespace detail

TACIT_INLINE Whitened whitened(const Matrix<double>& X) {
  require(X.rows() > 0 && X.cols() > 0 && X.allFinite(), "whitened: X is ", X.rows(), " x ", X.cols(), ", or not finite");
  detail::ThinSvd<double> svd(X.rows(), X.cols());
  svd.compute({X.data(), X.rows(), X.cols()});
  const Index k = svd.rank();
  require(k > 0, "whitened: every feature is zero");
  const double root = std::sqrt(static_cast<double>(X.rows()));
  Whitened result{root * svd.left().leftCols(k), svd.right().leftCols(k).transpose()};
  for (Index i = 0; i < k; ++i) result.M.row(i) *= root / svd.values()[i];
  return result;
}

}  // namespace tacit
