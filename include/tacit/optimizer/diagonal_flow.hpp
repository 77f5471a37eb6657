// SPDX-License-Identifier: MIT
#pragma once
// The gradient flow of a diagonal net, stiff or not. On  x = u^p - v^p  every flow moves each coordinate along one curve,
//   u(xi) = (u^(2-p) - (p-2) xi)^(-1/(p-2)),  v(xi) = (v^(2-p) + (p-2) xi)^(-1/(p-2))      (p = 2: u e^xi, v e^-xi),      xi = A^T nu,
// so that the flow from the theta at hand is the system of m equations  nu' = -p l'(z(xi)),  l' the slope of the loss in z, whose Jacobian
//   -p L'' A diag(x'(xi)) A^T,   x' = p (u^(2p-2) + v^(2p-2)),
// has eigenvalues from the scale of A to alpha^(2p-2). [The reduction: Wind et al. 2023.] It is integrated by the three-stage Radau IIA method of order 5, L-stable,
// with Hairer & Wanner's error estimate [Solving ODEs II, IV.8], mapped to theta. Each step starts a new xi = 0 at its theta, so that nothing cancels as u grows,
// u^(2-p) + v^(2-p) (p = 2: u v) is kept to rounding, and where the flow stops does not depend on the tolerance.
//
//   train(problem, theta, DiagonalFlow{.rtol = 1e-8, .time = 1e9}, {.iterations = 10'000});       problem: DiagonalNet, one data term, any smooth loss
//
// Newton's method on the 3 m equations of a step takes 18 m^3 flops an iteration, three or four iterations a step, and 3 d m^2 for the Jacobians. u, v >= 0 is needed.
// In float, rtol below 1e-5 finds no steps. Not included by tacit.hpp: Eigen's LU decomposition. Steps, end time, what ends a run: flow_state.hpp.

#include <Eigen/LU>

#include "../loss/squares.hpp"
#include "../model/diagonal_net.hpp"
#include "flow_state.hpp"

namespace tacit {

struct DiagonalFlow {
  using stage = SourceTag;
  static constexpr std::string_view name = "DiagonalFlow";
  static constexpr bool sets_rate = true;
  double rtol = 1e-8, atol = 1e-12;                       ///< of the local error in each entry of theta
  double time = std::numeric_limits<double>::infinity();  ///< the flow ends at this time, exactly

  template <class Archive>
  void persist(Archive& archive) {
    archive("rtol", rtol);
    archive("atol", atol);
    archive("time", time);
  }

  template <Scalar S>
  struct State : detail::FlowState<S> {
    Matrix<S> transposed;            ///< A^T, d x m
    Vector<S> stages, slopes, rest;  ///< nu and l' at the three stages, and what Newton's method still has to remove: 3 m
    Vector<S> xi, theta, trial, curvature, ones, error, spread;
    Matrix<S> weighted, block, system;  ///< diag(x') A^T, its product with A, the 3 m equations
    Eigen::PartialPivLU<Matrix<S>> lu, small;
  };
  template <class P>
  auto start(const P& problem) const {
    using S = typename P::scalar_type;
    static_assert(std::same_as<std::decay_t<decltype(problem.model())>, DiagonalNet<S>>,
                  "DiagonalFlow: integrates the flow of a DiagonalNet");
    static_assert(std::tuple_size_v<decltype(P::Workspace::terms)> == 1,
                  "DiagonalFlow: a penalty would leave the curves that the flow of a data term moves along");
    detail::require_flow("DiagonalFlow", rtol, atol, time);
    State<S> state;
    const auto& at = problem.data().where;
    const Index d = problem.model().rows(), m = at.count();
    state.transposed.resize(d, m);
    for (Index k = 0; k < m; ++k) detail::spread<S>(at, Vector<S>::Unit(m, k), Write::set, state.transposed.col(k).data());
    for (Vector<S>* v : {&state.stages, &state.slopes, &state.rest}) v->resize(3 * m);
    state.xi.resize(d);
    state.theta.resize(2 * d);
    state.trial = Vector<S>::Zero(2 * d);
    state.spread.resize(2 * d);
    state.curvature.resize(m);
    state.error.resize(m);
    state.ones = Vector<S>::Ones(m);
    state.weighted.resize(d, m);
    state.block.resize(m, m);
    state.system.resize(3 * m, 3 * m);
    return state;
  }

  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, State<S>& state) const {
    if (!state.resume(problem, ws, step) || state.arrived(time, step)) return;
    if (!(step.theta.minCoeff() >= 0))
      return step.stall("DiagonalFlow follows entries of u and v that are 0 or more; one of them is negative");
    if (state.h == 0) {
      const double speed = static_cast<double>(step.gradient.norm());
      state.h = speed > 0 ? 1e-3 * static_cast<double>(step.theta.norm()) / speed : 1;
    }
    for (double h; (h = state.length(time, step)) > 0;) {
      if (!solve_stages(problem, ws, step, h, state)) {
        state.h = h / 4;
        continue;
      }
      const Index m = state.error.size();
      move(problem.model().depth(), step.theta, state.stages.tail(m), state);
      step.replace_next() = state.theta;
      state.trial = state.theta;
      if (state.judge(estimate(problem, ws, step, h, state), h, 4, time)) {
        step.look_ahead(problem, ws);
        return state.accept(h, time, step);
      }
    }
  }

 private:
  static constexpr double root6 = 2.449489742783178098;
  static constexpr double a[3][3] = {{(88 - 7 * root6) / 360, (296 - 169 * root6) / 1800, (-2 + 3 * root6) / 225},
                                     {(296 + 169 * root6) / 1800, (88 + 7 * root6) / 360, (-2 - 3 * root6) / 225},
                                     {(16 - root6) / 36, (16 + root6) / 36, 1.0 / 9}};
  /// The error estimate  (1 - h gamma J)^-1 (gamma h f + sum_i e_i Z_i)  of order 3; 1 / gamma is the real eigenvalue of the inverse of a.
  static constexpr double gamma = 0.274888829595677, e[3] = {gamma / 3 * (-13 - 7 * root6), gamma / 3 * (-13 + 7 * root6), -gamma / 3};

  /// state.theta = the point of the curve through theta at xi = A^T nu; false where the curve ends before.
  template <Scalar S>
  static bool move(double p, const Vector<S>& theta, In<std::type_identity_t<S>> nu, State<S>& state) {
    state.xi.noalias() = state.transposed * nu;
    const Index d = state.xi.size();
    const S k = static_cast<S>(p - 2);
    for (Index i = 0; i < 2 * d; ++i) {
      const S xi = i < d ? state.xi[i] : -state.xi[i - d];
      const S lost = k > 0 ? k * std::pow(theta[i], k) * xi : S(0);
      if (!(lost < 1)) return false;
      state.theta[i] = theta[i] * std::exp(k > 0 ? -std::log1p(-lost) / k : xi);
    }
    return state.theta.allFinite();
  }
  /// state.block = -p L'' A diag(x') A^T at state.theta, at which problem.value() was called last.
  template <class P, Scalar S>
  static void jacobian(const P& problem, typename P::Workspace& ws, State<S>& state) {
    const auto& term = problem.data_term();
    const S p = static_cast<S>(problem.model().depth());
    const Index d = state.xi.size();
    term.loss().template curvature_times<S>(std::get<0>(ws.terms).z, term.data().y, term.data().weight, term.scale(), state.ones,
                                            state.curvature);
    for (Index i = 0; i < d; ++i)  // x'
      state.xi[i] = p * (std::pow(state.theta[i], 2 * p - 2) + std::pow(state.theta[d + i], 2 * p - 2));
    state.weighted = state.xi.asDiagonal() * state.transposed;
    state.block.noalias() = state.transposed.transpose() * state.weighted;
    state.block = (-p * state.curvature).asDiagonal() * state.block;
  }
  /// Newton's method for  Z_i = h sum_j a_ij f(Z_j); false where it leaves the curves or does not converge.
  template <class P, Scalar S>
  bool solve_stages(const P& problem, typename P::Workspace& ws, const Step<S>& step, double h, State<S>& state) const {
    const Index m = state.error.size();
    const S p = static_cast<S>(problem.model().depth());
    state.stages.setZero();
    double last = std::numeric_limits<double>::infinity();
    for (int iteration = 0; iteration < 12; ++iteration) {
      state.rest = state.stages;
      for (Index j = 0; j < 3; ++j) {
        if (iteration > 0 && !move(problem.model().depth(), step.theta, state.stages.segment(j * m, m), state)) return false;
        if (iteration == 0) state.theta = step.theta;
        if (iteration > 0 || j == 0) {
          ws.gradients += 0.5;  // an evaluation without a pullback
          if (!std::isfinite(problem.value(state.theta, ws).loss)) return false;
          jacobian(problem, ws, state);
        }
        for (Index i = 0; i < 3; ++i) {
          const S weight = static_cast<S>(h * a[i][j]);
          state.rest.segment(i * m, m) += weight * p * std::get<0>(ws.terms).slope;
          state.system.block(i * m, j * m, m, m) = -weight * state.block;
        }
      }
      state.system.diagonal().array() += 1;
      state.lu.compute(state.system);
      state.slopes = state.lu.solve(state.rest);
      state.stages -= state.slopes;
      double change = 0;
      for (Index j = 0; j < 3; ++j)
        change = std::max(change, in_theta(state.slopes.segment(j * m, m), problem.model().depth(), step, step.theta, state));
      if (!std::isfinite(change) || (iteration > 2 && change > 2 * last)) return false;
      if (change <= 1e-3) return true;
      last = change;
    }
    return false;
  }
  /// A change of nu, mapped to theta at `where`, against the tolerances.
  template <Scalar S>
  double in_theta(In<std::type_identity_t<S>> change, double p, const Step<S>& step, const Vector<S>& where, State<S>& state) const {
    state.xi.noalias() = state.transposed * change;
    const Index d = state.xi.size();
    for (Index i = 0; i < 2 * d; ++i)
      state.spread[i] = std::pow(where[i], static_cast<S>(p - 1)) * (i < d ? state.xi[i] : -state.xi[i - d]);
    return state.norm(state.spread, step.theta, state.trial, rtol, atol);
  }
  template <class P, Scalar S>
  double estimate(const P& problem, typename P::Workspace& ws, const Step<S>& step, double h, State<S>& state) const {
    const Index m = state.error.size();
    const S p = static_cast<S>(problem.model().depth()), weight = static_cast<S>(gamma * h);
    state.theta = step.theta;
    problem.value(state.theta, ws);
    jacobian(problem, ws, state);
    state.error = -weight * p * std::get<0>(ws.terms).slope;
    for (Index i = 0; i < 3; ++i) state.error += static_cast<S>(e[i]) * state.stages.segment(i * m, m);
    state.block *= -weight;
    state.block.diagonal().array() += 1;
    state.small.compute(state.block);
    state.rest.head(m) = state.small.solve(state.error);
    return in_theta(state.rest.head(m), problem.model().depth(), step, state.trial, state);
  }
};

}  // namespace tacit
