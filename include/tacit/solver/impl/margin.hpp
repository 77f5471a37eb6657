// SPDX-License-Identifier: MIT
#pragma once
// What solver/margin.hpp declares.

#include <Eigen/Cholesky>
#include <cmath>
#include <vector>

#include "../../core/product.hpp"
#include "../margin.hpp"

namespace tacit::detail {

TACIT_INLINE LogisticRegression logistic_regression(const Matrix<double>& points, const LogisticSettings& settings) {
  const Index d = points.rows(), m = points.cols();
  const double lambda = settings.lambda, each = 1 / static_cast<double>(m);
  const auto softplus = [](double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); };
  const auto value_at = [&](const Vector<double>& w, const Vector<double>& q) {
    double sum = 0;
    for (const double margin : q) sum += softplus(-margin);
    return each * sum + lambda / 2 * w.squaredNorm();
  };
  LogisticRegression result;
  Vector<double> w = Vector<double>::Zero(d), q = Vector<double>::Zero(m), alpha(m), curvature(m), gradient;
  const double at_zero = (0.5 * each * points.rowwise().sum()).norm();
  double value = value_at(w, q);
  for (;; ++result.iterations) {
    for (Index k = 0; k < m; ++k) {
      const double e = std::exp(-std::abs(q[k]));
      alpha[k] = (q[k] > 0 ? e : 1) / (1 + e);
      curvature[k] = e / (1 + e) / (1 + e);
    }
    const Vector<double> pulled = each * (points * alpha);
    gradient = lambda * w - pulled;
    result.residual = at_zero > 0 ? gradient.norm() / at_zero : 0;
    if (lambda > 0) {
      double entropy = 0;  // of alpha, which is in (0, 1)
      for (const double a : alpha) entropy -= (a > 0 ? a * std::log(a) : 0) + (a < 1 ? (1 - a) * std::log1p(-a) : 0);
      result.lower = std::max(result.lower, each * entropy - pulled.squaredNorm() / (2 * lambda));
    }
    if (lambda == 0 && q.minCoeff() > 0) {
      result.status = SeparationStatus::separable;
      break;
    }
    if (result.residual <= settings.residual) {
      result.status = SeparationStatus::converged;
      break;
    }
    if (result.iterations >= settings.iterations) break;
    const Matrix<double> weighted = points * (each * curvature).asDiagonal();
    Matrix<double> H = product_nt<double>(weighted, points);
    H.diagonal().array() += std::max(lambda, 1e-13 * H.trace());  // dependent features: a direction of least norm, nearly
    const Vector<double> step = -Eigen::LLT<Matrix<double>>(H).solve(gradient), along = points.transpose() * step;
    double t = 1, next = value_at(w + step, q + along);
    while (!(next <= value + 1e-4 * t * gradient.dot(step)) && t > 1e-12) t /= 2, next = value_at(w + t * step, q + t * along);
    if (!(next <= value)) break;  // rounding is all there is left to gain
    w += t * step, q = points.transpose() * w, value = value_at(w, q);
  }
  result.w = w;
  result.value = value;
  result.gap = value - result.lower;
  result.margin = q.minCoeff();
  return result;
}

/// Wolfe's method: the point of least norm in the hull of `points` is one of an affinely independent few of them, which grow by the point that is most against
/// the current one, and shrink along the way to the least norm of their affine hull.
TACIT_INLINE MaxMargin max_margin(const Matrix<double>& points, const MaxMarginSettings& settings) {
  const Index m = points.cols();
  std::vector<Index> support(1);
  const Vector<double> squares = points.colwise().squaredNorm().transpose();
  squares.minCoeff(&support[0]);
  Vector<double> weight = Vector<double>::Ones(1), x = points.col(support[0]);
  const double largest = std::sqrt(squares.maxCoeff()), nil = 1e-12 * largest;
  MaxMargin result;
  const auto combined = [&] {
    x.setZero();
    for (std::size_t i = 0; i < support.size(); ++i) x += weight[static_cast<Index>(i)] * points.col(support[i]);
  };
  for (; result.iterations < settings.iterations; ++result.iterations) {
    const double norm = x.norm();
    if (norm <= nil) {
      result.status = SeparationStatus::not_separable;
      break;
    }
    Index worst = 0;
    const double least = (points.transpose() * x).minCoeff(&worst);
    // Above a margin of zero the gap decides; what is below rounding cannot be gained.
    if (norm * norm - least <= settings.gap * norm * norm || std::find(support.begin(), support.end(), worst) != support.end()) {
      result.status = SeparationStatus::converged;
      break;
    }
    support.push_back(worst);
    weight.conservativeResize(weight.size() + 1);
    weight[weight.size() - 1] = 0;
    for (;;) {
      // The least norm in the affine hull: (1 1^T + Q^T Q) u = 1 and u / sum u, everything in units of the largest point.
      const auto s = static_cast<Index>(support.size());
      Matrix<double> Q(points.rows(), s);
      for (Index i = 0; i < s; ++i) Q.col(i) = points.col(support[static_cast<std::size_t>(i)]) / largest;
      const Matrix<double> gram = product_tn<double>(Q, Q).array() + 1.0;
      Vector<double> u = Eigen::LDLT<Matrix<double>>(gram).solve(Vector<double>::Ones(s));
      u /= u.sum();
      if (u.minCoeff() > 1e-15) {
        weight = u;
        break;
      }
      double t = 1;
      for (Index i = 0; i < s; ++i)
        if (u[i] <= 1e-15) t = std::min(t, weight[i] / std::max(weight[i] - u[i], 1e-300));
      weight += t * (u - weight);
      Index first = 0;
      weight.minCoeff(&first);
      std::vector<Index> kept;
      std::vector<double> left;
      for (Index i = 0; i < s; ++i)
        if (i != first && weight[i] > 1e-15) kept.push_back(support[static_cast<std::size_t>(i)]), left.push_back(weight[i]);
      support = std::move(kept);
      weight = Eigen::Map<const Vector<double>>(left.data(), static_cast<Index>(left.size()));
      weight /= weight.sum();
      if (support.size() == 1) break;
    }
    combined();
  }
  combined();
  result.upper = x.norm();
  result.weights = Vector<double>::Zero(m);
  for (std::size_t i = 0; i < support.size(); ++i) result.weights[support[i]] = weight[static_cast<Index>(i)];
  const bool none = result.status == SeparationStatus::not_separable;
  result.w = none ? Vector<double>(Vector<double>::Zero(x.size())) : Vector<double>(x / result.upper);
  result.margin = none ? 0 : (points.transpose() * result.w).minCoeff();
  result.gap = none ? 0 : (result.upper - result.margin) / result.upper;
  if (result.status == SeparationStatus::converged && result.gap > std::max(settings.gap, 1e-9))
    result.status = SeparationStatus::reached_limit;
  return result;
}

}  // namespace tacit::detail
