// SPDX-License-Identifier: MIT
#pragma once
// What is measured of Pesme & Flammarion 2023, for the tests and the checks of papers. The papers' x = (w_+^2 - w_-^2) / 2 from w = alpha is
// the library's x = u^2 - v^2 from u = v = alpha / sqrt 2; accelerated time is tau = 2 t / ln(1/alpha).

#include <tacit/observation/linear_map.hpp>
#include <tacit/optimizer/diagonal_flow.hpp>
#include <tacit/solver/basis_pursuit.hpp>
#include <tacit/solver/saddle_recursion.hpp>
#include <tacit/train.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "diagonal.hpp"

namespace pesme2023 {

using namespace tacit;
using diagonal::Linear;

/// Gaussian X of n rows and d columns, and y = X beta.
inline Linear gaussian(Index n, const Vector<double>& beta, Random& random) {
  Linear made{Matrix<double>(n, beta.size()), {}};
  for (double& entry : made.A.reshaped()) entry = random.normal();
  made.y = made.A * beta;
  return made;
}
/// n = 6, d = 10, three entries +-U(1, 2) of ten, under (1/2n) ||X beta - y||^2: rows divided by sqrt n.
inline Linear sparse_problem(std::uint64_t seed) {
  Random random(seed, "pesme2023");
  Vector<double> beta = Vector<double>::Zero(10);
  for (int count = 0; count < 3;) {
    double& entry = beta[static_cast<Index>(random.below(10))];
    if (entry != 0) continue;
    entry = (random.uniform() < 0.5 ? -1 : 1) * random.uniform(1, 2);
    ++count;
  }
  Linear made = gaussian(6, beta, random);
  made.A /= std::sqrt(6.0);
  made.y /= std::sqrt(6.0);
  return made;
}

template <class Loss>
auto net(const Linear& linear, Loss loss) {
  const Index d = linear.A.cols();
  return Problem(DiagonalNet<double>({.size = d, .depth = 2}),
                 Data<double, LinearMap<double>>(LinearMap<double>(d, 1, linear.A.transpose()), linear.y), loss);
}

/// The flow of 1/2 |A x - y|^2 from scale alpha, a row a step: accelerated time, x, dx / dtau, loss and -d ln loss / dtau.
struct FlowRecord {
  std::vector<double> tau, loss, rate;
  std::vector<Vector<double>> x, dx;
};
inline FlowRecord flow(const Linear& linear, double alpha, double end) {
  const auto problem = net(linear, HalfSumOfSquares{});
  const Index d = linear.A.cols();
  const double unit = std::log(1 / alpha) / 2;  // of time
  FlowRecord record;
  Vector<double> theta = Vector<double>::Constant(2 * d, alpha / std::sqrt(2.0));
  train(problem, theta, DiagonalFlow{.rtol = 1e-8, .atol = 0, .time = unit * end}, {.iterations = 200'000}, [&](const auto& now) {
    const Vector<double>&at = now.theta(), &g = now.gradient();
    record.tau.push_back(now.flow_time() / unit);
    record.loss.push_back(now.loss());
    record.rate.push_back(unit * g.squaredNorm() / now.loss());
    record.x.push_back(at.head(d).cwiseAbs2() - at.tail(d).cwiseAbs2());
    record.dx.push_back(2 * unit * (at.tail(d).cwiseProduct(g.tail(d)) - at.head(d).cwiseProduct(g.head(d))));
  });
  return record;
}

/// The time, next to `near`, at which x_i passes half of `goal` on its way there; by the cubic through values and slopes of two rows.
inline double half_way(const FlowRecord& record, Index i, double goal, double near) {
  const auto height = [&](std::size_t row) { return record.x[row][i] / goal - 0.5; };
  std::size_t row = 1;
  while (row + 1 < record.tau.size() && record.tau[row] < near) ++row;
  while (row > 1 && height(row - 1) >= 0) --row;
  while (row + 1 < record.tau.size() && height(row) < 0) ++row;
  if (!(height(row - 1) < 0 && height(row) >= 0)) return std::numeric_limits<double>::quiet_NaN();
  const double from = record.tau[row - 1], length = record.tau[row] - from, p0 = height(row - 1), p1 = height(row),
               m0 = record.dx[row - 1][i] / goal * length, m1 = record.dx[row][i] / goal * length;
  double low = 0, high = 1;
  for (int k = 0; k < 60; ++k) {
    const double t = (low + high) / 2;
    const double value =
        (1 + 2 * t) * (1 - t) * (1 - t) * p0 + t * (1 - t) * (1 - t) * m0 + t * t * (3 - 2 * t) * p1 + t * t * (t - 1) * m1;
    (value < 0 ? low : high) = t;
  }
  return from + length * low;
}
/// Of every jump of the path: half-way of the coordinate that enters there.
inline std::vector<double> half_way_times(const FlowRecord& record, const SaddlePath& path) {
  std::vector<double> all;
  for (std::size_t k = 1; k < path.list.size(); ++k) {
    const Saddle& saddle = path.list[k];
    const double goal = saddle.x[saddle.entered];
    all.push_back(goal == 0 ? std::numeric_limits<double>::quiet_NaN()
                            : half_way(record, saddle.entered, goal, (path.list[k - 1].time + saddle.time) / 2));
  }
  return all;
}
/// From the times at two scales, whose difference from the limit goes like 1 / ln(1 / alpha).
inline double richardson(double first, double alpha_1, double second, double alpha_2) {
  const double a = 1 / std::log(1 / alpha_1), b = 1 / std::log(1 / alpha_2);
  return (a * second - b * first) / (a - b);
}

/// The share of the accelerated time, while the loss is above 1e-3 of its start, on which |d ln loss / dtau| < 0.05. Between rows ln |d ln loss / dtau| is taken
/// for linear, as in the growth of a coordinate.
inline double flat_fraction(const FlowRecord& record) {
  double flat = 0, all = 0;
  const double limit = std::log(0.05);
  for (std::size_t row = 1; row < record.tau.size() && record.loss[row - 1] > 1e-3 * record.loss[0]; ++row) {
    const double length = record.tau[row] - record.tau[row - 1], a = std::log(record.rate[row - 1]) - limit,
                 b = std::log(record.rate[row]) - limit;
    all += length;
    if (a < 0 && b < 0) flat += length;
    else if (a < 0 || b < 0) flat += length * std::min(a, b) / (std::min(a, b) - std::max(a, b));
  }
  return flat / all;
}

/// Item 1, "random" of Wind et al. 2023 with A and y times `scale`: jumps, and how far times, saddles and losses are off the table of the fixed problem.
struct TableOff {
  Index jumps = 0;
  double times = 0, saddles = 0, losses = 0;
  double first = 0;  ///< of the first time from 1 / max_i |A^T y|_i, relative
  bool arrived = false;
};
inline TableOff off_table(double scale) {
  Linear fixed = diagonal::random();
  fixed.A *= scale, fixed.y *= scale;
  const SaddlePath path = saddle_recursion(fixed.A, fixed.y);
  const double times[] = {0, 0.678800, 1.822868, 7.200767}, losses[] = {0.866623, 0.175141, 0.017357, 0};
  const Vector<double> saddles[] = {Vector<double>::Zero(5), Vector<double>{{0, 0, 0, 0, -0.938755}},
                                    Vector<double>{{0, 0, 0, -0.833854, -0.680141}},
                                    Vector<double>{{0, 0, -0.278220, -0.949197, -0.536551}}};
  TableOff off{.jumps = path.jumps(), .arrived = path.arrived && path.why.empty()};
  for (std::size_t k = 0; k < std::min<std::size_t>(4, path.list.size()); ++k) {
    const Saddle& saddle = path.list[k];
    off.times = std::max(off.times, std::abs(saddle.time - times[k]));
    off.saddles = std::max(off.saddles, (saddle.x - saddles[k]).lpNorm<Eigen::Infinity>());
    off.losses = std::max(off.losses, std::abs(saddle.loss - losses[k]));
  }
  off.first = path.list[1].time * (fixed.A.transpose() * fixed.y).lpNorm<Eigen::Infinity>() - 1;
  return off;
}
/// Item 2 on the fixed problem: (half-way time - tau_k) ln(1/alpha) of the three jumps.
inline std::vector<double> fixed_times(double alpha) {
  const Linear fixed = diagonal::random();
  return half_way_times(flow(fixed, alpha, 9), saddle_recursion(fixed.A, fixed.y));
}
/// The largest entry of x - saddle k of the fixed problem when the flow is half-way between jumps k and k + 1.
inline double off_saddle(double alpha, std::size_t k) {
  const Linear fixed = diagonal::random();
  const SaddlePath path = saddle_recursion(fixed.A, fixed.y);
  const double middle = (path.list[k].time + path.list[k + 1].time) / 2;
  return (flow(fixed, alpha, middle).x.back() - path.list[k].x).lpNorm<Eigen::Infinity>();
}

/// Item 3 on a sparse problem: the distance of the last saddle from the l1 minimiser, relative; of the jumps with a drive of at least 0.2 and times below 9 the
/// difference of the time from the flow's, extrapolated from alpha = 1e-40 and 1e-80, and from the flow's at 1e-80. Infinite where a jump was not seen.
struct JumpErrors {
  bool arrived = false;
  double from_minimiser = 0;
  std::vector<double> extrapolated, at_smallest;
};
inline JumpErrors jump_errors(std::uint64_t seed, bool with_flow = true) {
  const Linear linear = sparse_problem(seed);
  const SaddlePath path = saddle_recursion(linear.A, linear.y);
  const BasisPursuit least = basis_pursuit(linear.A, linear.y);
  JumpErrors errors{path.arrived, (path.last().x - least.x).norm() / least.x.norm(), {}, {}};
  if (!with_flow) return errors;
  const double end = std::min(path.last().time, 9.0) + 2;
  const auto first = half_way_times(flow(linear, 1e-40, end), path), second = half_way_times(flow(linear, 1e-80, end), path);
  for (std::size_t k = 1; k < path.list.size(); ++k) {
    const Saddle& saddle = path.list[k];
    if (saddle.drive < 0.2 || saddle.time >= 9) continue;
    const auto off = [&](double time) {
      const double error = std::abs(time - saddle.time);
      return std::isfinite(error) ? error : std::numeric_limits<double>::infinity();
    };
    errors.extrapolated.push_back(off(richardson(first[k - 1], 1e-40, second[k - 1], 1e-80)));
    errors.at_smallest.push_back(off(second[k - 1]));
  }
  return errors;
}

/// Item 4 on a sparse problem.
inline double flat_fraction_from(double alpha, std::uint64_t seed) {
  const Linear linear = sparse_problem(seed);
  return flat_fraction(flow(linear, alpha, 1.5 * saddle_recursion(linear.A, linear.y).last().time + 20));
}

}  // namespace pesme2023
