// SPDX-License-Identifier: MIT
// R_IG on a function of two parameters, where it is written down, and along the modified flow, whose energy it completes.
#include <tacit/hook/implicit_regularizer.hpp>

#include <tacit/hook/schedule.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/optimizer/fixed_flow.hpp>
#include <tacit/optimizer/modified_flow.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinRel;

namespace implicit_regularizer_tests {
/// E = 1/2 (0.6 - a b)^2.
auto toy() {
  return Problem(DeepMatrix<double>({1, 1, 1}), Data<double, AllEntries>(AllEntries(1, 1), Vector<double>{{0.6}}), HalfSumOfSquares{});
}
}  // namespace implicit_regularizer_tests

TEST_CASE("R_IG, lambda R_IG and |H grad E| of E = (y - a b)^2 / 2") {
  const auto problem = implicit_regularizer_tests::toy();
  Vector<double> theta{{2.8, 3.5}};
  Trajectory history(implicit_gradient_regularizer(), hessian_gradient_norm);
  Trajectory given(implicit_gradient_regularizer(0.3));
  train(problem, theta, gradient_descent({.rate = 0.01}), {.iterations = 7}, history, given);
  CHECK(history.names() == std::vector<std::string>{"iteration", "R_IG", "lambda_R_IG", "hessian_gradient_norm"});
  const double a = theta[0], b = theta[1], r = a * b - 0.6, squared = r * r * (a * a + b * b);
  CHECK_THAT(history.last("R_IG"), WithinRel(squared / 2, 1e-13));
  CHECK_THAT(history.last("lambda_R_IG"), WithinRel(0.01 / 4 * squared, 1e-13));
  CHECK_THAT(given.last("lambda_R_IG"), WithinRel(0.3 / 4 * squared, 1e-13));
  // H = [b^2, r + a b; r + a b, a^2], grad E = r (b, a).
  const double off = r + a * b;
  CHECK_THAT(history.last("hessian_gradient_norm"), WithinRel(std::hypot(r * (b * b * b + off * a), r * (off * b + a * a * a)), 1e-13));
  CHECK(thrown([] { implicit_gradient_regularizer(-1); }) ==
        "implicit_gradient_regularizer: h is -1, it needs to be positive, or 0 for the step's rate");
}
TEST_CASE("E + lambda R_IG falls along the modified flow by the square of its speed; E alone, or another lambda, does not") {
  const auto problem = implicit_regularizer_tests::toy();
  const double h = 0.05, interval = 1e-4;
  Vector<double> theta{{1.4, 1.1}};
  Trajectory history(loss, implicit_gradient_regularizer(h), probe("a", [](const auto& now) { return now.theta()[0]; }),
                     probe("b", [](const auto& now) { return now.theta()[1]; }));
  train(problem, theta, ModifiedFlow{.h = h, .interval = interval}, {.iterations = 200}, history);
  const auto E = history.column("loss"), penalty = history.column("lambda_R_IG"), a = history.column("a"), b = history.column("b");
  // Relative difference between -d(E + c lambda R_IG)/dt and |theta'|^2, both by central differences.
  const auto worst = [&](double c) {
    double largest = 0;
    for (std::size_t k = 1; k + 1 < E.size(); ++k) {
      const double speed = (std::pow(a[k + 1] - a[k - 1], 2) + std::pow(b[k + 1] - b[k - 1], 2)) / (4 * interval * interval);
      const double fall = -(E[k + 1] - E[k - 1] + c * (penalty[k + 1] - penalty[k - 1])) / (2 * interval);
      largest = std::max(largest, std::abs(fall / speed - 1));
    }
    return largest;
  };
  CHECK(worst(1) < 1e-6);
  CHECK(worst(0) > 1e-2);
  CHECK(worst(2) > 1e-2);
}
