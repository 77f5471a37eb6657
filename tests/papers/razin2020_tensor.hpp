// SPDX-License-Identifier: MIT
#pragma once
// Razin & Cohen 2020, Implicit Regularization in Deep Learning May Not Be Explainable by Norms, the tensor part: tensors of order 3, 512 entries, CP rank 1
// and Frobenius norm 1, a CP with R = 64 components from Gaussian starts, GroupRMSprop (rate 1e-2) in single precision until the mean square error is below
// 1e-6 at three checks in a row, every 100 iterations, beside "linear", the observed entries with zeros elsewhere. Shared by tests and paper checks.

#include <tacit/data/low_rank_tensor.hpp>
#include <tacit/hook/tensor.hpp>
#include <tacit/model/cp.hpp>
#include <tacit/solver/cp_als.hpp>
#include <tacit/tacit.hpp>

namespace razin2020 {

using namespace tacit;

struct CubeRun {
  double error, rank, linear_error;
  bool stopped;  ///< by the rule, not by the limit of 100,000 iterations
};
inline CubeRun complete_cube(Index observed, double start, std::uint64_t seed) {
  const auto [truth, seen] =
      low_rank_completion(CP<float>({.shape = {8, 8, 8}, .rank = 1}), {.observed = observed, .norm = 1, .seed = seed});
  const CP<float> model({.shape = {8, 8, 8}, .rank = 64});
  const Problem problem(model, seen, MeanSquares{});
  Vector<float> theta = model.near_zero({.entry_std = start, .seed = seed});
  Trajectory end(error_to(truth), cp_rank());
  const auto outcome = train(problem, theta, group_rmsprop({.rate = 1e-2, .eps = 1e-6}), {.iterations = 100'000}, at_the_end(end),
                             every(100, stop_when(loss_below(1e-6, 3))));
  const double left_out = static_cast<double>(truth.values.squaredNorm() - seen.y.squaredNorm());
  return {end.last("relative_error"), end.last("cp_rank"), std::sqrt(std::max(left_out, 0.0)) / static_cast<double>(truth.norm()),
          outcome.reason == Reason::stopped_by_hook};
}

}  // namespace razin2020
