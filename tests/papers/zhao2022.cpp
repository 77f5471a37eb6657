// SPDX-License-Identifier: MIT
// Zhao 2022, Combining Explicit and Implicit Regularization for Efficient Learning in Deep Networks: what takes seconds. examples/paper_checks has the rest.
#include "papers/zhao2022.hpp"

#include "catch.hpp"
#include "sanitized.hpp"

namespace zhao2022 {

// Item 2. Without the penalty Adam fits the 2000 entries and learns nothing of the other 8000, and has no low rank.
TEST_CASE("depth 1 with Adam and no penalty: the error on unobserved entries stays near 1, the effective rank far above 5") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const Completion run = by_adam(0, sanitized ? 4000 : 20'000, seed);
    CAPTURE(seed, run.observed, run.unobserved);
    if (!sanitized) CHECK(run.observed < 1e-3);
    CHECK(run.unobserved > 0.9);
    CHECK(run.last_rank() > 20);
  }
}

// Item 3.
TEST_CASE("the ratio's gradient agrees with central differences and is orthogonal to W") {
  struct Sizes {
    Index rows, cols;
  };
  for (const auto [rows, cols] : {Sizes{12, 12}, {15, 9}, {9, 15}}) {
    const RatioError error = ratio_error(gaussian(rows, cols, static_cast<std::uint64_t>(rows)));
    CAPTURE(rows, cols, error.gradient);
    CHECK(error.value <= 1e-12);
    CHECK(error.gradient <= 1e-6);
    CHECK(error.inner < 1e-12);
  }
}

TEST_CASE("the ratio's gradient stays orthogonal to W where W has a low rank") {
  for (Index rank : {1, 3, 7}) {
    const Matrix<double> W = gaussian(20, rank, 1) * gaussian(rank, 16, 2);
    const RatioAt at = ratio_at(W);
    const Matrix<double>& G = at.gradient;
    CAPTURE(rank, G.cwiseProduct(W).sum(), G.norm(), W.norm());
    CHECK(std::abs(at.value / ratio(W) - 1) <= 1e-12);
    if (rank > 1) CHECK(std::abs(G.cwiseProduct(W).sum()) < 1e-12 * G.norm() * W.norm());
    else CHECK(G.norm() < 1e-6);  // the ratio is 1, its least value
  }
}

}  // namespace zhao2022
