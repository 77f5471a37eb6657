// SPDX-License-Identifier: MIT
// Arora, Cohen, Hu, Luo 2019, Implicit Regularization in Deep Matrix Factorization: 100 x 100 matrices of rank 5, 2000 entries observed, Gaussian
// starts of product scale s, GroupRMSprop (rate 1e-3, eps 1e-4) until the training error is 1e-6. Five draws, seeds 1 ... 5. The error is their
// test error, the mean square over all entries; the effective rank is theirs, with 1e-10 inside the logarithm.

#include <tacit/hook/spectrum.hpp>
#include <tacit/tacit.hpp>

#include "check.hpp"

using namespace tacit;

namespace {

struct Recovery {
  bool fitted;
  Index iterations;
  double error, effective_rank, rank_of_truth;
};

Recovery recover(Index depth, double scale, std::uint64_t seed) {
  const auto [truth, seen] = low_rank_completion({.rows = 100, .cols = 100, .rank = 5, .observed = 2000, .seed = seed});
  const DeepMatrix<double> model(std::vector<Index>(static_cast<std::size_t>(depth) + 1, 100));
  const Problem problem(model, seen, MeanSquares{});
  Vector<double> theta = model.near_zero({.product_scale = scale, .seed = seed});
  Trajectory end(mean_square_error_to(truth), effective_rank_eps);
  const auto outcome = train(problem, theta, group_rmsprop({.rate = 1e-3, .eps = 1e-4}), {.iterations = 100'000}, at_the_end(end),
                             stop_when(loss_below(1e-6)));
  SpectrumWorkspace<double> ws;
  Vector<double> sigma;
  singular_values(truth, ws, sigma);
  return {outcome.loss <= 1e-6, outcome.iterations, end.last("mean_square_error"), end.last("effective_rank_eps"),
          effective_rank_of(sigma, 1e-10)};
}

std::vector<Recovery> five_draws(Index depth, double scale) {
  return in_parallel(5, [&](int k) { return recover(depth, scale, static_cast<std::uint64_t>(k) + 1); });
}
double median_error(const std::vector<Recovery>& runs) {
  return median(column(runs, [](const Recovery& r) { return r.error; }));
}
std::string errors(const std::vector<Recovery>& runs) {
  return list(column(runs, [](const Recovery& r) { return r.error; }));
}
bool all_fitted(const std::vector<Recovery>& runs) {
  return std::all_of(runs.begin(), runs.end(), [](const Recovery& r) { return r.fitted; });
}

}  // namespace

std::vector<Check> arora2019() {
  const auto depth_3 = shared([] { return five_draws(3, 1e-4); });
  const auto depth_3_smaller = shared([] { return five_draws(3, 1e-6); });
  const auto depth_2 = shared([] { return five_draws(2, 1e-4); });
  return {
      {"arora2019/1", "depth 3, s = 1e-4: median error in [1e-5, 6e-5], each at most 1.5e-4, effective rank within 0.1 of the truth's",
       [=]() -> Finding {
         const auto& runs = depth_3();
         const double middle = median_error(runs), worst = largest(column(runs, [](auto&r) { return r.error; }));
         const double off = largest(column(runs, [](auto& r) { return std::abs(r.effective_rank - r.rank_of_truth); }));
         return {all_fitted(runs) && middle >= 1e-5 && middle <= 6e-5 && worst <= 1.5e-4 && off <= 0.1,
                 sentence("median ", figure(middle), ", worst ", figure(worst), " of ", errors(runs), "; effective rank off by at most ",
                          figure(off), "; iterations ", list(column(runs, [](auto& r) { return r.iterations; })))};
       }},
      {"arora2019/2", "depth 2, same draws: median error at least 100 times depth 3's, effective rank at least 6",
       [=]() -> Finding {
         const auto& runs = depth_2();
         const double ratio = median_error(runs) / median_error(depth_3());
         const auto ranks = column(runs, [](auto& r) { return r.effective_rank; });
         return {all_fitted(runs) && ratio >= 100 && smallest(ranks) >= 6,
                 sentence("ratio of medians ", figure(ratio), ", errors ", errors(runs), "; effective ranks ", list(ranks))};
       }},
      {"arora2019/3", "depth 3: the error at s = 1e-6 within a factor 2 of that at s = 1e-4, each draw",
       [=]() -> Finding {
         std::vector<double> ratios;
         for (std::size_t k = 0; k < 5; ++k) ratios.push_back(depth_3_smaller()[k].error / depth_3()[k].error);
         return {all_fitted(depth_3_smaller()) && smallest(ratios) > 0.5 && largest(ratios) < 2,
                 sentence("ratios ", list(ratios), "; errors at 1e-6 ", errors(depth_3_smaller()))};
       }},
  };
}
