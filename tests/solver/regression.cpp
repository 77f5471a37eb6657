// SPDX-License-Identifier: MIT
#include <tacit/solver/regression.hpp>

#include <Eigen/LU>

#include <tacit/core/random.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {
Matrix<double> regression_normal(Index rows, Index cols, std::uint64_t seed) {
  Random random(seed, "regression");
  Matrix<double> A(rows, cols);
  for (double& x : A.reshaped()) x = random.normal();
  return A;
}
double misfit(const Matrix<double>& X, const Matrix<double>& Y, const Matrix<double>& W) {
  return (Y - X * W.transpose()).squaredNorm() / 2;
}
}  // namespace

TEST_CASE("ridge solves the normal equations, certified by its dual to rounding") {
  const Matrix<double> X = regression_normal(12, 5, 1), Y = regression_normal(12, 3, 2);
  const Regression fit = ridge(regression_data<double>(X, Y), 0.7);
  const Matrix<double> expected = (X.transpose() * X + 0.7 * Matrix<double>::Identity(5, 5)).inverse() * X.transpose() * Y;
  CHECK((fit.W - expected.transpose()).norm() < 1e-12 * expected.norm());
  CHECK(std::abs(fit.value - misfit(X, Y, fit.W) - 0.35 * fit.W.squaredNorm()) < 1e-12 * fit.value);
  CHECK(fit.gap < 1e-13);
  CHECK(fit.residual < 1e-12);
  CHECK(fit.lower > 0.9 * fit.value);
}
TEST_CASE("the least-norm fit interpolates where it can, lies in the span of the samples, and knows the rank of X") {
  const Matrix<double> X = regression_normal(4, 9, 3), Y = regression_normal(4, 2, 4);
  const Regression fit = least_norm(regression_data<double>(X, Y));
  const Matrix<double> expected = Y.transpose() * (X * X.transpose()).inverse() * X;
  CHECK((fit.W - expected).norm() < 1e-12 * expected.norm());
  CHECK(fit.value < 1e-24);
  Matrix<double> twice(8, 9);  // samples that contradict each other, and a rank of 4 in 8 rows
  twice << X, X;
  Matrix<double> targets(8, 2);
  targets << Y, 3 * Y;
  const Regression both = least_norm(regression_data<double>(twice, targets));
  CHECK(both.rank == 4);
  CHECK((both.W - 2 * expected).norm() < 1e-12 * expected.norm());
  CHECK(both.residual < 1e-12);
}
TEST_CASE("reduced-rank regression is certified by Eckart and Young's bound, and no factorization of that rank does better") {
  const Matrix<double> X = regression_normal(20, 6, 5), Y = regression_normal(20, 4, 6);
  const auto data = regression_data<double>(X, Y);
  const Regression full = least_norm(data);
  double before = Y.squaredNorm() / 2;
  for (Index rank = 1; rank <= 4; ++rank) {
    const Regression fit = reduced_rank_regression(data, rank);
    CHECK(fit.gap < 1e-13);
    CHECK(fit.value < before);
    CHECK(std::abs(fit.value - misfit(X, Y, fit.W)) < 1e-12 * fit.value);
    CHECK(Eigen::FullPivLU<Matrix<double>>(fit.W).setThreshold(1e-10).rank() == rank);
    before = fit.value;
    Matrix<double> A = regression_normal(4, rank, 7), B(6, rank);
    for (int sweep = 0; sweep < 300; ++sweep) {  // alternating least squares from elsewhere
      B = (X.transpose() * X).inverse() * X.transpose() * Y * A * (A.transpose() * A).inverse();
      const Matrix<double> XB = X * B;
      A = Y.transpose() * XB * (XB.transpose() * XB).inverse();
    }
    CHECK(misfit(X, Y, A * B.transpose()) >= fit.value * (1 - 1e-12));
    CHECK(misfit(X, Y, A * B.transpose()) < fit.value * (1 + 1e-6));
  }
  CHECK((reduced_rank_regression(data, 4).W - full.W).norm() < 1e-12 * full.W.norm());
}
TEST_CASE("whitened features have second moment I on their span, and W' M is the same map") {
  Matrix<double> X = regression_normal(15, 6, 8);
  X.col(5) = X.col(0) - X.col(1);
  const Whitened white = whitened(X);
  REQUIRE(white.X.cols() == 5);
  CHECK((white.X.transpose() * white.X / 15 - Matrix<double>::Identity(5, 5)).norm() < 1e-12);
  const Matrix<double> W = regression_normal(3, 5, 9);
  CHECK((X * (W * white.M).transpose() - white.X * W.transpose()).norm() < 1e-11);
}
TEST_CASE("features with other rows than targets, settings and labels out of range are refused with a sentence") {
  const Matrix<double> X = regression_normal(4, 2, 1);
  CHECK(thrown([&] { regression_data<double>(X, Matrix<double>::Ones(5, 2)); }) ==
        "regression_data: X has 4 rows, one a sample, there are targets of 5 samples");
  CHECK(thrown([&] {
          classification_data<double>(X, {0, 1, 2, 3}, 3);
        }) == "classification_data: the label of sample 3 is 3, allowed are 0 ... 2");
  CHECK(thrown([&] {
          classification_data<double>(X, {0, 1}, 3);
        }) == "classification_data: X has 4 rows, one a sample, there are labels of 2 samples");
  Matrix<double> gap = X;
  gap(2, 1) = std::nan("");
  CHECK(thrown([&] { Features<double>(gap, 1); }) == "Features: feature 1 of sample 2 is nan; leave out or fill in what is missing");
  CHECK(thrown([&] { ridge(regression_data<double>(X, Vector<double>(X.col(0))), 0); }) ==
        "ridge: lambda is 0, it needs to be positive; at 0 it is least_norm");
}
