// SPDX-License-Identifier: MIT
// Li 2026, Implicit Bias in Deep Linear Discriminant Analysis: all acceptance lines.
#include "papers/li2026.hpp"

#include "catch.hpp"

namespace li2026 {

TEST_CASE("li2026/1, 3: a step adds eta^2 |gradient|^2 to the squared norm of every layer, to 1e-12, as <w, slope> = 0") {
  for (const Index depth : {1, 2, 3, 4}) {
    CAPTURE(depth);
    const Steps worst = steps(depth, 5);
    CHECK(worst.off < 1e-12);
    CHECK(worst.change > 1e-4);  // the control: the norms do change
    CHECK(worst.inner < 1e-12);
  }
}

TEST_CASE(
    "li2026/2, 4: the drift of sum |w|^(2/L) is proportional to the rate, J passes 5.24, signs stay; a loss with a scale drifts anyhow") {
  for (const Index depth : {1, 2, 3, 4}) {
    CAPTURE(depth);
    const End coarse = descent(depth, 1e-2, 5), fine = descent(depth, 1e-3, 5);
    CHECK_THAT(coarse.drift / fine.drift, Catch::Matchers::WithinAbs(10, 0.5));
    CHECK(fine.J > 5.24);
    CHECK(fine.J < 5.25 + 1e-12);
    CHECK(fine.signs_kept);
    const End scaled = descent_with_scale(depth, 1e-2, 5), again = descent_with_scale(depth, 1e-3, 5);
    CHECK(std::abs(scaled.drift / again.drift - 1) < 0.1);  // the control
  }
}

}  // namespace li2026
