// SPDX-License-Identifier: MIT
#pragma once
// Schedule-free methods: no schedule to choose, an average in its place.        [Defazio et al. 2024, and the authors' program]
// The oracle is asked at y (the iterate of the run), hooks and the outcome see x; z and x stand in the state. At theta_0: x = z = y. Step k = 0, 1, ...:
//   eta_k = rate min(1, (k + 1) / warm_up),   A <- A + a,  a = (k + 1)^r (max_j<=k eta_j)^power,   c = a / A
//   z <- z - eta_k (u + lambda y),   x <- (1 - c) x + c z,   next y = beta x + (1 - beta) z
// ScheduleFree        u is the update that stands before it: the gradient for schedule_free_sgd
// ScheduleFreeAdamW   v <- v + (1 - beta2) (u^2 - v),  u becomes u / (sqrt(v / (1 - beta2^(k+1))) + eps); with .correction = in_rate, as in the
//                     paper's program, u / (sqrt(v) + eps) at the rate eta_k sqrt(1 - beta2^(k+1))
// beta = 0: x is the mean of the iterates of gradient descent, weighted by a; beta = 1: primal averaging. State: 2 numbers per parameter, 3 with v.
// They set the rate themselves.

#include <cmath>

#include "full_gradient.hpp"
#include "momentum.hpp"
#include "required.hpp"

namespace tacit {

/// Where AdamW's second moment gets its bias correction.
enum class RateCorrection { none, in_rate };
template <>
inline constexpr std::array names_of<RateCorrection>{"none", "in_rate"};

namespace detail {

template <Scalar S>
struct ScheduleFreeState {
  Vector<S> x, z;
  double largest = 0, sum = 0, c = 0;
  Index k = 0,
        seen =
            -1;  ///< steps made, and the iteration of the last one; z is then ahead of x by one step, which x catches up with the weight c

  void catch_up() { x = (1 - static_cast<S>(c)) * x + static_cast<S>(c) * z; }
  template <class Archive>
  void persist(Archive& archive) {
    archive("c", c);
    archive("seen", seen);
    archive("x", x);
    archive("z", z);
    archive("largest", largest);
    archive("sum", sum);
    archive("k", k);
  }
};

/// What both share.
struct ScheduleFreeRule {
  double rate, beta, lambda, r, power;
  Index warm_up;

  void check(const char* who, const char* name_of_beta) const {
    require(std::isfinite(rate) && rate > 0, who, ": .rate is ", rate, ", it needs to be positive and finite");
    require(beta >= 0 && beta <= 1, who, ": .", name_of_beta, " is ", beta, ", it needs to be in [0, 1]");
    require(std::isfinite(lambda) && lambda >= 0, who, ": .lambda is ", lambda, ", it needs to be at least 0");
    require(std::isfinite(r) && r >= 0, who, ": .r is ", r, ", it needs to be at least 0");
    require(std::isfinite(power) && power >= 0, who, ": .power is ", power, ", it needs to be at least 0");
    require(warm_up >= 0, who, ": .warm_up is ", warm_up, ", it needs to be at least 0");
  }
  /// eta_k.
  double rate_at(Index k) const {
    return warm_up > 0 ? rate * std::min(1.0, static_cast<double>(k + 1) / static_cast<double>(warm_up)) : rate;
  }
  /// x and z begin where the run does; later x takes in the z of the last step.
  template <Scalar S>
  static void begin(const Step<S>& step, ScheduleFreeState<S>& state) {
    if (state.k == 0) state.x = state.z = step.theta;
    else state.catch_up();
  }
  /// Moves z along `direction` and lands on the next y.
  template <Scalar S>
  void move(Step<S>& step, ScheduleFreeState<S>& state, const Vector<S>& direction, S eta) const {
    const double eta_k = rate_at(state.k);
    state.largest = std::max(state.largest, eta_k);
    const double a = std::pow(static_cast<double>(state.k + 1), r) * std::pow(state.largest, power);
    state.sum += a;
    state.c = state.sum > 0 ? a / state.sum : 0;
    const S c = static_cast<S>(state.c), b = static_cast<S>(beta);
    if (lambda > 0) state.z -= eta * direction + static_cast<S>(eta_k * lambda) * step.theta;
    else state.z -= eta * direction;
    step.replace_next() = b * ((1 - c) * state.x + c * state.z) + (1 - b) * state.z;
    step.rate = eta_k;
    state.seen = step.iteration;
    ++state.k;
  }
  /// x of theta_t, also where the step at theta_t was not made yet.
  template <Scalar S>
  static bool report(const Step<S>& step, const ScheduleFreeState<S>& state, Vector<S>& out) {
    if (state.k == 0) return false;
    if (state.seen == step.iteration) out = state.x;
    else out = (1 - static_cast<S>(state.c)) * state.x + static_cast<S>(state.c) * state.z;
    return true;
  }
};

}  // namespace detail

struct ScheduleFree {
  using stage = TransformTag;
  static constexpr std::string_view name = "ScheduleFree";
  static constexpr bool sets_rate = true, reports = true;
  double rate = 1, beta = 0.9, lambda = 0;
  Index warm_up = 0;
  double r = 0, power = 2;

  template <class Archive>
  void persist(Archive& archive) {
    archive("rate", rate);
    archive("beta", beta);
    archive("lambda", lambda);
    archive("warm_up", warm_up);
    archive("r", r);
    archive("power", power);
  }
  template <Scalar S>
  detail::ScheduleFreeState<S> start(const Layout& layout) const {
    rule().check("ScheduleFree", "beta");
    const Index P = layout.parameter_count();
    return {Vector<S>::Zero(P), Vector<S>::Zero(P)};
  }
  template <Scalar S>
  void apply(Step<S>& step, detail::ScheduleFreeState<S>& state) const {
    detail::ScheduleFreeRule::begin(step, state);
    const S factor = step.factor();
    rule().move(step, state, step.direction(), static_cast<S>(rule().rate_at(state.k)) * factor);
  }
  template <Scalar S>
  bool report(const Step<S>& step, const detail::ScheduleFreeState<S>& state, Vector<S>& out) const {
    return detail::ScheduleFreeRule::report(step, state, out);
  }

 private:
  detail::ScheduleFreeRule rule() const { return {rate, beta, lambda, r, power, warm_up}; }
};

struct ScheduleFreeAdamW {
  using stage = TransformTag;
  static constexpr std::string_view name = "ScheduleFreeAdamW";
  static constexpr bool sets_rate = true, reports = true;
  double rate = 2.5e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, lambda = 0;
  Index warm_up = 0;
  RateCorrection correction = RateCorrection::none;
  double r = 0, power = 2;

  template <class Archive>
  void persist(Archive& archive) {
    archive("rate", rate);
    archive("beta1", beta1);
    archive("beta2", beta2);
    archive("eps", eps);
    archive("lambda", lambda);
    archive("warm_up", warm_up);
    archive("correction", correction);
    archive("r", r);
    archive("power", power);
  }
  template <Scalar S>
  struct State : detail::ScheduleFreeState<S> {
    Vector<S> v, direction;
    template <class Archive>
    void persist(Archive& archive) {
      detail::ScheduleFreeState<S>::persist(archive);
      archive("v", v);
    }
  };
  template <Scalar S>
  State<S> start(const Layout& layout) const {
    rule().check("ScheduleFreeAdamW", "beta1");
    detail::require_decay("ScheduleFreeAdamW", "beta2", beta2);
    require(eps > 0, "ScheduleFreeAdamW: .eps is ", eps, ", it needs to be positive");
    const Index P = layout.parameter_count();
    State<S> state;
    for (Vector<S>* x : {&state.x, &state.z, &state.v, &state.direction}) *x = Vector<S>::Zero(P);
    return state;
  }
  template <Scalar S>
  void apply(Step<S>& step, State<S>& state) const {
    detail::ScheduleFreeRule::begin(step, state);
    const double unbiased = 1 - std::pow(beta2, static_cast<double>(state.k + 1));
    const bool in_rate = correction == RateCorrection::in_rate;
    const S a2 = static_cast<S>(1 - beta2), tiny = static_cast<S>(eps), cv = static_cast<S>(in_rate ? 1 : 1 / unbiased);
    const S factor = step.factor();
    const Vector<S>& u = step.direction();
    constexpr Index chunk = 1024;
    for (Index at = 0; at < u.size(); at += chunk) {
      const Index n = std::min(chunk, u.size() - at);
      auto v = state.v.segment(at, n);
      auto out = state.direction.segment(at, n);
      out = factor * u.segment(at, n);
      v += a2 * (out.cwiseAbs2() - v);
      out.array() /= (cv * v.array()).sqrt() + tiny;
    }
    rule().move(step, state, state.direction, static_cast<S>(rule().rate_at(state.k) * (in_rate ? std::sqrt(unbiased) : 1)));
  }
  template <Scalar S>
  bool report(const Step<S>& step, const State<S>& state, Vector<S>& out) const {
    return detail::ScheduleFreeRule::report(step, state, out);
  }

 private:
  detail::ScheduleFreeRule rule() const { return {rate, beta1, lambda, r, power, warm_up}; }
};

struct ScheduleFreeSettings {
  double rate = 1, beta = 0.9, lambda = 0;
  Index warm_up = 0;
};
/// Schedule-free gradient descent.
inline auto schedule_free_sgd(ScheduleFreeSettings o = {}) {
  return FullGradient{} | ScheduleFree{.rate = o.rate, .beta = o.beta, .lambda = o.lambda, .warm_up = o.warm_up};
}
struct ScheduleFreeAdamWSettings {
  double rate = 2.5e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, lambda = 0;
  Index warm_up = 0;
};
/// Schedule-free AdamW.
inline auto schedule_free_adamw(ScheduleFreeAdamWSettings o = {}) {
  return FullGradient{} |
         ScheduleFreeAdamW{.rate = o.rate, .beta1 = o.beta1, .beta2 = o.beta2, .eps = o.eps, .lambda = o.lambda, .warm_up = o.warm_up};
}

}  // namespace tacit
