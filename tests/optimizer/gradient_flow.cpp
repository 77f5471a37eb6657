// SPDX-License-Identifier: MIT
#include <tacit/hook/trajectory.hpp>
#include <tacit/loss/pointwise.hpp>
#include <tacit/model/deep_matrix.hpp>
#include <tacit/optimizer/gradient_flow.hpp>
#include <tacit/train.hpp>

#include <sstream>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

/// One number w under the loss: a single factor, or a product of `depth`.
template <class L>
auto scalar_problem(Index depth, double target, L loss) {
  return Problem(DeepMatrix<double>(std::vector<Index>(static_cast<std::size_t>(depth) + 1, 1)),
                 Data<double, AllEntries>(AllEntries(1, 1), Vector<double>{{target}}), loss);
}

}  // namespace

TEST_CASE("the flow follows closed forms, and ends at the time asked for") {
  // w' = 3 - w from 0.
  const auto linear = scalar_problem(1, 3, HalfSumOfSquares{});
  for (const double rtol : {1e-6, 1e-9, 1e-12}) {
    Vector<double> theta{{0}};
    const auto outcome = train(linear, theta, GradientFlow{.rtol = rtol, .atol = rtol, .time = 2.5}, {.iterations = 10'000});
    CHECK(outcome.reason == Reason::reached_limit);
    CHECK(outcome.why == "the flow reached its end time 2.5");
    CHECK_THAT(outcome.flow_time, WithinRel(2.5, 1e-14));
    CHECK_THAT(theta[0], WithinAbs(3 * (1 - std::exp(-2.5)), 30 * rtol));
  }
  // Two balanced factors: W' = 2 W (1 - W), logistic.
  const auto logistic = scalar_problem(2, 1, HalfSumOfSquares{});
  Vector<double> theta{{1e-3, 1e-3}};
  train(logistic, theta, GradientFlow{.rtol = 1e-11, .atol = 1e-14, .time = 8}, {.iterations = 10'000});
  CHECK_THAT(theta[0] * theta[1], WithinRel(1 / (1 + (1e6 - 1) * std::exp(-16.0)), 1e-9));
  CHECK_THAT(theta[0], WithinRel(theta[1], 1e-15));
}
TEST_CASE("the error falls with the tolerance, at the method's order") {
  const auto problem = scalar_problem(2, 1, HalfSumOfSquares{});
  std::vector<double> errors, gradients;
  for (const double rtol : {1e-5, 1e-10}) {
    Vector<double> theta{{0.1, 0.2}}, exact = theta;
    gradients.push_back(
        train(problem, theta, GradientFlow{.rtol = rtol, .atol = rtol, .time = 3}, {.iterations = 10'000}).gradient_evaluations);
    train(problem, exact, GradientFlow{.rtol = 1e-13, .atol = 1e-14, .time = 3}, {.iterations = 10'000});
    errors.push_back((theta - exact).norm());
  }
  CHECK(errors[0] < 1e-4);
  CHECK(errors[1] < 1e-9);
  const double order = std::log(errors[0] / errors[1]) / std::log(gradients[1] / gradients[0]);
  CHECK(order > 4.5);
  CHECK(order < 6.5);
}
TEST_CASE("iterations end a flow before its time, and a second call goes on") {
  const auto problem = scalar_problem(1, 3, HalfSumOfSquares{});
  Run run(problem, Vector<double>{{0}}, GradientFlow{.time = 4});
  CHECK(run.advance(3) == Reason::reached_limit);
  CHECK(run.why().empty());
  CHECK(run.iteration() == 3);
  CHECK(run.advance(1000) == Reason::reached_limit);
  CHECK(run.why() == "the flow reached its end time 4");
  const Index iterations = run.iteration();
  CHECK(iterations < 1000);
  CHECK(run.advance(10) == Reason::reached_limit);
  CHECK(run.iteration() == iterations);
  CHECK_THAT(run.finish().flow_time, WithinRel(4.0, 1e-14));
}
TEST_CASE("the step of a flow that ends in finite time underflows: a reason, and the last finite theta") {
  // w' = w^2 / 2 from 1 is infinite at time 2.
  const auto blows_up = scalar_problem(1, 0, pointwise([](auto z, auto) { return -z * z * z / 6.0; }));
  Vector<double> theta{{1}};
  const auto outcome = train(blows_up, theta, GradientFlow{}, {.iterations = 100'000});
  CHECK(outcome.reason == Reason::stalled);
  CHECK(outcome.why.find("the step of the flow fell to ") == 0);
  CHECK_THAT(outcome.flow_time, WithinAbs(2.0, 1e-5));
  CHECK(std::isfinite(theta[0]));
  CHECK(theta[0] > 1e6);
  CHECK(std::isfinite(outcome.loss));
}
TEST_CASE("a flow that starts at rest stays there") {
  const auto problem = scalar_problem(1, 3, HalfSumOfSquares{});
  Vector<double> theta{{3}};
  const auto outcome = train(problem, theta, GradientFlow{.time = 1e9}, {.iterations = 1000});
  CHECK(outcome.why == "the flow reached its end time 1000000000");
  CHECK(theta[0] == 3);
}
TEST_CASE("the flow refuses tolerances that are none") {
  const auto problem = scalar_problem(1, 3, HalfSumOfSquares{});
  const auto sentence_of = [&](const GradientFlow& flow) { return thrown([&] { flow.start(problem); }); };
  CHECK(sentence_of({.rtol = 0}) == "GradientFlow: .rtol is 0, it needs to be positive and below 1");
  CHECK(sentence_of({.atol = -1}) == "GradientFlow: .atol is -1, it needs to be 0 or more, and finite");
  CHECK(sentence_of({.time = NAN}) == "GradientFlow: .time is nan, it needs to be positive");
  std::ostringstream text;
  text << GradientFlow{.time = 3};
  CHECK(text.str() == "GradientFlow{.rtol = 1e-06, .atol = 1e-09, .time = 3}");
}
