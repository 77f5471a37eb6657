// SPDX-License-Identifier: MIT
#include <tacit/hook/largest_sharpness.hpp>
#include <tacit/hook/midpoints.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/optimizer/fixed_flow.hpp>
#include <tacit/optimizer/recipes.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

/// 1/2 (theta_1 - 3)^2: descent at rate 2 alternates between 3 + d and 3 - d.
auto midpoints_line() {
  return Problem(DeepMatrix<double>({1, 1}), Data<double, AllEntries>(AllEntries(1, 1), Vector<double>{{3}}), HalfSumOfSquares{});
}
auto midpoints_product() {
  return Problem(DeepMatrix<double>({1, 1, 1}), Data<double, AllEntries>(AllEntries(1, 1), Vector<double>{{1}}), HalfSumOfSquares{});
}

}  // namespace

TEST_CASE("the midpoint of a two-cycle is its centre, its variance the squared amplitude") {
  const auto problem = midpoints_line();
  Vector<double> theta{{3.5}};
  Midpoints<double> midpoints;
  CHECK(thrown([&] { midpoints.theta(); }) == "Midpoints: 0 iterations were seen, a midpoint needs three");
  Run run(problem, theta, gradient_descent({.rate = 2}), midpoints);
  run.advance(2);
  CHECK_FALSE(midpoints.ready());
  run.advance(3);
  REQUIRE(midpoints.ready());
  CHECK(midpoints.iteration() == 3);
  CHECK(midpoints.theta()[0] == 3);
  CHECK(midpoints.oscillation()[0] == -0.5);
  CHECK(midpoints.variance() == 0.25);
  CHECK(midpoints.variance_in(Matrix<double>{{1.0}}) == 0.25);
  CHECK(midpoints.variance_in(Matrix<double>(1, 0)) == 0);
  run.finish();  // the closing Snapshot is of iteration 5, which is new
  CHECK(midpoints.iteration() == 4);
  run.finish();
  CHECK(midpoints.iteration() == 4);
}
TEST_CASE("midpoints need every iteration, and say so") {
  const auto problem = midpoints_line();
  Vector<double> theta{{3.5}};
  Midpoints<double> midpoints;
  CHECK(thrown([&] { train(problem, theta, gradient_descent({.rate = 0.1}), {.iterations = 10}, every(2, midpoints)); }) ==
        "Midpoints: called at iteration 2 after 0, it needs every iteration");
}
TEST_CASE("the largest sharpness along a run, and where it was") {
  const auto problem = midpoints_product();
  Vector<double> theta{{0.1, 0.2}};
  LargestSharpness sharpest(problem, {.tolerance = 1e-10});
  double by_hand = -1e300;
  Index where = -1;
  train(problem, theta, FixedFlow{.interval = 0.2}, {.iterations = 60}, sharpest, [&](const auto& now) {
    // H of 1/2 (1 - a b)^2 is [b^2, 2 a b - 1; 2 a b - 1, a^2].
    const double a = now.theta()[0], b = now.theta()[1], off = 2 * a * b - 1;
    const double top = (a * a + b * b) / 2 + std::hypot((a * a - b * b) / 2, off);
    CHECK_THAT(sharpest.last(), WithinRel(top, 1e-9));
    if (top > by_hand * (1 + 1e-12)) by_hand = top, where = now.iteration();
  });
  CHECK_THAT(sharpest.largest(), WithinRel(by_hand, 1e-9));
  CHECK(std::abs(sharpest.iteration_of_largest() - where) <= 1);
  CHECK(thrown([&] { LargestSharpness<decltype(problem)>(problem, {.products = 1}); }) ==
        "LargestSharpness: .products is 1, it needs to be at least 2");
}
