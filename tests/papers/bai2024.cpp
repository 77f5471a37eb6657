// SPDX-License-Identifier: MIT
// Bai, Zhao & Zhang 2024, Connectivity Shapes Implicit Regularization in Matrix Factorization Models for Matrix Completion. Items of the acceptance list; its
// first, the classifier on all patterns of 3 x 3, is tests/observation/connectivity.cpp.
#include "bai2024.hpp"

#include "catch.hpp"

namespace bai2024 {

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
    Random random(seed, "bai2024");
    const Matrix<double> M = target(4, 1 + static_cast<Index>(seed % 3), random);
    const Data<double> data = seen(M, pattern(Pattern::complete_components, random));
    const MinimumNorm least = minimum_nuclear_norm(data, {.gap = 1e-9, .residual = 1e-10});
    const double blocks = nuclear_norm_of_blocks(data);
    REQUIRE(least.reason == MinimumNorm::Reason::converged);
    CHECK(std::abs(least.norm / blocks - 1) < 1e-7);
    CHECK(least.lower <= blocks * (1 + 1e-12));
    CHECK(singular_values_of(M).sum() > blocks * (1 + 1e-3));  // the control: the formula is not the norm of any completion
  }
}

}  // namespace bai2024
