// SPDX-License-Identifier: MIT
// Razin & Cohen 2020, Implicit Regularization in Deep Learning May Not Be Explainable by Norms, the tensor part: CP with 64 components completes a tensor of order
// 3 and rank 1 from near zero, though it could fit anything. Their stop: below 1e-6 at three checks in a row,
// every 100 iterations.
#include <tacit/tacit.hpp>

#include <tacit/data/low_rank_tensor.hpp>
#include <tacit/hook/tensor.hpp>
#include <tacit/model/cp.hpp>
#include <tacit/solver/cp_als.hpp>

#include <algorithm>
#include <array>

#include "catch.hpp"

using namespace tacit;

// Item 5.
TEST_CASE("8 x 8 x 8 of rank 1, 250 entries observed, start 1e-3: error below 1e-4 and CP rank 1, medians of three draws") {
  std::array<double, 3> errors{}, ranks{};
  for (std::size_t k = 0; k < 3; ++k) {
    const std::uint64_t seed = k + 1;
    const auto [truth, seen] = low_rank_completion(CP<float>({.shape = {8, 8, 8}, .rank = 1}), {.observed = 250, .norm = 1, .seed = seed});
    const CP<float> model({.shape = {8, 8, 8}, .rank = 64});
    const Problem problem(model, seen, MeanSquares{});
    Vector<float> theta = model.near_zero({.entry_std = 1e-3, .seed = seed});
    Trajectory end(error_to(truth), cp_rank());
    const auto outcome = train(problem, theta, group_rmsprop({.rate = 1e-2, .eps = 1e-6}), {.iterations = 1'000'000}, at_the_end(end),
                               every(100, stop_when(loss_below(1e-6, 3))));
    errors[k] = end.last("relative_error");
    ranks[k] = end.last("cp_rank");
    CAPTURE(seed, outcome.iterations, outcome.loss, errors[k], ranks[k]);
    CHECK(outcome.reason == Reason::stopped_by_hook);
  }
  CAPTURE(errors, ranks);
  std::sort(errors.begin(), errors.end());
  std::sort(ranks.begin(), ranks.end());
  CHECK(errors[1] < 1e-4);
  CHECK(ranks[1] == 1);
}
