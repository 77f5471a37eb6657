// SPDX-License-Identifier: MIT
// Matt & Stoeger 2025, Linear regression with overparameterized linear neural networks: Tight upper and lower bounds for implicit l1-regularization.
#include "papers/matt2025.hpp"

#include "catch.hpp"
#include "sanitized.hpp"

namespace matt2025 {

using Catch::Matchers::WithinAbs;

constexpr int draws = sanitized ? 2 : 11;

// Item 1.
TEST_CASE("two columns: the slope at depth two is 1 - rho") {
  for (const double eps : {0.3, 0.5}) {
    const TwoColumns found = two_columns(eps);
    CHECK_THAT(found.rho, WithinAbs(1 - eps, 1e-12));
    CHECK_THAT(found.slope, WithinAbs(1 - found.rho, 0.02));
    CHECK_THAT(found.slope_at_depth_3, WithinAbs(1, 0.05));
  }
}

// Item 2.
TEST_CASE("plane: slope 1/2 at depth two, 1 at depths three and four") {
  for (const auto& [depth, expected] : {std::pair{2.0, 0.5}, {3.0, 1.0}, {4.0, 1.0}})
    CHECK_THAT(plane_slope(depth, depth), WithinAbs(expected, 0.02));
}

// Item 3.
TEST_CASE("sparse instances without noise: slope 1 - rho at depth two, 1 at depths three and four") {
  int recovered = 0;
  for (std::uint64_t seed = 1; seed <= draws; ++seed) {
    const auto found = sparse_slopes(seed);
    if (!found) continue;
    ++recovered;
    CAPTURE(seed, found->rho);
    CHECK(found->uncertainty <= 1e-10);
    CHECK_THAT(found->depth_2, WithinAbs(1 - found->rho, 0.05));
    CHECK_THAT(found->depth_3, WithinAbs(1, 0.02));
    CHECK_THAT(found->depth_4, WithinAbs(1, 0.02));
  }
  CHECK(recovered > draws / 2);
}

// The table of the reference runs, to its digits, and item 4 on that instance.
TEST_CASE("the reference instance: errors at alpha = 1e-8 to three digits, slopes, and depth two 50 times as far as depth three") {
  for (const Row& row : reference_table()) {
    const Measured found = reference_row(row);
    CAPTURE(row.noise, found.rho);
    CHECK(found.support == row.support);
    for (const double off : found.off) CHECK(off <= 0.5);
    CHECK_THAT(found.slope, WithinAbs(row.slope, 5e-4));
    if (row.noise == 0) continue;
    CHECK_THAT(found.rho, WithinAbs(0.9598, 5e-5));
    if (row.noise == 0.1) CHECK(found.errors[0] >= 50 * found.errors[1]);
  }
}
// Item 4 on other instances. The factor 50 is a property of the draw: of 60 to calibrate (seeds 1001 ... 1060) the middle 80 % have 6.0 to 897, the median 29.5, the
// least 2.5. What holds for each: depth two is farther; and three goes on falling where two stalls.
TEST_CASE("with noise depth two stalls, and depth three does not") {
  std::vector<double> ratios, later;
  for (std::uint64_t seed = 2001; seed <= 2000 + draws; ++seed) {
    const NoisyRatios found = noisy_ratios(sparse_instance(seed, 0.1));
    ratios.push_back(found.at_1e8);
    later.push_back(found.at_1e11);
    CHECK(found.support == 30);
  }
  CAPTURE(ratios, later);
  CHECK(*std::min_element(ratios.begin(), ratios.end()) > 1);
  for (auto* list : {&ratios, &later}) std::nth_element(list->begin(), list->begin() + draws / 2, list->end());
  CHECK(ratios[draws / 2] >= 6.0);
  CHECK(ratios[draws / 2] <= 897);
  CHECK(later[draws / 2] >= 50);
}

}  // namespace matt2025
