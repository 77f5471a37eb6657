// SPDX-License-Identifier: MIT
#pragma once
// The objective along the direction of a step,  phi(t) = objective(theta + t d),  d = -(factor * direction): what line searches look at. phi'(0) is the
// slope by the gradient that the source drew; a search on a direction that does not descend takes no step and says so. All numbers along the line are
// doubles, whatever theta is made of; a value that is not finite counts as infinitely high.

#include <algorithm>
#include <cmath>
#include <limits>

#include "chain.hpp"

namespace tacit::detail {

/// A point tried on the line, with its gradient.
template <Scalar S>
struct LinePoint {
  double t = 0, f = 0, slope = 0;  ///< phi(t) and phi'(t)
  Value<S> value;
  Vector<S> gradient;
};

template <class P, Scalar S>
class Line {
 public:
  /// `at` is a buffer for the points tried; the oracle is asked on ws, the line belongs to `step`.
  Line(const P& oracle, typename P::Workspace& ws, Step<S>& step, Vector<S>& at) : oracle_(oracle), ws_(ws), step_(step), at_(at) {
    slope_ = -static_cast<double>(step.factor()) * static_cast<double>(step.gradient.dot(step.direction()));
  }

  double f() const { return static_cast<double>(step_.value.objective); }
  /// phi'(0).
  double slope() const { return slope_; }
  /// False where phi'(0) is not negative: then the step is stalled, and theta stays.
  bool descends(std::string_view who) const {
    if (slope_ < 0) return true;
    step_.stall(slope_ == 0          ? sentence(who, ": the slope along the direction is 0")
                : std::isnan(slope_) ? sentence(who, ": the slope along the direction is nan: the gradient or the update is not finite")
                                     : sentence(who, ": the direction climbs, the slope along it is ", slope_));
    return false;
  }

  /// Whether the point tried last is theta itself: its step is below the rounding of theta.
  bool stays() const { return std::equal(at_.data(), at_.data() + at_.size(), step_.theta.data()); }

  /// phi(t): a value without a gradient.
  double value(double t) {
    static_assert(
        requires { oracle_.value(at_, ws_); },
        "optimizer: a search asks the problem for value(theta, workspace), which this problem does not offer");
    place(t);
    step_.linearized = Linearized::nowhere;
    return height(oracle_.value(at_, ws_));
  }
  /// phi(t) and phi'(t), with the gradient there.
  void evaluate(double t, LinePoint<S>& point) {
    place(t);
    point.gradient.resize(at_.size());
    point.t = t;
    point.value = oracle_.value_and_gradient(at_, ws_, point.gradient);
    point.f = height(point.value);
    point.slope = -static_cast<double>(step_.factor()) * static_cast<double>(point.gradient.dot(step_.direction()));
    step_.linearized = Linearized::nowhere;
    last_ = t;
  }
  /// The step goes to t, which has not been evaluated with its gradient.
  void go(double t) {
    step_.scale(static_cast<S>(-t));
    step_.rate = std::abs(static_cast<double>(step_.factor()));
  }
  /// The step goes to an evaluated point; the next step takes value and gradient over.
  void go(LinePoint<S>& point) {
    go(point.t);
    step_.apply(step_.ahead.theta);
    step_.ahead.gradient.resize(at_.size());  // of the first step
    step_.ahead.gradient.swap(point.gradient);
    step_.ahead.value = point.value;
    step_.ahead.known = true;
    if (last_ == point.t) step_.linearized = Linearized::ahead;
  }

 private:
  void place(double t) { at_ = step_.theta + (step_.factor() * static_cast<S>(-t)) * step_.direction(); }
  double height(const Value<S>& value) {
    const double f = static_cast<double>(value.objective);
    return std::isfinite(f) ? f : std::numeric_limits<double>::infinity();
  }

  const P& oracle_;
  typename P::Workspace& ws_;
  Step<S>& step_;
  Vector<S>& at_;
  double slope_ = 0, last_ = -1;
};

}  // namespace tacit::detail
