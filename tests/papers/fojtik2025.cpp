// SPDX-License-Identifier: MIT
// Fojtik, Matveev, Chou, Kutyniok & Maly 2025, Conflicting Biases at the Edge of Stability: f(x) = <w * w, x> on the point x = (1, 2), y =
// 1, L = r^2 / 2, from
// w = (0.05, 0.05), until L < 1e-8.

#include <tacit/analysis/hessian.hpp>
#include <tacit/core/small_symmetric_eigen.hpp>
#include <tacit/hook/largest_sharpness.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/stop.hpp>
#include <tacit/model/recorded.hpp>
#include <tacit/observation/linear_map.hpp>
#include <tacit/optimizer/gradient_flow.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include "catch.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

auto fojtik_toy() {
  return Problem(Recorded<double>(blocks({{"w", {2}}}), [](auto w) { return square(w); }),
                 Data<double, LinearMap<double>>(LinearMap<double>(2, 1, Matrix<double>{{1}, {2}}), Vector<double>{{1}}),
                 HalfSumOfSquares{});
}
const Vector<double> fojtik_start{{0.05, 0.05}};

struct FojtikEnd {
  Reason reason;
  Index steps;
  double sharpness, l1;  ///< sharpness by the formula for L = 0:  4 sum x_i^2 w_i^2
};
FojtikEnd fojtik_descent(double rate) {
  const auto problem = fojtik_toy();
  Vector<double> w = fojtik_start;
  const auto outcome = train(problem, w, gradient_descent({.rate = rate}), {.iterations = 20'000}, every(1, stop_when(loss_below(1e-8))));
  return {outcome.reason, outcome.iterations, 4 * (w[0] * w[0] + 4 * w[1] * w[1]), w.lpNorm<1>()};
}
template <class P>
double dense_sharpness(const P& problem, const Vector<double>& theta) {
  const Matrix<double> H = HessianOperator(problem, theta).dense();
  SmallSymmetricEigen eigen(H.rows());
  eigen.compute(H, H.rows());
  return eigen.value(0);
}

}  // namespace

TEST_CASE(
    "fojtik2025/1, 2: below the critical step size descent ends where the flow does, above it at sharpness 2 / eta and a larger norm") {
  struct Row {
    double rate, sharpness, l1;
    Index steps;
  };
  for (const Row& row :
       {Row{0.01, 7.8571, 0.8827, 176}, {0.10, 7.8327, 0.8965, 15}, {0.20, 7.8070, 0.9100, 16}, {0.24, 7.7911, 0.9164, 54}}) {
    CAPTURE(row.rate);
    const auto end = fojtik_descent(row.rate);
    CHECK(end.reason == Reason::stopped_by_hook);
    CHECK(end.steps == row.steps);
    CHECK_THAT(end.sharpness, WithinAbs(row.sharpness, 1e-3));
    CHECK_THAT(end.l1, WithinAbs(row.l1, 1e-3));
    CHECK(end.sharpness < 0.95 * (2 / row.rate));  // the control: 2 / eta is not what decides here
  }
  for (const Row& row : {Row{0.26, 7.6721, 0.9634, 1434},
                         {0.28, 7.0893, 1.0983, 571},
                         {0.30, 6.5875, 1.1631, 366},
                         {0.35, 5.5885, 1.2222, 210},
                         {0.40, 4.8608, 1.2140, 160},
                         {0.45, 4.3343, 1.1617, 171}}) {
    CAPTURE(row.rate);
    const auto end = fojtik_descent(row.rate);
    CHECK(end.reason == Reason::stopped_by_hook);
    CHECK(end.steps == row.steps);
    CHECK_THAT(end.sharpness, WithinAbs(row.sharpness, 1e-2));
    CHECK_THAT(end.l1, WithinAbs(row.l1, 1e-2));
    CHECK(end.sharpness > 0.95 * (2 / row.rate));
    CHECK(end.sharpness < 2 / row.rate);
    CHECK(end.l1 > 0.95);  // the flow ends at 0.881
  }
}
TEST_CASE("fojtik2025/3: the largest sharpness along the gradient flow gives the critical step size") {
  const auto problem = fojtik_toy();
  LargestSharpness sharpest(problem, {.tolerance = 1e-10});
  Vector<double> w = fojtik_start;
  train(problem, w, GradientFlow{.rtol = 1e-9, .atol = 1e-12}, {.iterations = 100'000}, every(1, sharpest),
        every(1, stop_when(loss_below(1e-8))));
  CHECK_THAT(2 / sharpest.largest(), WithinAbs(0.2545, 1e-3));
  CHECK_THAT(w[0], WithinAbs(0.18639, 1e-3));
  CHECK_THAT(w[1], WithinAbs(0.69466, 1e-3));
}
TEST_CASE("fojtik2025/4: the sharpness from products is that of the dense Hessian") {
  const auto toy = fojtik_toy();
  for (const Vector<double>& w : {fojtik_start, Vector<double>{{0.3, 0.6}}, Vector<double>{{-1, 2}}})
    CHECK_THAT(sharpness(toy, w, {.tolerance = 1e-10}).value, WithinRel(dense_sharpness(toy, w), 1e-8));
  Random random(5, "fojtik2025");
  Matrix<double> target(5, 5);
  for (double* x = target.data(); x != target.data() + 25; ++x) *x = random.normal();
  const Problem problem(DeepMatrix<double>({5, 5, 5, 5}), fully_observed(target), HalfSumOfSquares{});
  for (const std::uint64_t seed : {1, 2, 3}) {
    const Vector<double> theta = problem.model().near_zero({.entry_std = 0.5, .seed = seed});
    const double exact = dense_sharpness(problem, theta);
    CHECK_THAT(sharpness(problem, theta, {.tolerance = 1e-10}).value, WithinRel(exact, 1e-8));
    CHECK(std::abs(sharpness(problem, theta, {.products = 4}).value / exact - 1) > 1e-6);  // two rounds are not enough
  }
}
TEST_CASE("fojtik2025/5: above 1 / (2 y x_min) no minimum is stable, and descent diverges") {
  CHECK(fojtik_descent(0.52).reason == Reason::diverged);
  CHECK(fojtik_descent(0.60).reason == Reason::diverged);
}
