// SPDX-License-Identifier: MIT
// Wind, Antun, Hansen 2023, Implicit regularization in AI meets generalized hardness of approximation in optimization: all acceptance lines.
#include "papers/wind2023.hpp"

#include "catch.hpp"
#include "sanitized.hpp"

namespace wind2023 {

using Catch::Matchers::WithinAbs;

// Item 1: 24 curves of 10 points, to three significant digits wherever the error is above 1e-10.
TEST_CASE("the dual solver gives both tables of reference") {
  int compared = 0;
  for (const Curve& curve : curves()) {
    CAPTURE(curve.problem.A, curve.depth);
    const TableOff off = off_table(curve);
    compared += off.above;
    CHECK(off.other_depth > 0.01);
    for (const double relative : off.relative) CHECK(relative <= 1e-3);
  }
  CHECK(compared == 230);
}

// Item 2.
TEST_CASE("both integrators of the flow end where the dual solver says, to 1e-8 for alpha^p >= 1e-4; from another start not") {
  int turn = 0;
  for (const Curve& curve : curves()) {
    CHECK(end_from_another_start(curve) > 1e-3);
    for (const double scale : {1.0, 1e-1, 1e-2, 1e-3, 1e-4}) {
      if (sanitized && ++turn % 7 != 0) continue;
      CAPTURE(curve.problem.A, curve.depth, scale);
      const FlowEnds ends = flow_ends(curve, scale);
      CHECK(ends.finished);
      CHECK(ends.stiff <= 1e-8);
      CHECK(ends.adaptive <= 1e-8);
    }
  }
}

TEST_CASE("by descent, the distance to the flow's end halves with the rate") {
  for (const Linear& linear : {line(), plane(), diagonal::random()})
    for (const double depth : {2.0, 2.5, 3.0, 4.0}) {
      const DescentEnds distance = descent_ends(linear, depth);
      CAPTURE(linear.A, depth, distance.coarse, distance.fine);
      REQUIRE(distance.finished);
      CHECK(distance.coarse > 1e-7);
      CHECK_THAT(distance.coarse / distance.fine, WithinAbs(2, 0.1));
      if (sanitized) break;
    }
}

// Item 3.
TEST_CASE("slopes over the last decade whose errors are above 1e-13") {
  for (const Curve& curve : curves()) {
    if (curve.slope == 0) continue;
    CAPTURE(curve.problem.A, curve.depth);
    CHECK_THAT(last_slope(curve), WithinAbs(curve.slope, 0.02));
  }
}

// Item 4.
TEST_CASE("at alpha^p = 1e-9, the point selected on the line is the analytic one") {
  const double reference[] = {0.653965, 0.656413, 0.658077, 0.660189};
  for (int k = 0; const double depth : {2.0, 2.5, 3.0, 4.0}) {
    const Selected found = selected_on_line(depth, depth + 1);
    CHECK(found.distance <= 1e-10);
    CHECK(found.from_other_depth > 1e-3);
    CHECK_THAT(found.first, WithinAbs(reference[k++], 5e-7));
    CHECK(found.least);
  }
}

// Item 5.
TEST_CASE("along the flow of depth two, a b = alpha^2 per coordinate") {
  for (const Linear& linear : {line(), plane(), diagonal::random()})
    for (const double scale : {1.0, 1e-2, 1e-4}) {
      const Drift drift = invariant_drifts(linear, scale);
      CHECK(drift.least_rows > 50);
      CHECK(drift.adaptive <= 1e-9);
      CHECK(drift.stiff <= 1e-9);
      CHECK(drift.descent > 1e-4);  // the control
    }
}

}  // namespace wind2023
