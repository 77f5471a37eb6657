// SPDX-License-Identifier: MIT
// Bai, Zhao & Zhang 2024, Connectivity Shapes Implicit Regularization in Matrix Factorization Models for Matrix Completion. Items of the acceptance list.
// More of its first, the classifier, is tests/observation/connectivity.cpp.
#include "bai2024.hpp"

#include "catch.hpp"

namespace bai2024 {

TEST_CASE("bai2024/1: components and completeness of all patterns of 3 x 3 are those of what can be reached from where") {
  const Disagreements found = classifier_disagreements();
  CHECK(found.counts == 0);
  CHECK(found.completeness == 0);
  CHECK(found.with_one_entry_changed > 0);  // the control
}
TEST_CASE("bai2024/2: two complete blocks end at the least nuclear norm, and not at the lowest rank") {
  const Counts blocks = counts(Pattern::complete_components, 1e-10, 0, 150);
  CHECK(blocks.fitted == 150);
  CHECK(blocks.least_norm == 150);
  CHECK(blocks.worst_norm < 1e-6);
  CHECK(blocks.lowest_rank <= 15);
}
TEST_CASE(
    "bai2024/3: connected patterns end at the lowest rank, mostly, and not at the least nuclear norm; from starts that are not small they "
    "do not") {
  const Counts small = counts(Pattern::connected, 1e-10, 0, 150);
  CAPTURE(small.fitted);
  CHECK(small.lowest_rank >= 115);
  CHECK(small.least_norm <= 75);
  const Counts larger = counts(Pattern::connected, 1e-2, 0, 20);  // the control; all 150 of them are a check
  CHECK(larger.lowest_rank <= 10);
}
TEST_CASE("bai2024/4: disconnected patterns that are not complete end at neither, mostly") {
  const Counts other = counts(Pattern::disconnected, 1e-10, 0, 150);
  CHECK(other.lowest_rank <= 8);
  CHECK(other.least_norm >= 30);
  CHECK(other.least_norm <= 66);
}
TEST_CASE(
    "bai2024/5: a 2 x 2 block and one entry of a rank-one matrix end at rank two and the least nuclear norm; one entry that joins them "
    "makes it rank one") {
  Index apart = 0, bridged = 0;
  for (const std::uint64_t seed : {0, 1, 2, 3, 4, 5}) {
    const BlockAndEntry found = block_and_entry(seed, false);
    apart += found.rank_one;
    CHECK(found.worst_norm < 1e-6);
    bridged += block_and_entry(seed, true).rank_one;
  }
  CHECK(apart == 0);
  CHECK(bridged >= 36);
}
TEST_CASE(
    "bai2024/6: the certified minimum of the nuclear norm is the sum over complete blocks; of connected patterns another fit is below the "
    "truth") {
  for (const std::uint64_t seed : {0, 1, 2, 3, 4, 5, 6, 7}) {
    CAPTURE(seed);
    const OracleOff off = oracle_off(seed);
    REQUIRE(off.converged);
    CHECK(off.relative < 1e-7);
    CHECK(off.lower <= 1e-12);
    CHECK(off.target_norm > 1e-3);  // the control: the formula is not the norm of any completion
  }
}

}  // namespace bai2024
