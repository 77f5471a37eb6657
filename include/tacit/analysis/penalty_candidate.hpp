// SPDX-License-Identifier: MIT
#pragma once
// A candidate of which the estimator of the implicit penalty (implicit_penalty.hpp) asks whether training behaves as if lambda R stood in
// the objective: a name and the gradient of R with respect to theta, without its coefficient. Made from
//
//   penalty_candidate("l1", [](const Vector<double>& theta) -> Vector<double> { return theta.cwiseSign(); })            any gradient
//   penalty_candidate(WeightDecayPenalty{.lambda = 2})                   a penalty on theta with its own lambda as unit: here |theta|^2
//   penalty_candidate(model, NuclearOverFrobenius{.lambda = 1})          a penalty on W(theta), or on theta, of a model
//   mean_squared_gradient(problem)    R_IG = |grad loss|^2 / P, whose gradient is (2 / P) H g               [Barrett & Dherin 2021, eq. (5)]
//
// A gradient costs what its parts cost; R_IG one gradient of the objective and one exact Hessian-vector product. A candidate owns its buffers, a copy has
// its own, so it is for one thread at a time. Numbers are doubles; a model or problem in float is asked in float.

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "../problem.hpp"

namespace tacit {

struct PenaltyCandidate {
  std::string name;
  std::function<Vector<double>(const Vector<double>& theta)> gradient;  ///< of R, with the length of theta
};

/// From a function of theta that returns the gradient of R.
template <class F>
requires std::convertible_to < std::invoke_result_t < F&, const Vector<double>
& >, Vector < double >> PenaltyCandidate penalty_candidate(std::string name, F gradient) { return {std::move(name), std::move(gradient)}; }

/// From a penalty on theta or on W, as a Problem takes it. Throws what the penalty's check() throws.
template <class M, class Penalty>
requires requires { typename M::scalar_type; }
PenaltyCandidate penalty_candidate(const M& model, Penalty penalty) {
  using S = typename M::scalar_type;
  auto term = detail::penalty_term<S>(std::move(penalty));
  std::string name = term.name();
  return {std::move(name), [model, term, ws = term.workspace(model)](const Vector<double>& theta) mutable -> Vector<double> {
            model.layout().require_size(theta.size(), "penalty_candidate");
            const Vector<S> at = theta.template cast<S>();
            Vector<S> g(theta.size());
            term.value_and_gradient(model, at, ws, Write::set, Out<S>(g));
            return g.template cast<double>();
          }};
}

/// From a penalty on theta, whatever the model.
template <class Penalty>
requires ThetaPenalty<Penalty, double> PenaltyCandidate penalty_candidate(Penalty penalty) {
  if constexpr (requires { penalty.check(); }) penalty.check();
  std::string name = penalty.name();
  return {std::move(name), [penalty](const Vector<double>& theta) {
            Vector<double> g = Vector<double>::Zero(theta.size());
            penalty.value_and_gradient(In<double>(theta), Out<double>(g));
            return g;
          }};
}

/// R_IG = |grad objective|^2 / P; the problem must outlive the candidate.
template <class P>
PenaltyCandidate mean_squared_gradient(const P& problem) {
  using S = typename P::scalar_type;
  static_assert(
      requires(typename P::Workspace & ws, In<S> v, Out<S> hv) { problem.hessian_times_linearized(v, v, ws, hv); },
      "mean_squared_gradient: the problem needs hessian_times_linearized(theta, v, ws, hv)");
  if constexpr (requires { problem.can_curve(); })
    require(problem.can_curve(), "mean_squared_gradient: this problem has no Hessian-vector products (hessian_times_linearized)");
  return {"R_IG", [&problem, ws = problem.workspace()](const Vector<double>& theta) mutable -> Vector<double> {
            problem.layout().require_size(theta.size(), "mean_squared_gradient");
            const Vector<S> at = theta.template cast<S>();
            Vector<S> g(theta.size()), hg(theta.size());
            problem.value_and_gradient(at, ws, g);
            problem.hessian_times_linearized(at, g, ws, hg);
            return (2 / static_cast<double>(theta.size())) * hg.template cast<double>();
          }};
}
template <class P>
PenaltyCandidate mean_squared_gradient(const P&&) = delete;  // a temporary problem would be gone before the first gradient

}  // namespace tacit
