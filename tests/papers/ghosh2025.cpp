// SPDX-License-Identifier: MIT
// Ghosh, Kwon, Wang, Ravishankar & Qu 2025, Learning Dynamics of Deep Linear Networks Beyond the Edge of Stability: all acceptance lines.
#include "papers/ghosh2025.hpp"

#include "catch.hpp"

namespace ghosh2025 {

using Catch::Matchers::WithinAbs;

TEST_CASE("ghosh2025/1: the Hessian at a balanced minimum has the eigenvalues of the formula, twice where i differs from j, and zeros") {
  for (const Index L : {2, 3, 4}) {
    CAPTURE(L);
    const Minimum at = eigenvalues_at_minimum(L);
    REQUIRE(at.converged);
    CHECK(at.leading <= 1e-8);
    CHECK(at.rest < 1e-8);
    CHECK(at.other_depth > 0.05);
  }
}
TEST_CASE(
    "ghosh2025/2, 3: just beyond the edge one mode oscillates with period two, and its gap between layers is gone; below it nothing does") {
  for (const Start start : {Start::zero_last, Start::identity, Start::orthogonal, Start::gaussian})
    for (const std::uint64_t seed : {0, 1, 2, 3, 4}) {
      CAPTURE(static_cast<int>(start), seed);
      const Task task(seed, start);
      const End beyond = descent(task, 0.0320, 9000), below = descent(task, 0.0300, 6000);
      CHECK(beyond.modes.period == 2);
      CHECK_THAT(beyond.modes.amplitudes[0], WithinAbs(1.413385, 1e-6));
      CHECK(beyond.modes.amplitudes.tail(2).maxCoeff() < 1e-9);
      CHECK(beyond.modes.dimension(1e-6) == 1);
      CHECK(std::abs(beyond.modes.directions(0, 0)) > 1 - 1e-12);
      CHECK(below.modes.period == 1);
      CHECK(below.modes.amplitudes.maxCoeff() < 1e-9);
      if (start != Start::zero_last) continue;
      CHECK(beyond.gaps[0] < 1e-12);
      CHECK(below.gaps[0] > 5e-3);
      CHECK(std::min(beyond.gaps.tail(2).minCoeff(), below.gaps.tail(2).minCoeff()) > 5e-3);
    }
}
TEST_CASE("ghosh2025/4: the gap between scalar layers shrinks by the law, step by step") {
  Random random(1, "ghosh2025");
  for (const double share : {0.5, 0.9, 1.05, 1.2}) {
    const Gap gap = scalar_gap(share, random);
    CHECK(gap.error < 1e-12);
    CHECK((share < 1 ? gap.left > 0.5 : gap.left < 1e-12));  // below the edge it stays: the control
  }
}
TEST_CASE("ghosh2025/5: beyond the onset of mixing the aligned orbit leaks, at the rate of its Floquet multiplier; not below it") {
  for (const std::uint64_t seed : {0, 1, 2}) {
    const Task task(seed, Start::zero_last);
    const End mixing = descent(task, 0.0334, 800, true), quiet = descent(task, 0.0320, 6000, true);
    CHECK(mixing.growth > 1.10);
    CHECK(mixing.growth < 1.115);
    CHECK(mixing.leak_at >= 560);
    CHECK(mixing.leak_at <= 720);
    CHECK(quiet.largest_leak < 1e-10);
  }
}
TEST_CASE("ghosh2025/6: between, no period up to 16, in the two leading directions alone") {
  for (const std::uint64_t seed : {0, 1}) {
    const End end = descent(Task(seed, Start::orthogonal), 0.0322, 20'000);
    CHECK(end.modes.period == 0);
    CHECK(end.modes.mismatch > 0.1);
    CHECK(end.outside < 1e-5);
  }
}
TEST_CASE("ghosh2025/7: the balanced map doubles its period again at 1.2361, 1.2446, 1.2472 times 2 / S") {
  const double onset[] = {1.2361, 1.2446, 1.2472};
  for (const int L : {2, 3, 4}) {
    CAPTURE(L);
    CHECK_THAT(period_four_onset(L), WithinAbs(onset[L - 2], 1e-4));
  }
}

}  // namespace ghosh2025
