// SPDX-License-Identifier: MIT
#pragma once
// What the items of Chou, Gieshoff, Maly & Rauhut 2024 measure: descent on  1/2 |W_N ... W_1 - M|_F^2  with M = V Lambda V^T symmetric, all factors
// started at alpha I, or one of them at (alpha - beta) I. All factors then share V, and their eigenvalues follow
//   d <- d - eta d^(N-1) (d^N - lambda).

#include <tacit/hook/factors.hpp>
#include <tacit/hook/plateaus.hpp>
#include <tacit/hook/rise_times.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/spectrum.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/model/deep_matrix.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace chou2024 {

using namespace tacit;

struct Task {
  Vector<double> lambda;
  Matrix<double> V;

  /// Random eigenvectors; the unit vectors for seed 0.
  Task(Vector<double> eigenvalues, std::uint64_t seed) : lambda(std::move(eigenvalues)) {
    V = Matrix<double>::Identity(lambda.size(), lambda.size());
    if (seed == 0) return;
    Random random(seed, "chou2024");
    V = detail::random_isometry<double>(lambda.size(), lambda.size(), random);
  }
  Index size() const { return lambda.size(); }
  DeepMatrix<double> model(Index depth) const {
    return DeepMatrix<double>(std::vector<Index>(static_cast<std::size_t>(depth) + 1, size()));
  }
  auto problem(Index depth) const {
    Matrix<double> M = V * lambda.asDiagonal() * V.transpose();
    M = (M + M.transpose()).eval() / 2;
    return Problem(model(depth), fully_observed(M), HalfSumOfSquares{});
  }
};
/// Eigenvalues `first`, and so many zeros that there are n.
inline Vector<double> spectrum(std::initializer_list<double> first, Index n) {
  Vector<double> lambda = Vector<double>::Zero(n);
  std::copy(first.begin(), first.end(), lambda.data());
  return lambda;
}

/// Item 1: how far descent on matrices is from the recursion, the worst of every tenth step.
struct RecursionGap {
  double eigenvalues = 0;  ///< max |p_i - d_i^N| / d_i^N over the eigenvalues from `least` on: rounding of W is more than
                           ///< 1e-10 of those below 1e-5
  double matrix = 0;       ///< |W - V diag(d^N) V^T|_F over the norm of the latter
};
inline RecursionGap recursion_gap(const Task& task, Index depth, const Vector<double>& start, double alpha, double rate, Index steps,
                                  double least) {
  const auto problem = task.problem(depth);
  Run run(problem, start, gradient_descent({.rate = rate}));
  Vector<double> d = Vector<double>::Constant(task.size(), alpha);
  const auto N = static_cast<double>(depth);
  RecursionGap gap;
  for (Index t = 10; t <= steps; t += 10) {
    run.advance(10);
    for (int k = 0; k < 10; ++k) d.array() -= rate * d.array().pow(N - 1) * (d.array().pow(N) - task.lambda.array());
    const Vector<double> p = d.array().pow(N);
    Matrix<double> W = problem.model().layer(run.theta(), 0);
    for (Index l = 1; l < depth; ++l) W = problem.model().layer(run.theta(), l) * W;
    for (Index i = 0; i < p.size(); ++i)
      if (p[i] >= least) gap.eigenvalues = std::max(gap.eigenvalues, std::abs(task.V.col(i).dot(W * task.V.col(i)) - p[i]) / p[i]);
    gap.matrix = std::max(gap.matrix, (W - task.V * p.asDiagonal() * task.V.transpose()).norm() / p.norm());
  }
  return gap;
}

/// Item 2: when the eigenvalues of W reach half of lambda, in flow time.
inline RiseTimes half_times(const Task& task, Index depth, double alpha, double rate, Index steps) {
  const auto problem = task.problem(depth);
  Trajectory history(flow_time, mode_weights(task.V, task.V));
  Vector<double> theta = problem.model().identity({.factor_scale = alpha});
  train(problem, theta, gradient_descent({.rate = rate}), {.iterations = steps}, every(std::max<Index>(1, steps / 4000), history));
  return rise_times(history, numbered_columns(history, "mode"),
                    {.share = 0, .limits = std::vector<double>(task.lambda.begin(), task.lambda.end()), .time = "flow_time"});
}
/// The paper's take-off time from alpha, to leading order in alpha.
inline double take_off(Index depth, double lambda, double alpha) {
  const auto N = static_cast<double>(depth);
  return depth == 2 ? std::log(lambda / (alpha * alpha)) / (2 * lambda) : std::pow(alpha, 2 - N) / ((N - 2) * lambda);
}

/// Item 3: the largest distance of an eigenvalue of W at depth 2 from the closed form of the flow, up to the time `until`.
inline double closed_form_gap(const Task& task, const Vector<double>& start, double alpha, double rate, double until) {
  const auto problem = task.problem(2);
  Trajectory history(flow_time, mode_weights(task.V, task.V));
  Vector<double> theta = start;
  train(problem, theta, gradient_descent({.rate = rate}), {.iterations = std::lround(until / rate)}, every(10, history));
  double worst = 0;
  for (Index row = 0; row < history.rows(); ++row)
    for (Index i = 0; i < task.size(); ++i) {
      const double lambda = task.lambda[i], grown = std::exp(2 * lambda * history(row, 1));
      worst = std::max(worst, std::abs(history(row, 2 + i) - lambda * grown / (grown - 1 + lambda / (alpha * alpha))));
    }
  return worst;
}

/// Item 4: the eigenvalues of W at the end, in the order of lambda.
inline Vector<double> end_of(const Task& task, Index depth, double alpha, double beta, double rate, Index steps) {
  const auto problem = task.problem(depth);
  Vector<double> theta = problem.model().identity({.factor_scale = alpha, .perturbation = beta});
  Trajectory end(mode_weights(task.V, task.V));
  train(problem, theta, gradient_descent({.rate = rate}), {.iterations = steps}, at_the_end(end));
  Vector<double> p(task.size());
  for (Index i = 0; i < p.size(); ++i) p[i] = end.last(sentence("mode_", i + 1));
  return p;
}

/// Item 5: the plateaus of |W|_* / |W|_2, and whether it rises from its least value on.
struct EffectiveRank {
  Plateaus plateaus;
  double least = 0, end = 0;
  double largest_fall = 0;  ///< from one row to the next, after the least value
};
inline EffectiveRank effective_rank_along(const Task& task, Index depth, double alpha, double rate, Index steps,
                                          const FindPlateausSettings& settings = {}) {
  const auto problem = task.problem(depth);
  Trajectory history(nuclear_over_spectral);
  Vector<double> theta = problem.model().identity({.factor_scale = alpha});
  train(problem, theta, gradient_descent({.rate = rate}), {.iterations = steps}, every(std::max<Index>(1, steps / 1000), history));
  const auto r = history.column("nuclear_over_spectral");
  const auto bottom = std::min_element(r.begin(), r.end());
  EffectiveRank found{find_plateaus(history, "nuclear_over_spectral", settings), *bottom, r.back()};
  for (auto next = bottom; next + 1 < r.end(); ++next) found.largest_fall = std::max(found.largest_fall, *next - *(next + 1));
  return found;
}

}  // namespace chou2024
