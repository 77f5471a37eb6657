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

namespace {

/// Value, slope and curvature in long double.
struct Exact {
  long double value, slope, curvature;
};
long double sech_squared(long double x) { return 4 * std::exp(-2 * std::abs(x)) / std::pow(1 + std::exp(-2 * std::abs(x)), 2); }
Exact exact_softplus(long double x) {
  const long double e = std::exp(-std::abs(x)), slope = (x < 0 ? e : 1) / (1 + e);
  return {std::max(x, 0.0L) + std::log1p(e), slope, e / ((1 + e) * (1 + e))};
}
Exact exact_sigmoid(long double x) {
  const Exact f = exact_softplus(x);
  return {f.slope, f.curvature, -f.curvature * std::tanh(x / 2)};
}
Exact exact_logcosh(long double x) {
  const long double size = std::abs(x), s = std::sinh(std::min(size, 1.0L) / 2);
  const long double value = size < 1 ? std::log1p(2 * s * s) : size - std::log(2.0L) + std::log1p(std::exp(-2 * size));
  return {value, std::tanh(x), sech_squared(x)};
}
Exact exact_tanh(long double x) { return {std::tanh(x), sech_squared(x), -2 * std::tanh(x) * sech_squared(x)}; }
Exact exact_expm1(long double x) { return {std::expm1(x), std::exp(x), std::exp(x)}; }
Exact exact_log1p(long double x) { return {std::log1p(x), 1 / (1 + x), -1 / ((1 + x) * (1 + x))}; }

template <class S, class F>
void check_to_rounding(const char* name, F f, Exact (*exact)(long double), double from, double to) {
  const double eps = 16 * std::numeric_limits<S>::epsilon();
  const auto check = [&](S x) {
    if (static_cast<double>(x) < from || static_cast<double>(x) > to) return;
    INFO(name << " of " << scalar_name<S>() << " at " << x);
    const Dual<S> d = f(Dual<S>::variable(x));
    const Exact e = exact(static_cast<long double>(x));
    const auto close = [&](S seen, long double expected) {  // below the range of S, to its smallest number
      CHECK(std::abs(static_cast<long double>(seen) - expected) <=
            static_cast<long double>(eps) * std::abs(expected) + std::numeric_limits<S>::min());
    };
    close(d.value, e.value);
    close(d.slope, e.slope);
    close(d.curvature, e.curvature);
  };
  for (const double size : {0.0,  1e-300, 1e-30, 1e-8, 1e-3, 0.1,   0.49,  0.5,   0.999, 1.0, 1.001, 2.0,
                            10.0, 18.0,   37.0,  45.0, 88.0, 100.0, 350.0, 700.0, 720.0, 1e4, 1e15,  1e30})
    for (const double sign : {-1.0, 1.0}) check(static_cast<S>(sign * size));
}

}  // namespace

TEST_CASE("functions made for it are exact to rounding at any argument, value, slope and curvature") {
  const auto both = [](const char* name, auto f, Exact (*exact)(long double), double from, double to) {
    check_to_rounding<double>(name, f, exact, from, to);
    check_to_rounding<float>(name, f, exact, from, std::min(to, 1e37));
  };
  both(
      "softplus", [](auto x) { return softplus(x); }, exact_softplus, -1e30, 1e30);
  both(
      "sigmoid", [](auto x) { return sigmoid(x); }, exact_sigmoid, -1e30, 1e30);
  both(
      "logcosh", [](auto x) { return logcosh(x); }, exact_logcosh, -1e30, 1e30);
  both(
      "tanh", [](auto x) { return tanh(x); }, exact_tanh, -1e30, 1e30);
  both(
      "expm1", [](auto x) { return expm1(x); }, exact_expm1, -1e30, 80);
  both(
      "log1p", [](auto x) { return log1p(x); }, exact_log1p, -0.9999, 1e15);
}
