// SPDX-License-Identifier: MIT
#include <tacit/analysis/hessian.hpp>

#include <tacit/data/low_rank.hpp>
#include <tacit/loss/pointwise.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"
#include "quadratic.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;

TEST_CASE("the operator is the Hessian: of a quadratic, entry by entry") {
  Vector<double> lambda(7);
  lambda << 5, -2, 0, 1, 1, 3, 1e-3;
  const Quadratic<double> problem(lambda);
  const Vector<double> theta = Vector<double>::LinSpaced(7, -1, 1);
  const HessianOperator hessian(problem, theta);
  CHECK(hessian.rows() == 7);
  CHECK(hessian.cols() == 7);
  CHECK((hessian.dense() - problem.hessian()).norm() == 0);
  CHECK(hessian.products() == 7);
  CHECK((hessian.apply(theta) - problem.hessian() * theta).norm() < 1e-14);
  CHECK((hessian.gradient() - problem.hessian() * theta).norm() < 1e-14);
  CHECK_THAT(hessian.value().objective, WithinAbs(theta.dot(problem.hessian() * theta) / 2, 1e-14));
}

TEST_CASE("a plain matrix under the mean of squares has the Hessian 2/m on observed entries, 0 elsewhere") {
  const auto seen = observed<double>(2, 3, {{0, 1, 4.0}, {1, 0, -2.0}, {1, 2, 1.0}});
  const DeepMatrix<double> model({3, 2});
  const Problem problem(model, seen, MeanSquares{});
  Vector<double> diagonal(6);
  diagonal << 0, 2.0 / 3, 2.0 / 3, 0, 0, 2.0 / 3;  // theta is column-major
  const HessianOperator hessian(problem, Vector<double>(Vector<double>::Ones(6)));
  CHECK((hessian.dense() - Matrix<double>(diagonal.asDiagonal())).norm() < 1e-15);
}

TEST_CASE("two 1 x 1 factors, by hand") {
  // L = (a b - y)^2 / 2:  L_aa = b^2,  L_bb = a^2,  L_ab = 2 a b - y
  Matrix<double> Y(1, 1);
  Y << 3;
  const DeepMatrix<double> model({1, 1, 1});
  const Problem problem(model, fully_observed(Y), HalfSumOfSquares{});
  Vector<double> theta(2);
  theta << 2, -5;
  Matrix<double> H(2, 2);
  H << 25, -23, -23, 4;
  CHECK((HessianOperator(problem, theta).dense() - H).norm() < 1e-12);
}

TEST_CASE("the operator does not tire: products in any order give the same") {
  const auto [truth, seen] = low_rank_completion({.rows = 6, .cols = 7, .rank = 2, .observed = 20, .seed = 3});
  const DeepMatrix<double> model({7, 4, 5, 6});
  const Problem problem(model, seen, pointwise([](auto z, auto y) { return logcosh(z - y); }));
  const Vector<double> theta = model.near_zero({.entry_std = 0.5, .seed = 2});
  const HessianOperator hessian(problem, theta);
  const Matrix<double> first = hessian.dense(), again = hessian.dense();
  CHECK((first - again).norm() == 0);
  CHECK((first - first.transpose()).norm() < 1e-13 * first.norm());
  const Vector<double> v = Vector<double>::LinSpaced(theta.size(), -1, 1);
  CHECK((hessian.apply(v) - first * v).norm() < 1e-13 * first.norm() * v.norm());
}

TEST_CASE("where there is no Hessian, the operator says so") {
  const Quadratic<double> problem(Vector<double>(Vector<double>::Ones(2)));
  CHECK(scratch::error_of([&] { HessianOperator(problem, Vector<double>(Vector<double>::Ones(3))); }) ==
        "HessianOperator: theta has 3 parameters, the model has 2 (theta 2)");
  CHECK(scratch::error_of([&] { HessianOperator(problem, Vector<double>(Vector<double>::Constant(2, 1e200))); }) ==
        "HessianOperator: the objective at theta is inf, so there is no Hessian");
  CHECK(scratch::error_of([&] { HessianOperator(problem, Vector<double>(Vector<double>::Ones(2))).apply(Vector<double>::Ones(1)); }) ==
        "HessianOperator::apply: theta has 1 parameters, the model has 2 (theta 2)");
}
