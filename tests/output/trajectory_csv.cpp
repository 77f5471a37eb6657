// SPDX-License-Identifier: MIT
#include <tacit/output/trajectory_csv.hpp>

#include <tacit/hook/schedule.hpp>
#include <tacit/optimizer/recipes.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;

namespace {

/// Three rows of a run whose losses are thirds.
auto recorded_thirds() {
  const DeepMatrix<double> model({2, 3});
  const Problem problem(model, fully_observed(Matrix<double>(Matrix<double>::Constant(3, 2, 1.0 / 3))), SumOfSquares{});
  Vector<double> theta = Vector<double>::Zero(6);
  Trajectory history(loss, probe("gap", [](const auto& now) { return now.iteration() == 2 ? std::nan("") : 0.1; }));
  train(problem, theta, gradient_descent({.rate = 0.125}), {.iterations = 4}, every(2, history));
  return history;
}

}  // namespace

TEST_CASE("a trajectory writes itself as CSV, every digit, gaps empty") {
  scratch::Folder folder;
  const auto history = recorded_thirds();
  const std::string path = folder / "history.csv";
  history.write_csv(path);
  const std::string text = scratch::get(path);
  CHECK(text == sentence("iteration,loss,gap\n0,", shortest(history(0, 1)), ",0.1\n2,", shortest(history(1, 1)), ",\n4,",
                         shortest(history(2, 1)), ",0.1\n"));
  CHECK(shortest(history(0, 1)).size() > 12);
  Provenance provenance;
  provenance.set("rate", 0.125);
  history.write_csv(path, provenance);
  CHECK(scratch::get(path) == text);
  CHECK(scratch::mentions(scratch::get(path + ".meta.json"), "0.125"));
}

TEST_CASE("a trajectory without rows, and a folder that is not there, are refused; the old file stays") {
  scratch::Folder folder;
  const std::string path = folder / "history.csv";
  const auto history = recorded_thirds();
  history.write_csv(path);
  CHECK(scratch::error_of([&] { Trajectory(loss).write_csv(path); }) ==
        sentence("write_csv: the trajectory for ", path, " has no rows: nothing was recorded yet"));
  CHECK(scratch::mentions(scratch::get(path), "iteration,loss,gap"));
  CHECK(scratch::mentions(scratch::error_of([&] { history.write_csv(folder / "nowhere/history.csv"); }), "cannot be written"));
}
