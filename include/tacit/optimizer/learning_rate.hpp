// SPDX-License-Identifier: MIT
#pragma once
// LearningRate turns an update into a step: update <- -eta_t update. eta_t is a number, or a schedule (schedule.hpp): any value with
// double operator()(Index iteration) const. A rate that needs to ask the problem again (line searches, rates tied to the sharpness) is a
// search: see
// chain.hpp.

#include "chain.hpp"
#include "schedule.hpp"

namespace tacit {

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
  static constexpr bool only_scales = true;
  Schedule schedule;

  template <class Archive>
  void persist(Archive& archive) {
    if constexpr (requires(const std::string& text) { schedule.read(text); })
      archive("rate", schedule);  // from text, as any number would be
    else detail::persist_schedule(archive, schedule);
  }

  template <Scalar S>
  Nothing start(const Layout&) const {
    const double first = schedule(0);
    require(std::isfinite(first) && first > 0, "LearningRate: the rate is ", first, ", it needs to be positive and finite");
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
