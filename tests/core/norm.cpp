// SPDX-License-Identifier: MIT
#include <tacit/core/norm.hpp>

#include <tacit/core/random.hpp>

#include "catch.hpp"

using namespace tacit;
using Catch::Matchers::WithinRel;

namespace {

/// Norms are homogeneous: of c x they are c times those of x, to the rounding of the scalar.
template <class S>
void norms_follow_the_scale(std::initializer_list<double> scales) {
  const double eps = 8 * std::numeric_limits<S>::epsilon();
  for (const Index count : {1, 3, 64, 131}) {
    Vector<S> x(count);
    Random random(7, "norms");
    for (S& value : x) value = static_cast<S>(random.normal());
    for (const double c : scales) {
      INFO(scalar_name<S>() << ", " << count << " numbers at scale " << c);
      const Vector<S> scaled = static_cast<S>(c) * x;
      const auto relative = [&](double norm, double of_x) { CHECK_THAT(norm / c, WithinRel(of_x, eps)); };
      relative(static_cast<double>(detail::norm(scaled)), static_cast<double>(x.norm()));
      relative(static_cast<double>(detail::norm(scaled.data(), count)), static_cast<double>(x.norm()));
      relative(static_cast<double>(detail::norm(scaled - 2 * scaled)), static_cast<double>(x.norm()));
      relative(static_cast<double>(detail::root_mean_square(scaled)),
               static_cast<double>(x.norm()) / std::sqrt(static_cast<double>(count)));
      for (const double p : {0.5, 1.0, 2.0, 3.0}) relative(detail::p_norm(scaled, p), detail::p_norm(x, p));
    }
  }
}

}  // namespace

TEST_CASE("norms are right where the squares leave the range") {
  norms_follow_the_scale<double>({1e-300, 1e-160, 1e-150, 1, 1e150, 1e300});
  norms_follow_the_scale<float>({1e-36, 1e-30, 1e-18, 1, 1e18, 1e36});
}

TEST_CASE("a sum of squares that underflow has begun to eat is not believed") {
  // 3e-162^2 is a subnormal number of one digit, so that a plain sum is off by a tenth.
  CHECK_THAT(detail::norm(Vector<double>(Vector<double>::Constant(100, 3e-162))), WithinRel(3e-161, 1e-14));
  CHECK(detail::norm(Vector<double>(Vector<double>::Constant(2, 5e-324))) == 5e-324);  // sqrt 2 times it, rounded
}

TEST_CASE("in the usual case a norm is the root of the plain sum, bit for bit") {
  const Vector<double> x = Vector<double>::LinSpaced(101, -3, 5);
  CHECK(detail::norm(x) == x.norm());
  CHECK(detail::norm(x.data(), x.size()) == std::sqrt(detail::squared_norm(x.data(), x.size())));
  CHECK(detail::root_mean_square(x) == std::sqrt(x.squaredNorm() / 101));
  CHECK(detail::mean_square(x) == x.squaredNorm() / 101);
}

TEST_CASE("zero, nothing, infinity and not a number keep their norms") {
  const double inf = std::numeric_limits<double>::infinity();
  CHECK(detail::norm(Vector<double>()) == 0);
  CHECK(detail::norm(Vector<double>(Vector<double>::Zero(5))) == 0);
  CHECK(detail::norm(Vector<double>{{1, -inf, 2}}) == inf);
  CHECK(std::isnan(detail::norm(Vector<double>{{1e200, std::nan(""), 2}})));
  CHECK(detail::p_norm(Vector<double>{{0, 0}}, 3) == 0);
  CHECK(detail::p_norm(Vector<double>{{1, -inf}}, 3) == inf);
  CHECK(std::isnan(detail::p_norm(Vector<double>{{1, std::nan("")}}, 3)));
}

TEST_CASE("the mean square of floats whose squares leave their range is given in double") {
  CHECK_THAT(detail::mean_square(Vector<float>(Vector<float>::Constant(10, 1e-30f))), WithinRel(1e-60, 1e-6));
  CHECK_THAT(detail::mean_square(Vector<float>(Vector<float>::Constant(10, 1e30f))), WithinRel(1e60, 1e-6));
}
