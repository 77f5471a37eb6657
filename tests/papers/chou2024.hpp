// SPDX-License-Identifier: MIT
#pragma once
// What the items of Chou, Gieshoff, Maly & Rauhut 2024 measure: descent on  1/2 |W_N ... W_1 - M|_F^2  with M = V Lambda V^T symmetric, all factors
// started at alpha I, or one of them at (alpha - beta) I. All factors then share V, and their eigenvalues follow
//   d <- d - eta d^(N-1) (d^N - lambda).

#include <tacit/core/check.hpp>
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

/// Eigenvalues from 2 down to -0.1, 20 of them; rate 0.01, factors 0.3 I, or 0.3 times orthogonal ones, which do not share the target's eigenvectors. Where
/// lambda is negative, what rounding makes unlike in the factors may grow as e^{|lambda| t}: e^10 after 10,000 steps.
inline RecursionGap recursion_gap(Index depth, bool alike, Index steps, std::uint64_t seed) {
  const Task task(Vector<double>::LinSpaced(20, 2, -0.1), seed);
  const DeepMatrix<double> model = task.model(depth);
  const Vector<double> start = alike ? model.identity({.factor_scale = 0.3}) : model.orthogonal({.factor_scale = 0.3});
  return recursion_gap(task, depth, start, 0.3, 0.01, steps, 1e-5);
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
/// Of lambda = 3, 2, 1, 0, -0.2 from alpha = 0.1: whether the three positive ones rise, and in their order, and T_2 / T_1, T_3 / T_1.
struct HalfTimes {
  bool in_order;
  double second, third;
};
inline HalfTimes half_times(Index depth, std::uint64_t seed) {
  const RiseTimes half = half_times(Task(spectrum({3, 2, 1, 0, -0.2}, 5), seed), depth, 0.1, 5e-3, depth < 4 ? 2500 : 12'000);
  require(half.list.size() == 5 && half.list[0].risen() && half.list[1].risen() && half.list[2].risen(), "half_times: ", half);
  return {half.in_order() && half.count() == 3, half.list[1].time / half.list[0].time, half.list[2].time / half.list[0].time};
}
/// The paper's take-off time from alpha, to leading order in alpha.
inline double take_off(Index depth, double lambda, double alpha) {
  const auto N = static_cast<double>(depth);
  return depth == 2 ? std::log(lambda / (alpha * alpha)) / (2 * lambda) : std::pow(alpha, 2 - N) / ((N - 2) * lambda);
}

/// |T_i / take-off time - 1| of lambda = 3, 2, 1; the take-off times are those of depth `formula`.
inline std::vector<double> off_take_off(Index depth, double alpha, Index steps, std::uint64_t seed, Index formula = 0) {
  const Task task(spectrum({3, 2, 1}, 3), seed);
  const RiseTimes half = half_times(task, depth, alpha, 2e-3, steps);
  std::vector<double> all;
  for (std::size_t i = 0; i < 3; ++i)
    all.push_back(std::abs(half.list[i].time / take_off(formula > 0 ? formula : depth, task.lambda[static_cast<Index>(i)], alpha) - 1));
  return all;
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

/// Of lambda = 3, 2, 1 from alpha = 0.1, one factor (alpha - beta) I, up to the time 5.
inline double closed_form_gap(double rate, double beta, std::uint64_t seed) {
  const Task task(spectrum({3, 2, 1}, 3), seed);
  return closed_form_gap(task, task.model(2).identity({.factor_scale = 0.1, .perturbation = beta}), 0.1, rate, 5);
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

/// Of lambda = 5, 2, 0.8 and 17 zeros, from a start for each depth at which the values rise one after another.
inline EffectiveRank effective_rank_along(Index depth, std::uint64_t seed) {
  struct Start {
    double alpha, rate;
    Index steps;
  };
  const Start starts[] = {{1e-3, 0.01, 4000}, {1e-3, 5e-3, 4000}, {1e-2, 0.02, 10'000}, {0.1, 0.01, 10'000}};
  const Start& start = starts[depth - 1];
  return effective_rank_along(Task(spectrum({5, 2, 0.8}, 20), seed), depth, start.alpha, start.rate, start.steps);
}

}  // namespace chou2024
