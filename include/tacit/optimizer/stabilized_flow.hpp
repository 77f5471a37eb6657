// SPDX-License-Identifier: MIT
#pragma once
// Gradient flow  theta' = -grad objective(theta) = f(theta)  by the stabilised explicit Runge-Kutta-Chebyshev method of order two: s stages
// reach a step of 0.65 s^2 / sharpness, where other explicit methods reach a multiple of s / sharpness. Meant for stiff flows at moderate
// tolerances: plateaus, the long ends of deep factorizations.                               [Sommeijer, Shampine & Verwer 1998, RKC]
//   T_j the Chebyshev polynomials at  w0 = 1 + 2 / (13 s^2),   w1 = T'_s / T''_s,   b_j = T''_j / (T'_j)^2,  b_0 = b_1 = b_2,  a_j = 1 - b_j T_j
//   Y_1 = theta + b_1 w1 h f(theta)
//   Y_j = (1 - m - n) theta + m Y_{j-1} + n Y_{j-2} + m' h (f(Y_{j-1}) - a_{j-1} f(theta)),
//         m = 2 b_j w0 / b_{j-1},  n = -b_j / b_{j-2},  m' = 2 b_j w1 / b_{j-1}
// Error  0.8 (theta - Y_s) + 0.4 h (f(theta) + f(Y_s))  in the norm of flow_state.hpp, where end time and what ends a run stand, too; steps
// by a PI controller. s = 1 + floor(sqrt(1.54 h r + 1)), r 1.2 times the modulus of the Hessian's largest eigenvalue, by the power method
// from the last eigenvector, on exact Hessian-vector products, or on differences of gradients where the oracle has none; anew every
// `renew` steps and after a rejection. A step costs s gradients, as does each trial taken back. Near the end of a plateau a tolerance
// looser than 1e-5 moves the moment of its end. Being of order two, its error over the whole flow falls as rtol^(2/3): at the same small rtol,
// GradientFlow (order five) is nearer where the flow is not stiff.

#include "../core/random.hpp"
#include "flow_state.hpp"

namespace tacit {

struct StabilizedFlow {
  using stage = SourceTag;
  static constexpr std::string_view name = "StabilizedFlow";
  static constexpr bool sets_rate = true;
  double rtol = 1e-6, atol = 1e-9;                        ///< of the local error in each entry of theta
  double time = std::numeric_limits<double>::infinity();  ///< the flow ends at this time, exactly
  Index renew = 25;                                       ///< steps between estimates of the spectral radius

  template <class Archive>
  void persist(Archive& archive) {
    archive("rtol", rtol);
    archive("atol", atol);
    archive("time", time);
    archive("renew", renew);
  }

  template <Scalar S>
  struct State : detail::FlowState<S> {
    Vector<S> direction;       ///< the last iterate of the power method
    double radius = 0;         ///< at least the modulus of the Hessian's largest eigenvalue, as far as is known
    Index since = 0;           ///< steps since it was estimated; 0: it is to be
    double last_length = 0;    ///< of the last accepted step; 0 before the first one
    Vector<S> one, two, g, v;  ///< Y_{j-1}, Y_{j-2}, a gradient, a product

    template <class Archive>
    void persist(Archive& archive) {
      detail::FlowState<S>::persist(archive);
      archive("direction", direction);
      archive("radius", radius);
      archive("since", since);
      archive("last_length", last_length);
    }
  };
  template <class P>
  auto start(const P& problem) const {
    using S = typename P::scalar_type;
    detail::require_flow("StabilizedFlow", rtol, atol, time);
    require(renew > 0, "StabilizedFlow: .renew is ", renew, ", it needs to be at least 1");
    State<S> state;
    for (Vector<S>* buffer : {&state.one, &state.two, &state.g, &state.v, &state.direction}) buffer->resize(problem.dimension());
    Random random(1, "spectral radius");
    for (S& x : state.direction) x = static_cast<S>(random.normal());
    state.direction /= state.direction.norm();
    return state;
  }

  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, State<S>& state) const {
    if (!state.resume(problem, ws, step) || state.arrived(time, step)) return;
    bool estimated_here = false;
    const auto estimate = [&] {
      if (!std::exchange(estimated_here, true)) state.radius = 1.2 * spectral_radius(problem, ws, step, state);
      state.since = 0;
    };
    if (state.since == 0 || state.since >= renew) estimate();
    if (state.h == 0) state.h = first_step(problem, ws, step, state);
    for (;;) {
      // Rounding grows with the square of the number of stages.
      // Rounding allows so many; ten thousand are enough for one step, whatever the tolerance.
      const double most_stages = std::clamp(std::sqrt(rtol / (10 * static_cast<double>(std::numeric_limits<S>::epsilon()))), 2.0, 1e4);
      if (state.radius > 0) state.h = std::min(state.h, (most_stages * most_stages - 1) / (1.54 * state.radius));
      const double h = state.length(time, step);
      if (!(h > 0)) return;
      const Index stages = 1 + static_cast<Index>(std::sqrt(1.54 * h * state.radius + 1));
      const double error = attempt(problem, ws, step, state, h, stages);
      if (error <= 1) {
        const double floored = std::max(error, 1e-4);
        const double factor = state.last_length > 0 ? 0.8 * std::cbrt(state.last_error / (floored * floored)) * (h / state.last_length)
                                                    : 0.8 / std::cbrt(floored);
        const double next = h * std::clamp(factor, 0.1, 10.0);
        state.h = state.time + h >= time ? std::max(state.h, next) : next;  // a step cut short at the end says nothing about longer ones
        state.last_error = floored;
        state.last_length = h;
        ++state.since;
        return state.accept(h, time, step);
      }
      state.h = h * (std::isfinite(error) ? std::clamp(0.8 / std::cbrt(error), 0.1, 0.8) : 0.1);
      estimate();
    }
  }

 private:
  /// One step of length h in so many stages, looked ahead at; returns its error relative to the tolerances.
  template <class P, Scalar S>
  double attempt(const P& problem, typename P::Workspace& ws, Step<S>& step, State<S>& state, double h, Index stages) const {
    const double w0 = 1 + 2 / (13 * static_cast<double>(stages) * static_cast<double>(stages));
    Chebyshev end(w0);
    for (Index j = 2; j <= stages; ++j) end.advance();
    const double w1 = end.first / end.second;

    Chebyshev T(w0);
    T.advance();
    const double b2 = T.b();
    T = Chebyshev(w0);
    double b = b2, b_before = b2, a = 1 - b2 * w0;  // of j - 1, j - 2, j - 1
    Vector<S>&before = state.two, &last = state.one;
    before = step.theta;
    last = step.theta - static_cast<S>(b2 * w1 * h) * step.gradient;
    for (Index j = 2; j <= stages; ++j) {
      T.advance();
      const double b_now = j == 2 ? b2 : T.b(), m = 2 * b_now * w0 / b, n = -b_now / b_before, mh = 2 * b_now * w1 / b * h;
      problem.value_and_gradient(last, ws, state.g);
      before = static_cast<S>(1 - m - n) * step.theta + static_cast<S>(m) * last + static_cast<S>(n) * before -
               static_cast<S>(mh) * state.g + static_cast<S>(mh * a) * step.gradient;
      before.swap(last);
      b_before = b;
      b = b_now;
      a = 1 - b_now * T.value;
    }
    step.restart();
    step.replace_next() = last;
    const Evaluation<S>& next = step.look_ahead(problem, ws);
    if (!next.finite()) return std::numeric_limits<double>::infinity();
    state.g = S(0.8) * (step.theta - next.theta) - static_cast<S>(0.4 * h) * (step.gradient + next.gradient);
    return state.norm(state.g, step.theta, next.theta, rtol, atol);
  }

  /// T_j with its first two derivatives at x, from j = 1 on.
  struct Chebyshev {
    double x, value, first = 1, second = 0;
    double value_before = 1, first_before = 0, second_before = 0;
    explicit Chebyshev(double at) : x(at), value(at) {}
    void advance() {
      const double v = 2 * x * value - value_before, d = 2 * (value + x * first) - first_before,
                   dd = 2 * (2 * first + x * second) - second_before;
      value_before = value, first_before = first, second_before = second;
      value = v, first = d, second = dd;
    }
    double b() const { return second / (first * first); }
  };

  /// |lambda|_max at theta_t to about 1 %.
  template <class P, Scalar S>
  static double spectral_radius(const P& problem, typename P::Workspace& ws, Step<S>& step, State<S>& state) {
    double radius = 0;
    for (int round = 0; round < 50; ++round) {
      const double last = radius;
      if constexpr (requires { problem.hessian_times_linearized(step.theta, state.direction, ws, state.v); }) {
        step.hessian_times(problem, ws, state.direction, state.v);
      } else {
        const S size = step.theta.norm(), eps = std::sqrt(std::numeric_limits<S>::epsilon()) * (size > 0 ? size : S(1));
        state.g = step.theta + eps * state.direction;
        problem.value_and_gradient(state.g, ws, state.v);
        state.v = (state.v - step.gradient) / eps;
        step.linearized = Linearized::nowhere;
      }
      radius = static_cast<double>(state.v.norm());
      if (!std::isfinite(radius)) return last;
      if (radius == 0) return 0;
      state.direction = state.v / state.v.norm();
      if (round > 0 && std::abs(radius - last) <= 0.01 * radius) break;
    }
    return radius;
  }
  /// A step for which the difference of an Euler step's two slopes is about a tenth of the tolerance.
  template <class P, Scalar S>
  double first_step(const P& problem, typename P::Workspace& ws, Step<S>& step, State<S>& state) const {
    const double speed = state.norm(step.gradient, step.theta, step.theta, rtol, atol),
                 size = state.norm(step.theta, step.theta, step.theta, rtol, atol);
    double euler = speed > 1e-5 && size > 1e-5 ? 0.01 * size / speed : 1e-6;
    if (state.radius > 0) euler = std::min(euler, 1 / state.radius);
    state.one = step.theta - static_cast<S>(euler) * step.gradient;
    problem.value_and_gradient(state.one, ws, state.g);
    step.linearized = Linearized::nowhere;
    state.g -= step.gradient;
    const double bend = euler * state.norm(state.g, step.theta, step.theta, rtol, atol);
    const double guess = 0.1 * euler / std::sqrt(bend);
    return std::isfinite(guess) ? std::clamp(guess, 0.01 * euler, 100 * euler) : euler;
  }
};

}  // namespace tacit
