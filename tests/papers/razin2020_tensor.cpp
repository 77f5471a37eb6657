// SPDX-License-Identifier: MIT
// Razin & Cohen 2020, Implicit Regularization in Deep Learning May Not Be Explainable by Norms, the tensor part: CP with 64 components completes a tensor of order
// 3 and rank 1 from near zero, though it could fit anything.
#include "papers/razin2020_tensor.hpp"

#include <algorithm>
#include <array>

#include "catch.hpp"

// Item 5.
TEST_CASE("8 x 8 x 8 of rank 1, 250 entries observed, start 1e-3: error below 1e-4 and CP rank 1, medians of three draws") {
  std::array<double, 3> errors{}, ranks{};
  for (std::size_t k = 0; k < 3; ++k) {
    const auto run = razin2020::complete_cube(250, 1e-3, k + 1);
    errors[k] = run.error;
    ranks[k] = run.rank;
    CAPTURE(k, errors[k], ranks[k]);
    CHECK(run.stopped);
  }
  CAPTURE(errors, ranks);
  std::sort(errors.begin(), errors.end());
  std::sort(ranks.begin(), ranks.end());
  CHECK(errors[1] < 1e-4);
  CHECK(ranks[1] == 1);
}
