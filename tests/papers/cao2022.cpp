// SPDX-License-Identifier: MIT
// Cao, Qian, Huang, Chen, Gao, Dong, Guo & Qu 2022, A Dynamics Theory of Implicit Regularization in Deep Low-Rank Matrix Factorization: items 1 and 2 at 32 x 32,
// rank 3 (examples/paper_checks has 64 x 64, rank 5), and the others.
#include "papers/cao2022.hpp"

#include "catch.hpp"

namespace cao2022 {

TEST_CASE(
    "cao2022/1, 2: as many bursts of the gradient norm as the target has ranks, each adding one; not so from a start that is not small") {
  const Size small{.n = 32, .rank = 3, .observed = 640};
  for (const std::uint64_t seed : {0, 1, 2}) {
    const StagedRun run = staged(small, 1e-3, seed);
    INFO(run.stages);
    CHECK(run.stages.count() == 3);
    CHECK(run.stages.one_rank_each());
    CHECK_FALSE(run.stages.rank_falls);
    CHECK(run.ranks == std::vector<double>{0, 1, 2, 3});
    CHECK(run.saddles);
  }
  const StagedRun control = staged(small, 0.3, 0);
  INFO(control.stages);
  CHECK_FALSE(control.stages.one_rank_each());
}
TEST_CASE("cao2022/3: at the balanced saddle of the r largest values the least eigenvalue is -s_{r+1} at depth 2, and 0 at depth 3") {
  for (const Index depth : {2, 3})
    for (const Index r : {0, 1, 3, 7}) {
      CAPTURE(depth, r);
      const Curvature at = curvature_at_saddle(depth, r);
      CHECK(at.gradient < 1e-13);
      REQUIRE(at.converged);
      if (depth == 2) CHECK(std::abs(at.least + at.next) < 1e-8);
      else CHECK(at.least >= -1e-8);
      CHECK(at.negative == (depth == 2));
    }
}
TEST_CASE("cao2022/4: the Hessian-vector product equals central differences of the gradient, its Gauss-Newton part alone does not") {
  const HessianErrors found = hessian_errors(3);
  CHECK(found.whole < 1e-6);
  CHECK(found.gauss_newton > 0.1);
}

}  // namespace cao2022
