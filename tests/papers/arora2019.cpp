// SPDX-License-Identifier: MIT
// Arora, Cohen, Hu, Luo 2019, Implicit Regularization in Deep Matrix Factorization: items 4 and 5. Items 1 to 3, at full size, are among examples/paper_checks.
#include "papers/arora2019.hpp"

#include "catch.hpp"

namespace arora2019 {

// Item 4.
TEST_CASE("from the identity, singular values move at N sigma^(2-2/N) times the gradient's component; not at that of another depth") {
  const Index depth = GENERATE(Index(1), Index(2), Index(3), Index(4));
  const Speed coarse = speed_from_identity(depth, 2e-2, 1), fine = speed_from_identity(depth, 2e-3, 1);
  CAPTURE(depth);
  CHECK(coarse.compared == 39);
  CHECK(fine.compared == 39);
  CHECK(coarse.worst < 0.01);
  CHECK(fine.worst < 0.01);
  CHECK(fine.worst < coarse.worst / 5);  // exact as eta -> 0
  CHECK(fine.worst_of_next_depth > 0.1);
}
TEST_CASE("from the identity, the balancedness defect at a fixed time is proportional to the rate") {
  const Index depth = GENERATE(Index(2), Index(3), Index(4));
  const Defect coarse = balancedness_from_identity(depth, 4e-2, 1), fine = balancedness_from_identity(depth, 4e-3, 1);
  CAPTURE(depth, coarse.at_end, fine.at_end);
  for (const Defect& defect : {coarse, fine}) {
    CHECK(defect.at_start == 0);
    CHECK(defect.spectral_norm > 5);
  }
  CHECK(std::abs(coarse.at_end / fine.at_end - 10) <= 1);
}

// Item 5. The other four fifths keep their mean square of 1.
TEST_CASE("depth 1 recovers nothing: the error over all entries is the unobserved fraction") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed)
    for (const double scale : {1e-3, 1e-4, 1e-5, 1e-6}) {
      const PlainMatrix end = plain_matrix(scale, seed);
      CAPTURE(seed, scale, end.loss, end.error);
      CHECK(end.loss <= 1e-6);
      CHECK(std::abs(end.error - 0.80) <= 0.05);
    }
}

}  // namespace arora2019
