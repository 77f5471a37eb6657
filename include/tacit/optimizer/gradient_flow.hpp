// SPDX-License-Identifier: MIT
#pragma once
// Gradient flow  theta' = -grad objective(theta)  by the embedded Runge-Kutta pair 5(4) of Dormand and Prince 1980, to a tolerance.
//
//   train(problem, theta, GradientFlow{.rtol = 1e-10, .atol = 1e-12, .time = 100}, {.iterations = 100'000}, every(1, history));
//
// One accepted step is one iteration; it costs six gradients, and six for each trial taken back. The method is explicit: its steps are bounded by about
// 3.3 / sharpness, however smooth the flow is. Diagonal nets have a stiff-safe form, diagonal_flow.hpp.
// Step control, end time and what ends a run: flow_state.hpp.

#include <array>

#include "flow_state.hpp"

namespace tacit {

struct GradientFlow {
  using stage = SourceTag;
  static constexpr std::string_view name = "GradientFlow";
  static constexpr bool sets_rate = true;
  double rtol = 1e-6, atol = 1e-9;                        ///< of the local error in each entry of theta
  double time = std::numeric_limits<double>::infinity();  ///< the flow ends at this time, exactly

  template <class Archive>
  void persist(Archive& archive) {
    archive("rtol", rtol);
    archive("atol", atol);
    archive("time", time);
  }

  template <Scalar S>
  struct State : detail::FlowState<S> {
    std::array<Vector<S>, 5> g;  ///< gradients at the stages 2 ... 6
    Vector<S> trial, error;
  };
  template <class P>
  auto start(const P& problem) const {
    using S = typename P::scalar_type;
    detail::require_flow("GradientFlow", rtol, atol, time);
    State<S> state;
    for (Vector<S>& g : state.g) g.resize(problem.dimension());
    state.trial.resize(problem.dimension());
    state.error.resize(problem.dimension());
    return state;
  }

  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, State<S>& state) const {
    if (!state.resume(problem, ws, step) || state.arrived(time, step)) return;
    if (state.h == 0) state.h = first_step(problem, ws, step, state);
    for (double h; (h = state.length(time, step)) > 0;) {
      for (std::size_t stage = 1; stage < 6; ++stage) {
        combine(a[stage - 1], stage, h, step, state, state.trial);
        state.trial += step.theta;
        problem.value_and_gradient(state.trial, ws, state.g[stage - 1]);
      }
      step.restart();
      combine(a[5], 6, h, step, state, step.replace());
      const Evaluation<S>& next = step.look_ahead(problem, ws);
      combine(e, 6, h, step, state, state.error);
      state.error -= static_cast<S>(h * e[6]) * next.gradient;
      const double error =
          next.finite() ? state.norm(state.error, step.theta, next.theta, rtol, atol) : std::numeric_limits<double>::infinity();
      if (state.judge(error, h, 5, time)) return state.accept(h, time, step);
    }
  }

 private:
  using Row = std::array<double, 7>;
  static constexpr Row a[] = {{1.0 / 5},
                              {3.0 / 40, 9.0 / 40},
                              {44.0 / 45, -56.0 / 15, 32.0 / 9},
                              {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
                              {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
                              {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84}};
  /// Weights of order 5 minus those of order 4.
  static constexpr Row e = {71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40};

  /// out = -h sum_j weight_j g_j over the first `count` stages.
  template <Scalar S>
  static void combine(const Row& weight, std::size_t count, double h, const Step<S>& step, const State<S>& state, Vector<S>& out) {
    out = static_cast<S>(-h * weight[0]) * step.gradient;
    for (std::size_t j = 1; j < count; ++j)
      if (weight[j] != 0) out -= static_cast<S>(h * weight[j]) * state.g[j - 1];
  }
  /// A step at which an Euler step's error is about a hundredth of the tolerance.         [Hairer, Norsett & Wanner, Solving ODEs I, II.4]
  template <class P, Scalar S>
  double first_step(const P& problem, typename P::Workspace& ws, const Step<S>& step, State<S>& state) const {
    const double size = state.norm(step.theta, step.theta, step.theta, rtol, atol),
                 speed = state.norm(step.gradient, step.theta, step.theta, rtol, atol);
    const double euler = size > 1e-5 && speed > 1e-5 ? 0.01 * size / speed : 1e-6;
    state.trial = step.theta - static_cast<S>(euler) * step.gradient;
    problem.value_and_gradient(state.trial, ws, state.g[0]);
    state.error = state.g[0] - step.gradient;
    const double bend = state.norm(state.error, step.theta, step.theta, rtol, atol) / euler, most = std::max(speed, bend);
    const double guess = most > 1e-15 ? std::pow(0.01 / most, 0.2) : 1e-3;
    return std::isfinite(guess) ? std::min(100 * euler, guess) : euler;
  }
};

}  // namespace tacit
