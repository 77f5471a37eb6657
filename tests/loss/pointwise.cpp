// SPDX-License-Identifier: MIT
#include <tacit/loss/huber.hpp>
#include <tacit/loss/power.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {
struct Three {
  double value, slope, curvature;
};
template <Scalar S = double, class L>
Three at(const L& loss, double z, double y, double weight = 1, double scale = 1) {
  const Vector<S> vz = Vector<S>::Constant(1, static_cast<S>(z)), vy = Vector<S>::Constant(1, static_cast<S>(y)),
                  vw = Vector<S>::Constant(1, static_cast<S>(weight)), one = Vector<S>::Ones(1);
  Vector<S> slope(1), curvature(1);
  const S value = loss.template value_and_slope<S>(vz, vy, vw, static_cast<S>(scale), slope);
  loss.template curvature_times<S>(vz, vy, vw, static_cast<S>(scale), one, curvature);
  return {static_cast<double>(value), static_cast<double>(slope[0]), static_cast<double>(curvature[0])};
}
}  // namespace

TEST_CASE("a formula brings its slope and curvature along, to rounding") {
  const auto loss = pointwise([](auto z, auto y) { return logcosh(z - y); });
  const auto [f, df, ddf] = at(loss, 0.7, -0.4);
  CHECK_THAT(f, WithinRel(std::log(std::cosh(1.1)), 1e-15));
  CHECK_THAT(df, WithinRel(std::tanh(1.1), 1e-15));
  CHECK_THAT(ddf, WithinRel(1 / std::pow(std::cosh(1.1), 2), 1e-14));
  CHECK(loss.name() == "pointwise");
  CHECK(loss.reduction == Reduction::mean);
  const auto named = pointwise([](auto z, auto) { return z; }, Reduction::sum, "linear");
  CHECK(named.name() == "linear");
  CHECK(named.reduction == Reduction::sum);
}

TEST_CASE("log cosh is finite at residuals whose cosh is not") {
  const auto [f, df, ddf] = at(pointwise([](auto z, auto y) { return logcosh(z - y); }), 500, -300);
  CHECK_THAT(f, WithinRel(800 - std::log(2.0), 1e-15));
  CHECK(df == 1);
  CHECK(ddf == 0);
}

TEST_CASE("weights and the scale multiply value, slope and curvature") {
  const auto loss = pointwise([](auto z, auto y) { return z * z * y; });
  const auto [f, df, ddf] = at(loss, 3, 2, 0.5, 10);
  CHECK_THAT(f, WithinRel(90.0, 1e-15));
  CHECK_THAT(df, WithinRel(60.0, 1e-15));
  CHECK_THAT(ddf, WithinRel(20.0, 1e-15));
}

TEST_CASE("formulas work in float, with constants of any type") {
  const auto [f, df, ddf] = at<float>(pointwise([](auto z, auto y) { return 0.5 * (z - y) * (z - y) + 1; }), 2, 1);
  CHECK(f == 1.5);
  CHECK(df == 1);
  CHECK(ddf == 1);
}

TEST_CASE("Huber's loss is a parabola, then a line") {
  const auto loss = huber({.delta = 2});
  CHECK(loss.name() == "huber(2)");
  CHECK(at(loss, 1.5, 0).value == 1.125);
  CHECK(at(loss, -1.5, 0).slope == -1.5);
  CHECK(at(loss, 1.5, 0).curvature == 1);
  CHECK(at(loss, 2, 0).value == 2);
  CHECK(at(loss, 5, 0).value == 8);
  CHECK(at(loss, 5, 0).slope == 2);
  CHECK(at(loss, -5, 0).slope == -2);
  CHECK(at(loss, -5, 0).curvature == 0);
  CHECK(at(loss, 0, 0).curvature == 1);
  CHECK(huber({.reduction = Reduction::sum}).reduction == Reduction::sum);
  CHECK(thrown([] { huber({.delta = 0}); }) == "huber: delta is 0, it needs to be positive");
  CHECK(thrown([] { huber({.delta = std::nan("")}); }) == "huber: delta is nan, it needs to be positive");
}

TEST_CASE("powers") {
  CHECK_THAT(at(power({.p = 4}), 3, 1).value, WithinRel(4.0, 1e-15));
  CHECK_THAT(at(power({.p = 4}), 1, 3).slope, WithinRel(-8.0, 1e-15));
  CHECK_THAT(at(power({.p = 4}), 1, 3).curvature, WithinRel(12.0, 1e-15));
  CHECK(at(power({.p = 2}), 1, 1).curvature == 1);  // where they meet, too
  CHECK(at(power({.p = 2}), 1, 1).slope == 0);
  CHECK(at(power({.p = 4}), 1, 1).curvature == 0);
  CHECK(at(power({.p = 1}), 4, 1).value == 3);
  CHECK(at(power({.p = 1}), 1, 4).slope == -1);
  CHECK(at(power({.p = 1}), 1, 1).slope == 0);
  CHECK_THAT(at(power({.p = 1.5}), 5, 1).value, WithinRel(8 / 1.5, 1e-15));
  CHECK(at(power({.p = 1.5}), 1, 1).slope == 0);
  CHECK(power({.p = 4}).name() == "power(4)");
  CHECK(thrown([] { power({.p = 0.5}); }) == "power: p is 0.5, it needs to be at least 1");
}
