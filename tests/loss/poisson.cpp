// SPDX-License-Identifier: MIT
#include <tacit/loss/poisson.hpp>

#include "catch.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {
struct Deviance {
  double value, slope, curvature;
};
Deviance deviance(double z, double y) {
  const auto loss = poisson();
  const Vector<double> vz = Vector<double>::Constant(1, z), vy = Vector<double>::Constant(1, y), none, one = Vector<double>::Ones(1);
  Vector<double> slope(1), curvature(1);
  const double value = loss.value_and_slope<double>(vz, vy, none, 1, slope);
  loss.curvature_times<double>(vz, vy, none, 1, one, curvature);
  return {value, slope[0], curvature[0]};
}
}  // namespace

TEST_CASE("the Poisson deviance of counts, its slope and its curvature") {
  for (const double y : {0.0, 1.0, 7.0, 4000.0})
    for (const double z : {-3.0, 0.0, 1.9, 8.0}) {
      INFO("y " << y << ", z " << z);
      const double mu = std::exp(z);
      const Deviance at = deviance(z, y);
      CHECK_THAT(at.value, WithinRel(2 * ((y > 0 ? y * std::log(y / mu) : 0) - (y - mu)), 1e-12));
      CHECK_THAT(at.slope, WithinRel(2 * (mu - y), 1e-13));
      CHECK_THAT(at.curvature, WithinRel(2 * mu, 1e-13));
    }
  CHECK_THAT(deviance(std::log(7.0), 7).value, WithinAbs(0, 1e-15));
  CHECK(poisson().name() == "poisson");
  CHECK(poisson({.reduction = Reduction::sum}).reduction == Reduction::sum);
}

TEST_CASE("the Poisson deviance keeps its digits where the mean is close to the count") {
  const double e = 1e-3, exact = 2 * 1e6 * (e * e / 2 + e * e * e / 6 + e * e * e * e / 24);
  CHECK_THAT(deviance(std::log(1e6) + e, 1e6).value, WithinRel(exact, 1e-9));
}

TEST_CASE("the Poisson deviance is finite, and grows, at predictions of +- 1000") {
  for (const double y : {0.0, 3.0, 1e6}) {
    const Deviance low = deviance(-1000, y), high = deviance(1000, y);
    CHECK_THAT(low.value, WithinRel(y > 0 ? 2 * (y * std::log(y) + 1000 * y - y) : 0.0, 1e-12));
    CHECK_THAT(low.slope, WithinAbs(-2 * y, 1e-9));
    CHECK(std::isfinite(high.value));
    CHECK(std::isfinite(high.curvature));
    CHECK(high.slope > deviance(999, y).slope);
  }
  const Vector<float> z = Vector<float>::Constant(1, 1000.0F), y = Vector<float>::Constant(1, 3.0F), none;
  Vector<float> slope(1);
  CHECK(std::isfinite(poisson().value_and_slope<float>(z, y, none, 1.0F, slope)));
  CHECK(std::isfinite(slope[0]));
}

TEST_CASE("where the exponential goes on as a parabola, value and derivatives have no jump") {
  const Deviance before = deviance(30, 5), after = deviance(std::nextafter(30.0, 31.0), 5);
  CHECK_THAT(after.value, WithinRel(before.value, 1e-14));
  CHECK_THAT(after.slope, WithinRel(before.slope, 1e-14));
  CHECK_THAT(after.curvature, WithinRel(before.curvature, 1e-14));
}

TEST_CASE("a count below zero is no count") { CHECK(std::isnan(deviance(0, -1).value)); }  // a problem refuses it: margin.cpp
