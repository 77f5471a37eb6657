// SPDX-License-Identifier: MIT
// Cao, Qian, Huang, Chen, Gao, Dong, Guo & Qu 2022, A Dynamics Theory of Implicit Regularization in Deep Low-Rank Matrix Factorization.
#include "papers/cao2022.hpp"

#include "check.hpp"

using namespace paper_checks;

namespace {

constexpr cao2022::Size cao_size{.n = 64, .rank = 5, .observed = 2048};
const char* const cao_setting =
    "64 x 64, rank 5, 2048 entries observed, depth 3, entries of standard deviation 1e-3, GroupRMSprop (rate 1e-2, eps 1e-6) to a loss of "
    "1e-5, every 50 steps";
const auto cao_run = per_seed([](std::uint64_t seed) { return cao2022::staged(cao_size, 1e-3, seed); });
const auto cao_large = per_seed([](std::uint64_t seed) { return cao2022::staged(cao_size, 0.3, seed); });
double in_order(const cao2022::StagedRun& run) { return run.ranks == std::vector<double>{0, 1, 2, 3, 4, 5}; }

const Registered cao2022_checks({
    .name = "cao2022",
    .source = "Cao et al. 2022",
    .checks =
        {
            {.item = "1",
             .claim = "the gradient norm has as many bursts as the target has ranks, each adding one",
             .provenance = "reference run; abstract",
             .setting = cao_setting,
             .bounds = {equal("bursts", 5), equal("one rank each", 1), equal("valleys are saddles", 1)},
             .control = {"from entries of 0.3 the ranks do not come one by one", {equal("one rank each, large start", 0)}},
             .seeds = seeds(0, 2),
             .measure =
                 [](std::uint64_t seed) {
                   const auto &run = cao_run(seed), &large = cao_large(seed);
                   return Figures{{"bursts", static_cast<double>(run.stages.count())},
                                  {"one rank each", run.stages.one_rank_each()},
                                  {"valleys are saddles", run.saddles},
                                  {"one rank each, large start", large.stages.one_rank_each()}};
                 }},
            {.item = "2",
             .claim = "the numerical rank does not fall, and is 1, 2, 3, 4, 5 in order",
             .provenance = "reference run",
             .setting = std::string(cao_setting) + ", singular values above 0.1",
             .bounds = {equal("falls", 0), equal("ranks in order", 1)},
             .control = {"from entries of 0.3 it is not", {equal("ranks in order, large start", 0)}},
             .seeds = seeds(0, 2),
             .measure =
                 [](std::uint64_t seed) {
                   const auto &run = cao_run(seed), &large = cao_large(seed);
                   return Figures{{"falls", run.stages.rank_falls},
                                  {"ranks in order", in_order(run)},
                                  {"ranks in order, large start", in_order(large)}}
                       .add("ranks", run.ranks);
                 }},
            {.item = "3",
             .claim = "at the balanced saddle of the r largest values the least eigenvalue of the Hessian is -s_{r+1} at depth 2",
             .provenance = "derived",
             .setting = "8 x 8, s = 5, 4, 3, 2.5, 2, 1.5, 1, 0.5, fully observed, r = 0, 1, 3, 7; Lanczos",
             .bounds = {below("|least eigenvalue + s_{r+1}|", 1e-8)},
             .control = {"at depth 3 it is 0", {at_least("least eigenvalue, depth 3", -1e-8)}},
             .quick = true,
             .measure =
                 [](std::uint64_t) {
                   Figures figures;
                   for (const Index r : {0, 1, 3, 7}) {
                     const auto two = cao2022::curvature_at_saddle(2, r), three = cao2022::curvature_at_saddle(3, r);
                     tacit::require(two.converged && three.converged, "an eigenpair has not converged");
                     figures.add("|least eigenvalue + s_{r+1}|", std::abs(two.least + two.next))
                         .add("least eigenvalue, depth 3", three.least);
                   }
                   return figures;
                 }},
            {.item = "4",
             .claim = "Hessian-vector products equal central differences of the gradient",
             .provenance = "derived",
             .setting = "6 x 7, rank 2, widths 5 and 4, 20 entries observed",
             .bounds = {below("relative error", 1e-6)},
             .control = {"the Gauss-Newton part alone does not", {above("relative error, Gauss-Newton part", 0.1)}},
             .seeds = seeds(1, 3),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   const auto found = cao2022::hessian_errors(seed);
                   return Figures{{"relative error", found.whole}, {"relative error, Gauss-Newton part", found.gauss_newton}};
                 }},
        },
});

}  // namespace
