// SPDX-License-Identifier: MIT
#include <tacit/output/trajectory_table.hpp>

#include <tacit/hook/schedule.hpp>
#include <tacit/optimizer/recipes.hpp>
#include "catch.hpp"

using namespace tacit;

TEST_CASE("a trajectory as a table: the iteration in integers, probes in numbers, vectors spread over columns") {
  DeepMatrix<double> model({2, 3});
  Matrix<double> W(3, 2);
  W << 1, 2, 3, 4, 5, 6;
  Problem problem(model, fully_observed(W), HalfSumOfSquares{});
  Vector<double> theta = Vector<double>::Zero(6);
  Trajectory history(loss, probe("first", [](const auto& now) { return std::vector<double>{now.theta()[0], now.theta()[1]}; }));
  CHECK(table_of(history).cols() == 0);
  train(problem, theta, gradient_descent({.rate = 0.5}), {.iterations = 4}, every(2, history));
  const Table table = table_of(history);
  REQUIRE(table.cols() == 4);
  CHECK(table.name(0) == "iteration");
  CHECK(table.name(1) == "loss");
  CHECK(table.name(2) == "first_1");
  CHECK(table.name(3) == "first_2");
  REQUIRE(table.rows() == 3);
  CHECK(table.at(0, 0).is_integer());
  CHECK(table.at(2, 0).text() == "4");
  CHECK(table.at(0, "loss").number() == 45.5);
  CHECK(table.at(1, "first_1").number() == 0.75);  // theta <- theta - (theta - 1) / 2, twice
  CHECK(table.at(1, "first_2").number() == 2.25);
  CHECK(table.numbers("loss") == history.column("loss"));
}
