// SPDX-License-Identifier: MIT
#include <tacit/data/low_rank.hpp>
#include <tacit/solver/posterior_mean.hpp>

#include "catch.hpp"

using namespace tacit;

TEST_CASE("the inverse of a positive definite matrix") {
  Random random(1, "inverse");
  Matrix<double> X(5, 9), G(5, 5);
  for (Index k = 0; k < X.size(); ++k) X.data()[k] = random.normal();
  for (Index i = 0; i < 5; ++i)
    for (Index j = 0; j < 5; ++j) G(i, j) = X.row(i).dot(X.row(j));
  Matrix<double> inverse = G;
  Vector<double> column(5);
  detail::invert(inverse, column);
  for (Index i = 0; i < 5; ++i)
    for (Index j = 0; j < 5; ++j) CHECK(std::abs(G.row(i).dot(inverse.col(j)) - (i == j)) < 1e-12);
}

TEST_CASE("one component on one column is a scalar problem, solved by hand") {
  // One row, one column, y = 2: the updates are numbers.
  const auto data = observed<double>(1, 1, {0}, {0}, Vector<double>::Constant(1, 2.0));
  detail::PosteriorMean fit(data, 1, 7);
  const double b = fit.Bt()(0, 0), s = 0.05 * 4, c = 2;  // the start: noise 0.05 y^2, prior variances |y|
  const double S = 1 / (b * b / s + 1 / c), a = S * b * 2 / s, T = 1 / ((S + a * a) / s + 1 / c), b1 = T * a * 2 / s;
  fit.sweep();
  CHECK(std::abs(fit.At()(0, 0) - a) < 1e-12);
  CHECK(std::abs(fit.Bt()(0, 0) - b1) < 1e-12);
  CHECK(std::abs(fit.noise() - (4 - 2 * 2 * a * b1 + (S + a * a) * (T + b1 * b1))) < 1e-12);
}

TEST_CASE("rank and noise are found without being told: more components change little") {
  const auto task = low_rank_completion({.rows = 60, .cols = 50, .rank = 3, .observed = 1500, .seed = 2, .noise_std = 0.2});
  double error[2];
  for (int wide : {0, 1}) {
    detail::PosteriorMean fit(task.seen, wide ? 12 : 3, 1);
    for (int sweep = 0; sweep < 60; ++sweep) fit.sweep();
    CHECK(std::abs(std::sqrt(fit.noise()) - 0.2) < 0.03);
    double squares = 0;
    for (Index i = 0; i < 60; ++i)
      for (Index j = 0; j < 50; ++j) {
        const double off = fit.At().col(i).dot(fit.Bt().col(j)) - task.truth(i, j);
        squares += off * off;
      }
    error[wide] = std::sqrt(squares / 3000);
  }
  CHECK(error[0] < 0.15);
  CHECK(error[1] < 1.25 * error[0]);
}
