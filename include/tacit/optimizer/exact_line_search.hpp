// SPDX-License-Identifier: MIT
#pragma once
// Exact line search, where the objective along a line is a polynomial: for a model of degree D in theta (a product of D factors, a CP model of order D)
// under a squared loss,  phi(t) = objective(theta + t d)  has degree 2 D, and 2 D + 1 values at Chebyshev nodes tell it. The step goes to the lowest of its
// stationary points with t > 0, or with .first to the first local minimiser, and takes over value and gradient from there.
//   reach    the interval [-reach, reach] of the nodes is chosen such that no stationary point lies beyond 4 reach (no derivative is negative there),
//            begins at |theta| / |d| and is kept from step to step; where the point found lies below reach / 8, the polynomial is fitted anew around it
//   check    the objective at the point, evaluated anew, may not lie above phi(0); where rounding left a slope above 1e-10 |phi'(0)|, up to three
//            corrections by Newton's method bring it down. Where the check fails, Armijo's backtracking searches
// The degree comes from the oracle's degree_along_lines(); problems with another loss, a penalty on W or a model that is no polynomial are refused.
// A step costs 2 D + 1 values and one gradient; one gradient more for each correction.

#include <limits>

#include "../core/chebyshev.hpp"
#include "armijo.hpp"

namespace tacit {

struct ExactLineSearch {
  using stage = SearchTag;
  static constexpr std::string_view name = "ExactLineSearch";
  bool first = false;  ///< the first local minimiser, not the lowest

  template <class Archive>
  void persist(Archive& archive) {
    archive("first", first);
  }

  template <Scalar S>
  struct State {
    detail::ChebyshevPolynomial phi;
    Vector<double> values;
    detail::LinePoint<S> point, better;
    Vector<S> at;
    Armijo::State<S> fallback;
    double reach = 0;  ///< 0 before the first step
    double bend = 0;   ///< phi'' at the point found
    template <class Archive>
    void persist(Archive& archive) {
      archive("fallback", fallback);
      archive("reach", reach);
    }
  };
  template <class P>
  auto start(const P& problem) const {
    using S = typename P::scalar_type;
    constexpr bool possible = requires { problem.degree_along_lines(); };
    static_assert(
        possible,
        "ExactLineSearch: the objective along a line needs to be a polynomial: a squared loss, no penalty but WeightDecayPenalty, a "
        "model with degree(); an oracle of one's own says its degree by degree_along_lines()");
    State<S> state;
    if constexpr (possible) {
      const Index degree = problem.degree_along_lines();
      require(degree >= 2 && degree <= 64, "ExactLineSearch: the objective along a line is a polynomial of degree ", degree,
              ", it needs to be between 2 and 64");
      state.phi = detail::ChebyshevPolynomial(degree);
      state.values.resize(degree + 1);
      state.point.gradient.resize(problem.dimension());
      state.better.gradient.resize(problem.dimension());
      state.at.resize(problem.dimension());
      state.fallback = Armijo{}.start_search<S>(problem.dimension());
    }
    return state;
  }

  template <class P, Scalar S>
  void search(const P& problem, typename P::Workspace& ws, Step<S>& step, State<S>& state) const {
    detail::Line<P, S> line(problem, ws, step, state.at);
    if (!line.descends(name)) return;
    if (state.reach == 0) {
      const double length = std::abs(static_cast<double>(step.factor())) * static_cast<double>(step.direction().norm());
      state.reach = static_cast<double>(step.theta.norm()) / length;
      if (!(state.reach > 0) || !std::isfinite(state.reach)) state.reach = 1 / length;
    }
    const double t = minimiser(line, state);
    if (t > 0) {
      line.evaluate(t, state.point);
      correct(line, state);
      if (state.point.f <= line.f()) {
        state.fallback.last = state.point.t;
        return line.go(state.point);
      }
    }
    Armijo{}.backtrack(line, step, state.fallback);
  }

 private:
  static constexpr double far = 4;  ///< no stationary point may lie beyond so many times the reach

  template <class P, Scalar S>
  static bool fit(detail::Line<P, S>& line, double reach, State<S>& state) {
    for (Index j = 0; j < state.values.size(); ++j) state.values[j] = line.value(reach * state.phi.node(j)) - line.f();
    if (!state.values.allFinite()) return false;
    state.phi.fit(state.values);
    return true;
  }
  /// The stationary point that the step goes to; 0 where none is found.
  template <class P, Scalar S>
  double minimiser(detail::Line<P, S>& line, State<S>& state) const {
    double reach = state.reach;
    bool whole = false, shrank = false;
    for (int k = 0; k < 60 && !whole; ++k) {
      if (!fit(line, reach, state)) reach /= 8, shrank = true;  // not finite so far away
      else if (state.phi.grows_beyond(far)) whole = true;
      else if (shrank) return 0;
      else reach *= far;
    }
    if (!whole) return 0;
    const auto& stationary = state.phi.stationary(0, far);
    double t = reach * chosen(state.phi, stationary), last = stationary.empty() ? 0 : reach * stationary.back();
    if (last > 0) state.reach = std::max(last, reach / 16);
    for (int k = 0; k < 3 && t > 0 && t < reach / 8; ++k) {
      reach = t;
      if (!fit(line, reach, state)) return 0;
      const double x = chosen(state.phi, state.phi.stationary(0, far));
      if (!(x > 0)) return t;
      t = reach * x;
    }
    state.bend = state.phi(t / reach, 2) / (reach * reach);
    return t;
  }
  /// Newton's method on the slope, from the point evaluated; state.point is the best found.
  template <class P, Scalar S>
  static void correct(detail::Line<P, S>& line, State<S>& state) {
    for (int k = 0; k < 3 && std::abs(state.point.slope) > 1e-10 * std::abs(line.slope()) && state.bend > 0; ++k) {
      const double t = state.point.t - state.point.slope / state.bend;
      if (!(t > 0) || t == state.point.t) return;
      line.evaluate(t, state.better);
      if (!(std::abs(state.better.slope) < std::abs(state.point.slope))) return;
      std::swap(state.point, state.better);
    }
  }
  double chosen(const detail::ChebyshevPolynomial& phi, const std::vector<double>& stationary) const {
    double best = 0;
    for (const double x : stationary) {
      if (!(phi(x, 2) >= 0)) continue;  // a maximum
      if (first) return x;
      if (best == 0 || phi(x) < phi(best)) best = x;
    }
    return best;
  }
};

}  // namespace tacit
