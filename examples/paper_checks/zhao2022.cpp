// SPDX-License-Identifier: MIT
// Zhao 2022, Combining Explicit and Implicit Regularization for Efficient Learning in Deep Networks: a plain 100 x 100 matrix (depth 1) under the penalty
// 0.01 ||W||_* / ||W||_F, started at scale 1e-3, rank-5 truth, 2000 entries observed; 20,000 steps. With Adam it completes the matrix, gradient
// descent is far behind. Draws of seeds 1 ... 3.

#include <tacit/tacit.hpp>

#include <tacit/hook/spectrum.hpp>
#include <tacit/penalty/nuclear_over_frobenius.hpp>

#include "check.hpp"

using namespace tacit;

namespace {

struct Completion {
  double unobserved;                    ///< mean square error over the entries that were not seen
  std::vector<double> effective_ranks;  ///< every 2000 steps
  double last_rank() const { return effective_ranks.back(); }
};

template <class Optimizer>
Completion run_once(Optimizer optimizer, std::uint64_t seed) {
  const auto [truth, seen] = low_rank_completion({.rows = 100, .cols = 100, .rank = 5, .observed = 2000, .seed = seed});
  Matrix<double> rest = truth;
  for (Index k = 0; k < seen.count(); ++k) rest(seen.where[k].row, seen.where[k].col) = std::nan("");
  const DeepMatrix<double> model({100, 100});
  const Problem problem(model, seen, MeanSquares{}, NuclearOverFrobenius{0.01});
  Vector<double> theta = model.near_zero({.product_scale = 1e-3, .seed = seed});
  Trajectory history(rmse_on("unobserved_rmse", model, observed(rest)), effective_rank_eps);
  train(problem, theta, optimizer, {.iterations = 20'000}, every(2000, history));
  return {std::pow(history.last("unobserved_rmse"), 2), history.column("effective_rank_eps")};
}
template <class Optimizer>
std::vector<Completion> three_draws(Optimizer optimizer) {
  return in_parallel(3, [&](int k) { return run_once(optimizer, static_cast<std::uint64_t>(k) + 1); });
}
std::string errors(const std::vector<Completion>& runs) {
  return list(column(runs, [](const Completion& run) { return run.unobserved; }));
}

}  // namespace

std::vector<Check> zhao2022() {
  return {
      {"zhao2022/1", "Adam, rate 1e-3: unobserved error below 5e-4, effective rank in [4.8, 5.2]",
       []() -> Finding {
         const auto runs = three_draws(adam({.rate = 1e-3}));
         const auto ranks = column(runs, [](const Completion& run) { return run.last_rank(); });
         return {largest(column(runs, [](const Completion& run) { return run.unobserved; })) < 5e-4 && smallest(ranks) >= 4.8 &&
                     largest(ranks) <= 5.2,
                 "errors " + errors(runs) + "; effective ranks " + list(ranks)};
       }},
      {"zhao2022/4", "gradient descent, rate 1: effective rank above 20, yet decreasing",
       []() -> Finding {
         const auto runs = three_draws(gradient_descent({.rate = 1}));
         bool holds = true;
         std::string courses;
         for (const Completion& run : runs) {
           const auto& ranks = run.effective_ranks;
           holds = holds && run.last_rank() > 20;
           for (std::size_t k = 1; k < ranks.size(); ++k) holds = holds && ranks[k] < ranks[k - 1];
           courses += (courses.empty() ? "" : ", ") + list(ranks);
         }
         return {holds, "effective ranks every 2000 steps " + courses + "; errors " + errors(runs)};
       }},
  };
}
