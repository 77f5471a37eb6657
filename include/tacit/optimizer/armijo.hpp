// SPDX-License-Identifier: MIT
#pragma once
// Backtracking: the first of the lengths t0, shrink t0, shrink^2 t0, ... that lowers the objective enough,
//   phi(t) <= phi(0) + c1 t phi'(0),    phi(t) = objective(theta + t d).                                       [Armijo 1966; Nocedal & Wright, algorithm 3.1]
// t0 is `first` in the first step, later min(largest, grow * last length). A trial needs the value alone, but a first trial that is likely to be accepted
// is evaluated with its gradient, which the next step then takes over: so it is after a step whose own first trial was accepted, in a run on all data.
// On 100 x 100, depth 3, where a value takes 0.28 of a gradient, steps of descent, L-BFGS, heavy ball took 396, 590, 420 us by values alone, 546, 541, 555 us
// by gradients alone, 425, 552, 452 us so. A step costs one gradient, and a value or a gradient for each trial taken back.

#include <limits>

#include "full_gradient.hpp"
#include "line.hpp"

namespace tacit {

struct Armijo {
  using stage = SearchTag;
  static constexpr std::string_view name = "Armijo";
  double c1 = 1e-4;
  double shrink = 0.5;
  double first = 1;
  double grow = 2;
  double largest = std::numeric_limits<double>::infinity();  ///< 1 behind quasi-Newton directions
  Index trials = 50;

  template <class Archive>
  void persist(Archive& archive) {
    archive("c1", c1);
    archive("shrink", shrink);
    archive("first", first);
    archive("grow", grow);
    archive("largest", largest);
    archive("trials", trials);
  }

  template <Scalar S>
  struct State {
    detail::LinePoint<S> point;
    Vector<S> at;
    double last = 0;    ///< length of the last step; 0 before the first
    bool sure = false;  ///< its first trial was accepted
    template <class Archive>
    void persist(Archive& archive) {
      archive("last", last);
      archive("sure", sure);
    }
  };
  template <Scalar S>
  State<S> start_search(Index dimension) const {
    require(c1 > 0 && c1 < 1, "Armijo: .c1 is ", c1, ", it needs to be between 0 and 1");
    require(shrink > 0 && shrink < 1, "Armijo: .shrink is ", shrink, ", it needs to be between 0 and 1");
    require(std::isfinite(first) && first > 0, "Armijo: .first is ", first, ", it needs to be positive and finite");
    require(std::isfinite(grow) && grow >= 1, "Armijo: .grow is ", grow, ", it needs to be at least 1");
    require(largest > 0, "Armijo: .largest is ", largest, ", it needs to be positive");
    require(trials > 0, "Armijo: .trials is ", trials, ", it needs to be at least 1");
    State<S> state;
    state.point.gradient.resize(dimension);
    state.at.resize(dimension);
    return state;
  }
  template <class P>
  auto start(const P& problem) const {
    return start_search<typename P::scalar_type>(problem.dimension());
  }

  template <class P, Scalar S>
  void search(const P& problem, typename P::Workspace& ws, Step<S>& step, State<S>& state) const {
    detail::Line<P, S> line(problem, ws, step, state.at);
    if (line.descends(name)) backtrack(line, step, state);
  }
  /// The search along a line that descends.
  template <class P, Scalar S>
  void backtrack(detail::Line<P, S>& line, Step<S>& step, State<S>& state) const {
    double t = std::min(largest, state.last > 0 ? grow * state.last : first);
    for (Index k = 0; k < trials; ++k, t *= shrink) {
      const bool ahead = k == 0 && state.sure && step.full;
      if (ahead) line.evaluate(t, state.point);
      if (!((ahead ? state.point.f : line.value(t)) <= line.f() + c1 * t * line.slope())) continue;
      if (line.stays()) return step.stall("Armijo: the step that lowers the objective is below the rounding of theta");
      state.last = t;
      state.sure = k == 0;
      return ahead ? line.go(state.point) : line.go(t);
    }
    step.stall(sentence("Armijo: none of ", trials, " lengths lowers the objective enough"));
  }
};

struct ArmijoSettings {
  double c1 = 1e-4, shrink = 0.5, first = 1, grow = 2, largest = std::numeric_limits<double>::infinity();
};
/// Gradient descent with backtracking.
inline auto armijo(ArmijoSettings o = {}) {
  return FullGradient{} | Armijo{.c1 = o.c1, .shrink = o.shrink, .first = o.first, .grow = o.grow, .largest = o.largest};
}

}  // namespace tacit
