// SPDX-License-Identifier: MIT
#pragma once
// Descends the gradient-regularized objective  L(theta) + lambda/2 |grad L(theta)|^2, whose gradient is  g + lambda H g, with the exact
// Hessian-vector product (double backpropagation).              [Barrett & Dherin 2021, explicit regularization; Karakida et al. 2023, DB]
// The loss and gradient that hooks see are those of L. One step costs one gradient and one Hessian-vector product, about three gradients.

#include "chain.hpp"

namespace tacit {

struct GradientPenalty {
  using stage = SourceTag;
  static constexpr std::string_view name = "GradientPenalty";
  double lambda;

  template <class Archive>
  void persist(Archive& archive) {
    archive("lambda", lambda);
  }

  template <Scalar S>
  struct State {
    Vector<S> hessian_gradient;
    template <class Archive>
    void persist(Archive&) {}  // recomputed at every step
  };
  template <class P>
  auto start(const P& problem) const {
    detail::require_hessian_products("GradientPenalty", problem);
    require(std::isfinite(lambda), "GradientPenalty: .lambda is ", lambda);
    return State<typename P::scalar_type>{Vector<typename P::scalar_type>(problem.dimension())};
  }
  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, State<S>& state) const {
    step.evaluate(problem, ws);
    step.hessian_times(problem, ws, step.gradient, state.hessian_gradient);
    step.replace() = step.gradient + static_cast<S>(lambda) * state.hessian_gradient;
  }
};

}  // namespace tacit
