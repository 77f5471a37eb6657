// SPDX-License-Identifier: MIT
#pragma once
// Gauss-Newton and Levenberg-Marquardt steps on products alone:  (C + mu D) p = -g,  C = J^T diag(l'') J,  theta <- theta + p.
//   D      1 (Levenberg), or the diagonal of C (Marquardt; it costs P products a step)
//   inner  conjugate gradients from p = 0, until the residual is below min(forcing, sqrt |g|) |g|, or after `inner` products; each is one J and one J^T
//          product (Problem::gauss_newton_times_linearized). A direction of negative curvature, which no convex loss has, ends them
//   gain   rho = (L(theta) - L(theta + p)) / (-g^T p - p^T C p / 2).  rho > 0: the step is taken, mu <- mu max(1/3, 1 - (2 rho - 1)^3), nu <- 2;
//          else mu <- mu nu, nu <- 2 nu, and the same theta is tried again, up to `trials` times. mu = 0 stays 0: pure Gauss-Newton, which may not be refused
// mu begins at `mu` max diag C (P products, once), or at `mu` itself with .unit = DampingUnit::one.
// [Levenberg 1944; Marquardt 1963; Madsen, Nielsen & Tingleff 2004, Methods for non-linear least squares problems, algorithm 3.16]
// A step costs one gradient for each trial, which the next step takes over; after each that is refused, theta_t is evaluated again, uncounted. State: 4 numbers a parameter.

#include <algorithm>
#include <array>
#include <cmath>

#include "full_gradient.hpp"

namespace tacit {

/// What mu multiplies: the identity, or the diagonal of C.
enum class Damping { levenberg, marquardt };
template <>
inline constexpr std::array names_of<Damping>{"levenberg", "marquardt"};
/// What the first mu is a multiple of.
enum class DampingUnit { largest_diagonal, one };
template <>
inline constexpr std::array names_of<DampingUnit>{"largest_diagonal", "one"};

struct LevenbergMarquardt {
  using stage = SourceTag;
  static constexpr std::string_view name = "LevenbergMarquardt";
  static constexpr bool sets_rate = true;
  double mu = 1e-3;
  DampingUnit unit = DampingUnit::largest_diagonal;
  Damping damping = Damping::levenberg;
  double forcing = 0.5;
  Index inner = 100;
  Index trials = 60;

  template <class Archive>
  void persist(Archive& archive) {
    archive("mu", mu);
    archive("unit", unit);
    archive("damping", damping);
    archive("forcing", forcing);
    archive("inner", inner);
    archive("trials", trials);
  }

  template <Scalar S>
  struct State {
    Vector<S> p, residual, search, product, diagonal;
    double mu = -1, nu = 2;  ///< mu below 0: not chosen yet
    template <class Archive>
    void persist(Archive& archive) {
      archive("mu", mu);
      archive("nu", nu);
    }
  };
  template <class P>
  auto start(const P& problem) const {
    using S = typename P::scalar_type;
    constexpr bool possible = requires(typename P::Workspace & ws, Vector<S> & v) { problem.gauss_newton_times_linearized(v, v, ws, v); };
    static_assert(
        possible,
        "LevenbergMarquardt: the oracle needs gauss_newton_times_linearized(theta, v, ws, cv), as Problem has it; its losses and its "
        "model need their second derivatives");
    if constexpr (requires { problem.can_gauss_newton(); })
      require(problem.can_gauss_newton(), "LevenbergMarquardt: this problem has no Gauss-Newton products (gauss_newton_times_linearized)");
    require(std::isfinite(mu) && mu >= 0, "LevenbergMarquardt: .mu is ", mu, ", it needs to be at least 0");
    require(forcing > 0 && forcing < 1, "LevenbergMarquardt: .forcing is ", forcing, ", it needs to be between 0 and 1");
    require(inner > 0, "LevenbergMarquardt: .inner is ", inner, ", it needs to be at least 1");
    require(trials > 0, "LevenbergMarquardt: .trials is ", trials, ", it needs to be at least 1");
    State<S> state;
    for (Vector<S>* v : {&state.p, &state.residual, &state.search, &state.product}) v->resize(problem.dimension());
    state.diagonal = Vector<S>::Ones(problem.dimension());
    return state;
  }

  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, State<S>& state) const {
    step.evaluate(problem, ws);
    if (!step.finite()) return;
    const double size = static_cast<double>(step.gradient.norm());
    if (size == 0) {
      step.stall("LevenbergMarquardt: the gradient is 0");
      step.arrived = true;
      return;
    }
    const double before = static_cast<double>(step.value.objective);
    step.linearize(problem, ws);
    choose_damping(problem, ws, step, state);
    for (Index k = 0; k < trials; ++k) {
      const double expected = solve(problem, ws, step, size, state);
      if (!(expected > 0)) return step.stall("LevenbergMarquardt: the step solved for does not lower the quadratic model");
      step.replace() = state.p;
      const auto& next = step.look_ahead(problem, ws);
      const double gain = next.finite() ? (before - static_cast<double>(next.value.objective)) / expected : -1;
      if (gain > 0 || (state.mu == 0 && next.finite())) {
        const double x = 2 * gain - 1;
        if (state.mu > 0) state.mu *= std::max(1.0 / 3, 1 - x * x * x);
        state.nu = 2;
        step.rate = 1;
        return;
      }
      if (state.mu == 0) return step.stall("LevenbergMarquardt: the undamped step leads where the objective is not finite");
      state.mu *= state.nu;
      state.nu *= 2;
      step.ahead.known = false;
      step.linearize(problem, ws);
      step.begin();
    }
    step.stall(sentence("LevenbergMarquardt: none of ", trials, " steps lowers the objective, the damping is ", state.mu));
  }

 private:
  template <class P, Scalar S>
  void choose_damping(const P& problem, typename P::Workspace& ws, Step<S>& step, State<S>& state) const {
    const bool first = state.mu < 0, relative = first && mu > 0 && unit == DampingUnit::largest_diagonal;
    if (first) state.mu = mu;
    if (!relative && damping == Damping::levenberg) return;
    state.search.setZero();
    for (Index j = 0; j < state.search.size(); ++j) {
      state.search[j] = 1;
      problem.gauss_newton_times_linearized(step.theta, state.search, ws, state.product);
      state.search[j] = 0;
      state.residual[j] = state.product[j];
    }
    step.linearized = Linearized::nowhere;
    if (relative) state.mu *= static_cast<double>(state.residual.maxCoeff());
    if (damping == Damping::marquardt) state.diagonal = state.residual;
  }
  /// p; returns what it lowers the quadratic model by, -g^T p - p^T C p / 2.
  template <class P, Scalar S>
  double solve(const P& problem, typename P::Workspace& ws, Step<S>& step, double size, State<S>& state) const {
    step.linearized = Linearized::nowhere;  // Gauss-Newton products go on, a Hessian-vector product would need another evaluation
    const double enough = std::min(forcing, std::sqrt(size)) * size;
    const S weight = static_cast<S>(state.mu);
    state.p.setZero();
    state.residual = -step.gradient;
    state.search = state.residual;
    S square = state.residual.squaredNorm();
    for (Index k = 0; k < inner; ++k) {
      problem.gauss_newton_times_linearized(step.theta, state.search, ws, state.product);
      state.product += weight * state.diagonal.cwiseProduct(state.search);
      const S curvature = state.search.dot(state.product);
      if (!(curvature > 0)) {
        if (k > 0) break;
        state.p = state.search;  // the gradient itself, by its own quadratic model
        state.product -= weight * state.diagonal.cwiseProduct(state.p);
        return static_cast<double>(square - state.p.dot(state.product) / 2);
      }
      const S a = square / curvature;
      state.p += a * state.search;
      state.residual -= a * state.product;
      const S next = state.residual.squaredNorm();
      if (static_cast<double>(std::sqrt(next)) <= enough) break;
      state.search = state.residual + (next / square) * state.search;
      square = next;
    }
    // C p = -g - residual - mu D p
    const double descent = -static_cast<double>(step.gradient.dot(state.p));
    const double damped = static_cast<double>(weight * state.p.dot(state.diagonal.cwiseProduct(state.p)));
    return (descent + static_cast<double>(state.p.dot(state.residual)) + damped) / 2;
  }
};

struct GaussNewtonSettings {
  double forcing = 0.5;
  Index inner = 100;
};
/// Undamped Gauss-Newton steps.
inline auto gauss_newton(GaussNewtonSettings o = {}) { return LevenbergMarquardt{.mu = 0, .forcing = o.forcing, .inner = o.inner}; }

struct LevenbergMarquardtSettings {
  double mu = 1e-3, forcing = 0.5;
  Index inner = 100;
  Damping damping = Damping::levenberg;
};
/// Levenberg-Marquardt steps, damped from mu max diag C on.
inline auto levenberg_marquardt(LevenbergMarquardtSettings o = {}) {
  return LevenbergMarquardt{.mu = o.mu, .damping = o.damping, .forcing = o.forcing, .inner = o.inner};
}

}  // namespace tacit
