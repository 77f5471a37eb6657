// SPDX-License-Identifier: MIT
#include <tacit/hook/hyperbolic_entropy.hpp>

#include <tacit/core/random.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/observation/linear_map.hpp>
#include <tacit/optimizer/on_batches.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include <Eigen/Cholesky>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinRel;

namespace {

Matrix<double> entropy_measurements() {
  Random random(1, "hyperbolic_entropy");
  Matrix<double> A(4, 7);
  for (double& entry : A.reshaped()) entry = random.normal();
  return A;
}
auto entropy_problem(double depth = 2) {
  const Matrix<double> A = entropy_measurements();
  return Problem(DiagonalNet<double>({.size = 7, .depth = depth}),
                 Data<double, LinearMap<double>>(LinearMap<double>(7, 1, A.transpose()), A * Vector<double>::Unit(7, 2)),
                 HalfMeanSquares{});
}
/// Of a vector, the share of its norm that lies outside the row space.
double entropy_outside(const Vector<double>& v) {
  const Matrix<double> A = entropy_measurements();
  const Vector<double> nu = (A * A.transpose()).ldlt().solve(A * v);
  return (v - A.transpose() * nu).norm() / v.norm();
}
template <class Optimizer>
HyperbolicEntropy entropy_of(const Optimizer& optimizer, Vector<double> theta, Index steps) {
  const auto problem = entropy_problem();
  HyperbolicEntropy entropy;
  train(problem, theta, optimizer, {.iterations = steps}, entropy);
  CHECK((entropy.x() - problem.model().value(theta)).norm() == 0);
  return entropy;
}

}  // namespace

TEST_CASE(
    "hyperbolic entropy: the identity holds for descent at any rate and on single samples, from any start; with momentum it does not") {
  Random random(2, "hyperbolic_entropy");
  Vector<double> uneven(14);
  for (double& entry : uneven) entry = 0.05 + 0.3 * random.uniform();
  for (const Vector<double>& start : {Vector<double>(Vector<double>::Constant(14, 0.1)), uneven})
    for (const double rate : {0.01, 0.1, 0.3}) {
      CAPTURE(rate);
      const HyperbolicEntropy full = entropy_of(gradient_descent({.rate = rate}), start, 400),
                              single = entropy_of(on_batches({.size = 1}, FullGradient{}) | LearningRate{rate / 4}, start, 400);
      for (const HyperbolicEntropy* entropy : {&full, &single}) {
        CHECK(entropy_outside(entropy->dual()) < 1e-11);
        CHECK((entropy->dual() + entropy->sum()).norm() < 1e-11 * entropy->sum().norm());
        CHECK(entropy->sum().norm() > 0.1);
      }
    }
  const Vector<double> start = Vector<double>::Constant(14, 0.1);
  CHECK(entropy_outside(entropy_of(momentum({.rate = 0.05, .beta = 0.9}), start, 60).dual()) > 1e-3);  // the control
}
TEST_CASE("hyperbolic entropy: the scale and the origin of small steps are the start's, those of large steps what the sums of q say") {
  const Vector<double> start = Vector<double>::Constant(14, 0.1);
  const HyperbolicEntropy small = entropy_of(gradient_descent({.rate = 1e-4}), start, 2000);
  for (const double alpha : small.scale()) CHECK_THAT(alpha, WithinRel(0.1, 1e-3));
  CHECK(small.origin().norm() < 1e-5);
  // A step by hand.
  const auto problem = entropy_problem();
  HyperbolicEntropy entropy;
  Vector<double> theta = start;
  train(problem, theta, gradient_descent({.rate = 0.1}), {.iterations = 1}, entropy);
  for (Index i = 0; i < 7; ++i) {
    const double up = theta[i] / 0.1, down = theta[7 + i] / 0.1, r = 1 - up;
    CHECK_THAT(down, WithinRel(1 + r, 1e-13));
    const double plus = 0.01 * up * up * std::exp(2 * r), minus = 0.01 * down * down * std::exp(-2 * r);
    CHECK_THAT(entropy.scale()[i], WithinRel(std::sqrt(std::sqrt(plus * minus)), 1e-12));
    CHECK_THAT(entropy.origin()[i], WithinRel(plus - minus, 1e-9));
    CHECK(entropy.scale()[i] < 0.1);
  }
}
TEST_CASE("hyperbolic entropy: other depths, skipped iterations and questions before the first call are refused") {
  const HyperbolicEntropy never;
  CHECK(thrown([&] { never.scale(); }) == "HyperbolicEntropy: it was not called yet");
  HyperbolicEntropy entropy;
  Vector<double> theta = Vector<double>::Constant(14, 0.1);
  const auto deep = entropy_problem(3);
  CHECK(thrown([&] { train(deep, theta, gradient_descent({.rate = 0.1}), {.iterations = 1}, entropy); }) ==
        "HyperbolicEntropy: the depth of the net is 3, the identity is one of depth 2");
  const auto problem = entropy_problem();
  CHECK(thrown([&] { train(problem, theta, gradient_descent({.rate = 0.1}), {.iterations = 4}, every(2, entropy)); }) ==
        "HyperbolicEntropy: called at iteration 2 after 0, it needs every iteration");
}
