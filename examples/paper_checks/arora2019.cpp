// SPDX-License-Identifier: MIT
// Arora, Cohen, Hu, Luo 2019, Implicit Regularization in Deep Matrix Factorization.
#include "papers/arora2019.hpp"

#include "check.hpp"

using namespace paper_checks;

namespace {

const char* const arora_setting = "100 x 100, rank 5, 2000 entries observed, GroupRMSprop (rate 1e-3, eps 1e-4) to a train MSE of 1e-6";
const auto depth_3 = per_seed([](std::uint64_t seed) { return arora2019::recover(3, 1e-4, seed); });

const Registered arora2019_checks({
    .name = "arora2019",
    .source = "Arora, Cohen, Hu, Luo 2019",
    .checks =
        {
            {.item = "1",
             .claim = "depth 3 from s = 1e-4 completes the matrix, at the effective rank of the truth",
             .provenance = "reference run; authors' code",
             .setting = std::string(arora_setting) + ", depth 3, s = 1e-4",
             .bounds = {equal("fitted", 1), between("MSE over all entries", 1e-5, 6e-5).in_the_median(),
                        at_most("MSE over all entries", 1.5e-4), at_most("effective rank off", 0.1)},
             .seeds = seeds(1, 5),
             .measure =
                 [](std::uint64_t seed) {
                   const auto& run = depth_3(seed);
                   return Figures{{"fitted", run.fitted},
                                  {"MSE over all entries", run.error},
                                  {"effective rank off", std::abs(run.effective_rank - run.rank_of_truth)},
                                  {"iterations", static_cast<double>(run.iterations)}};
                 }},
            {.item = "2",
             .claim = "depth 2 does not: its median error is at least 100 times that of depth 3",
             .provenance = "reference run; authors' code",
             .setting = std::string(arora_setting) + ", depths 2 and 3, s = 1e-4, the same draws",
             .bounds = {equal("fitted", 1), at_least("ratio of median errors", 100).of_all_draws(), at_least("effective rank", 6)},
             .seeds = seeds(1, 5),
             .control_of = "1",
             .measure =
                 [](std::uint64_t seed) {
                   const auto run = arora2019::recover(2, 1e-4, seed);
                   return Figures{{"fitted", run.fitted},
                                  {"MSE over all entries", run.error},
                                  {"MSE over all entries, depth 3", depth_3(seed).error},
                                  {"effective rank", run.effective_rank}};
                 },
             .summarise =
                 [](const std::vector<Figures>& draws) {
                   return Figures{{"ratio of median errors", median(gathered(draws, "MSE over all entries")) /
                                                                 median(gathered(draws, "MSE over all entries, depth 3"))}};
                 }},
            {.item = "3",
             .claim = "at depth 3 a start a hundred times as small changes the error by less than a factor 2",
             .provenance = "reference run; authors' code",
             .setting = std::string(arora_setting) + ", depth 3, s = 1e-6 and 1e-4",
             .bounds = {equal("fitted", 1), between("error at 1e-6 over error at 1e-4", 0.5, 2)},
             .seeds = seeds(1, 5),
             .measure =
                 [](std::uint64_t seed) {
                   const auto run = arora2019::recover(3, 1e-6, seed);
                   return Figures{{"fitted", run.fitted}, {"error at 1e-6 over error at 1e-4", run.error / depth_3(seed).error}};
                 }},
            {.item = "4",
             .claim = "from the identity singular values move at N sigma^(2-2/N) <-G, u v^T>, the better the smaller the rate",
             .provenance = "derived",
             .setting = "20 x 20, rank 3, 200 entries observed, N = 1 ... 4, product scale 1e-2, descent over the time 60, rates 2e-2 and "
                        "2e-3; three leading values",
             .bounds = {below("largest relative difference", 0.01), below("at 2e-3 over at 2e-2", 0.2)},
             .control = {"not at the speed of depth N + 1", {above("largest relative difference, depth N + 1", 0.1)}},
             .seeds = seeds(1, 3),
             .measure =
                 [](std::uint64_t seed) {
                   Figures figures;
                   for (const Index depth : {1, 2, 3, 4}) {
                     const auto coarse = arora2019::speed_from_identity(depth, 2e-2, seed),
                                fine = arora2019::speed_from_identity(depth, 2e-3, seed);
                     figures.add("largest relative difference", Values{coarse.worst, fine.worst})
                         .add("at 2e-3 over at 2e-2", fine.worst / coarse.worst)
                         .add("largest relative difference, depth N + 1", fine.worst_of_next_depth);
                   }
                   return figures;
                 }},
            {.item = "4-balancedness",
             .claim = "the balancedness defect at a fixed time is proportional to the rate",
             .provenance = "derived",
             .setting = "the same, N = 2, 3, 4, times 60, 90, 180, rates 4e-2 and 4e-3",
             .bounds = {within("defect at 4e-2 over defect at 4e-3", 10, 1), equal("defect at the start", 0),
                        above("spectral norm at the end", 5)},
             .control = {"the end-to-end matrix is not: its norm is the same at both rates",
                         {within("spectral norm at 4e-2 over at 4e-3", 1, 0.1)}},
             .seeds = seeds(1, 3),
             .measure =
                 [](std::uint64_t seed) {
                   Figures figures;
                   for (const Index depth : {2, 3, 4}) {
                     const auto coarse = arora2019::balancedness_from_identity(depth, 4e-2, seed),
                                fine = arora2019::balancedness_from_identity(depth, 4e-3, seed);
                     figures.add("defect at 4e-2 over defect at 4e-3", coarse.at_end / fine.at_end)
                         .add("spectral norm at 4e-2 over at 4e-3", coarse.spectral_norm / fine.spectral_norm)
                         .add("defect at the start", Values{coarse.at_start, fine.at_start})
                         .add("spectral norm at the end", Values{coarse.spectral_norm, fine.spectral_norm});
                   }
                   return figures;
                 }},
            {.item = "5",
             .claim = "depth 1 recovers nothing: the error over all entries is the unobserved fraction",
             .provenance = "derived",
             .setting = "100 x 100, rank 5, 2000 entries observed, descent to a train MSE of 1e-6, s = 1e-3 ... 1e-6",
             .bounds = {within("MSE over all entries", 0.80, 0.05), at_most("train MSE", 1e-6)},
             .seeds = seeds(1, 5),
             .quick = true,
             .control_of = "1",
             .measure =
                 [](std::uint64_t seed) {
                   Figures figures;
                   for (const double scale : {1e-3, 1e-4, 1e-5, 1e-6}) {
                     const auto end = arora2019::plain_matrix(scale, seed);
                     figures.add("MSE over all entries", end.error).add("train MSE", end.loss);
                   }
                   return figures;
                 }},
        },
});

}  // namespace
