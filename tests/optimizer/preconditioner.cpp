// SPDX-License-Identifier: MIT
#include <tacit/optimizer/preconditioner.hpp>

#include <tacit/core/small_symmetric_eigen.hpp>
#include <tacit/optimizer/recipes.hpp>

#include "../analysis/quadratic.hpp"
#include "../data/scratch.hpp"
#include "catch.hpp"
#include "hook/example.hpp"

using namespace tacit;
using Catch::Matchers::WithinRel;

namespace {

/// The largest eigenvalue of P^-1/2 H P^-1/2 for a diagonal P, from dense matrices.
template <class Pr>
double dense_in_metric(const Pr& problem, const Vector<double>& theta, const Vector<double>& P) {
  const Vector<double> root = P.cwiseSqrt().cwiseInverse();
  const Matrix<double> H = root.asDiagonal() * HessianOperator(problem, theta).dense() * root.asDiagonal();
  SmallSymmetricEigen eigen(H.rows());
  eigen.compute(H, H.rows());
  return eigen.value(0);
}
/// Steps until |theta| has grown to 10^6 times its start on a quadratic, under a chain that does not adapt; 0: it has not in 3000.
template <class Optimizer>
bool grows(const Optimizer& optimizer, double sharpest) {
  const Quadratic<double> problem(Vector<double>{{sharpest, 0.3 * sharpest, 0.01 * sharpest}});
  Run run(problem, Vector<double>{{1, 1, 1}}, optimizer);
  run.advance(3000);
  return !(run.theta().norm() < 1e3);
}

}  // namespace

TEST_CASE("Adam, RMSprop and GroupRMSprop: the metric is what their moments make it, and the sharpness in it that of the dense Hessian") {
  const auto p = example::problem();
  const auto check = [&](const auto& optimizer, const auto& expected, double edge, double rate) {
    Run run(p, example::start(), optimizer);
    run.advance(25);
    const Preconditioner metric = preconditioner(run);
    const Vector<double> P = expected(run);
    CHECK((metric.diagonal - P).norm() <= 1e-14 * P.norm());
    CHECK_THAT(metric.edge, WithinRel(edge, 1e-14));
    CHECK(metric.rate == rate);
    MetricSharpness sharpest({.tolerance = 1e-9});
    const StabilityReport found = sharpest(run);
    CHECK(found.converged);
    CHECK_THAT(found.sharpness, WithinRel(dense_in_metric(p, run.theta(), P), 1e-9));
    CHECK_THAT(found.margin(), WithinRel(edge / (rate * found.sharpness), 1e-14));
  };
  check(
      adam({.rate = 1e-2, .beta1 = 0.9, .beta2 = 0.99, .eps = 1e-3}),
      [](const auto& run) {
        const auto& state = std::get<0>(run.optimizer_state().stages);
        return Vector<double>((1 - std::pow(0.9, 25)) * ((state.v.array() / (1 - std::pow(0.99, 25))).sqrt() + 1e-3));
      },
      38, 1e-2);
  check(
      rmsprop({.rate = 1e-3, .decay = 0.9, .eps = 1e-4}),
      [](const auto& run) { return Vector<double>(std::get<0>(run.optimizer_state().stages).v.array().sqrt() + 1e-4); }, 2, 1e-3);
  check(
      group_rmsprop({.rate = 1e-2, .eps = 1e-6}),
      [](const auto& run) {
        const double v = std::get<0>(run.optimizer_state().stages).v / (1 - std::pow(0.99, 25));
        return Vector<double>(Vector<double>::Constant(run.theta().size(), std::sqrt(v) + 1e-6));
      },
      2, 1e-2);
}
TEST_CASE("the edge with momentum is where descent on a quadratic begins to grow") {
  const double rate = 0.01;
  const auto check = [&](const auto& optimizer) {
    const Quadratic<double> problem(Vector<double>{{1, 0.5}});
    Run run(problem, Vector<double>{{1, 1}}, optimizer);
    const double edge = preconditioner(run).edge;
    CHECK_FALSE(grows(optimizer, 0.97 * edge / rate));
    CHECK(grows(optimizer, 1.03 * edge / rate));
    return edge;
  };
  CHECK(check(FullGradient{} | LearningRate{rate}) == 2);
  CHECK_THAT(check(FullGradient{} | HeavyBall{.beta = 0.9} | LearningRate{rate}), WithinRel(3.8, 1e-14));
  CHECK_THAT(check(FullGradient{} | HeavyBall{.beta = 0.5, .dampening = 0.5} | LearningRate{rate}), WithinRel(6, 1e-14));
  CHECK_THAT(check(FullGradient{} | Nesterov{.beta = 0.9} | LearningRate{rate}), WithinRel(3.8 / 2.8, 1e-14));
}
TEST_CASE("GroupRMSprop comes to rest where its own edge is: its sharpness in the metric hovers at 2 / rate") {
  const Quadratic<double> problem(Vector<double>{{5, 1, 0.2}});
  Run run(problem, Vector<double>{{1, 1, 1}}, group_rmsprop({.rate = 1e-2, .eps = 1e-12}));
  run.advance(5000);
  MetricSharpness sharpest;
  const auto found = sharpest(run);
  CHECK_THAT(found.margin(), WithinRel(1.0, 0.2));
  CHECK(scratch::mentions(sentence(found), "in the optimizer's metric, stable below 200"));
}
TEST_CASE("a metric that is not there is refused: no step yet, no rate, parameters without gradient") {
  const Quadratic<double> problem(Vector<double>{{1, 0}});
  const Run fresh(problem, Vector<double>{{1, 1}}, adam({.rate = 1e-2}));
  CHECK(scratch::error_of([&] { preconditioner(fresh); }) == "preconditioner: AdamScale has made no step yet");
  const Quadratic<double> flat(Matrix<double>{{1, 0}, {0, 0}});
  Run run(flat, Vector<double>{{1, 1}}, rmsprop({.rate = 1e-2, .eps = 0}));
  run.advance(1);
  CHECK(scratch::mentions(scratch::error_of([&] { preconditioner(run); }), "the scale of parameter 1 is 0; with .eps = 0"));
}
