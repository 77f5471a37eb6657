// SPDX-License-Identifier: MIT
#pragma once
// How long a search may go on, asked by whoever searches. By the wall's clock; or, where a result must depend neither on the machine nor on what else
// runs on it, by counted work: the search says what it spends, and 10^9 multiplications with their additions count as one second (about what a core does).
// Whoever waits for the search can stop it: the next question then throws Stopped, at any depth and on every thread (sweep/pool.hpp hands it on).
//
//   Budget budget(60, {.counted = true});   while (budget.left() > 0) budget.spend(sweep());

#include <chrono>
#include <functional>
#include <limits>
#include <stdexcept>
#include <utility>

namespace tacit {

/// Thrown where the caller's `stop` said so: neither a mistake nor a failure.
struct Stopped : std::runtime_error {
  Stopped() : std::runtime_error("stopped, as the caller asked") {}
};

/// What a budget is counted in, and who may end it early.
struct Pace {
  bool counted = false;             ///< work instead of time: the same result on every machine of the same arithmetic, however busy
  std::function<bool()> stop = {};  ///< asked now and then, on any thread; true ends the work by the exception Stopped

  void ask() const {
    if (stop && stop()) throw Stopped();
  }
};

class Budget {
 public:
  using Clock = std::chrono::steady_clock;

  /// `seconds` of the clock, or, counted, 10^9 multiplications each; infinity for no limit.
  explicit Budget(double seconds, Pace pace = {}) : seconds_(seconds), pace_(std::move(pace)), started_(Clock::now()) {}

  /// Work done since the last call; nothing where the clock counts.
  void spend(double multiplications) { work_ += multiplications; }
  /// Throws Stopped where the caller asked for that.
  double left() const {
    pace_.ask();
    return seconds_ - (pace_.counted ? work_ / 1e9 : std::chrono::duration<double>(Clock::now() - started_).count());
  }
  bool over() const { return !(left() > 0); }
  /// How many pieces of work of this many multiplications still fit: by counting; by the clock at the pace of the timed work so far, infinitely many before there is any.
  double fit(double multiplications) const {
    const double now = left();
    if (pace_.counted) return now * 1e9 / multiplications;
    return timed_ > 0 ? now * timed_work_ / (timed_ * multiplications) : std::numeric_limits<double>::infinity();
  }
  /// Work done from `since` to now, by which fit() knows the pace.
  void spend(double multiplications, Clock::time_point since) {
    spend(multiplications);
    timed_ += std::chrono::duration<double>(Clock::now() - since).count();
    timed_work_ += multiplications;
  }
  /// The same where only this share of all may be spent by now.
  double left_of(double share) const { return left() - (share < 1 && seconds_ < unlimited ? (1 - share) * seconds_ : 0); }
  /// How many steps of such a cost still fit, from 1 to `most`: where steps cannot be interrupted by a question each. The clock sets no such bound.
  template <class Count>
  Count steps(double cost, Count most) const {
    if (!pace_.counted) return most;
    const double fit = left() * 1e9 / cost;
    return fit < 1 ? Count(1) : fit < static_cast<double>(most) ? static_cast<Count>(fit) : most;
  }

 private:
  static constexpr double unlimited = 1e300;

  double seconds_, work_ = 0, timed_ = 0, timed_work_ = 0;
  Pace pace_;
  Clock::time_point started_;
};

}  // namespace tacit
