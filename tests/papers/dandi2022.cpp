// SPDX-License-Identifier: MIT
// Dandi, Barba, Jaggi 2022, Implicit Gradient Alignment in Distributed and Federated Learning: all acceptance lines.
#include "papers/dandi2022.hpp"

#include "catch.hpp"
#include "sanitized.hpp"

namespace dandi2022 {

using Catch::Matchers::WithinAbs;

// Item 1.
TEST_CASE("on quadratics, displaced clients' gradients are grad f + beta grad r to 1e-13; with the sign of beta changed they are not") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed)
    for (const double beta : {0.01, 0.3}) {
      const Identity off = identity(seed, beta);
      CHECK(off.displaced <= 1e-13);
      CHECK(off.exact <= 1e-13);
      CHECK(off.wrong_sign > 1e-3);
      CHECK(off.without > 1e-3);
    }
}

// Item 2. The page's figures, 9.11e-4 and 1.10e-5 at a = 1e-2, belong to quadratics that it does not give.
TEST_CASE("epochs over all 120 orderings differ from gradient descent to second order in the rate, from GradAlign(a / 2) to third") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    CAPTURE(seed);
    CHECK_THAT(slope_of_descent(seed), WithinAbs(2, 0.1));
    CHECK_THAT(slope_of_alignment(seed, 0.5), WithinAbs(3, 0.1));
    // Negative controls: another beta, and the wrong sign, gain no order.
    CHECK_THAT(slope_of_alignment(seed, 0.25), WithinAbs(2, 0.1));
    CHECK_THAT(slope_of_alignment(seed, -0.5), WithinAbs(2, 0.1));
  }
}

// Item 3.
TEST_CASE("beta = 0 is gradient descent, and the displacements add to 0 within 1e-14") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const NoAlignment found = no_alignment(seed);
    CHECK(found.sum_of_displacements <= 1e-14);
    CHECK(found.difference == 0);
    CHECK(found.rounding < 1e-14);
    CHECK(found.with_beta > 1e-3);
  }
}

// Item 4. Calibrated on seeds 1, 2 and 11 to 20: at the rate 1 the quotients are 0.961 to 0.984, and 1.024 to 1.052 with the wrong sign;
// their distance from 1 is
// halved at the rate 0.5, and doubled at 2, but for one seed, whose aligned steps are not stable there.
TEST_CASE(
    "completion over five clients: GradAlign(rate / 2) passes through less variance of the clients' gradients than descent, to the same "
    "loss") {
  for (std::uint64_t seed = 101; seed <= (sanitized ? 101u : 103u); ++seed) {
    CAPTURE(seed);
    const ClientRun descent = completed(seed, 0, 4000), aligned = completed(seed, 0.5, 4000), wrong = completed(seed, -0.5, 4000);
    CHECK(aligned.variance < 0.99 * descent.variance);
    CHECK(wrong.variance > 1.01 * descent.variance);
    for (const ClientRun& run : {descent, aligned, wrong}) CHECK(run.loss < 1e-5);
  }
}

}  // namespace dandi2022
