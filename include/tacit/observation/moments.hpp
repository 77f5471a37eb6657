// SPDX-License-Identifier: MIT
#pragma once
// Regression by second moments. A linear or deep linear regression with HalfMeanRegression knows its samples only by
//   xx = E[x x^T]  (d x d),    yx = E[y x^T]  (p x d),    loss = 1/2 tr(W xx W^T) - tr(W yx^T) + 1/2 E|y|^2.
// moments_of(data) takes them from n samples; regression_from_moments(moments) is a regression with r = rank xx samples that has these moments, so gradients
// and Hessians are the same and a step costs O(r d p) instead of O(n d p). Moments of a population can be written down, as those of a Gaussian mixture with
// priors p_c, orthogonal means mu_c and noise s:  xx = sum_c p_c mu_c mu_c^T + s^2 I,  yx = sum_c p_c e_c mu_c^T.
// Its loss is smaller by 1/2 (E|y|^2 - tr(yx xx^+ yx^T)), what no W explains. Uses a Cholesky factorization with pivots, r d^2 flops.

#include "features.hpp"

namespace tacit {

struct Moments {
  Matrix<double> xx, yx;
};

/// Of the samples of a regression, without weights.                                                                        O(n d (d + p))
template <Scalar S>
Moments moments_of(const Data<S, Features<S>>& data) {
  require(data.weight.size() == 0, "moments_of: the data carry weights; multiply the samples and targets by their roots instead");
  const Features<S>& at = data.where;
  const Matrix<double> X = at.columns().template cast<double>(),
                       Y = ConstMatrixMap<S>(data.y.data(), at.outputs(), at.samples()).template cast<double>();
  const double n = static_cast<double>(at.samples());
  return {detail::product_nt<double>(X, X) / n, detail::product_nt<double>(Y, X) / n};
}

/// As few samples as have these moments. Throws std::invalid_argument where the shapes do not fit, xx is not symmetric or not positive semidefinite, or yx is not
/// the second moment of anything with such x: it leaves the span of xx.
inline Data<double, Features<double>> regression_from_moments(const Moments& moments) {
  const Matrix<double>&xx = moments.xx, &yx = moments.yx;
  const Index d = xx.rows(), p = yx.rows();
  require(d > 0 && xx.cols() == d, "regression_from_moments: xx is ", d, " x ", xx.cols(), ", it needs to be square");
  require(p > 0 && yx.cols() == d, "regression_from_moments: yx is ", p, " x ", yx.cols(), ", xx ", d, " x ", d, "; yx needs ", d,
          " columns");
  require(xx.allFinite() && yx.allFinite(), "regression_from_moments: a moment is not finite");
  const double largest = xx.cwiseAbs().maxCoeff(), rounding = 1e-13 * static_cast<double>(d) * largest;
  require(largest > 0, "regression_from_moments: xx is zero");
  require((xx - xx.transpose()).cwiseAbs().maxCoeff() <= rounding, "regression_from_moments: xx is not symmetric, entries differ by up to ",
          (xx - xx.transpose()).cwiseAbs().maxCoeff());
  // xx = L L^T, d x r: always the column of the largest diagonal entry that is left. With x_s = sqrt(r) L(:, s), y_s solves L y = sqrt(r) yx^T on the pivots.
  Matrix<double> left = xx, L(d, d), Y(p, d), rest = yx;
  Index r = 0;
  for (; r < d; ++r) {
    Index pivot = 0;
    const double top = left.diagonal().maxCoeff(&pivot);
    if (top <= rounding) break;
    L.col(r) = left.col(pivot) / std::sqrt(top);
    Y.col(r) = rest.col(pivot) / L(pivot, r);
    for (Index j = 0; j < d; ++j) {
      left.col(j) -= L(j, r) * L.col(r);
      rest.col(j) -= L(j, r) * Y.col(r);
    }
    left.row(pivot).setZero(), left.col(pivot).setZero();
  }
  require(left.cwiseAbs().maxCoeff() <= 1e2 * rounding, "regression_from_moments: xx is not positive semidefinite, ",
          left.diagonal().minCoeff(), " is left on its diagonal");
  const double outside = rest.cwiseAbs().maxCoeff(), scale = yx.cwiseAbs().maxCoeff();
  require(outside <= 1e-8 * scale, "regression_from_moments: yx leaves the span of xx by ", outside, ", its largest entry is ", scale,
          "; no samples have such moments");
  const double root = std::sqrt(static_cast<double>(r));
  const Matrix<double> targets = root * Y.leftCols(r);
  return {Features<double>::from_columns(root * L.leftCols(r), p), Eigen::Map<const Vector<double>>(targets.data(), targets.size())};
}

}  // namespace tacit
