// SPDX-License-Identifier: MIT
#pragma once
// Barrett & Dherin 2021, Implicit Gradient Regularization: descent at rate h follows the flow of L + h/4 |grad L|^2 to second order. The experiments of the
// acceptance list, shared by tests and paper checks.

#include <tacit/core/random.hpp>
#include <tacit/hook/distance_to_run.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/optimizer/fixed_flow.hpp>
#include <tacit/optimizer/modified_flow.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

namespace barrett2021 {

using namespace tacit;

/// L = 1/2 (0.6 - a b)^2, started at (2.8, 3.5).
inline auto toy() {
  return Problem(DeepMatrix<double>({1, 1, 1}), Data<double, AllEntries>(AllEntries(1, 1), Vector<double>{{0.6}}), HalfSumOfSquares{});
}
inline Vector<double> toy_start() { return Vector<double>{{2.8, 3.5}}; }

/// Distances of descent at rate h after the time 1 from the flow and from the modified flow.
struct Distances {
  double to_flow, to_modified;
};
/// That flow with `weight` times the paper's penalty.
template <class P>
Distances distances(const P& problem, const Vector<double>& start, double h, double weight = 1) {
  Vector<double> theta = start;
  Run flow(problem, start, FixedFlow{.interval = h, .substeps = 50});
  Run modified(problem, start, ModifiedFlow{.h = weight * h, .interval = h, .substeps = 50});
  Trajectory end(distance_to_run("flow", flow), distance_to_run("modified", modified));
  train(problem, theta, gradient_descent({.rate = h}), {.iterations = std::lround(1 / h)}, at_the_end(end));
  return {end.last("flow"), end.last("modified")};
}
inline double slope(double y0, double y1, double x0, double x1) { return std::log(y1 / y0) / std::log(x1 / x0); }

/// A row of the table of the notes on the paper, and how far a value is from one in units of its third digit.
struct Row {
  double h, flow, modified, difference, sum;
};
inline std::vector<Row> table() {
  return {{0.001, 3.41e-3, 4.34e-5, -4.3954, 4.5563}, {0.0025, 8.57e-3, 2.70e-4, -4.3733, 4.5350},
          {0.005, 1.73e-2, 1.07e-3, -4.3361, 4.4991}, {0.01, 3.54e-2, 4.24e-3, -4.2598, 4.4256},
          {0.02, 7.45e-2, 1.70e-2, -4.0962, 4.2684},  {0.025, 9.63e-2, 2.70e-2, -4.0066, 4.1824}};
}
inline double third_digits(double value, double printed) {
  return std::abs(value - printed) / std::pow(10.0, std::floor(std::log10(std::abs(printed))) - 2);
}
/// Items 1 and 2: a^2 - b^2 and a^2 + b^2 where descent at rate h ends.
struct Limit {
  double difference, sum;
};
inline Limit limit(double h) {
  Vector<double> theta = toy_start();
  train(toy(), theta, gradient_descent({.rate = h}), {.iterations = std::lround(100 / h)});
  return {theta[0] * theta[0] - theta[1] * theta[1], theta.squaredNorm()};
}
/// Item 3, over 400 steps: the largest relative error of (a^2 - b^2)' = (a^2 - b^2) (1 - h^2 r^2), how far that difference moves, and how far under the flow.
struct Difference {
  double identity_error, moved, moved_by_flow;
};
inline Difference difference(double h) {
  const auto problem = toy();
  double before = 0, factor = 1, worst = 0;
  bool first = true;
  Vector<double> theta = toy_start();
  const double start = theta[0] * theta[0] - theta[1] * theta[1];
  train(problem, theta, gradient_descent({.rate = h}), {.iterations = 400}, [&](const auto& now) {
    const double a = now.theta()[0], b = now.theta()[1], r = a * b - 0.6, difference = a * a - b * b;
    if (!first) worst = std::max(worst, std::abs(difference / (before * factor) - 1));
    before = difference, factor = 1 - h * h * r * r, first = false;
  });
  Vector<double> along = toy_start();
  train(problem, along, FixedFlow{.interval = h, .substeps = 50}, {.iterations = 400});
  return {worst, std::abs(before - start), std::abs(along[0] * along[0] - along[1] * along[1] - start)};
}

/// Item 4: 10 x 10 of three factors, at the rates of `deep_rates`: the distance to the modified flow relative to that to the flow.
inline std::vector<double> deep_rates() { return {1e-3, 2.5e-3, 5e-3, 1e-2}; }
inline std::vector<double> deep_ratios(std::uint64_t seed, double weight = 1) {
  Random random(seed, "barrett2021");
  Matrix<double> target(10, 10);
  for (double& entry : target.reshaped()) entry = random.normal();
  const DeepMatrix<double> model({10, 10, 10, 10});
  const Problem problem(model, fully_observed(target), HalfSumOfSquares{});
  const Vector<double> start = model.near_zero({.entry_std = 0.3, .seed = seed + 1});
  std::vector<double> ratios;
  for (const double h : deep_rates()) {
    const Distances found = distances(problem, start, h, weight);
    ratios.push_back(found.to_modified / found.to_flow);
  }
  return ratios;
}

}  // namespace barrett2021
