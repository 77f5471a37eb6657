// SPDX-License-Identifier: MIT
// Razin & Cohen 2020, Implicit Regularization in Deep Learning May Not Be Explainable by Norms, the matrix part: items 1 to 4 and 6.
#include "papers/razin2020.hpp"

#include <algorithm>

#include "catch.hpp"
#include "sanitized.hpp"

namespace razin2020 {

// Items 1, 2, 3.
TEST_CASE("depth 3 from the identity: the unobserved entry follows the rank-1 path, the determinant stays positive, the rank falls to 1") {
  const Descent seen = from_identity(!sanitized);
  REQUIRE(seen.corner.size() == seen.levels.size());
  CHECK(std::abs(seen.corner[20] - 22.3) <= 0.2);
  if (!sanitized) CHECK(std::abs(seen.corner[21] - 70.7) <= 0.707);
  CHECK(seen.positive > 4000);
  CHECK(seen.negative == 0);
  for (std::size_t k = 1; k <= 20; ++k) {
    CAPTURE(seen.levels[k], seen.corner[k], seen.rank_excess[k]);
    CHECK(seen.rank_excess[k] > 0);
    CHECK(seen.rank_excess[k] < seen.rank_excess[k - 1]);
    CHECK(seen.corner[k] > seen.corner[k - 1]);
  }
}

// Item 4. The draws have det W(0) > 0, but only a balanced flow keeps that sign; these are unbalanced, lose it within a few hundred steps, and then
// are free to fit with a bounded entry: with det W = W(1, 1) W(2, 2) - 1 nothing else is possible once it is bounded.
TEST_CASE("depth 2, random unbalanced starts with positive determinant: the unobserved entry saturates, after the sign has changed") {
  std::vector<double> corner;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Descent seen = from_random(DeterminantSign::positive, {1e-1, 1e-2, 1e-3, 1e-4}, seed);
    REQUIRE(seen.corner.size() == 4);
    corner.push_back(std::abs(seen.corner[3]));
    CAPTURE(seed, seen.corner[3], seen.positive, seen.negative, seen.last_positive);
    CHECK(seen.positive > 0);
    CHECK(seen.negative > 0);
    CHECK(seen.last_positive < 500);
  }
  CAPTURE(corner);
  std::nth_element(corner.begin(), corner.begin() + 2, corner.end());
  CHECK(corner[2] < 15);
  CHECK(corner[2] < on_the_rank_1_path(1e-4) / 4);
}

// Item 6, where the sign stays negative: random starts at depth 2.
TEST_CASE("depth 2, negative determinant: the unobserved entry stays bounded") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Descent seen = from_random(DeterminantSign::negative, {1e-1, 1e-2, 1e-3}, seed);
    REQUIRE(seen.corner.size() == 3);
    CAPTURE(seed, seen.corner, seen.largest_corner);
    CHECK(seen.positive == 0);
    CHECK(seen.largest_corner < on_the_rank_1_path(1e-1));
    CHECK(std::abs(seen.corner[2]) < 1.1 * std::abs(seen.corner[1]));  // the rank-1 path grows by sqrt(10)
  }
}

// Items 4 and 6 with the signs apart: starts next to the identity and to reflections of it, all of the same size, differ in nothing but the sign.
TEST_CASE("depth 3 next to the identity and to its reflections: the determinant's sign alone decides whether the unobserved entry grows") {
  struct Start {
    double first, second;  // the diagonal of the first factor, in units of the others'
  };
  for (const Start start : {Start{1, 1}, {-1, -1}, {1, -1}, {-1, 1}})
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      const Descent seen = from_reflection(start.first, start.second, seed);
      REQUIRE(seen.corner.size() == 3);
      CAPTURE(start.first, start.second, seed, seen.corner);
      if (start.first * start.second > 0) {
        CHECK(seen.negative == 0);
        CHECK(std::abs(std::abs(seen.corner[2]) - 22.3) <= 0.2);
      } else {
        CHECK(seen.positive == 0);
        CHECK(seen.largest_corner < on_the_rank_1_path(1e-1));
        CHECK(std::abs(seen.corner[2]) < 1.1 * std::abs(seen.corner[1]));
      }
    }
}

}  // namespace razin2020
