// SPDX-License-Identifier: MIT
#pragma once
// Probes of implicit gradient regularization: descent at rate h follows the flow of  E + lambda R_IG  to second order, with          [Barrett & Dherin 2021]
//   R_IG = (1/P) |grad E|^2,    lambda = h P / 4,    lambda R_IG = (h/4) |grad E|^2
//   implicit_gradient_regularizer()     R_IG, lambda_R_IG      of the objective; h is the step's rate, or the one given
//   hessian_gradient_norm               |H grad E|: the gradient of lambda R_IG is (h/2) H grad E; one Hessian-vector product
// Beside the flow itself (optimizer/modified_flow.hpp), h is given, since a flow has no rate.

#include <array>

#include "probe.hpp"

namespace tacit {

/// h = 0: the rate of the step that is shown.
inline auto implicit_gradient_regularizer(double h = 0) {
  require(std::isfinite(h) && h >= 0, "implicit_gradient_regularizer: h is ", h, ", it needs to be positive, or 0 for the step's rate");
  return probe("R_IG", {"R_IG", "lambda_R_IG"}, [h](const auto& now) {
    const double norm = static_cast<double>(now.gradient_norm()), used = h > 0 ? h : static_cast<double>(now.rate());
    return std::array<double, 2>{norm * norm / static_cast<double>(now.theta().size()), used / 4 * norm * norm};
  });
}

namespace detail {
struct HessianGradientNormDefinition {
  static constexpr const char* name = "hessian_gradient_norm";
  template <class P>
  static double of(const Snapshot<P>& now) {
    if constexpr (requires(const P& p, typename P::Workspace& ws, Vector<typename P::scalar_type> v) {
                    p.hessian_times_linearized(v, v, ws, v);
                  }) {
      const Vector<typename P::scalar_type> gradient = now.gradient();
      Vector<typename P::scalar_type> Hg(gradient.size());
      now.hessian_times(gradient, Hg);
      return static_cast<double>(norm(Hg));
    } else {
      return refuse_model<double>("hessian_gradient_norm", "Hessian-vector products (hessian_times_linearized)");
    }
  }
};
}  // namespace detail
inline constexpr detail::FixedProbe<detail::HessianGradientNormDefinition> hessian_gradient_norm{};

}  // namespace tacit
