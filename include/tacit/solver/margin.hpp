// SPDX-License-Identifier: MIT
#pragma once
// Baselines of binary classification by a w without offset (add a feature of ones for one), labels y = -1 or +1, a sample x_k a row of X:
//   logistic_regression   argmin 1/m sum_k log(1 + e^{-y_k <w, x_k>}) + lambda/2 ||w||^2,  lambda >= 0, by Newton's method
//   max_margin            the hard margin, max over ||w|| = 1 of min_k y_k <w, x_k>, by Wolfe's method for the nearest point of a polytope
// Certificates: for lambda > 0 the dual value at alpha_k = 1 / (1 + e^{q_k}), q the margins; at lambda = 0 the norm of the gradient, and where a w with all
// margins positive has turned up, there is no minimum, and w is the proof: Status::separable. For any weights a_k >= 0 of sum 1 no margin exceeds
// ||sum_k a_k y_k x_k||; where that is zero the data are not separable, and the weights are the proof: Status::not_separable.
// Computed in double. O(m d^2 + d^3) an iteration of Newton's, O(m d + s^2 d) of Wolfe's with s support vectors.    Sources: Wolfe 1976; Keerthi & Lin 2003.

#include <ostream>

#include "../core/compiled.hpp"
#include "../observation/features.hpp"

namespace tacit {

enum class SeparationStatus { converged, separable, not_separable, reached_limit };
inline const char* name_of(SeparationStatus status) {
  constexpr const char* names[] = {"converged", "separable: there is no minimum", "not separable: there is no margin", "reached the limit"};
  return names[static_cast<int>(status)];
}

struct LogisticSettings {
  double lambda = 0;
  double residual = 1e-10;  ///< of the gradient, relative to that at zero
  Index iterations = 100;
};
struct LogisticRegression {
  Vector<double> w;
  double value = 0;           ///< of the objective
  double lower = 0, gap = 0;  ///< dual value, and the difference; for lambda = 0 nothing is known: 0, and the value
  double residual = 0;        ///< ||gradient|| / ||gradient at zero||
  double margin = 0;          ///< the least y_k <w, x_k>
  Index iterations = 0;
  SeparationStatus status = SeparationStatus::reached_limit;
};

struct MaxMarginSettings {
  double gap = 1e-10;  ///< relative to the margin
  Index iterations = 100'000;
};
struct MaxMargin {
  Vector<double> w;        ///< of norm 1; of data that are not separable, zero
  double margin = 0;       ///< min_k y_k <w, x_k>
  double upper = 0;        ///< no w of norm 1 has more: ||sum_k weights_k y_k x_k||
  double gap = 0;          ///< (upper - margin) / upper
  Vector<double> weights;  ///< of the samples, not negative, of sum 1; positive on support vectors
  Index iterations = 0;
  SeparationStatus status = SeparationStatus::reached_limit;
};

namespace detail {
/// `points` are y_k x_k side by side, d x m.
LogisticRegression logistic_regression(const Matrix<double>& points, const LogisticSettings& settings);
MaxMargin max_margin(const Matrix<double>& points, const MaxMarginSettings& settings);
template <Scalar S>
Matrix<double> signed_samples(const char* who, const Data<S, Features<S>>& data) {
  require(data.where.outputs() == 1, who, ": there are ", data.where.outputs(), " outputs, labels are one number a sample");
  require(data.weight.size() == 0, who, ": the data carry weights, which this baseline does not have");
  Matrix<double> points = data.where.columns().template cast<double>();
  for (Index k = 0; k < data.count(); ++k) {
    require(data.y[k] == 1 || data.y[k] == -1, who, ": the target of ", data.where.where(k), " is ", data.y[k], ", allowed is -1 or 1");
    points.col(k) *= static_cast<double>(data.y[k]);
  }
  return points;
}
}  // namespace detail

template <Scalar S>
LogisticRegression logistic_regression(const Data<S, Features<S>>& data, const LogisticSettings& settings = {}) {
  require(std::isfinite(settings.lambda) && settings.lambda >= 0, "logistic_regression: .lambda is ", settings.lambda,
          ", it may not be negative");
  return detail::logistic_regression(detail::signed_samples("logistic_regression", data), settings);
}
template <Scalar S>
MaxMargin max_margin(const Data<S, Features<S>>& data, const MaxMarginSettings& settings = {}) {
  return detail::max_margin(detail::signed_samples("max_margin", data), settings);
}

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/margin.hpp"
#endif
