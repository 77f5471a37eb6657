// SPDX-License-Identifier: MIT
#pragma once
// What is measured of Rudoler et al. 2026, for the tests and the checks of papers: ordinary least squares from zero under (1/n) ||y - X theta||^2, the "mean"
// convention of the paper's code, whose gradient has the factor 2.

#include <tacit/core/random.hpp>
#include <tacit/hook/distance_to_run.hpp>
#include <tacit/hook/penalty_samples.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/observation/features.hpp>
#include <tacit/optimizer/modified_flow.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

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
