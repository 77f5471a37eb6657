// SPDX-License-Identifier: MIT
#pragma once
// Schedules: a rate for each iteration t = 0, 1, ..., as plain values. Any value with double operator()(Index iteration) const is one.
// Those here:
//   constant(rate)
//   step_rate({.rate, .factor, .every})        rate * factor^floor(t / every)
//   cosine({.rate, .final, .iterations})       final + (rate - final) (1 + cos(pi t / iterations)) / 2, then final
//   linear({.rate, .final, .iterations})       rate + (final - rate) t / iterations, then final
//   warm_up(iterations, schedule or rate)      schedule(t) * (t + 1) / iterations while t < iterations
// More stand in one_cycle.hpp and decaying_rate.hpp. One after another, each counting its own iterations from 0:
//   warm_up(100, 0.1).then(cosine({.rate = 0.1, .final = 1e-3, .iterations = 400})).then(constant(1e-3))
//   warm_up(100).then(cosine(...))             rises to the first rate of what follows
//   constant(0.1).lasting(50).then(...)        what has no length of its own is given one
// PyTorch's StepLR, CosineAnnealingLR (until its first minimum), LinearLR and SequentialLR are the same numbers.

#include <cmath>
#include <concepts>
#include <limits>
#include <numbers>
#include <ostream>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/check.hpp"
#include "../core/scalar.hpp"

namespace tacit {

struct ConstantRate;

namespace detail {

/// A schedule's settings, under its name, where it lists them; else its rates at some iterations, so that two formulas are told apart
/// by what they return.
template <class Archive, class Schedule>
void persist_schedule(Archive& archive, Schedule& schedule) {
  if constexpr (requires { Schedule::name, schedule.persist(archive); }) {
    archive(Schedule::name, schedule);
  } else if constexpr (requires { schedule.persist(archive); }) {
    schedule.persist(archive);
  } else {
    std::vector<double> rates;
    for (Index t = 0; t < 1'000'000'000; t = t < 8 ? t + 1 : t + t / 3) rates.push_back(schedule(t));
    archive("rates", rates);
  }
}
template <class Schedule>
void print_schedule(std::ostream& out, const Schedule& schedule) {
  if constexpr (std::same_as<Schedule, ConstantRate>) out << "constant(" << schedule.rate << ')';
  else if constexpr (requires { out << schedule; }) out << schedule;
  else out << "a schedule";
}

}  // namespace detail

template <class First>
struct Lasting;
template <class First, class Next>
struct OneAfterAnother;
namespace detail {
template <class First, class Next>
OneAfterAnother<First, Next> one_after_another(const First& first, Next next);
template <class First>
Lasting<First> with_length(const First& first, Index iterations);
}  // namespace detail

/// `first` for so many iterations.
template <class First>
struct Lasting {
  First first;
  Index iterations;
  template <class Archive>
  void persist(Archive& archive) {
    detail::persist_schedule(archive, first);
    archive("lasting", iterations);
  }
  double operator()(Index t) const { return first(t); }
  template <class Next>
  auto then(Next next) const {
    return detail::one_after_another(*this, std::move(next));
  }
  friend std::ostream& operator<<(std::ostream& out, const Lasting& s) {
    detail::print_schedule(out, s.first);
    return out << ".lasting(" << s.iterations << ')';
  }
};

/// `first` while it lasts, then `next` from its beginning.
template <class First, class Next>
struct OneAfterAnother {
  static constexpr std::string_view name = "then";
  First first;
  Next next;
  template <class Archive>
  void persist(Archive& archive) {
    detail::persist_schedule(archive, first);
    detail::persist_schedule(archive, next);
  }
  double operator()(Index t) const { return t < first.iterations ? first(t) : next(t - first.iterations); }
  /// Appends to the end: next.then(another).
  template <class Another>
  auto then(Another another) const {
    static_assert(
        requires { next.then(another); }, "schedule: what is to be followed by another needs an end: write .lasting(iterations).then(...)");
    return detail::one_after_another(first, next.then(std::move(another)));
  }
  auto lasting(Index iterations) const requires requires { next.lasting(iterations); }
  { return detail::one_after_another(first, next.lasting(iterations)); }
  friend std::ostream& operator<<(std::ostream& out, const OneAfterAnother& s) {
    detail::print_schedule(out, s.first);
    out << ".then(";
    detail::print_schedule(out, s.next);
    return out << ')';
  }
};

namespace detail {
template <class First, class Next>
OneAfterAnother<First, Next> one_after_another(const First& first, Next next) {
  static_assert(
      requires {
        { next(Index(0)) } -> std::convertible_to<double>;
      },
      "schedule: .then(...) takes a schedule, which is called with the iteration and returns the rate");
  return {first, std::move(next)};
}
template <class First>
Lasting<First> with_length(const First& first, Index iterations) {
  require(iterations > 0, "lasting: iterations is ", iterations, ", it needs to be at least 1");
  return {first, iterations};
}
}  // namespace detail

struct ConstantRate {
  double rate = std::numeric_limits<double>::quiet_NaN();
  template <class Archive>
  void persist(Archive& archive) {
    archive("rate", rate);
  }
  double operator()(Index) const { return rate; }
  auto lasting(Index iterations) const { return detail::with_length(*this, iterations); }
  friend std::ostream& operator<<(std::ostream& out, const ConstantRate& s) { return out << s.rate; }
};
inline ConstantRate constant(double rate) { return {rate}; }

struct StepRate {
  static constexpr std::string_view name = "step_rate";
  double rate, factor = 0.1;
  Index every = 1000;
  template <class Archive>
  void persist(Archive& archive) {
    archive("rate", rate);
    archive("factor", factor);
    archive("every", every);
  }
  double operator()(Index t) const { return rate * std::pow(factor, static_cast<double>(t / every)); }
  auto lasting(Index iterations) const { return detail::with_length(*this, iterations); }
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
  static constexpr std::string_view name = "cosine";
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
  template <class Next>
  auto then(Next next) const {
    return detail::one_after_another(*this, std::move(next));
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

struct LinearRate {
  static constexpr std::string_view name = "linear";
  double rate, final;
  Index iterations;
  template <class Archive>
  void persist(Archive& archive) {
    archive("rate", rate);
    archive("final", final);
    archive("iterations", iterations);
  }
  double operator()(Index t) const {
    if (t >= iterations) return final;
    return rate + (final - rate) * (static_cast<double>(t) / static_cast<double>(iterations));
  }
  template <class Next>
  auto then(Next next) const {
    return detail::one_after_another(*this, std::move(next));
  }
  friend std::ostream& operator<<(std::ostream& out, const LinearRate& s) {
    return out << "linear({.rate = " << s.rate << ", .final = " << s.final << ", .iterations = " << s.iterations << "})";
  }
};
inline LinearRate linear(LinearRate s) {
  require(s.rate > 0 && s.final >= 0 && s.iterations > 0, "linear: rate ", s.rate, " and iterations ", s.iterations,
          " need to be positive, final ", s.final, " not negative");
  return s;
}

template <class Schedule>
struct WarmUp {
  static constexpr std::string_view name = "warm_up";
  Index iterations;
  Schedule schedule;
  template <class Archive>
  void persist(Archive& archive) {
    archive("iterations", iterations);
    detail::persist_schedule(archive, schedule);
  }
  double operator()(Index t) const {
    return t < iterations ? schedule(t) * static_cast<double>(t + 1) / static_cast<double>(iterations) : schedule(t);
  }
  template <class Next>
  auto then(Next next) const {
    return detail::one_after_another(*this, std::move(next));
  }
  friend std::ostream& operator<<(std::ostream& out, const WarmUp& s) {
    out << "warm_up(" << s.iterations << ", ";
    if constexpr (requires { out << s.schedule; }) out << s.schedule;
    else out << "a schedule";
    return out << ')';
  }
};
template <class Schedule>
WarmUp<Schedule> warm_up(Index iterations, Schedule schedule) {
  require(iterations > 0, "warm_up: iterations is ", iterations, ", it needs to be at least 1");
  return {iterations, std::move(schedule)};
}
inline WarmUp<ConstantRate> warm_up(Index iterations, double eta) { return warm_up(iterations, ConstantRate{eta}); }

/// A warm-up that does not say to which rate: only what follows does.
struct WarmUpToNext {
  Index iterations;
  template <class Next>
  auto then(Next next) const {
    const double first = next(Index(0));
    return warm_up(iterations, first).then(std::move(next));
  }
};
inline WarmUpToNext warm_up(Index iterations) {
  require(iterations > 0, "warm_up: iterations is ", iterations, ", it needs to be at least 1");
  return {iterations};
}

}  // namespace tacit
