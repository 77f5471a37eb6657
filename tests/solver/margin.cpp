// SPDX-License-Identifier: MIT
#include <tacit/solver/margin.hpp>

#include <tacit/core/random.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {
/// Samples on both sides of a plane at a distance of at least `margin`; below 0 some are on the wrong side.
Data<double, Features<double>> sides(Index samples, Index features, double margin, std::uint64_t seed) {
  Random random(seed, "sides");
  Matrix<double> X(samples, features);
  Vector<double> y(samples);
  for (Index k = 0; k < samples; ++k) {
    for (Index j = 0; j < features; ++j) X(k, j) = random.normal();
    y[k] = k % 2 ? 1 : -1;
    X(k, 0) = y[k] * (margin + std::abs(X(k, 0)));
  }
  return regression_data<double>(X, y);
}
}  // namespace

TEST_CASE("the hard margin of points on a line and in a plane is the one of geometry") {
  const Matrix<double> X{{3, 0}, {1, 1}, {1, -1}, {-4, 2}};
  const MaxMargin plane = max_margin(regression_data<double>(X, Vector<double>{{1, 1, 1, -1}}));
  CHECK(plane.status == SeparationStatus::converged);
  CHECK_THAT(plane.margin, WithinRel(1.0, 1e-12));  // w = (1, 0), on the second and third
  CHECK_THAT(plane.w[0], WithinRel(1.0, 1e-12));
  CHECK(plane.gap < 1e-10);
  CHECK(plane.weights[0] == 0);
  CHECK_THAT(plane.weights[1] + plane.weights[2], WithinRel(1.0, 1e-12));
}
TEST_CASE("hard margins of many samples carry weights whose combination proves that no margin is larger") {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const auto data = sides(400, 12, 0.3, seed);
    const MaxMargin best = max_margin(data);
    CHECK(best.status == SeparationStatus::converged);
    CHECK(best.weights.minCoeff() >= 0);
    CHECK_THAT(best.weights.sum(), WithinRel(1.0, 1e-12));
    const Vector<double> signs = best.weights.cwiseProduct(data.y);
    const double upper = (data.where.columns() * signs).norm();
    const double margin = (data.where.columns().transpose() * best.w).cwiseProduct(data.y).minCoeff();
    CHECK_THAT(best.w.norm(), WithinRel(1.0, 1e-12));
    CHECK_THAT(upper, WithinRel(best.upper, 1e-12));
    CHECK_THAT(margin, WithinRel(best.margin, 1e-12));
    CHECK(margin > 0.3);
    CHECK(upper - margin < 1e-9 * upper);
  }
}
TEST_CASE("data that are not separable have no margin, and weights prove it; the logistic loss then has a minimum") {
  const auto data = sides(60, 4, -0.5, 7);
  const MaxMargin none = max_margin(data);
  CHECK(none.status == SeparationStatus::not_separable);
  CHECK(std::string(name_of(none.status)) == "not separable: there is no margin");
  CHECK((data.where.columns() * none.weights.cwiseProduct(data.y)).norm() < 1e-10);
  const LogisticRegression fit = logistic_regression(data);
  CHECK(fit.status == SeparationStatus::converged);
  CHECK(fit.residual < 1e-10);
  CHECK(fit.margin < 0);
  for (Index j = 0; j < 4; ++j)  // no neighbour is lower
    for (const double step : {-1e-3, 1e-3}) {
      const Vector<double> q = (data.where.columns().transpose() * (fit.w + step * Vector<double>::Unit(4, j))).cwiseProduct(data.y);
      CHECK((-q).array().exp().log1p().mean() > fit.value);
    }
}
TEST_CASE(
    "the logistic loss of separable data has no minimum, and a w with positive margins proves it; with a penalty it has, certified by its "
    "dual") {
  const auto data = sides(60, 4, 0.2, 7);
  const LogisticRegression none = logistic_regression(data);
  CHECK(none.status == SeparationStatus::separable);
  CHECK(std::string(name_of(none.status)) == "separable: there is no minimum");
  CHECK((data.where.columns().transpose() * none.w).cwiseProduct(data.y).minCoeff() > 0);
  for (const double lambda : {1.0, 1e-2, 1e-5}) {
    const LogisticRegression fit = logistic_regression(data, {.lambda = lambda});
    CHECK(fit.status == SeparationStatus::converged);
    CHECK(fit.gap < 1e-12);
    CHECK(fit.gap > -1e-14);
  }
}
TEST_CASE("labels other than -1 and 1 and several outputs are refused by the baselines, too") {
  const Matrix<double> X = Matrix<double>::Ones(2, 2);
  CHECK(thrown([&] {
          max_margin(regression_data<double>(X, Vector<double>{{1, 0}}));
        }) == "max_margin: the target of sample 1 is 0, allowed is -1 or 1");
  CHECK(thrown([&] {
          logistic_regression(classification_data<double>(X, {0, 1}, 2));
        }) == "logistic_regression: there are 2 outputs, labels are one number a sample");
}
