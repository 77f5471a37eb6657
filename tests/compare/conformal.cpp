// SPDX-License-Identifier: MIT
#include <tacit/compare/conformal.hpp>
#include <tacit/core/random.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

TEST_CASE("the width is the ceil((n + 1) c)-th smallest error") {
  std::vector<double> errors{9, 1, 8, 2, 7, 3, 6, 4, 5};  // 1 ... 9
  CHECK(conformal_width(errors, 0.9) == 9);               // the 9th of 9
  CHECK(conformal_width(errors, 0.85) == 9);              // ceil(8.5)
  CHECK(conformal_width(errors, 0.5) == 5);
  CHECK(conformal_width(errors, 0.01) == 1);
  CHECK(std::isinf(conformal_width(errors, 0.95)));  // nine errors cannot promise it
}

TEST_CASE("intervals cover as often as they say, whatever the noise") {
  Random random(3, "conformal");
  int inside = 0;
  constexpr int rounds = 4000, n = 39;
  for (int round = 0; round < rounds; ++round) {
    std::vector<double> errors;
    for (int k = 0; k < n; ++k) errors.push_back(std::exp(2 * random.normal()));  // far from normal
    inside += std::exp(2 * random.normal()) <= conformal_width(errors, 0.9);
  }
  CHECK(std::abs(inside / double(rounds) - 0.9) < 0.015);  // 36 of 40: exactly 0.9, and three standard errors
}

TEST_CASE("coverages outside (0, 1), and no errors, are refused") {
  CHECK(thrown([] { conformal_width({1.0}, 1); }) == "conformal_width: the coverage is 1, it needs to lie between 0 and 1");
  CHECK(thrown([] { conformal_width({}, 0.9); }) == "conformal_width: there are no errors to go by");
}
