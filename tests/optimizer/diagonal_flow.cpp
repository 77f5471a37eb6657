// SPDX-License-Identifier: MIT
#include <tacit/core/archive.hpp>
#include <tacit/core/random.hpp>
#include <tacit/loss/huber.hpp>
#include <tacit/optimizer/diagonal_flow.hpp>
#include <tacit/optimizer/gradient_flow.hpp>
#include <tacit/train.hpp>

#include <sstream>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

Vector<double> uniform(Index size, std::uint64_t seed, double low, double high) {
  Random random(seed, "test");
  Vector<double> x(size);
  for (double& entry : x) entry = random.uniform(low, high);
  return x;
}
LinearMap<double> measurements(Index d, Index m, std::uint64_t seed) {
  return LinearMap<double>(d, 1, uniform(d * m, seed, -1, 1).reshaped(d, m));
}

/// Both integrators, from unequal u and v, to finite times.
template <class O, class L>
void follows_the_flow(double depth, const O& at, const L& loss) {
  const DiagonalNet<double> model({.size = at.rows(), .depth = depth});
  INFO(model << ' ' << loss.name());
  const Problem problem(model, Data<double, O>(at, uniform(at.count(), 5, -1, 1), uniform(at.count(), 6, 0.5, 2)), loss);
  const Vector<double> start = uniform(2 * at.rows(), 7, 0.2, 0.8);
  for (const double time : {0.3, 3.0, 30.0}) {
    Vector<double> explicitly = start, implicitly = start;
    train(problem, explicitly, GradientFlow{.rtol = 1e-12, .atol = 1e-13, .time = time}, {.iterations = 100'000});
    const auto outcome = train(problem, implicitly, DiagonalFlow{.rtol = 1e-9, .atol = 1e-13, .time = time}, {.iterations = 100'000});
    CHECK_THAT(outcome.flow_time, WithinRel(time, 1e-12));
    CHECK((explicitly - start).norm() > 0.01);
    CHECK((explicitly - implicitly).norm() <= 1e-7 * explicitly.norm());
  }
}

auto stiff_problem(double depth) {
  return Problem(DiagonalNet<double>({.size = 9, .depth = depth}),
                 Data<double, LinearMap<double>>(measurements(9, 4, 3), uniform(4, 8, -1, 1)), HalfSumOfSquares{});
}

}  // namespace

TEST_CASE("the stiff-safe form is the same flow") {
  for (const double depth : {2.0, 2.5, 4.0}) {
    follows_the_flow(depth, measurements(9, 4, 1), HalfSumOfSquares{});
    follows_the_flow(depth, measurements(9, 4, 1), huber());
  }
  follows_the_flow(3, measurements(3, 7, 2), MeanSquares{});  // more measurements than numbers
  follows_the_flow(3, AllEntries(Shape{5}), HalfSumOfSquares{});
  follows_the_flow(3, Entries(6, 1, {0, 2, 5}, {0, 0, 0}), SumOfSquares{});
}
TEST_CASE("its error falls with the tolerance, and what the flow conserves is conserved to rounding") {
  for (const double depth : {2.0, 3.0}) {
    const auto problem = stiff_problem(depth);
    const Vector<double> start = problem.model().constant({.product_scale = 1e-4});
    std::vector<double> errors;
    Vector<double> exact = start;
    train(problem, exact, DiagonalFlow{.rtol = 1e-11, .atol = 1e-14, .time = 12}, {.iterations = 100'000});
    for (const double rtol : {1e-4, 1e-8}) {
      Vector<double> theta = start;
      train(problem, theta, DiagonalFlow{.rtol = rtol, .atol = 1e-14, .time = 12}, {.iterations = 100'000});
      errors.push_back((theta - exact).norm() / exact.norm());
      const Eigen::ArrayXd u = theta.head(9), v = theta.tail(9), a = start.head(9);
      if (depth == 2) CHECK(((u * v) / (a * a) - 1).abs().maxCoeff() <= 1e-13);
      else CHECK(((u.pow(2 - depth) + v.pow(2 - depth)) / (2 * a.pow(2 - depth)) - 1).abs().maxCoeff() <= 1e-13);
    }
    CHECK(errors[0] < 1e-2);
    CHECK(errors[1] < 1e-6);
    CHECK(errors[1] < errors[0] / 30);
  }
}
TEST_CASE("a run of the stiff-safe form, cut and saved, is the same run") {
  const auto problem = stiff_problem(2.5);
  const Vector<double> start = problem.model().constant({.product_scale = 1e-4});
  Run whole(problem, start, DiagonalFlow{});
  whole.advance(60);
  Run before(problem, start, DiagonalFlow{});
  before.advance(23);
  before.finish();
  OutputArchive out;
  before.persist(out);
  Run after(problem, Vector<double>(2 * start), DiagonalFlow{});
  after.advance(5);
  InputArchive in(out.bytes(), "archive");
  after.persist(in);
  CHECK(in.at_end());
  after.advance(37);
  CHECK(after.theta() == whole.theta());
  CHECK(after.finish().flow_time == whole.finish().flow_time);
  CHECK(after.finish().gradient_evaluations == whole.finish().gradient_evaluations);
}
TEST_CASE("where A x = y has no solution, the flow goes to the least squares") {
  const DiagonalNet<double> model({.size = 2, .depth = 3});
  const Problem problem(model,
                        Data<double, LinearMap<double>>(LinearMap<double>(2, 1, Matrix<double>{{1, 1}, {2, 2}}), Vector<double>{{1, 3}}),
                        HalfSumOfSquares{});
  Vector<double> theta = model.constant({.product_scale = 1e-3});
  const auto outcome = train(problem, theta, DiagonalFlow{.time = 1e4}, {.iterations = 10'000});
  CHECK(outcome.reason == Reason::reached_limit);
  const Vector<double> x = model.value(theta);
  CHECK_THAT(x[0] + 2 * x[1], WithinAbs(2, 1e-10));
}
TEST_CASE("zeros stay, negative entries end the run, in words") {
  const auto problem = stiff_problem(3);
  Vector<double> theta = Vector<double>::Constant(18, 0.1);
  theta[2] = 0;
  CHECK(train(problem, theta, DiagonalFlow{.time = 100}, {.iterations = 10'000}).reason == Reason::reached_limit);
  CHECK(theta[2] == 0);
  theta[4] = -0.1;
  const Vector<double> start = theta;
  const auto outcome = train(problem, theta, DiagonalFlow{}, {.iterations = 10'000});
  CHECK(outcome.reason == Reason::stalled);
  CHECK(outcome.why == "DiagonalFlow follows entries of u and v that are 0 or more; one of them is negative");
  CHECK(theta == start);
}
TEST_CASE("the stiff-safe form refuses tolerances that are none") {
  const auto problem = stiff_problem(3);
  CHECK(thrown([&] { DiagonalFlow{.rtol = -1}.start(problem); }) == "DiagonalFlow: .rtol is -1, it needs to be positive and below 1");
  CHECK(thrown([&] { DiagonalFlow{.time = 0}.start(problem); }) == "DiagonalFlow: .time is 0, it needs to be positive");
  std::ostringstream text;
  text << DiagonalFlow{};
  CHECK(text.str() == "DiagonalFlow{.rtol = 1e-08, .atol = 1e-12, .time = inf}");
}
