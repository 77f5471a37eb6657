// SPDX-License-Identifier: MIT
// Gunasekar et al. 2017, Implicit Regularization in Matrix Factorization: what takes seconds. examples/paper_checks has the rest.
#include "papers/gunasekar2017.hpp"

#include "catch.hpp"

namespace gunasekar2017 {

// Item 4.
TEST_CASE("commuting measurements: from alpha I, the limit approaches the minimum nuclear norm as alpha falls") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Excess excess = commuting_excess(seed);
    REQUIRE(excess.gap <= 1e-5);
    REQUIRE(excess.converged);
    CAPTURE(seed, excess.by_start);
    CHECK(excess.by_start[1] < excess.by_start[0]);
    CHECK(excess.by_start[2] < excess.by_start[1]);
    CHECK(excess.by_start[2] < 1e-2);
    CHECK(excess.by_start[2] > -1e-5);  // nothing is below the minimum
  }
}

// Item 5.
TEST_CASE("the oracle meets its constraints and its trace is not above the truth's") {
  struct Setting {
    Vector<double> spectrum;
    Index m;
  };
  for (const Setting& setting : {Setting{rank_2_spectrum(), 300}, {slow_spectrum(), 300}, {rank_2_spectrum(), 25}}) {
    const Oracle least = oracle(setting.spectrum, setting.m, 1);
    CAPTURE(setting.spectrum.size(), setting.m, least.trace_ratio);
    CHECK(least.misfit <= 1e-6);
    CHECK(least.largest_misfit <= 1e-6);
    CHECK(least.asymmetry <= 1e-12);
    CHECK(least.least_eigenvalue >= -1e-12);
    CHECK(least.trace_ratio <= 1 + 1e-6);
    CHECK(least.lower_ratio <= 1);
    if (setting.spectrum.size() == 2 && setting.m == 300) CHECK(least.distance < 1e-5);
    else CHECK(least.trace_ratio < 0.99);
  }
}

}  // namespace gunasekar2017
