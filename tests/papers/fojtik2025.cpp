// SPDX-License-Identifier: MIT
// Fojtik, Matveev, Chou, Kutyniok & Maly 2025, Conflicting Biases at the Edge of Stability: all acceptance lines.
#include "papers/fojtik2025.hpp"

#include "catch.hpp"

namespace fojtik2025 {

using Catch::Matchers::WithinAbs;

TEST_CASE(
    "fojtik2025/1, 2: below the critical step size descent ends where the flow does, above it at sharpness 2 / eta and a larger norm") {
  for (const Row& row : rows_below()) {
    CAPTURE(row.rate);
    const End end = descent(row.rate);
    CHECK(end.reason == Reason::stopped_by_hook);
    CHECK(end.steps == row.steps);
    CHECK_THAT(end.sharpness, WithinAbs(row.sharpness, 1e-3));
    CHECK_THAT(end.l1, WithinAbs(row.l1, 1e-3));
    CHECK(end.sharpness < 0.95 * (2 / row.rate));  // the control: 2 / eta is not what decides here
  }
  for (const Row& row : rows_above()) {
    CAPTURE(row.rate);
    const End end = descent(row.rate);
    CHECK(end.reason == Reason::stopped_by_hook);
    CHECK(end.steps == row.steps);
    CHECK_THAT(end.sharpness, WithinAbs(row.sharpness, 1e-2));
    CHECK_THAT(end.l1, WithinAbs(row.l1, 1e-2));
    CHECK(end.sharpness > 0.95 * (2 / row.rate));
    CHECK(end.sharpness < 2 / row.rate);
    CHECK(end.l1 > 0.95);  // the flow ends at 0.881
  }
}
TEST_CASE("fojtik2025/3: the largest sharpness along the gradient flow gives the critical step size") {
  const Critical flow = critical_rate();
  CHECK_THAT(flow.rate, WithinAbs(0.2545, 1e-3));
  CHECK_THAT(flow.end[0], WithinAbs(0.18639, 1e-3));
  CHECK_THAT(flow.end[1], WithinAbs(0.69466, 1e-3));
}
TEST_CASE("fojtik2025/4: the sharpness from products is that of the dense Hessian") {
  for (const Vector<double>& w : {toy_start(), Vector<double>{{0.3, 0.6}}, Vector<double>{{-1, 2}}}) CHECK(toy_sharpness_error(w) <= 1e-8);
  for (const std::uint64_t seed : {1, 2, 3}) {
    const SharpnessError error = deep_sharpness_error(5, seed);
    CHECK(error.converged <= 1e-8);
    CHECK(error.two_rounds > 1e-6);  // two rounds are not enough
  }
}
TEST_CASE("fojtik2025/5: above 1 / (2 y x_min) no minimum is stable, and descent diverges") {
  CHECK(descent(0.52).reason == Reason::diverged);
  CHECK(descent(0.60).reason == Reason::diverged);
}

}  // namespace fojtik2025
