// SPDX-License-Identifier: MIT
// Razin & Cohen 2020, Implicit Regularization in Deep Learning May Not Be Explainable by Norms, the tensor part: tensors of order 3, 512 entries, CP rank 1 and
// Frobenius norm 1, a CP with R = 64 components from Gaussian starts of 1e-3 and 1e-2, GroupRMSprop (rate 1e-2) in single precision until the mean square error is below
// 1e-6 at three checks in a row, every 100 iterations, beside
// "linear", the observed entries with zeros elsewhere. Draws of seeds 1 ... 3, medians. (The matrix part is in tests/papers.)

#include <tacit/data/low_rank_tensor.hpp>
#include <tacit/hook/tensor.hpp>
#include <tacit/solver/cp_als.hpp>
#include <tacit/tacit.hpp>

#include "check.hpp"

using namespace tacit;

namespace {

struct CubeRun {
  double error, rank, linear_error;
};

CubeRun complete(Index observed, double start, std::uint64_t seed) {
  const auto [truth, seen] =
      low_rank_completion(CP<float>({.shape = {8, 8, 8}, .rank = 1}), {.observed = observed, .norm = 1, .seed = seed});
  const CP<float> model({.shape = {8, 8, 8}, .rank = 64});
  const Problem problem(model, seen, MeanSquares{});
  Vector<float> theta = model.near_zero({.entry_std = start, .seed = seed});
  Trajectory end(error_to(truth), cp_rank());
  train(problem, theta, group_rmsprop({.rate = 1e-2, .eps = 1e-6}), {.iterations = 100'000}, at_the_end(end),
        every(100, stop_when(loss_below(1e-6, 3))));
  const double left_out = static_cast<double>(truth.values.squaredNorm() - seen.y.squaredNorm());
  return {end.last("relative_error"), end.last("cp_rank"), std::sqrt(std::max(left_out, 0.0)) / static_cast<double>(truth.norm())};
}
struct Medians {
  double error, rank, linear_error;
};
Medians three_draws(Index observed, double start) {
  const auto runs = in_parallel(3, [&](int k) { return complete(observed, start, static_cast<std::uint64_t>(k) + 1); });
  return {median(column(runs, [](const CubeRun& run) { return run.error; })),
          median(column(runs, [](const CubeRun& run) { return run.rank; })),
          median(column(runs, [](const CubeRun& run) { return run.linear_error; }))};
}

}  // namespace

std::vector<Check> razin2020() {
  return {
      {"razin2020/5",
       "start 1e-3: with 250 entries error below 1e-4 and CP rank 1; at 100 to 511 entries below that of the start 1e-2 and of the linear "
       "fit",
       []() -> Finding {
         bool holds = true;
         std::string measured;
         for (const Index observed : {50, 100, 150, 250, 350, 450, 511}) {
           const Medians near = three_draws(observed, 1e-3), large = three_draws(observed, 1e-2);
           if (observed == 250) holds = holds && near.error < 1e-4 && near.rank == 1;
           if (observed >= 100) holds = holds && near.error < large.error && near.error < near.linear_error;
           measured += sentence(measured.empty() ? "" : "; ", observed, ": error ", figure(near.error), ", rank ", near.rank,
                                " (start 1e-2: ", figure(large.error), ", ", large.rank, "; linear ", figure(near.linear_error), ")");
         }
         return {holds, measured};
       }},
  };
}
