// SPDX-License-Identifier: MIT
// Rates tied to sharpness on a direction that climbs.
#include <tacit/optimizer/sharpness_rate.hpp>
#include <tacit/train.hpp>

#include "bitwise/example.hpp"
#include "catch.hpp"
#include "random_quartic.hpp"

using namespace bitwise;

TEST_CASE("on a direction that climbs, SharpnessRate stalls where the steps it may take fall below the rounding of theta") {
  const auto p = problem<double>();
  const Vector<double> begin = start<double>();
  Vector<double> theta = begin;
  const auto outcome = train(p, theta, FullGradient{} | functions::Climb{} | SharpnessRate{}, {.iterations = 2000});
  CHECK(outcome.reason == Reason::stalled);
  CHECK(outcome.why.find("SharpnessRate: ") == 0);
  CHECK((theta - begin).norm() < 1e-9 * begin.norm());
  Vector<double> down = begin;
  CHECK(train(p, down, SharpnessRate{}, {.iterations = 2000}).reason == Reason::reached_limit);
}
