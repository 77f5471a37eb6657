// SPDX-License-Identifier: MIT
// Zhao 2022, Combining Explicit and Implicit Regularization for Efficient Learning in Deep Networks.
#include "papers/zhao2022.hpp"

#include "check.hpp"

using namespace paper_checks;

namespace {

const char* const zhao_setting = "100 x 100, rank 5, 2000 entries observed, depth 1 from scale 1e-3, 20,000 steps";

const Registered zhao2022_checks({
    .name = "zhao2022",
    .source = "Zhao 2022",
    .checks =
        {
            {.item = "1",
             .claim = "Adam with the penalty 0.01 ||W||_* / ||W||_F completes the matrix",
             .provenance = "reference run",
             .setting = std::string(zhao_setting) + ", Adam (rate 1e-3)",
             .bounds = {below("unobserved MSE", 5e-4), between("effective rank", 4.8, 5.2)},
             .seeds = seeds(1, 3),
             .measure =
                 [](std::uint64_t seed) {
                   const auto run = zhao2022::by_adam(0.01, 20'000, seed);
                   return Figures{{"unobserved MSE", run.unobserved}, {"effective rank", run.last_rank()}};
                 }},
            {.item = "2",
             .claim = "without the penalty it fits what it sees and learns nothing else",
             .provenance = "reference run",
             .setting = std::string(zhao_setting) + ", Adam (rate 1e-3), no penalty",
             .bounds = {above("unobserved MSE", 0.9), below("train MSE", 1e-3)},
             .seeds = seeds(1, 3),
             .control_of = "1",
             .measure =
                 [](std::uint64_t seed) {
                   const auto run = zhao2022::by_adam(0, 20'000, seed);
                   return Figures{{"unobserved MSE", run.unobserved}, {"train MSE", run.observed}};
                 }},
            {.item = "3",
             .claim = "the gradient of the ratio is that of central differences and orthogonal to W",
             .provenance = "derived",
             .setting = "Gaussian W, 12 x 12, 15 x 9, 9 x 15; the ratio by another decomposition",
             .bounds = {at_most("relative difference of the gradient", 1e-6), below("|<gradient, W>| / (|gradient| |W|)", 1e-12)},
             .control = {"that of the nuclear norm alone is not orthogonal",
                         {above("|<gradient, W>| / (|gradient| |W|), nuclear norm", 0.5)}},
             .seeds = seeds(1, 3),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   Figures figures;
                   for (const auto& [rows, cols] : {std::pair{12, 12}, {15, 9}, {9, 15}}) {
                     const auto error = zhao2022::ratio_error(zhao2022::gaussian(rows, cols, seed));
                     figures.add("relative difference of the gradient", error.gradient)
                         .add("|<gradient, W>| / (|gradient| |W|)", error.inner)
                         .add("|<gradient, W>| / (|gradient| |W|), nuclear norm", error.inner_of_nuclear_norm);
                   }
                   return figures;
                 }},
            {.item = "4",
             .claim = "gradient descent with the penalty is far behind Adam, yet its effective rank decreases",
             .provenance = "reference run",
             .setting = std::string(zhao_setting) + ", gradient descent (rate 1), penalty 0.01, effective rank every 2000 steps",
             .bounds = {above("effective rank", 20), above("fall of the effective rank in 2000 steps", 0)},
             .seeds = seeds(1, 3),
             .control_of = "1",
             .measure =
                 [](std::uint64_t seed) {
                   const auto run = zhao2022::by_descent(20'000, seed);
                   Figures figures{{"effective rank", run.last_rank()}, {"unobserved MSE", run.unobserved}};
                   for (std::size_t k = 1; k < run.effective_ranks.size(); ++k)
                     figures.add("fall of the effective rank in 2000 steps", run.effective_ranks[k - 1] - run.effective_ranks[k]);
                   return figures;
                 }},
        },
});

}  // namespace
