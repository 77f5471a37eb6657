// SPDX-License-Identifier: MIT
#pragma once
// LearningRate turns an update into a step: update <- -eta_t update. eta_t is a number, or a schedule: any value with
// double operator()(Index iteration) const. Schedules here:
//   step_rate({.rate, .factor, .every})        rate * factor^floor(t / every)
//   cosine({.rate, .final, .iterations})       final + (rate - final) (1 + cos(pi t / iterations)) / 2, then final
//   warm_up(iterations, schedule)              schedule(t) * (t + 1) / iterations while t < iterations
// A rate that needs to ask the problem again (line searches, rates tied to the sharpness) is a search: see chain.hpp.

#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "chain.hpp"

namespace tacit {

namespace detail {
/// A schedule's settings where it lists them; else its rates at some iterations, so that two formulas are told apart by what they return.
template <class Archive, class Schedule>
void persist_schedule(Archive& archive, Schedule& schedule) {
  if constexpr (requires { schedule.persist(archive); }) {
    schedule.persist(archive);
  } else {
    std::vector<double> rates;
    for (Index t = 0; t < 1'000'000'000; t = t < 8 ? t + 1 : t + t / 3) rates.push_back(schedule(t));
    archive("rates", rates);
  }
}
}  // namespace detail

struct ConstantRate {
  double rate = std::numeric_limits<double>::quiet_NaN();
  template <class Archive>
  void persist(Archive& archive) {
    archive("rate", rate);
  }
  double operator()(Index) const { return rate; }
  friend std::ostream& operator<<(std::ostream& out, const ConstantRate& s) { return out << s.rate; }
};

struct StepRate {
  double rate, factor = 0.1;
  Index every = 1000;
  template <class Archive>
  void persist(Archive& archive) {
    archive("rate", rate);
    archive("factor", factor);
    archive("every", every);
  }
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
  template <class Archive>
  void persist(Archive& archive) {
    archive("rate", rate);
    archive("final", final);
    archive("iterations", iterations);
  }
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
  template <class Archive>
  void persist(Archive& archive) {
    archive("iterations", iterations);
    detail::persist_schedule(archive, then);
  }
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
  static constexpr std::string_view name = "LearningRate";
  static constexpr bool sets_rate = true;
  Schedule schedule;

  template <class Archive>
  void persist(Archive& archive) {
    detail::persist_schedule(archive, schedule);
  }

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
  friend std::ostream& operator<<(std::ostream& out, const LearningRate& t) {
    if constexpr (requires { out << t.schedule; }) return out << "LearningRate{" << t.schedule << '}';
    else return out << "LearningRate{a schedule}";
  }
};
template <class Number>
requires std::is_arithmetic_v<Number> LearningRate(Number)
->LearningRate<ConstantRate>;
template <class Schedule>
LearningRate(Schedule) -> LearningRate<Schedule>;

}  // namespace tacit
