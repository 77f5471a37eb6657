// SPDX-License-Identifier: MIT
// Losses of labels and shares: values, slopes and curvatures against formulas in long double, finite at any margin, labels checked.
#include <tacit/loss/binomial.hpp>
#include <tacit/loss/margin.hpp>
#include <tacit/loss/poisson.hpp>
#include <tacit/loss/smoothed_l1.hpp>
#include <tacit/model/deep_matrix.hpp>
#include <tacit/problem.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

struct LossAt {
  double value, slope, curvature;
};
template <class S = double>
LossAt loss_at(const auto& loss, double z, double y) {
  const Vector<S> vz = Vector<S>::Constant(1, static_cast<S>(z)), vy = Vector<S>::Constant(1, static_cast<S>(y)), none,
                  one = Vector<S>::Ones(1);
  Vector<S> slope(1), curvature(1);
  const S value = loss.template value_and_slope<S>(vz, vy, none, 1, slope);
  loss.template curvature_times<S>(vz, vy, none, 1, one, curvature);
  return {static_cast<double>(value), static_cast<double>(slope[0]), static_cast<double>(curvature[0])};
}
bool finite(const LossAt& at) { return std::isfinite(at.value) && std::isfinite(at.slope) && std::isfinite(at.curvature); }

template <class Loss>
auto labelled(double label, const Loss& loss) {
  return Problem(DeepMatrix<double>({2, 2}), observed<double>(2, 2, {0, 1}, {0, 1}, Vector<double>{{1, label}}), loss);
}

}  // namespace

TEST_CASE("logistic, exponential and binomial losses agree with their formulas in long double to 1e-13") {
  for (const double z : {-20.0, -3.0, -0.1, 0.0, 0.7, 5.0, 20.0})
    for (const double y : {-1.0, 1.0}) {
      INFO("z " << z << ", y " << y);
      const long double q = static_cast<long double>(y) * z, p = 1 / (1 + std::exp(q));
      const LossAt log = loss_at(logistic(), z, y), exp = loss_at(exponential(), z, y);
      CHECK_THAT(log.value, WithinRel(static_cast<double>(std::log1p(std::exp(-q))), 1e-13));
      CHECK_THAT(log.slope, WithinRel(static_cast<double>(-y * p), 1e-13));
      CHECK_THAT(log.curvature, WithinRel(static_cast<double>(p * p * std::exp(q)), 1e-12));
      CHECK_THAT(exp.value, WithinRel(static_cast<double>(std::exp(-q)), 1e-13));
      CHECK_THAT(exp.slope, WithinRel(static_cast<double>(-y * std::exp(-q)), 1e-13));
      CHECK_THAT(exp.curvature, WithinRel(static_cast<double>(std::exp(-q)), 1e-13));
    }
  for (const double z : {-8.0, -0.4, 0.0, 3.0, 9.0})
    for (const double y : {0.0, 0.25, 1.0}) {
      INFO("z " << z << ", y " << y);
      const long double p = 1 / (1 + std::exp(-static_cast<long double>(z))), s = y;
      const long double f = 2 * ((s > 0 ? s * std::log(s / p) : 0) + (s < 1 ? (1 - s) * std::log((1 - s) / (1 - p)) : 0));
      const LossAt at = loss_at(binomial(), z, y);
      CHECK_THAT(at.value, WithinAbs(static_cast<double>(f), 1e-13 * (1 + static_cast<double>(f))));
      CHECK_THAT(at.slope, WithinAbs(static_cast<double>(2 * (p - s)), 1e-15));
      CHECK_THAT(at.curvature, WithinRel(static_cast<double>(2 * p * (1 - p)), 1e-12));
    }
}

TEST_CASE("at z = +-1000 and +-1e6, losses of labels, shares and counts are finite in both scalars, and what their limits are") {
  const auto everywhere = [](const auto& loss, std::initializer_list<double> targets) {
    for (const double y : targets)
      for (const double z : {-1e6, -1e3, -100.0, 100.0, 1e3, 1e6}) {
        INFO(loss.name() << " at z " << z << ", y " << y);
        CHECK(finite(loss_at<double>(loss, z, y)));
        CHECK(finite(loss_at<float>(loss, z, y)));
      }
  };
  everywhere(logistic(), {-1, 1});
  everywhere(exponential(), {-1, 1});
  everywhere(hinge(), {-1, 1});
  everywhere(squared_hinge(), {-1, 1});
  everywhere(binomial(), {0, 0.3, 1});
  everywhere(poisson(), {0, 4});
  everywhere(smoothed_l1(), {0, 2});
  CHECK(loss_at(logistic(), -1000, 1).value == 1000);
  CHECK(loss_at(logistic(), -1000, 1).slope == -1);
  CHECK_THAT(loss_at(logistic(), 700, 1).value, WithinRel(std::exp(-700.0), 1e-12));
  CHECK(loss_at(binomial(), 1000, 0).value == 2000);
  CHECK_THAT(loss_at(binomial(), 40, 1).value, WithinRel(2 * std::exp(-40.0), 1e-12));
  CHECK_THAT(loss_at(exponential(), 1000, 1).value, WithinAbs(0, 1e-300));
  CHECK(loss_at(exponential(), -1000, 1).slope < loss_at(exponential(), -999, 1).slope);  // still convex
}

TEST_CASE("where the exponential loss goes on as its parabola, value, slope and curvature have no jump") {
  const LossAt before = loss_at(exponential(), -30, 1), after = loss_at(exponential(), std::nextafter(-30.0, -31.0), 1);
  CHECK_THAT(after.value, WithinRel(before.value, 1e-14));
  CHECK_THAT(after.slope, WithinRel(before.slope, 1e-14));
  CHECK_THAT(after.curvature, WithinRel(before.curvature, 1e-14));
}

TEST_CASE("hinges vanish beyond the margin 1, and the slope at the kink is the side that is named") {
  CHECK(loss_at(hinge(), 1.5, 1).value == 0);
  CHECK(loss_at(hinge(), -0.5, 1).value == 1.5);
  CHECK(loss_at(hinge(), -0.5, 1).slope == -1);
  CHECK(loss_at(hinge(), 0.5, -1).slope == 1);
  CHECK(loss_at(hinge(), 1, 1).slope == 0);
  CHECK(loss_at(hinge({.at_kink = Side::left}), 1, 1).slope == -1);
  CHECK(loss_at(hinge({.at_kink = Side::middle}), 1, 1).slope == -0.5);
  CHECK(loss_at(squared_hinge(), -1, 1).value == 4);
  CHECK(loss_at(squared_hinge(), -1, 1).slope == -4);
  CHECK(loss_at(squared_hinge(), -1, 1).curvature == 2);
  CHECK(loss_at(squared_hinge(), 1, 1).curvature == 0);
}

TEST_CASE("the smoothed absolute deviation is within epsilon of the absolute deviation, and quadratic near zero") {
  for (const double r : {-3.0, -1e-3, 1e-5, 0.2}) {
    const LossAt at = loss_at(smoothed_l1({.epsilon = 0.01}), 2 + r, 2);
    CHECK(at.value <= std::abs(r));
    CHECK(at.value >= std::abs(r) - 0.01);
    CHECK_THAT(at.slope, WithinRel(r / std::sqrt(r * r + 1e-4), 1e-9));
  }
  CHECK_THAT(loss_at(smoothed_l1({.epsilon = 0.01}), 1e-8, 0).value, WithinRel(0.5e-14, 1e-9));
  CHECK(loss_at(smoothed_l1({.epsilon = 0.01}), 0, 0).curvature == 100);
  CHECK(smoothed_l1({.epsilon = 0.5}).name() == "smoothed_l1(0.5)");
  CHECK(thrown([] { smoothed_l1({.epsilon = 0}); }) ==
        "smoothed_l1: epsilon is 0, it needs to be positive; power({.p = 1}) is not smoothed");
}

TEST_CASE("targets outside a loss's domain are refused when the problem is built, with entry, value and what is allowed") {
  CHECK(thrown([] { labelled(0, logistic()); }) == "logistic: the target of entry (1, 1) is 0, allowed is -1 or 1");
  CHECK(thrown([] { labelled(2, exponential()); }) == "exponential: the target of entry (1, 1) is 2, allowed is -1 or 1");
  CHECK(thrown([] { labelled(0.5, hinge()); }) == "hinge: the target of entry (1, 1) is 0.5, allowed is -1 or 1");
  CHECK(thrown([] { labelled(-1.5, squared_hinge()); }) == "squared_hinge: the target of entry (1, 1) is -1.5, allowed is -1 or 1");
  CHECK(thrown([] { labelled(1.01, binomial()); }) == "binomial: the target of entry (1, 1) is 1.01, allowed is a share between 0 and 1");
  CHECK(thrown([] { labelled(-1, poisson()); }) == "poisson: the target of entry (1, 1) is -1, allowed is 0 or more");
  labelled(-1, logistic());
  labelled(0.25, binomial());
}
