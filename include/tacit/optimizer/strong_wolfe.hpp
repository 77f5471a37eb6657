// SPDX-License-Identifier: MIT
#pragma once
// Line search for the strong Wolfe conditions, with phi(t) = objective(theta + t d):
//   phi(t) <= phi(0) + c1 t phi'(0)     and     |phi'(t)| <= c2 |phi'(0)|
// by bracketing and zooming with cubic interpolation, decision for decision as PyTorch's L-BFGS does it.                    [Nocedal & Wright, section 3.5]
//   bracket   longer and longer trials, until one is too high, or climbs, or satisfies both conditions
//   zoom      the minimiser of the cubic through both ends of the bracket; a trial twice within a tenth of an end is moved inside
// Where the evaluations run out, or the bracket is shorter than `tiny`, the best end of the bracket is taken. The first trial of a run is
// min(1, 1/|g|_1) `first`; later ones are `first`, or as FirstTrial says. A step costs one gradient for each trial, and none at the next theta.

#include <algorithm>
#include <array>

#include "full_gradient.hpp"
#include "line.hpp"

namespace tacit {

/// Where a line search begins: at the same length always (quasi-Newton directions, whose step is 1), or at t_{k-1} phi'_{k-1}(0) / phi'_k(0), which expects
/// the same decrease as in the last step (gradients and conjugate gradients, whose length says nothing).                [Nocedal & Wright, eq. (3.60)]
enum class FirstTrial { constant, same_decrease };
template <>
inline constexpr std::array names_of<FirstTrial>{"constant", "same_decrease"};

struct StrongWolfe {
  using stage = SearchTag;
  static constexpr std::string_view name = "StrongWolfe";
  double first = 1;                         ///< first trial of a step
  double c1 = 1e-4, c2 = 0.9;               ///< 0 < c1 < c2 < 1
  Index trials = 25;                        ///< beyond the first one
  double tiny = 1e-9;                       ///< a bracket whose ends differ by less in every entry of theta is not refined
  FirstTrial begin = FirstTrial::constant;  ///< where later steps begin

  template <class Archive>
  void persist(Archive& archive) {
    archive("first", first);
    archive("c1", c1);
    archive("c2", c2);
    archive("trials", trials);
    archive("tiny", tiny);
    archive("begin", begin);
  }

  template <Scalar S>
  struct State {
    std::array<detail::LinePoint<S>, 3> points;
    Vector<S> at;
    double decrease = 0;  ///< t phi'(0) of the last step; 0 before the first
    template <class Archive>
    void persist(Archive& archive) {
      archive("decrease", decrease);
    }
  };
  template <class P>
  auto start(const P& problem) const {
    require(std::isfinite(first) && first > 0, "StrongWolfe: .first is ", first, ", it needs to be positive and finite");
    require(c1 > 0 && c1 < c2 && c2 < 1, "StrongWolfe: .c1 is ", c1, " and .c2 is ", c2, ", they need 0 < c1 < c2 < 1");
    require(trials > 0, "StrongWolfe: .trials is ", trials, ", it needs to be at least 1");
    require(tiny >= 0, "StrongWolfe: .tiny is ", tiny, ", it needs to be at least 0");
    State<typename P::scalar_type> state;
    for (auto& point : state.points) point.gradient.resize(problem.dimension());
    state.at.resize(problem.dimension());
    return state;
  }

  template <class P, Scalar S>
  void search(const P& problem, typename P::Workspace& ws, Step<S>& step, State<S>& state) const {
    detail::Line<P, S> line(problem, ws, step, state.at);
    if (!line.descends(name)) return;
    const double t = first_trial(step, state.decrease, line.slope());
    detail::LinePoint<S> origin;
    origin.f = line.f();
    origin.slope = line.slope();
    detail::LinePoint<S>& best = *find(line, origin, t, step, state);
    if (!(best.t > 0)) return step.stall("StrongWolfe: no trial lies lower than theta");
    state.decrease = best.t * origin.slope;
    line.go(best);
  }

 private:
  template <Scalar S>
  double first_trial(const Step<S>& step, double decrease, double slope) const {
    if (decrease == 0) return std::min(1.0, 1 / static_cast<double>(step.gradient.template lpNorm<1>())) * first;
    if (begin == FirstTrial::constant) return first;
    const double t = decrease / slope;
    return std::isfinite(t) && t > 0 ? t : first;
  }

  template <class P, Scalar S>
  detail::LinePoint<S>* find(detail::Line<P, S>& line, detail::LinePoint<S>& origin, double t, const Step<S>& step, State<S>& state) const {
    using Point = detail::LinePoint<S>;
    const double f0 = origin.f, slope0 = origin.slope;
    const auto too_high = [&](const Point& p) { return p.f > f0 + c1 * p.t * slope0; };
    const auto flat = [&](const Point& p) { return std::abs(p.slope) <= -c2 * slope0; };
    const auto spare = [&](const Point* a, const Point* b) {
      Point* p = state.points.data();
      while (p == a || p == b) ++p;
      return p;
    };

    Point *previous = &origin, *now = state.points.data();
    line.evaluate(t, *now);
    Index tried = 0;
    for (; tried < trials; ++tried) {
      if (too_high(*now) || (tried > 1 && now->f >= previous->f)) break;
      if (flat(*now)) return now;
      if (now->slope >= 0) break;
      const double next = cubic(*previous, *now, now->t + 0.01 * (now->t - previous->t), 10 * now->t);
      previous = now;
      now = spare(previous, nullptr);
      line.evaluate(next, *now);
    }
    if (tried == trials) previous = &origin;

    std::array<Point*, 2> end{previous, now};
    std::size_t lo = end[0]->f <= end[1]->f ? 0 : 1;
    const double longest =
        std::abs(static_cast<double>(step.factor())) * static_cast<double>(step.direction().template lpNorm<Eigen::Infinity>());
    for (bool stuck = false; tried < trials; ++tried) {
      const double least = std::min(end[0]->t, end[1]->t), most = std::max(end[0]->t, end[1]->t);
      if (std::abs(most - least) * longest < tiny) break;
      double next = cubic(*end[0], *end[1], least, most);
      const double margin = 0.1 * (most - least);
      if (std::min(most - next, next - least) < margin) {
        const bool move = stuck || next >= most || next <= least;
        if (move) next = std::abs(next - most) < std::abs(next - least) ? most - margin : least + margin;
        stuck = !move;
      } else {
        stuck = false;
      }
      Point* trial = spare(end[0], end[1]);
      line.evaluate(next, *trial);
      if (too_high(*trial) || trial->f >= end[lo]->f) {
        end[1 - lo] = trial;
        lo = end[0]->f <= end[1]->f ? 0 : 1;
        continue;
      }
      if (flat(*trial)) return trial;
      if (trial->slope * (end[1 - lo]->t - end[lo]->t) >= 0) end[1 - lo] = end[lo];
      end[lo] = trial;
    }
    return end[lo];
  }

  /// The minimiser of the cubic through two points with their slopes, within [least, most].
  template <Scalar S>
  static double cubic(const detail::LinePoint<S>& a, const detail::LinePoint<S>& b, double least, double most) {
    const double d1 = a.slope + b.slope - 3 * (a.f - b.f) / (a.t - b.t), square = d1 * d1 - a.slope * b.slope;
    if (!(square >= 0) || !std::isfinite(square)) return (least + most) / 2;
    const double d2 = std::sqrt(square);
    const double t = a.t <= b.t ? b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
                                : a.t - (a.t - b.t) * ((a.slope + d2 - d1) / (a.slope - b.slope + 2 * d2));
    return std::isnan(t) ? (least + most) / 2 : std::min(std::max(t, least), most);
  }
};

}  // namespace tacit
