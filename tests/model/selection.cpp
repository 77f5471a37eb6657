// SPDX-License-Identifier: MIT
#include <tacit/model/selection.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEMPLATE_TEST_CASE("h_p, its slope, its inverse and its integral belong together", "", double, long double) {
  using R = TestType;
  for (const R p : {R(2), R(2.5), R(3), R(4), R(10), std::numeric_limits<R>::infinity()}) {
    const Selection<R> f(p);
    CAPTURE(static_cast<double>(p));
    for (const R s : {R(-0.9), R(-0.3), R(1e-9), R(0.2), R(0.5), R(0.99)}) {
      const R k = std::isinf(p) ? 1 : p / (p - 2);
      const R plain = p == 2 ? 2 * std::sinh(s) : std::pow(1 - s, -k) - std::pow(1 + s, -k);
      CHECK_THAT(static_cast<double>(f.h(s)), WithinRel(static_cast<double>(plain), std::abs(s) < 0.1 ? 1e-6 : 1e-13));
      CHECK(f.h(-s) == -f.h(s));
      const R h = R(1e-5) * (1 - std::abs(s));
      CHECK_THAT(static_cast<double>((f.h(s + h) - f.h(s - h)) / (2 * h)), WithinRel(static_cast<double>(f.slope(s)), 1e-8));
      CHECK_THAT(static_cast<double>(f.inverse(f.h(s))), WithinRel(static_cast<double>(s), 1e-13));
    }
    // q' = h^-1, q(0) = 0, q is even.
    CHECK(f.q(0) == 0);
    for (const R z : {R(-3), R(0.5), R(40)}) {
      const R h = R(1e-4) * std::abs(z);
      CHECK_THAT(static_cast<double>((f.q(z + h) - f.q(z - h)) / (2 * h)), WithinRel(static_cast<double>(f.inverse(z)), 1e-6));
      CHECK(f.q(z) == f.q(-z));
      CHECK(f.q(z) > 0);
    }
  }
  CHECK_THAT(static_cast<double>(Selection<R>(2).h(R(0.7))), WithinRel(2 * std::sinh(0.7), 1e-14));
}
TEST_CASE("near a bound, h_p takes what is known of the distance to it") {
  const Selection<double> f(4);
  CHECK_THAT(f.h(1, 1e-30), WithinRel(1e60, 1e-12));
  CHECK_THAT(f.slope(-1, 1e-30), WithinRel(2e90, 1e-12));
}
TEST_CASE("g_p is what q_p leaves as alpha falls: affine maps of each other at first order") {
  // alpha^2 q_2(x / alpha^2) = log(1 / alpha^2) |x| + g_2(x) + o(1);   for p > 2, (|x| - alpha^p q_p(x / alpha^p)) ~ alpha^(p-2) (p/2) |x|^(2/p).
  const double t = 1e-9;
  const Selection<long double> two(2), four(4);
  for (const double x : {0.3, -2.0}) {
    const long double q2 = t * two.q(x / t) + std::abs(x) * std::log(static_cast<long double>(t));
    CHECK_THAT(static_cast<double>(q2), WithinAbs(static_cast<double>(two.g(x)), 1e-7));
    const long double q4 = (std::abs(x) - t * four.q(x / t)) / std::sqrt(static_cast<long double>(t));
    CHECK_THAT(static_cast<double>(q4), WithinRel(static_cast<double>(std::abs(x) - four.g(x)), 1e-4));
  }
  CHECK(two.g(0) == 0);
}
TEST_CASE("selection functions refuse depths below two") {
  CHECK(thrown([] { Selection<double>(1.9); }) == "Selection: the depth is 1.9, it needs to be 2 or more");
  CHECK(thrown([] { Selection<double>(NAN); }) == "Selection: the depth is nan, it needs to be 2 or more");
}
