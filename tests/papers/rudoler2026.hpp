// SPDX-License-Identifier: MIT
#pragma once
// What is measured of Rudoler et al. 2026, for the tests and the checks of papers: ordinary least squares from zero under (1/n) ||y - X theta||^2, the "mean"
// convention of the paper's code, whose gradient has the factor 2.

#include <tacit/core/random.hpp>
#include <tacit/hook/distance_to_run.hpp>
#include <tacit/hook/penalty_samples.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/stop.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/observation/features.hpp>
#include <tacit/optimizer/modified_flow.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/penalty/nuclear_over_frobenius.hpp>
#include <tacit/train.hpp>

#include <Eigen/Eigenvalues>
#include <cmath>

namespace rudoler2026 {

using namespace tacit;

struct Ols {
  Matrix<double> X;
  Vector<double> y;

  Matrix<double> covariance() const { return X.transpose() * X / static_cast<double>(X.rows()); }
  auto problem() const { return Problem(DeepMatrix<double>({X.cols(), 1}), regression_data<double>(X, Matrix<double>(y)), MeanSquares{}); }
};
/// X ~ N(0, 1), coefficients 3 N(0, 1), noise of this standard deviation.
inline Ols ols(Index n, Index p, double noise, std::uint64_t seed) {
  Random random(seed, "rudoler2026");
  Ols made{Matrix<double>(n, p), Vector<double>(n)};
  for (double& entry : made.X.reshaped()) entry = random.normal();
  Vector<double> beta(p);
  for (double& entry : beta) entry = 3 * random.normal();
  made.y = made.X * beta;
  for (double& entry : made.y) entry += noise * random.normal();
  return made;
}

/// theta_t of  theta <- theta + (eta / n) X^T (y - X theta)  from zero: descent at half that rate.
inline Vector<double> iterate(const Ols& data, double eta, Index t) {
  const auto problem = data.problem();
  Run run(problem, Vector<double>(Vector<double>::Zero(data.X.cols())), gradient_descent({.rate = eta / 2}));
  run.advance(t);
  return run.theta();
}

/// Item 1: S ((1 - eta S)^-t - 1)^-1 in the eigenvectors of the covariance, or what the authors' draft has, S ((1 - eta S)^-t - 1).
enum class Inverse { outer, missing };
inline Matrix<double> early_stopping(const Ols& data, double eta, Index t, Inverse inverse = Inverse::outer) {
  const Eigen::SelfAdjointEigenSolver<Matrix<double>> eigen(data.covariance());
  const auto f = [&](double s) {
    const double grown = std::pow(1 - eta * s, -static_cast<double>(t)) - 1;
    return inverse == Inverse::outer ? s / grown : s * grown;
  };
  return eigen.eigenvectors() * eigen.eigenvalues().unaryExpr(f).asDiagonal() * eigen.eigenvectors().transpose();
}
/// |gradient of (1/n) ||y - X theta||^2 + theta^T Q theta|.
inline double stationarity(const Ols& data, const Matrix<double>& Q, const Vector<double>& theta) {
  const Vector<double> misfit = data.X * theta - data.y, of_loss = data.X.transpose() * misfit, of_penalty = Q * theta;
  return (2 / static_cast<double>(data.X.rows()) * of_loss + 2 * of_penalty).norm();
}
/// That of theta_t for Q_t, and for penalties that are not it: the draft's, Q_{t+1}, none.
struct Stationary {
  double exact, draft, later, without;
};
inline Stationary stationary(Index t, std::uint64_t seed) {
  const double eta = 0.05;
  const Ols data = ols(200, 6, 1, seed);
  const Vector<double> theta = iterate(data, eta, t);
  const auto off = [&](const Matrix<double>& Q) { return stationarity(data, Q, theta); };
  return {off(early_stopping(data, eta, t)), off(early_stopping(data, eta, t, Inverse::missing)), off(early_stopping(data, eta, t + 1)),
          off(Matrix<double>::Zero(6, 6))};
}

/// |theta|^2.
inline PenaltyCandidate ridge() { return penalty_candidate(WeightDecayPenalty{.lambda = 2}); }

/// Item 2: relative errors of what is estimated of lambda |theta|^2 in a regression, in a factorization, and there beside the ratio of norms, whose
/// coefficient 3 lambda is estimated with it; all after descent to a gradient of 1e-11. Then, as controls, the estimate in the regression without a penalty,
/// and the residual of a ridge in the factorization where the penalty is the ratio alone.
struct Ridge {
  double regression, factorization, beside_ratio, of_ratio, residual;
};
struct NoRidge {
  double estimate, residual;
};
class Penalised {
  Ols data_;
  Matrix<double> target_;
  std::uint64_t seed_;
  DeepMatrix<double> model_{std::vector<Index>{5, 4, 6}};

  template <class... Penalties>
  auto factorization(const Penalties&... penalties) const {
    return Problem(model_, fully_observed(target_), MeanSquares{}, penalties...);
  }
  template <class... Penalties>
  Vector<double> of_regression(const Penalties&... penalties) const {
    const DeepMatrix<double> model({6, 1});
    return at_rest(Problem(model, regression_data<double>(data_.X, Matrix<double>(data_.y)), MeanSquares{}, penalties...),
                   Vector<double>::Zero(6), 0.2);
  }
  template <class... Penalties>
  Vector<double> of_factorization(const Penalties&... penalties) const {
    return at_rest(factorization(penalties...), model_.near_zero({.entry_std = 0.5, .seed = seed_}), 0.5);
  }
  template <class P>
  static Vector<double> at_rest(const P& problem, Vector<double> theta, double rate) {
    const auto end = train(problem, theta, gradient_descent({.rate = rate}), {.iterations = 400'000}, stop_when(gradient_below(1e-11)));
    require(end.reason == Reason::stopped_by_hook, "descent has not come to rest: ", end.why);
    return theta;
  }

 public:
  explicit Penalised(std::uint64_t seed) : data_(ols(300, 6, 1, seed)), target_(6, 5), seed_(seed) {
    Random random(seed + 1, "rudoler2026");
    for (double& entry : target_.reshaped()) entry = random.normal();
  }
  Ridge recovered(double lambda) const {
    const WeightDecayPenalty weight_decay{.lambda = 2 * lambda};
    const NuclearOverFrobenius norms{.lambda = 3 * lambda};
    const auto plain = factorization();
    const ImplicitPenalty one = estimate_penalty(data_.problem(), {of_regression(weight_decay)}, {ridge()}),
                          deep = estimate_penalty(plain, {of_factorization(weight_decay)}, {ridge()}),
                          both = estimate_penalty(plain, {of_factorization(weight_decay, norms)},
                                                  {ridge(), penalty_candidate(model_, NuclearOverFrobenius{.lambda = 1})});
    const auto off = [](double found, double true_value) { return std::abs(found / true_value - 1); };
    return {off(one.coefficients[0], lambda), off(deep.coefficients[0], lambda), off(both.coefficients[0], lambda),
            off(both.coefficients[1], 3 * lambda), deep.residual};
  }
  NoRidge none() const {
    const Vector<double> of_norms = of_factorization(NuclearOverFrobenius{.lambda = 0.02});
    return {estimate_penalty(data_.problem(), {of_regression()}, {ridge()}).coefficients[0],
            estimate_penalty(factorization(), {of_norms}, {ridge()}).residual};
  }
};

/// theta and the time at every step of descent from zero.
template <class Optimizer, class P>
auto steps_of(const Optimizer& optimizer, const P& problem, const Vector<double>& start, Index steps) {
  Trajectory history(flow_time, theta_entries);
  Vector<double> theta = start;
  train(problem, theta, optimizer, {.iterations = steps}, every(1, history));
  return history;
}
/// The same samples with Euler's method of k steps in the place of the flow.
template <class P>
std::vector<PenaltySample> euler_samples(const P& problem, std::vector<PenaltySample> samples, double rate, Index k) {
  for (PenaltySample& sample : samples) {
    Run euler(problem, sample.theta, gradient_descent({.rate = rate / static_cast<double>(k)}));
    euler.advance(k);
    sample.gradient = -(euler.theta() - sample.theta) / rate;
  }
  return samples;
}

struct FiniteStep {
  double ratio = 0;  ///< of the estimate to eta p / 4
  double residual = 0;
};
/// Of 50 steps of descent; `euler` steps of Euler's method as the reference, or the Runge-Kutta method where it is 0.
inline FiniteStep finite_step(Index p, double rate, Index euler, std::uint64_t seed) {
  const Ols data = ols(1000, p, 0.1, seed);
  const auto problem = data.problem();
  const auto history = steps_of(gradient_descent({.rate = rate}), problem, Vector<double>::Zero(p), 50);
  auto samples = finite_step_samples(problem, history);
  if (euler > 0) samples = euler_samples(problem, std::move(samples), rate, euler);
  const ImplicitPenalty found = estimate_penalty(samples, {mean_squared_gradient(problem)});
  return {found.coefficients[0] / (rate * static_cast<double>(p) / 4), found.residual};
}

/// The same of 50 steps of the flow, whose coefficient needs to be 0; and the residual of a ridge on 50 steps of descent.
struct OtherSteps {
  double of_flow, residual_of_ridge;
};
inline OtherSteps other_steps(Index p, double rate, std::uint64_t seed) {
  const auto problem = ols(1000, p, 0.1, seed).problem();
  const Vector<double> zero = Vector<double>::Zero(p);
  const auto flow = steps_of(FixedFlow{.interval = rate, .substeps = 20}, problem, zero, 50);
  const auto descent = steps_of(gradient_descent({.rate = rate}), problem, zero, 50);
  return {estimate_penalty(finite_step_samples(problem, flow), {mean_squared_gradient(problem)}).coefficients[0],
          estimate_penalty(finite_step_samples(problem, descent), {ridge()}).residual};
}

/// |descent - modified flow| / |descent - flow| after these steps (p = 10, n = 500, noise 0.1), with `weight` times the theory's penalty.
inline double drift_ratio(double rate, Index steps, double weight, std::uint64_t seed) {
  const Ols data = ols(500, 10, 0.1, seed);
  const auto problem = data.problem();
  Vector<double> theta = Vector<double>::Zero(10);
  Run flow(problem, theta, FixedFlow{.interval = rate, .substeps = 20});
  Run modified(problem, theta, ModifiedFlow{.h = weight * rate, .interval = rate, .substeps = 20});
  Trajectory end(distance_to_run("flow", flow), distance_to_run("modified", modified));
  train(problem, theta, gradient_descent({.rate = rate}), {.iterations = steps}, at_the_end(end));
  return end.last("modified") / end.last("flow");
}

}  // namespace rudoler2026
