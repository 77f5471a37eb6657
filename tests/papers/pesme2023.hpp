// SPDX-License-Identifier: MIT
#pragma once
// What is measured of Pesme & Flammarion 2023 and Even et al. 2023, for the tests and the checks of papers. The papers' x = (w_+^2 - w_-^2) / 2 from w = alpha is
// the library's x = u^2 - v^2 from u = v = alpha / sqrt 2; accelerated time is tau = 2 t / ln(1/alpha), and their step gamma is twice the rate.

#include <tacit/hook/hyperbolic_entropy.hpp>
#include <tacit/observation/linear_map.hpp>
#include <tacit/optimizer/diagonal_flow.hpp>
#include <tacit/optimizer/on_batches.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/solver/saddle_recursion.hpp>
#include <tacit/train.hpp>

#include <Eigen/Cholesky>
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

/// n = 20, d = 30, beta = (1, 1, 1, 0, ...), under (1/4n) ||X beta - y||^2 from alpha = 0.1.
struct LargeSteps {
  Linear linear;
  Vector<double> truth;
  std::uint64_t seed;
  Index batch;  ///< 20: descent; 1: single samples

  LargeSteps(std::uint64_t seed_, Index batch_) : truth(Vector<double>::Zero(30)), seed(seed_), batch(batch_) {
    truth.head(3).setOnes();
    Random random(seed, "pesme2023");
    linear = gaussian(20, truth, random);
  }
  struct End {
    bool converged = false;
    double error = 0;         ///< |x - truth|
    double outside = 0;       ///< of the entropy's dual, the share of the norm outside the row space
    double outside_flow = 0;  ///< the same with the scale and the origin of the flow, those of the start
    double on = 0, off = 0;   ///< geometric means of alpha_inf on and off the support
    Index steps = 0;
  };
  /// To a loss of 1e-14, or for `most` steps; `watch` adds what the entropy says. Order of the samples: 0, 1, ...
  End run(double gamma, std::uint64_t order, Index most, bool watch) const {
    const auto problem = net(linear, QuarterMeanSquares{});
    const Vector<double> start = Vector<double>::Constant(60, 0.1 / std::sqrt(2.0));
    const auto optimizer = on_batches({.size = batch, .seed = 100 * seed + order}, FullGradient{}) | LearningRate{gamma / 2};
    HyperbolicEntropy entropy;
    End end;
    auto ws = problem.workspace();
    const auto go = [&](auto& descent) {
      while (descent.iteration() < most && descent.reason() != Reason::diverged) {
        descent.advance(batch == 1 ? 2000 : 100);
        const double loss = problem.value(descent.theta(), ws).loss;
        if (!(loss < 1e6)) break;
        if (loss < 1e-14) end.converged = true;
        if (end.converged) break;
      }
      end.steps = descent.iteration();
      descent.finish();
      end.error = (problem.model().value(descent.theta()) - truth).norm();
    };
    if (!watch) {
      Run descent(problem, start, optimizer);
      go(descent);
      return end;
    }
    Run descent(problem, start, optimizer, entropy);
    go(descent);
    if (!end.converged) return end;
    const auto outside = [&](const Vector<double>& dual) {
      const Vector<double> nu = (linear.A * linear.A.transpose()).ldlt().solve(linear.A * dual);
      return (dual - linear.A.transpose() * nu).norm() / dual.norm();
    };
    end.outside = outside(entropy.dual());
    end.outside_flow = outside(entropy.x().unaryExpr([](double x) { return std::asinh(x / 0.01) / 2; }));
    const Vector<double> alpha = entropy.scale();
    end.on = std::exp(alpha.head(3).array().log().mean());
    end.off = std::exp(alpha.tail(27).array().log().mean());
    return end;
  }
  /// The largest gamma, to `digits` relative, at which all of these orders converge within `most` steps.
  double largest(std::uint64_t orders, Index most, double digits) const {
    const auto converges = [&](double gamma) {
      for (std::uint64_t order = 0; order < orders; ++order)
        if (!run(gamma, order, most, false).converged) return false;
      return true;
    };
    double low = batch == 1 ? 0.1 : 0.5, high = 2 * low;
    while (converges(high)) low = high, high *= 2;
    while (!converges(low)) high = low, low /= 2;
    while (high > low * (1 + digits)) {
      const double middle = std::sqrt(low * high);
      (converges(middle) ? low : high) = middle;
    }
    return low;
  }
};

}  // namespace pesme2023
