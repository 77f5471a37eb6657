// SPDX-License-Identifier: MIT
// Shin & Yun 2026, Implicit Bias and Loss of Plasticity in Matrix Completion: Depth Promotes Low-Rankness.
#include "papers/shin2026.hpp"

#include "check.hpp"

using namespace paper_checks;

namespace {

const char* const shin_setting = "4 x 4, diagonal observed: 1, 0.8, 0.7, 0.6; Gaussian factors, rate 0.05, to a loss of 1e-16";
const auto shin_two = per_seed([](std::uint64_t seed) { return shin2026::from_gaussian(2, 1e-3, seed); });
const auto shin_three = per_seed([](std::uint64_t seed) { return shin2026::from_gaussian(3, 1e-3, seed); });
const auto shin_four = per_seed([](std::uint64_t seed) { return shin2026::from_gaussian(4, 1e-2, seed); });
const auto shin_stages = per_seed(
    [](std::uint64_t seed) { return std::pair<shin2026::Stages, shin2026::Stages>(shin2026::stages(2, seed), shin2026::stages(3, seed)); });

const Registered shin2026_checks({
    .name = "shin2026",
    .source = "Shin & Yun 2026",
    .checks =
        {
            {.item = "1",
             .claim = "two factors are not coupled, and end at W_ij = sqrt(w_i w_j) <v_i, v_j>, which is not of low rank",
             .provenance = "derived; reference run",
             .setting = sentence(shin_setting, "; depth 2, entries of 1e-3"),
             .bounds = {below("deviation from the formula", 1e-5), below("largest coupling", 1e-14), above("sigma_2 / sigma_1", 0.3)},
             .control = {"three factors are coupled, and do not end there",
                         {above("deviation from the formula, depth 3", 0.05), above("coupling at the end, depth 3", 0.1)}},
             .seeds = seeds(0, 7),
             .reason =
                 "The limit does not depend on alpha: the formula, over random directions v_i in R^4, has a ratio of at most 0.3 in 9 % "
                 "of starts (median 0.53).",
             .measure =
                 [](std::uint64_t seed) {
                   const auto &two = shin_two(seed), &three = shin_three(seed);
                   const auto limit = shin2026::gram_limit(shin2026::model_of(2).near_zero({.entry_std = 1e-3, .seed = seed}));
                   return Figures{{"deviation from the formula", (two.W - limit).cwiseAbs().maxCoeff()},
                                  {"largest coupling", two.largest_coupling},
                                  {"sigma_2 / sigma_1", two.ratio()},
                                  {"sigma_2 / sigma_1 of the formula", shin2026::gram_ratio(seed)},
                                  {"deviation from the formula, depth 3", (three.W - limit).cwiseAbs().maxCoeff()},
                                  {"coupling at the end, depth 3", three.coupling}};
                 }},
            {.item = "2",
             .claim = "three and four factors end at rank one",
             .provenance = "reference run; abstract",
             .setting = sentence(shin_setting, "; depth 3, entries of 1e-3, and depth 4, entries of 1e-2"),
             .bounds = {below("sigma_2 / sigma_1, depth 3", 1e-4), below("sigma_2 / sigma_1, depth 3", 1e-6).in_the_median(),
                        below("sigma_2 / sigma_1, depth 4", 1e-5)},
             .control = {"two do not", {above("sigma_2 / sigma_1, depth 2", 0.05)}},
             .seeds = seeds(0, 7),
             .measure =
                 [](std::uint64_t seed) {
                   return Figures{{"sigma_2 / sigma_1, depth 3", shin_three(seed).ratio()},
                                  {"sigma_2 / sigma_1, depth 4", shin_four(seed).ratio()},
                                  {"sigma_2 / sigma_1, depth 2", shin_two(seed).ratio()}};
                 }},
            {.item = "2-blocks",
             .claim = "two observed blocks of a rank-one matrix are joined at rank one by three factors",
             .provenance = "reference run",
             .setting = "4 x 4, two fully observed 2 x 2 blocks, entries of 1e-2, rate 0.05, to a loss of 1e-8",
             .bounds = {between("sigma_2 / sigma_1, depth 3", 0, 5e-3), at_most("loss", 1e-8)},
             .control = {"not by two, which are not coupled", {above("sigma_2 / sigma_1, depth 2", 0.02), equal("coupling, depth 2", 0)}},
             .seeds = seeds(0, 7),
             .measure =
                 [](std::uint64_t seed) {
                   const auto end = [&](tacit::Index depth) {
                     return shin2026::descent(depth, shin2026::two_blocks(seed),
                                              shin2026::model_of(depth).near_zero({.entry_std = 1e-2, .seed = seed}), 1e-8);
                   };
                   const auto two = end(2), three = end(3);
                   return Figures{{"sigma_2 / sigma_1, depth 3", three.ratio()},
                                  {"sigma_2 / sigma_1, depth 2", two.ratio()},
                                  {"coupling, depth 2", two.largest_coupling}}
                       .add("loss", Values{two.loss, three.loss});
                 }},
            {.item = "3",
             .claim = "sigma_2 / sigma_1 falls as the power of alpha that is the depth, 3 or 4",
             .provenance = "derived; reference run",
             .setting = sentence(shin_setting, "; depth 3, alpha = 1e-2 and 1e-3, depth 4, 1e-1 and 1e-2"),
             .bounds = {within("slope, depth 3", 3, 0.15).in_the_median(), within("slope, depth 4", 4, 0.15).in_the_median()},
             .control = {"at depth 2, alpha = 1e-2 and 1e-3, it does not depend on alpha",
                         {within("slope, depth 2", 0, 0.02).in_the_median()}},
             .seeds = seeds(0, 7),
             .measure =
                 [](std::uint64_t seed) {
                   using shin2026::from_gaussian, shin2026::slope;
                   return Figures{{"slope, depth 3", slope(from_gaussian(3, 1e-2, seed), shin_three(seed), 10)},
                                  {"slope, depth 4", slope(from_gaussian(4, 1e-1, seed), shin_four(seed), 10)},
                                  {"slope, depth 2", slope(from_gaussian(2, 1e-2, seed), shin_two(seed), 10)}};
                 }},
            {.item = "4",
             .claim = "both depths end at the least nuclear norm, sum w, although effective ranks differ by more than 1",
             .provenance = "derived; reference run",
             .setting = sentence(shin_setting, "; depths 2 and 3, entries of 1e-3"),
             .bounds = {within("nuclear norm - sum w", 0, 1e-5), above("effective rank, depth 2 - depth 3", 1)},
             .control = {"from entries of 0.3 the nuclear norm is another", {above("nuclear norm - sum w, entries of 0.3", 1e-3)}},
             .seeds = seeds(0, 7),
             .reason = "Effective ranks at depth 2 are those of the formula, over random directions v_i in R^4: at most 2 in 4 % of starts "
                       "(median 2.65).",
             .measure =
                 [](std::uint64_t seed) {
                   const auto &two = shin_two(seed), &three = shin_three(seed);
                   const double sum = shin2026::diagonal_values().sum();
                   Figures figures{{"effective rank, depth 2 - depth 3", two.effective_rank - three.effective_rank}};
                   return figures.add("nuclear norm - sum w", Values{two.sigma.sum() - sum, three.sigma.sum() - sum})
                       .add("nuclear norm - sum w, entries of 0.3", Values{shin2026::from_gaussian(2, 0.3, seed).sigma.sum() - sum,
                                                                           shin2026::from_gaussian(3, 0.3, seed).sigma.sum() - sum});
                 }},
            {.item = "5",
             .claim = "from diagonal factors depth 3 is not coupled, and ends at the diagonal matrix",
             .provenance = "derived; reference run",
             .setting = "4 x 4, diagonal observed: 1, 0.8, 0.7, 0.6; three factors with entries of U(0.15, 0.3) on the diagonal",
             .bounds = {equal("largest entry off the diagonal", 0), equal("largest coupling", 0), within("effective rank", 3.929, 1e-3)},
             .control = {"with Gaussian entries of 0.1 off the diagonal it does not",
                         {above("largest entry off the diagonal, 0.1", 0.1), above("largest coupling, 0.1", 0.01)}},
             .seeds = seeds(0, 5),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   const auto end = shin2026::from_diagonal(0, seed), other = shin2026::from_diagonal(0.1, seed);
                   return Figures{{"largest entry off the diagonal", shin2026::off_diagonal(end.W)},
                                  {"largest coupling", end.largest_coupling},
                                  {"effective rank", end.effective_rank},
                                  {"largest entry off the diagonal, 0.1", shin2026::off_diagonal(other.W)},
                                  {"largest coupling, 0.1", other.largest_coupling}};
                 }},
            {.item = "6",
             .claim = "two factors that first saw the diagonal alone do not find the rank-one target once more is observed; three do",
             .provenance = "reference run; abstract",
             .setting =
                 "x y^T, entries of x, y in U(0.6, 1.2), its diagonal, then with the entries above it; factors alpha U(0.5, 1.5), 0.2 "
                 "times that off the diagonal, alpha = 1e-8, 1e-3 at depths 2, 3; relative errors",
             .bounds = {above("warm, depth 2", 0.15), below("warm, depth 3", 1e-5), below("loss", 1e-16)},
             .control = {"two that see all from the start find it", {below("cold, depth 2", 0.03)}},
             .seeds = seeds(0, 9),
             .measure =
                 [](std::uint64_t seed) {
                   const auto& [two, three] = shin_stages(seed);
                   return Figures{{"warm, depth 2", two.warm},
                                  {"warm, depth 3", three.warm},
                                  {"cold, depth 2", two.cold},
                                  {"cold, depth 3", three.cold}}
                       .add("sigma_2 / sigma_1 after the diagonal, depths 2 and 3", Values{two.first_ratio, three.first_ratio})
                       .add("loss", Values{two.cold_loss, two.warm_loss, three.cold_loss, three.warm_loss});
                 }},
        },
});

}  // namespace
