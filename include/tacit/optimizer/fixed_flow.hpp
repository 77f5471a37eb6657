// SPDX-License-Identifier: MIT
#pragma once
// Gradient flow  theta' = -grad objective(theta)  by the classical Runge-Kutta method of order four, with steps of fixed length: one
// iteration follows the
// flow for the time `interval`, in `substeps` equal steps. Meant for comparisons at given times, such as  |theta_GD(t) - theta_flow(t)|  at
// every step of a
// gradient descent at rate h (interval = h); gradient_flow.hpp chooses its steps to a tolerance.
//   k_1 = F(theta),  k_2 = F(theta + h/2 k_1),  k_3 = F(theta + h/2 k_2),  k_4 = F(theta + h k_3),  theta <- theta + h/6 (k_1 + 2 k_2 + 2
// k_3 + k_4)
// An iteration costs 4 substeps gradients. Stable while  interval / substeps * sharpness < 2.78.  [Hairer, Norsett & Wanner, Solving ODEs
// I, II.1]

#include "chain.hpp"

namespace tacit {

namespace detail {

/// The buffers of the classical Runge-Kutta method, and its loop.
template <Scalar S>
struct RungeKutta4 {
  Vector<S> trial, slope, sum;

  explicit RungeKutta4(Index parameters) : trial(parameters), slope(parameters), sum(parameters) {}

  /// theta <- the flow of -field after `time`. field(theta, out) writes the field; `slope` holds it at the first theta.
  template <class Field>
  void run(Vector<S>& theta, double time, Index substeps, Field&& field) {
    const S h = static_cast<S>(time / static_cast<double>(substeps));
    for (Index k = 0; k < substeps; ++k) {
      if (k > 0) field(theta, slope);
      sum = slope;
      trial = theta - (h / 2) * slope;
      field(trial, slope);
      sum += S(2) * slope;
      trial = theta - (h / 2) * slope;
      field(trial, slope);
      sum += S(2) * slope;
      trial = theta - h * slope;
      field(trial, slope);
      sum += slope;
      theta -= (h / 6) * sum;
    }
  }

  template <class Archive>
  void persist(Archive&) {}  // recomputed at every step
};

}  // namespace detail

struct FixedFlow {
  using stage = SourceTag;
  static constexpr std::string_view name = "FixedFlow";
  static constexpr bool sets_rate = true;
  double interval;     ///< of time that an iteration covers
  Index substeps = 1;  ///< steps of the method in an iteration

  template <class Archive>
  void persist(Archive& archive) {
    archive("interval", interval);
    archive("substeps", substeps);
  }

  template <class P>
  auto start(const P& problem) const {
    require(std::isfinite(interval) && interval > 0, "FixedFlow: .interval is ", interval, ", it needs to be positive and finite");
    require(substeps > 0, "FixedFlow: .substeps is ", substeps, ", it needs to be at least 1");
    return detail::RungeKutta4<typename P::scalar_type>(problem.dimension());
  }
  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, detail::RungeKutta4<S>& state) const {
    step.evaluate(problem, ws);
    state.slope = step.gradient;
    Vector<S>& next = step.replace_next();
    next = step.theta;
    state.run(next, interval, substeps, [&](const Vector<S>& theta, Vector<S>& g) { problem.value_and_gradient(theta, ws, g); });
    step.linearized = Linearized::nowhere;
    step.rate = interval;
  }
};

}  // namespace tacit
