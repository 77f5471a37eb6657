// SPDX-License-Identifier: MIT
#include <tacit/observation/centre.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {
const std::vector<Transform> three_transforms{
    {.kind = TransformKind::log}, {.kind = TransformKind::log1p, .unit = 20}, {.kind = TransformKind::logit, .low = -5, .high = 5}};
}

TEST_CASE("a transform and its inverse give the value again, and grow") {
  for (const Transform& by : three_transforms) {
    INFO(name_of(by.kind));
    double before = -1e300;
    for (const double x : {0.001, 0.4, 3.0, 4.999}) {
      CHECK(by.takes(x));
      CHECK_THAT(by.from(by.to(x)), WithinRel(x, 1e-10));
      CHECK(by.to(x) > before);
      before = by.to(x);
    }
  }
  CHECK_THAT(three_transforms[1].to(60), WithinRel(std::log(4.0), 1e-15));
  CHECK_THAT(three_transforms[2].to(3), WithinRel(std::log(4.0), 1e-14));
}

TEST_CASE("outside of its domain a transform stays finite, and says what it takes") {
  CHECK(!three_transforms[0].takes(0));
  CHECK(three_transforms[1].takes(0));
  CHECK(!three_transforms[1].takes(-0.1));
  CHECK(!three_transforms[2].takes(5));
  CHECK(three_transforms[2].domain() == "between -5 and 5, without these");
  for (const Transform& by : three_transforms)
    for (const double x : {-1e308, -5.0, 0.0, 5.0, 1e308}) {
      CHECK(std::isfinite(by.to(x)));
      CHECK(std::isfinite(by.from(x)));
    }
  CHECK(three_transforms[1].from(-3) == 0);  // there are no negative counts
  CHECK(three_transforms[2].from(-1000) == -5);
  CHECK(three_transforms[2].from(1000) == 5);
}

TEST_CASE("the shift of a logarithm multiplies predictions, not intervals") {
  Transform by{.kind = TransformKind::log, .shift = std::log(1.25)};
  CHECK_THAT(by.predicted(std::log(8.0)), WithinRel(10.0, 1e-14));
  CHECK_THAT(by.of_predicted(10), WithinRel(std::log(8.0), 1e-14));
  const Scales scales{.transforms = {{}, by}};
  const auto [low, high] = scales.interval(10, std::log(2.0), 1);
  CHECK_THAT(low, WithinRel(4.0, 1e-13));
  CHECK_THAT(high, WithinRel(16.0, 1e-13));
  CHECK_THAT(scales.error(4, 10, 1), WithinRel(std::log(2.0), 1e-13));  // 4 lies just inside of that interval
  CHECK(scales.interval(10, 3, 0) == std::pair(7.0, 13.0));             // a column without a transform
  CHECK(scales.interval(10, std::numeric_limits<double>::infinity(), 1).first == 0);
}

TEST_CASE("data by the transforms of their columns, centred and scaled, come back") {
  Vector<double> y(4);
  y << 2, 0, 60, 1;
  const auto data = observed<double>(2, 3, {0, 0, 1, 1}, {0, 1, 1, 2}, y);
  const Scales scales{{{}, Vector<double>::LinSpaced(3, 0.5, 2)}, {{}, Vector<double>::LinSpaced(3, 1, 3)}, three_transforms};
  const auto inner = scales.taken_off(data);
  CHECK_THAT(inner.y[2], WithinRel((std::log(4.0) - 1.25) / 2, 1e-14));
  CHECK((scales.put_back(inner.y, data.where) - data.y).norm() < 1e-12);
  const Centre centre{.mean = 0.1, .scale = 2, .lines = scales};
  CHECK_THAT(centre.put_back(0.3, 0, 0), WithinRel(std::exp(0.5 + 0.7), 1e-14));
  CHECK(!Scales{.transforms = three_transforms}.none());
}

TEST_CASE("transforms of other data, or without sense, are refused") {
  CHECK(thrown([] {
          Scales{.transforms = three_transforms}.check("who", {4, 2});
        }) == "who: has 3 transforms of columns, the data are 4 x 2");
  CHECK(thrown([] {
          Scales{.transforms = three_transforms}.check("who", {4, 3, 2});
        }) == "who: has 3 transforms of columns, the data are 4 x 3 x 2");
  CHECK(thrown([] { Transform{.kind = TransformKind::log1p, .unit = 0}.check("who"); }) ==
        "who: the unit of a transform is 0, it needs to be positive");
  CHECK(thrown([] { Transform{.kind = TransformKind::logit, .low = 1, .high = 1}.check("who"); }) ==
        "who: the range of a transform is 1 to 1");
}
