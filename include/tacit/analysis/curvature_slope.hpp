// SPDX-License-Identifier: MIT
#pragma once
// The slope of the curvature along a direction: the gradient of  theta -> v^T H(theta) v  at fixed v, a product of the third derivative
// with v twice. For the unit eigenvector of a simple eigenvalue this is its gradient, d lambda / d theta, since to first order the
// eigenvector turns orthogonally to itself: <slope, -grad L> is how fast the flow sharpens, and the slope what turns descent back at the
// edge of stability [Damian, Nichani & Lee 2023; Cohen et al. 2025].
//
//   const auto s = sharpness(problem, theta);
//   const auto slope = curvature_slope(problem, theta, s.vector);      slope.value, slope.uncertainty
//
// By central differences of Hessian-vector products along v, (H(theta + t v) v - H(theta - t v) v) / 2t, extrapolated to t = 0 as in
// differences.hpp, where they stop as soon as the estimated error is below the tolerance: with a polynomial objective, which the squared
// loss of a factorization is, the tableau is exact to rounding after a few steps. A step costs two gradients and two products, at most 28.

#include "differences.hpp"

namespace tacit {

template <Scalar S>
struct CurvatureSlope {
  Vector<S> value;         ///< grad (v^T H v)
  double uncertainty = 0;  ///< of value in the 2-norm, estimated
  Index products = 0;

  /// d/dt v^T H(theta + t d) v at t = 0.
  double along(const Vector<S>& d) const { return static_cast<double>(value.dot(d)); }
};

/// v of any length; `tolerance` is relative to the slope, and rounding bounds it below.
template <class P>
CurvatureSlope<typename P::scalar_type> curvature_slope(const P& problem, const Vector<typename P::scalar_type>& theta,
                                                        const Vector<typename P::scalar_type>& v, double tolerance = 1e-10) {
  using S = typename P::scalar_type;
  problem.layout().require_size(theta.size(), "curvature_slope");
  problem.layout().require_size(v.size(), "curvature_slope: v");
  const double length = static_cast<double>(detail::norm(v));
  require(length > 0 && std::isfinite(length), "curvature_slope: the direction v is ", length > 0 ? "not finite" : "zero");
  auto ws = problem.workspace();
  Vector<S> moved, g(theta.size()), hv(theta.size());
  CurvatureSlope<S> slope;
  const double step = detail::direction_length(theta) / length;  // t = 1/2 moves theta by half its length
  const auto f = [&](double t) {
    moved = theta + static_cast<S>(t * step) * v;
    problem.value_and_gradient(moved, ws, g);
    problem.hessian_times_linearized(moved, v, ws, hv);
    ++slope.products;
    return hv.template cast<double>().eval();
  };
  const auto [derivative, error] = detail::extrapolated_derivative(f, std::numeric_limits<S>::epsilon(), tolerance);
  slope.value = (derivative / step).template cast<S>();
  slope.uncertainty = error / step;
  return slope;
}

}  // namespace tacit
