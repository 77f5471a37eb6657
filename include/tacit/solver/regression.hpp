// SPDX-License-Identifier: MIT
#pragma once
// Linear baselines of problems with features (observation/features.hpp), in closed form and with what certifies them. With X^T = U diag(s) V^T, d x m, and the
// targets Z, p x m, side by side,
//   ridge                     argmin 1/2 ||Z - W X^T||_F^2 + lambda/2 ||W||_F^2           W = Z V diag(s / (s^2 + lambda)) U^T
//   least_norm                the least squares fit of least ||W||_F                       W = Z V diag(1 / s) U^T
//   reduced_rank_regression   argmin 1/2 ||Z - W X^T||_F^2 over rank W <= r, the one of least norm          W = (Z V)_r diag(1 / s) U^T,
// (.)_r the best approximation of rank r. Singular values below max(m, d) eps s_1 count as zero. Computed in double; one thin singular value decomposition,
// some 20 m d min(m, d) flops. Sources: Hoerl & Kennard 1970; Izenman 1975.
//
// whitened(X) gives features of second moment X'^T X' / m = I (on the span of the rows, where X has not full rank) and the way back, W = W' M.

#include <ostream>

#include "../core/compiled.hpp"
#include "../observation/features.hpp"

namespace tacit {

struct Regression {
  Matrix<double> W;     ///< p x d
  double value = 0;     ///< of the objective
  double lower = 0;     ///< no W that is allowed has less: the value of the dual (ridge), or by Eckart and Young's theorem (reduced rank)
  double gap = 0;       ///< (value - lower) / (1/2 ||Z||_F^2), rounding in a good solution
  double residual = 0;  ///< ||gradient||_F / ||Z X||_F of ridge and least norm; 0 of a reduced rank
  Index rank = 0;       ///< of X

  friend std::ostream& operator<<(std::ostream& out, const Regression& r) {
    return out << "W " << r.W.rows() << " x " << r.W.cols() << " with objective " << r.value << ", no other is below " << r.lower
               << " (gap " << r.gap << "), gradient " << r.residual << " of that at zero; X has rank " << r.rank;
  }
};

struct Whitened {
  Matrix<double> X;  ///< m x k, k the rank of the given one
  Matrix<double> M;  ///< k x d: a W' of p x k on whitened features is W' M on the given ones
};

namespace detail {
enum class RegressionKind { ridge, least_norm, reduced_rank };
/// The samples side by side, d x m, and their targets, p x m.
Regression regression(const Matrix<double>& samples, const Matrix<double>& targets, RegressionKind kind, double lambda, Index rank);
template <Scalar S>
Regression regression_of(const char* who, const Data<S, Features<S>>& data, RegressionKind kind, double lambda, Index rank) {
  require(data.weight.size() == 0, who, ": the data carry weights; multiply the samples and targets by their roots instead");
  const Features<S>& at = data.where;
  return regression(at.columns().template cast<double>(),
                    ConstMatrixMap<S>(data.y.data(), at.outputs(), at.samples()).template cast<double>(), kind, lambda, rank);
}
}  // namespace detail

/// lambda > 0.
template <Scalar S>
Regression ridge(const Data<S, Features<S>>& data, double lambda) {
  require(std::isfinite(lambda) && lambda > 0, "ridge: lambda is ", lambda, ", it needs to be positive; at 0 it is least_norm");
  return detail::regression_of("ridge", data, detail::RegressionKind::ridge, lambda, 0);
}
template <Scalar S>
Regression least_norm(const Data<S, Features<S>>& data) {
  return detail::regression_of("least_norm", data, detail::RegressionKind::least_norm, 0, 0);
}
template <Scalar S>
Regression reduced_rank_regression(const Data<S, Features<S>>& data, Index rank) {
  require(rank > 0, "reduced_rank_regression: the rank is ", rank, ", it needs to be at least 1");
  return detail::regression_of("reduced_rank_regression", data, detail::RegressionKind::reduced_rank, 0, rank);
}
/// Of m samples by d features.
Whitened whitened(const Matrix<double>& X);

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/regression.hpp"
#endif
