// SPDX-License-Identifier: MIT
#include <tacit/hook/distance_to_run.hpp>

#include <tacit/hook/schedule.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/optimizer/fixed_flow.hpp>
#include <tacit/optimizer/recipes.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinRel;

namespace distance_to_run_tests {
auto product() {
  return Problem(DeepMatrix<double>({1, 1, 1}), Data<double, AllEntries>(AllEntries(1, 1), Vector<double>{{1}}), HalfSumOfSquares{});
}
const Vector<double> start{{0.3, 0.9}};
}  // namespace distance_to_run_tests

TEST_CASE("the distance to another run is taken at the same iteration") {
  const auto problem = distance_to_run_tests::product();
  Vector<double> theta = distance_to_run_tests::start, flow_end = theta;
  Run flow(problem, theta, FixedFlow{.interval = 0.1});
  Trajectory history(distance_to_run("to_flow", flow)), beside(distance_to_run("again", flow));
  train(problem, theta, gradient_descent({.rate = 0.1}), {.iterations = 20}, every(5, history), every(10, beside));
  train(problem, flow_end, FixedFlow{.interval = 0.1}, {.iterations = 20});
  CHECK(flow.iteration() == 20);
  CHECK_THAT(history.last("to_flow"), WithinRel((theta - flow_end).norm(), 1e-14));
  CHECK(history.last("to_flow") > 1e-4);
  CHECK(beside.last("again") == history.last("to_flow"));
  CHECK(history.column("to_flow")[0] == 0);
}
TEST_CASE("a run that has ended before has no distance; one that is ahead, or of other parameters, is refused") {
  const auto problem = distance_to_run_tests::product();
  const auto distances = [&](auto& other) {
    Vector<double> theta = distance_to_run_tests::start;
    Trajectory history(distance_to_run("to_other", other));
    train(problem, theta, gradient_descent({.rate = 0.1}), {.iterations = 10}, every(5, history));
    return history.column("to_other");
  };
  Run wild(problem, distance_to_run_tests::start, gradient_descent({.rate = 1e200}));  // diverges after a step or two
  CHECK(std::isnan(distances(wild).back()));
  Run ahead(problem, distance_to_run_tests::start, gradient_descent({.rate = 0.1}));
  ahead.advance(3);
  CHECK(thrown([&] { distances(ahead); }) == "to_other: the other run is at iteration 3 already, this one at 0");
  const Problem larger(DeepMatrix<double>({2, 1, 1}), Data<double, AllEntries>(AllEntries(1, 2), Vector<double>{{1, 2}}),
                       HalfSumOfSquares{});
  Run other(larger, Vector<double>(Vector<double>::Ones(3)), gradient_descent({.rate = 0.1}));
  CHECK(thrown([&] { distances(other); }) == "to_other: the other run has 3 parameters, this one 2");
}
