// SPDX-License-Identifier: MIT
#pragma once
// The flow that gradient descent at rate h follows to second order,
//   theta' = -(grad L + (h/2) H grad L) = -grad ( L + (h/4) |grad L|^2 ),                  [Barrett & Dherin 2021, backward error analysis]
// by the Runge-Kutta method of fixed_flow.hpp. One step of descent is O(h^3) from it, and O(h^2) from the flow of L; after a fixed time the
// distances are
// O(h^2) and O(h). An iteration covers the time `interval`, by default h: iterations of both then stand side by side. It costs 4 substeps
// gradients and
// as many exact Hessian-vector products. The value and gradient that hooks see are those of L.

#include "fixed_flow.hpp"

namespace tacit {

struct ModifiedFlow {
  using stage = SourceTag;
  static constexpr std::string_view name = "ModifiedFlow";
  static constexpr bool sets_rate = true;
  double h;             ///< the rate of the gradient descent described; 0 gives the flow of L
  double interval = 0;  ///< of time that an iteration covers; 0: h
  Index substeps = 1;   ///< steps of the method in an iteration

  template <class Archive>
  void persist(Archive& archive) {
    archive("h", h);
    archive("interval", interval);
    archive("substeps", substeps);
  }

  template <Scalar S>
  struct State : detail::RungeKutta4<S> {
    Vector<S> gradient;
    explicit State(Index parameters) : detail::RungeKutta4<S>(parameters), gradient(parameters) {}
  };
  template <class P>
  auto start(const P& problem) const {
    require(std::isfinite(h) && h >= 0, "ModifiedFlow: .h is ", h, ", it needs to be 0 or more");
    require(std::isfinite(interval) && interval >= 0, "ModifiedFlow: .interval is ", interval, ", it needs to be positive, or 0 for h");
    require(interval > 0 || h > 0, "ModifiedFlow: .h and .interval are both 0, an iteration needs a time to cover");
    require(substeps > 0, "ModifiedFlow: .substeps is ", substeps, ", it needs to be at least 1");
    return State<typename P::scalar_type>(problem.dimension());
  }
  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, State<S>& state) const {
    const S half = static_cast<S>(h / 2);
    step.evaluate(problem, ws);
    step.hessian_times(problem, ws, step.gradient, state.slope);
    state.slope = step.gradient + half * state.slope;
    Vector<S>& next = step.replace_next();
    next = step.theta;
    step.rate = interval > 0 ? interval : h;
    state.run(next, step.rate, substeps, [&](const Vector<S>& theta, Vector<S>& field) {
      problem.value_and_gradient(theta, ws, state.gradient);
      problem.hessian_times_linearized(theta, state.gradient, ws, field);
      field = state.gradient + half * field;
    });
    step.linearized = Linearized::nowhere;
  }
};

}  // namespace tacit
