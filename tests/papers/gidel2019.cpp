// SPDX-License-Identifier: MIT
// Gidel, Bach & Lacoste-Julien 2019, Implicit Regularization of Discrete Gradient Dynamics in Linear Neural Networks: all acceptance lines.
#include "papers/gidel2019.hpp"

#include "catch.hpp"

namespace gidel2019 {

TEST_CASE("gidel2019/1: from e^-20, steps to half are 410, 210 and 110 +- 2 at rates 0.05, 0.1 and 0.2; the flow's 20 / eta is not") {
  for (const auto& [rate, expected] : {std::pair{0.05, 410.0}, {0.1, 210.0}, {0.2, 110.0}}) {
    CAPTURE(rate);
    const auto steps = static_cast<double>(steps_to_half(rate, 20));
    CHECK(std::abs(steps - expected) <= 2);
    CHECK(std::abs(steps - 20 / rate) > 2);  // the control
    CHECK(std::abs(steps - 20 / std::log1p(rate)) <= 2);
  }
}

TEST_CASE(
    "gidel2019/2: descent on matrices equals the recursion of every mode to 1e-10, and from a start that is not aligned it does not") {
  CHECK(distance_from_recursion(true, 0) < 1e-10);
  CHECK(distance_from_recursion(false, 0) > 1e-3);  // the control
}

TEST_CASE("gidel2019/3: in the middle of phase k descent stands within 5 % of the reduced-rank regression of rank k; one layer does not") {
  const Phases deep = phases(true, 0), plain = phases(false, 0);
  CHECK(std::max(deep.worst_gap, plain.worst_gap) < 1e-12);
  for (const double distance : deep.distances) CHECK(distance < 0.05);
  for (const double distance : plain.distances) CHECK(distance > 0.1);  // the control
}

TEST_CASE("gidel2019/4: the linear model learns all modes of equal lambda at the same step; two layers do not") {
  const std::vector<Index> half = half_steps(false, 60, 0), deep = half_steps(true, 3000, 0);
  CHECK(half[0] > 0);
  for (const Index step : half) CHECK(std::abs(step - half[0]) <= 1);
  CHECK(deep[0] > 0);
  for (std::size_t k = 1; k < 3; ++k) CHECK(deep[k] > 2 * deep[k - 1]);  // the control
}

TEST_CASE("gidel2019/5: descent reaches the fixed point at 0.9 / sigma_max, and not at 1.1 / sigma_max") {
  CHECK(distance_at(0.9, 0) < 1e-10);
  CHECK_FALSE(distance_at(1.1, 0) < 1e-2);
}

}  // namespace gidel2019
