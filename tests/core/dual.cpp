// SPDX-License-Identifier: MIT
#include <tacit/core/dual.hpp>

#include <functional>

#include "catch.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;

namespace {

/// Sixth-order central differences of f and of f'': exact to about 1e-9 for functions of order one.
template <class F>
void check_derivatives(const char* name, F f, std::initializer_list<double> points) {
  for (const double x : points) {
    INFO(name << " at " << x);
    const Dual<double> d = f(Dual<double>::variable(x));
    const auto at = [&](double t) { return f(Dual<double>::variable(t)).value; };
    const double h = 1e-3, value = at(x);
    const double slope = (45 * (at(x + h) - at(x - h)) - 9 * (at(x + 2 * h) - at(x - 2 * h)) + (at(x + 3 * h) - at(x - 3 * h))) / (60 * h);
    const auto slope_at = [&](double t) { return f(Dual<double>::variable(t)).slope; };
    const double curvature = (45 * (slope_at(x + h) - slope_at(x - h)) - 9 * (slope_at(x + 2 * h) - slope_at(x - 2 * h)) +
                              (slope_at(x + 3 * h) - slope_at(x - 3 * h))) /
                             (60 * h);
    CHECK(d.value == value);
    CHECK_THAT(d.slope, WithinAbs(slope, 1e-10 * (1 + std::abs(slope))));
    CHECK_THAT(d.curvature, WithinAbs(curvature, 1e-10 * (1 + std::abs(curvature))));
    // In single precision the same formula gives the same to its rounding.
    const Dual<float> s = f(Dual<float>::variable(static_cast<float>(x)));
    CHECK_THAT(s.slope, WithinAbs(slope, 2e-5 * (1 + std::abs(slope))));
    CHECK_THAT(s.curvature, WithinAbs(curvature, 2e-5 * (1 + std::abs(curvature))));
  }
}

}  // namespace

#define CHECK_DERIVATIVES(formula, ...) check_derivatives(#formula, [](auto x) { return formula; }, {__VA_ARGS__})

TEST_CASE("arithmetic") {
  CHECK_DERIVATIVES(x * x * x - 2 * x + 1, -1.0, 0.0, 0.7);
  CHECK_DERIVATIVES(+x - (-x), 0.3);
  CHECK_DERIVATIVES(1.0 / x, -2.0, 0.5);
  CHECK_DERIVATIVES(x / (1 + x * x), -1.0, 0.0, 0.5, 2.0);
  CHECK_DERIVATIVES((x - 3) / x, 1.0);
  CHECK_DERIVATIVES(2.5f * x - 1L, 1.0);  // constants of any type
  const auto compound = [](auto x) {
    auto y = x;
    y += x * x;
    y *= x;
    y -= 3;
    y /= 1 + x;
    return y;
  };
  check_derivatives("compound assignment", compound, {0.4, 1.3});
}

TEST_CASE("functions") {
  CHECK_DERIVATIVES(relu(x), -1.0, 0.7);
  CHECK_DERIVATIVES(square(x), -1.0, 0.0, 0.7);
  CHECK_DERIVATIVES(sigmoid(x), -3.0, 0.0, 0.7);
  CHECK_DERIVATIVES(exp(x), -1.0, 0.0, 1.2);
  CHECK_DERIVATIVES(expm1(x), -1.0, 0.0, 1.2);
  CHECK_DERIVATIVES(log(x), 0.5, 1.0, 3.0);
  CHECK_DERIVATIVES(log1p(x), -0.5, 0.0, 2.0);
  CHECK_DERIVATIVES(sqrt(x), 0.3, 1.0, 4.0);
  CHECK_DERIVATIVES(abs(x), -0.7, 0.7);
  CHECK_DERIVATIVES(pow(x, 2), -1.5, 0.5);
  CHECK_DERIVATIVES(pow(x, 4), -1.0, 0.0, 0.5);
  CHECK_DERIVATIVES(pow(x, 2.5), 0.5, 1.5);
  CHECK_DERIVATIVES(pow(x, -1), -2.0, 0.5);
  CHECK_DERIVATIVES(sin(x), -1.0, 0.0, 2.0);
  CHECK_DERIVATIVES(cos(x), -1.0, 0.0, 2.0);
  CHECK_DERIVATIVES(sinh(x), -1.0, 0.0, 1.0);
  CHECK_DERIVATIVES(cosh(x), -1.0, 0.0, 1.0);
  CHECK_DERIVATIVES(tanh(x), -1.0, 0.0, 1.0);
  CHECK_DERIVATIVES(atan(x), -1.0, 0.0, 2.0);
}

TEST_CASE("compositions follow the chain rule, second order included") {
  CHECK_DERIVATIVES(log(cosh(x - 0.3)), -1.0, 0.3, 2.0);
  CHECK_DERIVATIVES(exp(sin(x * x)) / (1 + exp(-x)), -0.5, 0.8);
  CHECK_DERIVATIVES(sqrt(1 + pow(tanh(x), 2)), -0.5, 0.8);
  CHECK_DERIVATIVES(atan(log1p(x * x)) * cos(x), -0.5, 0.8);
  CHECK_DERIVATIVES(log(abs(sinh(x))) - expm1(x) * 0.1, -0.5, 0.8);
}

TEST_CASE("powers at zero") {
  const auto at_zero = [](double p) { return pow(Dual<double>::variable(0), p); };
  CHECK(at_zero(0).value == 1);
  CHECK(at_zero(0).slope == 0);
  CHECK(at_zero(0).curvature == 0);
  CHECK(at_zero(1).slope == 1);
  CHECK(at_zero(1).curvature == 0);
  CHECK(at_zero(2).slope == 0);
  CHECK(at_zero(2).curvature == 2);
  CHECK(at_zero(3).curvature == 0);
}

TEST_CASE("the absolute value has slope 0 at 0") {
  const Dual<double> d = abs(Dual<double>::variable(0));
  CHECK(d.value == 0);
  CHECK(d.slope == 0);
  CHECK(d.curvature == 0);
}

TEST_CASE("comparisons look at values alone, and mix with numbers") {
  const Dual<double> two(2.0, 5.0, 7.0);
  CHECK(two == 2);
  CHECK(two != 3);
  CHECK(two < 2.5);
  CHECK(1 < two);
  CHECK(two >= Dual<double>(2));
  CHECK_FALSE(two < std::nan(""));
  CHECK_FALSE(two > std::nan(""));
}
