// SPDX-License-Identifier: MIT
#include <tacit/hook/capacity.hpp>

#include <tacit/hook/trajectory.hpp>
#include <tacit/loss/margin.hpp>
#include <tacit/model/deep_matrix.hpp>
#include <tacit/observation/features.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include "catch.hpp"

using namespace tacit;
using Catch::Matchers::WithinRel;

TEST_CASE(
    "capacity measures and bounds along a run are those of its theta and the quantile of its margins; NaN before data are separated") {
  Random random(1, "capacity");
  Matrix<double> X(40, 3);
  for (double& x : X.reshaped()) x = random.normal();
  Vector<double> y(40);
  for (Index k = 0; k < 40; ++k) y[k] = X(k, 0) > 0 ? 1 : -1;
  const DeepMatrix<double> model({3, 4, 1});
  const Problem problem(model, regression_data<double>(X, y), logistic());
  const Vector<double> start = model.near_zero({.entry_std = 0.3, .seed = 3});
  Vector<double> theta = start;
  Trajectory history(classifier_margin({.quantile = 0.05}), capacity_measures(), capacity_bounds(start));
  train(problem, theta, gradient_descent({.rate = 0.5}), {.iterations = 3000}, history);
  REQUIRE(history.last("margin") > 0);
  const CapacityMeasures M = capacity_measures(model, theta, history.last("margin"));
  const CapacityBounds B = capacity_bounds(model, theta, start, history.last("margin"), 40);
  std::size_t k = 0;
  for (const char* name : {"one_inf", "frobenius", "three", "spectral", "schatten", "trace", "path_1", "path_1_5", "path_2"})
    CHECK(history.last(sentence("capacity_", name)) == M.values()[k++]);
  k = 0;
  for (const char* name : {"one_inf", "frobenius", "three", "spectral_21", "spectral_fro"})
    CHECK(history.last(sentence("bound_", name)) == B.values()[k++]);
  bool wrong_side = false;
  for (Index row = 0; row < history.rows(); ++row)
    if (history(row, 1) <= 0) {
      wrong_side = true;
      CHECK(std::isnan(history(row, 3)));
    }
  CHECK(wrong_side);
}
