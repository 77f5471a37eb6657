// SPDX-License-Identifier: MIT
#include <tacit/analysis/curvature_slope.hpp>

#include <tacit/analysis/eigenpairs.hpp>
#include <tacit/analysis/hessian.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;

TEST_CASE("the slope of the sharpness is its gradient: by hand for two scalars, by differences of the sharpness for a deep matrix") {
  // L = (a b - y)^2 / 2,  v = (1, 0):  v^T H v = b^2, whose gradient is (0, 2 b).
  const DeepMatrix<double> scalars({1, 1, 1});
  const Problem toy(scalars, fully_observed(Matrix<double>(Matrix<double>::Constant(1, 1, 3))), HalfSumOfSquares{});
  const auto by_hand = curvature_slope(toy, Vector<double>{{2, -5}}, Vector<double>{{1, 0}});
  CHECK((by_hand.value - Vector<double>{{0, -10}}).norm() < 1e-12);
  CHECK(by_hand.products <= 6);

  const DeepMatrix<double> model({4, 3, 5});
  const Problem problem(model, fully_observed(Matrix<double>(Matrix<double>::Constant(5, 4, 0.3))), MeanSquares{});
  const Vector<double> theta = model.near_zero({.entry_std = 0.7, .seed = 2});
  const auto sharpest = [&](const Vector<double>& at) { return top_eigenpairs(HessianOperator(problem, at), 1, {.tolerance = 1e-12}); };
  const Vector<double> v = sharpest(theta).vectors.col(0);
  const auto slope = curvature_slope(problem, theta, v);
  CHECK(slope.uncertainty < 1e-10 * slope.value.norm());
  const Vector<double> d = Vector<double>::LinSpaced(theta.size(), -1, 1);
  const double t = 1e-4;
  const double difference = (sharpest(theta + t * d).values[0] - sharpest(theta - t * d).values[0]) / (2 * t);
  CHECK_THAT(slope.along(d), WithinAbs(difference, 1e-5 * std::abs(difference)));
  const auto doubled = curvature_slope(problem, theta, Vector<double>(2 * v));
  CHECK((doubled.value - 4 * slope.value).norm() < 1e-9 * slope.value.norm());
  CHECK(scratch::mentions(scratch::error_of([&] { curvature_slope(problem, theta, Vector<double>(Vector<double>::Zero(theta.size()))); }),
                          "the direction v is zero"));
}
