// SPDX-License-Identifier: MIT
#pragma once
// The central flow of gradient descent at rate eta: the path around which it oscillates once the sharpness has reached 2/eta.
//                                                                                                                  [Cohen et al. 2025]
//   theta' = -eta ( grad L + 1/2 grad <Sigma, H> ),   0 <= Sigma,  H <= 2/eta,  <Sigma, 2/eta - H> = 0,
// H the Hessian, Sigma the covariance of the oscillations, held fixed inside the gradient; below the edge Sigma = 0, and this is the
// gradient flow. Time 1, which an iteration covers by `substeps` Euler steps of dt, is one step of gradient descent. In each:
//   u_i, lambda_i   eigenpairs above edge / eta, of those tracked above track / eta (analysis/top_eigenpairs.hpp)
//   N_ij = grad (u_i^T H u_j) = (H(theta + e u_j) u_i - H(theta - e u_j) u_i) / 2e
//   A_ij = (2/eta - lambda_i) delta_ij + dt eta <N_ij, grad L>,  B_ij,kl = dt eta/2 <N_ij, N_kl>
//   Sigma = U X U^T with X from central_flow_complementarity.hpp,   theta <- theta - dt eta (grad L + 1/2 sum_ij X_ij N_ij)
// Predictions of descent's averages: theta for its midpoints (hook/midpoints.hpp), L + tr X / eta for the loss, and
// |grad L|^2 + 4 tr X / eta^2 for the squared gradient. A run shows them, for the theta before the step just made:
//   Run run(problem, theta, CentralFlow{.rate = eta});   run.advance(1);   run.optimizer_state().source.covariance_trace();
// k eigenpairs above the edge cost 2 k gradients and k (k + 1) Hessian-vector products a substep, tracking some 3 k + 4 more, and one
// gradient for all; P (k^2/2 + 15 k) numbers, k = .most. A quadratic loss has no central flow above the edge (N = 0): the run stalls, and
// says so. Adaptive optimizers have central flows with states of their own, which this is not.

#include "../analysis/top_eigenpairs.hpp"
#include "central_flow_complementarity.hpp"
#include "chain.hpp"

namespace tacit {

struct CentralFlow {
  using stage = SourceTag;
  static constexpr std::string_view name = "CentralFlow";
  static constexpr bool sets_rate = true;
  double rate;              ///< eta
  Index substeps = 4;       ///< Euler steps in an iteration
  double edge = 1.95;       ///< eigenvalues above edge / eta enter the complementarity problem
  double track = 1.5;       ///< those above track / eta are known exactly
  Index most = 10;          ///< at most so many are tracked
  double tolerance = 1e-9;  ///< on their residuals, relative to the largest

  template <class Archive>
  void persist(Archive& archive) {
    archive("rate", rate);
    archive("substeps", substeps);
    archive("edge", edge);
    archive("track", track);
    archive("most", most);
    archive("tolerance", tolerance);
  }

  /// What is known of the first substep at theta_t, which a Run shows after advance(1).
  template <Scalar S>
  struct State {
    detail::TopEigenpairs<S> top;
    Complementarity covariance;
    Matrix<S> N;  ///< column pair(i, j): N_ij, i <= j
    Matrix<double> A, B;
    Vector<S> theta, g, ahead, behind, move;
    // The record.
    double eta = 0, sharpness = 0;
    Index unstable = 0;  ///< eigenvalues above the edge
    Matrix<double> X;    ///< its leading part
    Matrix<S> U;         ///< its leading columns
    Vector<double> lambda;

    /// tr Sigma: the mean square of the oscillation.
    double covariance_trace() const { return X.topLeftCorner(unstable, unstable).trace(); }
    /// u^T Sigma u for a direction u.
    double variance_along(const Vector<S>& u) const {
      double sum = 0;
      for (Index i = 0; i < unstable; ++i)
        for (Index j = 0; j < unstable; ++j) sum += X(i, j) * static_cast<double>(U.col(i).dot(u)) * static_cast<double>(U.col(j).dot(u));
      return sum;
    }
    /// The averages that descent is predicted to have, from the loss and |gradient|^2 at theta_t.
    double predicted_loss(double loss) const { return loss + covariance_trace() / eta; }
    double predicted_squared_gradient(double squared) const { return squared + 4 * covariance_trace() / (eta * eta); }
    /// The eigenvalues of Sigma that are not 0, largest first, with their eigenvectors as the columns of the second.
    std::pair<Vector<double>, Matrix<S>> covariance_eigenpairs() const {
      SmallSymmetricEigen eigen(std::max<Index>(unstable, 1));
      eigen.compute(X, unstable);
      Vector<double> values(unstable);
      Matrix<S> vectors = Matrix<S>::Zero(U.rows(), unstable);
      for (Index i = 0; i < unstable; ++i) {
        values[i] = eigen.value(i);
        for (Index j = 0; j < unstable; ++j) vectors.col(i) += static_cast<S>(eigen.vector(j, i)) * U.col(j);
      }
      return {std::move(values), std::move(vectors)};
    }

    template <class Archive>
    void persist(Archive& archive) {
      archive("top", top);
    }
  };

  template <class P>
  auto start(const P& problem) const {
    using S = typename P::scalar_type;
    static_assert(
        requires(typename P::Workspace & ws, const Vector<S>& v, Vector<S>& hv) { problem.hessian_times_linearized(v, v, ws, hv); },
        "CentralFlow: the problem needs hessian_times_linearized(theta, v, ws, hv)");
    require(std::isfinite(rate) && rate > 0, "CentralFlow: .rate is ", rate, ", it needs to be positive and finite");
    require(substeps > 0, "CentralFlow: .substeps is ", substeps, ", it needs to be at least 1");
    require(edge > 0 && edge <= 2, "CentralFlow: .edge is ", edge, ", it needs to be in (0, 2]");
    require(track > 0 && track <= edge, "CentralFlow: .track is ", track, ", it needs to be positive and at most .edge");
    require(most > 0, "CentralFlow: .most is ", most, ", it needs to be at least 1");
    require(tolerance > 0, "CentralFlow: .tolerance is ", tolerance, ", it needs to be positive");
    const Index parameters = problem.dimension(), k = std::min(most, parameters);
    State<S> state;
    state.top = detail::TopEigenpairs<S>(parameters, k);
    state.covariance = Complementarity(k);
    state.N.resize(parameters, k * (k + 1) / 2);
    state.A.resize(k, k);
    state.B.resize(k * k, k * k);
    for (Vector<S>* buffer : {&state.theta, &state.g, &state.ahead, &state.behind, &state.move}) buffer->resize(parameters);
    state.eta = rate;
    state.X = Matrix<double>::Zero(k, k);
    state.U = Matrix<S>::Zero(parameters, k);
    state.lambda = Vector<double>::Zero(k);
    return state;
  }

  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, State<S>& state) const {
    step.evaluate(problem, ws);
    step.rate = rate;
    state.theta = step.theta;
    state.g = step.gradient;
    const double dt = 1 / static_cast<double>(substeps);
    for (Index k = 0; k < substeps; ++k) {
      if (k > 0) problem.value_and_gradient(state.theta, ws, state.g);
      else if (step.linearized != Linearized::here) problem.value_and_gradient(state.theta, ws, state.g);
      step.linearized = Linearized::nowhere;
      if (!state.g.allFinite()) break;  // the next evaluation says so
      const auto multiply = [&](In<S> v, Out<S> hv) { problem.hessian_times_linearized(state.theta, v, ws, hv); };
      state.top.improve(multiply, track / rate, tolerance);
      Index unstable = 0;
      while (unstable < state.top.count() && state.top.value(unstable) > edge / rate) ++unstable;
      if (unstable == state.top.most() && unstable < problem.dimension())
        return step.stall(sentence("all ", unstable, " eigenvalues that are tracked exceed ", edge, " / rate; raise .most"));
      if (unstable > 0) third_derivatives(problem, ws, state, unstable);
      const bool solved = unstable == 0 || balance(state, unstable, dt);
      if (k == 0) record(state, unstable);
      if (!solved)
        return step.stall(
            "the sharpness exceeds 2 / rate, and no oscillation brings it back: third derivatives do not lower it, as with a quadratic "
            "loss");
      state.move = state.g;
      for (Index j = 0; j < unstable; ++j)
        for (Index i = 0; i <= j; ++i)
          state.move += static_cast<S>((i == j ? 0.5 : 1.0) * state.covariance.X()(i, j)) * state.N.col(pair(i, j));
      state.theta -= static_cast<S>(dt * rate) * state.move;
    }
    step.replace_next() = state.theta;
  }

 private:
  static Index pair(Index i, Index j) { return i <= j ? i + j * (j + 1) / 2 : j + i * (i + 1) / 2; }

  template <class P, Scalar S>
  static void third_derivatives(const P& problem, typename P::Workspace& ws, State<S>& state, Index unstable) {
    const S size = state.theta.norm(), e = std::cbrt(std::numeric_limits<S>::epsilon()) * (size > 0 ? size : S(1));
    for (Index j = 0; j < unstable; ++j)
      for (const S sign : {S(1), S(-1)}) {
        state.ahead = state.theta + (sign * e) * state.top.vector(j);
        problem.value_and_gradient(state.ahead, ws, state.behind);
        for (Index i = 0; i <= j; ++i) {
          problem.hessian_times_linearized(state.ahead, state.top.vector(i), ws, state.behind);
          if (sign > 0) state.N.col(pair(i, j)) = state.behind;
          else state.N.col(pair(i, j)) = (state.N.col(pair(i, j)) - state.behind) / (2 * e);
        }
      }
  }
  /// Fills A and B, and solves for X.
  template <Scalar S>
  bool balance(State<S>& state, Index unstable, double dt) const {
    const auto dot = [](const auto& a, const auto& b) { return static_cast<double>(a.dot(b)); };
    for (Index j = 0; j < unstable; ++j)
      for (Index i = 0; i <= j; ++i) {
        const auto n = state.N.col(pair(i, j));
        const double drift = dt * rate * dot(n, state.g);
        state.A(i, j) = state.A(j, i) = (i == j ? 2 / rate - state.top.value(i) : 0) + drift;
        for (Index l = 0; l <= j; ++l)
          for (Index k = 0; k <= l; ++k) {
            if (pair(k, l) > pair(i, j)) continue;
            const double response = dt * rate / 2 * dot(n, state.N.col(pair(k, l)));
            for (const Index a : {i + j * unstable, j + i * unstable})
              for (const Index b : {k + l * unstable, l + k * unstable}) state.B(a, b) = state.B(b, a) = response;
          }
      }
    return state.covariance.solve(state.A, state.B, unstable);
  }
  template <Scalar S>
  static void record(State<S>& state, Index unstable) {
    state.unstable = unstable;
    state.sharpness = state.top.value(0);
    for (Index j = 0; j < unstable; ++j) {
      state.lambda[j] = state.top.value(j);
      state.U.col(j) = state.top.vector(j);
      for (Index i = 0; i < unstable; ++i) state.X(i, j) = state.covariance.X()(i, j);
    }
  }
};

}  // namespace tacit
