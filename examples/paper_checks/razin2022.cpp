// SPDX-License-Identifier: MIT
// Razin, Maman, Cohen 2022, Implicit Regularization in Hierarchical Tensor Factorization and Deep Convolutional Neural Networks: completion of 2048 of 4096 entries by
// a deep matrix (64 x 64, rank 5, depth 3), a CP (order 3, dimension 16, rank 5, R = 256) and a hierarchical factorization (order 4, dimension 8, ranks 5, widths
// 512), each target of Frobenius norm 64, in single precision from Gaussian starts of 1e-3, 1e-3 and 1e-2 by GroupRMSprop (rate 1e-2).

#include <tacit/data/low_rank_tensor.hpp>
#include <tacit/hook/components.hpp>
#include <tacit/hook/spectrum.hpp>
#include <tacit/hook/tensor.hpp>
#include <tacit/hook/unfoldings.hpp>
#include <tacit/tacit.hpp>

#include "check.hpp"
#include "components.hpp"

using namespace tacit;

namespace {

struct TreeRun {
  Index iterations;
  double error, loss;
  Rises rises;
};
template <class P, class History, class Truth>
TreeRun follow(const P& problem, Vector<float> theta, History history, const Truth& truth, Index iterations, double tolerance) {
  Trajectory end(error_to(truth));
  const auto outcome = train(problem, theta, group_rmsprop({.rate = 1e-2, .eps = 1e-6}), {.iterations = iterations}, every(25, history),
                             at_the_end(end), every(25, stop_when(loss_below(tolerance, 101))));
  return {outcome.iterations, end.last("relative_error"), static_cast<double>(outcome.loss), Rises::of(history, 6)};
}

TreeRun matrix(std::uint64_t seed) {
  const auto [truth, seen] = low_rank_completion<float>({.rows = 64, .cols = 64, .rank = 5, .observed = 2048, .seed = seed});
  const DeepMatrix<float> model({64, 64, 64, 64});
  return follow(Problem(model, seen, MeanSquares{}), model.near_zero({.entry_std = 1e-3, .seed = seed}), Trajectory(singular_values(6)),
                truth, 5500, 0);
}
TreeRun cp(std::uint64_t seed) {
  const auto [truth, seen] =
      low_rank_completion(CP<float>({.shape = {16, 16, 16}, .rank = 5}), {.observed = 2048, .norm = 64, .seed = seed});
  const CP<float> model({.shape = {16, 16, 16}, .rank = 256});
  return follow(Problem(model, seen, MeanSquares{}), model.near_zero({.entry_std = 1e-3, .seed = seed}), Trajectory(every_component()),
                truth, 7500, 5e-5);
}
TreeRun hierarchical(std::uint64_t seed, Index iterations) {
  const auto [truth, seen] = low_rank_completion(HierarchicalTensor<float>({.shape = {8, 8, 8, 8}, .widths = {5, 5}}),
                                                 {.observed = 2048, .norm = 64, .seed = seed});
  const HierarchicalTensor<float> model({.shape = {8, 8, 8, 8}, .widths = {512, 512}});
  return follow(Problem(model, seen, MeanSquares{}), model.near_zero({.entry_std = 1e-2, .seed = seed}),
                Trajectory(every_local_component({0, 1})), truth, iterations, 5e-5);
}
std::string described(const TreeRun& run) {
  return sentence("half-rises ", list(run.rises.half), ", final ", list(run.rises.final), ", error ", figure(run.error), ", loss ",
                  figure(run.loss), " at ", run.iterations);
}
std::string described(const std::vector<TreeRun>& runs) {
  std::string text;
  for (const TreeRun& run : runs) text += (text.empty() ? "" : "; ") + described(run);
  return text;
}

}  // namespace

std::vector<Check> razin2022() {
  return {
      {"razin2022/1",
       "matrix, three draws: five singular values pass half their final value at 275 +- 100, 1275 +- 250, 2400 +- 350, 3400 +- 450, 4400 "
       "+- 500 (medians), the sixth < 1, "
       "median error < 2e-3 at 5500",
       []() -> Finding {
         const auto runs = in_parallel(3, [](int k) { return matrix(static_cast<std::uint64_t>(k) + 1); });
         const double at[] = {275, 1275, 2400, 3400, 4400}, band[] = {100, 250, 350, 450, 500};
         bool holds = median(column(runs, [](const TreeRun& run) { return run.error; })) < 2e-3;
         std::vector<double> medians;
         for (std::size_t k = 0; k < 5; ++k) {
           medians.push_back(median(column(runs, [k](const TreeRun& run) { return run.rises.half[k]; })));
           holds = holds && std::abs(medians[k] - at[k]) <= band[k];
         }
         holds = holds && largest(column(runs, [](const TreeRun& run) { return run.rises.final[5]; })) < 1;
         return {holds, sentence("medians ", list(medians), "; ", described(runs))};
       }},
      {"razin2022/2", "CP: of six draws at least four have five components > 5, the sixth < 0.1, error < 0.02 by 7500",
       []() -> Finding {
         const auto runs = in_parallel(6, [](int k) { return cp(static_cast<std::uint64_t>(k) + 1); });
         const auto reached = std::count_if(runs.begin(), runs.end(), [](const TreeRun& run) {
           return run.rises.final[4] > 5 && run.rises.final[5] < 0.1 && run.error < 0.02;
         });
         return {reached >= 4, sentence(reached, " of 6: ", described(runs))};
       }},
      {"razin2022/htf",
       "hierarchical, full size, two draws: the first local component above modes 0 and 1 passes half its final norm between 8,500 and "
       "11,000 iterations, the five largest at times at "
       "least 100 apart, error < 0.01",
       []() -> Finding {
         const auto runs = in_parallel(2, [](int k) { return hierarchical(static_cast<std::uint64_t>(k) + 1, 40'000); });
         bool holds = true;
         for (const TreeRun& run : runs) {
           const double first = run.rises.in_time(5).front();
           holds = holds && first >= 8500 && first <= 11'000 && run.rises.separation(5) >= 100 && run.error < 0.01;
         }
         return {holds, described(runs)};
       }},
  };
}
