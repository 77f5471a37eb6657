// SPDX-License-Identifier: MIT
#pragma once
// Fojtik, Matveev, Chou, Kutyniok & Maly 2025, Conflicting Biases at the Edge of Stability: f(x) = <w * w, x> on the point x = (1, 2), y = 1, L = r^2 / 2,
// from w = (0.05, 0.05), until L < 1e-8. The experiments of the acceptance list, shared by tests and paper checks.

#include <tacit/analysis/hessian.hpp>
#include <tacit/core/small_symmetric_eigen.hpp>
#include <tacit/hook/largest_sharpness.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/stop.hpp>
#include <tacit/model/shared_diagonal.hpp>
#include <tacit/observation/linear_map.hpp>
#include <tacit/optimizer/gradient_flow.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

namespace fojtik2025 {

using namespace tacit;

inline auto toy() {
  return Problem(SharedDiagonal<double>({.size = 2, .depth = 2}),
                 Data<double, LinearMap<double>>(LinearMap<double>(2, 1, Matrix<double>{{1}, {2}}), Vector<double>{{1}}),
                 HalfSumOfSquares{});
}
inline Vector<double> toy_start() { return Vector<double>{{0.05, 0.05}}; }

/// Rows of the table of the notes on the paper: below the critical step size, and above it.
struct Row {
  double rate, sharpness, l1;
  Index steps;
};
inline std::vector<Row> rows_below() {
  return {{0.01, 7.8571, 0.8827, 176}, {0.10, 7.8327, 0.8965, 15}, {0.20, 7.8070, 0.9100, 16}, {0.24, 7.7911, 0.9164, 54}};
}
inline std::vector<Row> rows_above() {
  return {{0.26, 7.6721, 0.9634, 1434}, {0.28, 7.0893, 1.0983, 571}, {0.30, 6.5875, 1.1631, 366},
          {0.35, 5.5885, 1.2222, 210},  {0.40, 4.8608, 1.2140, 160}, {0.45, 4.3343, 1.1617, 171}};
}
/// Items 1, 2 and 5.
struct End {
  Reason reason;
  Index steps;
  double sharpness, l1;  ///< sharpness by the formula for L = 0:  4 sum x_i^2 w_i^2
};
inline End descent(double rate) {
  const auto problem = toy();
  Vector<double> w = toy_start();
  const auto outcome = train(problem, w, gradient_descent({.rate = rate}), {.iterations = 20'000}, every(1, stop_when(loss_below(1e-8))));
  return {outcome.reason, outcome.iterations, 4 * (w[0] * w[0] + 4 * w[1] * w[1]), w.lpNorm<1>()};
}

/// Item 3: 2 / s_GF, s_GF the largest sharpness along the gradient flow, and where the flow ends.
struct Critical {
  double rate;
  Vector<double> end;
};
inline Critical critical_rate() {
  const auto problem = toy();
  LargestSharpness sharpest(problem, {.tolerance = 1e-10});
  Vector<double> w = toy_start();
  train(problem, w, GradientFlow{.rtol = 1e-9, .atol = 1e-12}, {.iterations = 100'000}, every(1, sharpest),
        every(1, stop_when(loss_below(1e-8))));
  return {2 / sharpest.largest(), w};
}

template <class P>
double dense_sharpness(const P& problem, const Vector<double>& theta) {
  const Matrix<double> H = HessianOperator(problem, theta).dense();
  SmallSymmetricEigen eigen(H.rows());
  eigen.compute(H, H.rows());
  return eigen.value(0);
}
/// Item 4: relative differences of the sharpness by products from that of the dense Hessian, on the toy at w, and on three factors of 5 x 5; there also
/// after two rounds.
inline double toy_sharpness_error(const Vector<double>& w) {
  const auto problem = toy();
  return std::abs(sharpness(problem, w, {.tolerance = 1e-10}).value / dense_sharpness(problem, w) - 1);
}
struct SharpnessError {
  double converged, two_rounds;
};
inline SharpnessError deep_sharpness_error(std::uint64_t target_seed, std::uint64_t seed) {
  Random random(target_seed, "fojtik2025");
  Matrix<double> target(5, 5);
  for (double* x = target.data(); x != target.data() + 25; ++x) *x = random.normal();
  const Problem problem(DeepMatrix<double>({5, 5, 5, 5}), fully_observed(target), HalfSumOfSquares{});
  const Vector<double> theta = problem.model().near_zero({.entry_std = 0.5, .seed = seed});
  const double exact = dense_sharpness(problem, theta);
  return {std::abs(sharpness(problem, theta, {.tolerance = 1e-10}).value / exact - 1),
          std::abs(sharpness(problem, theta, {.products = 4}).value / exact - 1)};
}

}  // namespace fojtik2025
