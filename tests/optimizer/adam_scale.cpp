// SPDX-License-Identifier: MIT
// Adam in float: the correction of the averages is that of the weights that they really have.
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include "bitwise/example.hpp"

using namespace tacit;

TEST_CASE("under a constant gradient every step of Adam is the rate, to the rounding of a float") {
  AdamScale scale{.eps = 1e-30};
  Layout layout;
  layout.add("x", {3});
  auto state = scale.start<float>(layout);
  Step<float> step(3);
  step.theta.setZero();
  for (int t = 0; t < 5000; ++t) {
    step.gradient << 0.1f, -3, 1000;
    step.begin();
    scale.apply(step, state);
    for (Index k = 0; k < 3; ++k) REQUIRE(std::abs(std::abs(step.own()[k]) - 1) < 2e-6f);
  }
}
