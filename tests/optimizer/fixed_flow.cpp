// SPDX-License-Identifier: MIT
#include <tacit/optimizer/fixed_flow.hpp>
#include <tacit/train.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

/// Two balanced factors under 1/2 (1 - a b)^2: W' = 2 W (1 - W), logistic.
auto fixed_flow_logistic() {
  return Problem(DeepMatrix<double>({1, 1, 1}), Data<double, AllEntries>(AllEntries(1, 1), Vector<double>{{1}}), HalfSumOfSquares{});
}
double logistic_error(Index iterations, Index substeps) {
  const auto problem = fixed_flow_logistic();
  Vector<double> theta{{0.3, 0.3}};
  train(problem, theta, FixedFlow{.interval = 2.0 / static_cast<double>(iterations), .substeps = substeps}, {.iterations = iterations});
  return std::abs(theta[0] * theta[1] - 1 / (1 + (1 / 0.09 - 1) * std::exp(-4.0)));
}

}  // namespace

TEST_CASE("a fixed flow converges to the closed form at order four, in iterations or in substeps alike") {
  const double coarse = logistic_error(10, 1), fine = logistic_error(20, 1), finer = logistic_error(40, 1);
  CHECK_THAT(std::log2(coarse / fine), WithinAbs(4.0, 0.3));
  CHECK_THAT(std::log2(fine / finer), WithinAbs(4.0, 0.15));
  CHECK_THAT(logistic_error(10, 4), WithinRel(finer, 1e-3));
}
TEST_CASE("an iteration of a fixed flow covers the interval, and costs four gradients a substep") {
  const auto problem = fixed_flow_logistic();
  Vector<double> theta{{0.3, 0.3}};
  const auto outcome = train(problem, theta, FixedFlow{.interval = 0.25, .substeps = 3}, {.iterations = 8});
  CHECK(outcome.iterations == 8);
  CHECK(outcome.flow_time == 2);
  CHECK(outcome.gradient_evaluations == 8 * 4 * 3);
  CHECK(outcome.hessian_products == 0);
}
TEST_CASE("a fixed flow beyond its stability limit ends as diverged, at the last finite theta") {
  const Problem problem(DeepMatrix<double>({1, 1}), Data<double, AllEntries>(AllEntries(1, 1), Vector<double>{{0}}), HalfSumOfSquares{});
  for (const double interval : {2.7, 2.9}) {  // the limit is 2.785
    Vector<double> theta{{1}};
    const auto outcome = train(problem, theta, FixedFlow{.interval = interval}, {.iterations = 20'000});
    CHECK((outcome.reason == Reason::diverged) == (interval > 2.785));
    CHECK(std::isfinite(theta[0]));
  }
}
TEST_CASE("a fixed flow names what it refuses") {
  const auto problem = fixed_flow_logistic();
  CHECK(thrown([&] { FixedFlow{.interval = 0}.start(problem); }) == "FixedFlow: .interval is 0, it needs to be positive and finite");
  CHECK(thrown([&] { FixedFlow{.interval = 1, .substeps = 0}.start(problem); }) == "FixedFlow: .substeps is 0, it needs to be at least 1");
}
