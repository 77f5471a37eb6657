// SPDX-License-Identifier: MIT
#pragma once
// LearningRate turns an update into a step: update <- -eta_t update. eta_t is a number, or a schedule: any value with
// double operator()(Index iteration) const. Schedules here:
//   step_rate({.rate, .factor, .every})        rate * factor^floor(t / every)
//   cosine({.rate, .final, .iterations})       final + (rate - final) (1 + cos(pi t / iterations)) / 2, then final
//   warm_up(iterations, schedule)              schedule(t) * (t + 1) / iterations while t < iterations
// A rate tied to the sharpness needs Hessian-vector products, which only sources may ask for: see sharpness_rate.hpp.

#include <cmath>
#include <numbers>
#include <utility>

#include "chain.hpp"

namespace tacit {

struct ConstantRate {
  double rate;
  double operator()(Index) const { return rate; }
  friend std::ostream& operator<<(std::ostream& out, const ConstantRate& s) { return out << s.rate; }
};

struct StepRate {
  double rate, factor = 0.1;
  Index every = 1000;
  double operator()(Index t) const { return rate * std::pow(factor, static_cast<double>(t / every)); }
  friend std::ostream& operator<<(std::ostream& out, const StepRate& s) {
    return out << "step_rate({.rate = " << s.rate << ", .factor = " << s.factor << ", .every = " << s.every << "})";
  }
};
inline StepRate step_rate(StepRate s) {
  require(s.rate > 0 && s.factor > 0 && s.every > 0, "step_rate: rate ", s.rate, ", factor ", s.factor, " and every ", s.every,
          " need to be positive");
  return s;
}

struct Cosine {
  double rate, final = 0;
  Index iterations;
  double operator()(Index t) const {
    if (t >= iterations) return final;
    return final + (rate - final) * (1 + std::cos(std::numbers::pi * static_cast<double>(t) / static_cast<double>(iterations))) / 2;
  }
  friend std::ostream& operator<<(std::ostream& out, const Cosine& s) {
    return out << "cosine({.rate = " << s.rate << ", .final = " << s.final << ", .iterations = " << s.iterations << "})";
  }
};
inline Cosine cosine(Cosine s) {
  require(s.rate > 0 && s.final >= 0 && s.iterations > 0, "cosine: rate ", s.rate, " and iterations ", s.iterations,
          " need to be positive, final ", s.final, " not negative");
  return s;
}

template <class Schedule>
struct WarmUp {
  Index iterations;
  Schedule then;
  double operator()(Index t) const {
    return t < iterations ? then(t) * static_cast<double>(t + 1) / static_cast<double>(iterations) : then(t);
  }
  friend std::ostream& operator<<(std::ostream& out, const WarmUp& s) { return out << "warm_up(" << s.iterations << ", " << s.then << ')'; }
};
template <class Schedule>
WarmUp<Schedule> warm_up(Index iterations, Schedule then) {
  require(iterations > 0, "warm_up: iterations is ", iterations, ", it needs to be at least 1");
  return {iterations, std::move(then)};
}
inline WarmUp<ConstantRate> warm_up(Index iterations, double eta) { return warm_up(iterations, ConstantRate{eta}); }

template <class Schedule = ConstantRate>
struct LearningRate {
  static_assert(
      requires(const Schedule at) {
        { at(Index(0)) } -> std::convertible_to<double>;
      },
      "LearningRate: a schedule is called with the iteration and returns the rate");
  using stage = TransformTag;
  static constexpr bool sets_rate = true;
  Schedule schedule;

  template <Scalar S>
  Nothing start(const Layout&) const {
    const double first = schedule(0);
    require(std::isfinite(first) && first > 0, "LearningRate: the rate is ", first, ", it needs to be positive");
    return {};
  }
  template <Scalar S>
  void apply(Step<S>& step, Nothing&) const {
    const double eta = schedule(step.iteration);
    step.scale(static_cast<S>(-eta));
    step.rate = std::abs(static_cast<double>(step.factor()));  // lr/s of GroupRMSprop, not lr: the length that multiplies the direction
  }
  friend std::ostream& operator<<(std::ostream& out, const LearningRate& t) { return out << "LearningRate{" << t.schedule << '}'; }
};
template <class Number>
requires std::is_arithmetic_v<Number> LearningRate(Number)
->LearningRate<ConstantRate>;
template <class Schedule>
LearningRate(Schedule) -> LearningRate<Schedule>;

}  // namespace tacit
