// SPDX-License-Identifier: MIT
// Bai, Zhao & Zhang 2024, Connectivity Shapes Implicit Regularization in Matrix Factorization Models for Matrix Completion. A draw is a set of 150 patterns, as
// the bounds are on counts of 150: seed s has those of 150 s ... 150 s + 149.
#include "papers/bai2024.hpp"

#include "check.hpp"

using namespace paper_checks;

namespace {

const char* const bai_setting =
    "150 patterns of 4 x 4, targets of rank 1, 2, 3 in turn and spectral norm 1, two Gaussian factors of 1e-10, rate 0.2, to a loss of "
    "1e-18";
constexpr tacit::Index bai_all = 150;
template <tacit::Pattern kind>
bai2024::Counts bai_counts(std::uint64_t seed) {
  return bai2024::counts(kind, 1e-10, static_cast<std::uint64_t>(bai_all) * seed, bai_all);
}
const auto bai_connected = per_seed(bai_counts<tacit::Pattern::connected>);
const auto bai_complete = per_seed(bai_counts<tacit::Pattern::complete_components>);
const auto bai_other = per_seed(bai_counts<tacit::Pattern::disconnected>);
double bai_number(tacit::Index count) { return static_cast<double>(count); }

const Registered bai2024_checks({
    .name = "bai2024",
    .source = "Bai, Zhao & Zhang 2024",
    .checks =
        {
            {.item = "1",
             .claim = "components of the observed entries and their completeness are those of what can be reached from where",
             .provenance = "derived",
             .setting = "all 512 patterns of 3 x 3",
             .bounds = {equal("other counts", 0), equal("other completeness", 0)},
             .control = {"not if an entry is changed", {above("others, the entry in the middle changed", 0)}},
             .quick = true,
             .measure =
                 [](std::uint64_t) {
                   const auto found = bai2024::classifier_disagreements();
                   return Figures{{"other counts", found.counts},
                                  {"other completeness", found.completeness},
                                  {"others, the entry in the middle changed", found.with_one_entry_changed}};
                 }},
            {.item = "2",
             .claim = "two complete blocks end at the least nuclear norm, the sum over the blocks, and not at the lowest rank",
             .provenance = "derived; reference run",
             .setting = sentence(bai_setting, "; two complete components"),
             .bounds = {equal("least nuclear norm, of 150", 150), at_most("largest deviation", 1e-6), at_most("lowest rank, of 150", 15)},
             .control = {"connected patterns do not end at the least nuclear norm, and mostly at the lowest rank",
                         {below("least nuclear norm, of 150 connected", 75), above("lowest rank, of 150 connected", 75)}},
             .seeds = seeds(0, 0),
             .measure =
                 [](std::uint64_t seed) {
                   const auto &found = bai_complete(seed), &connected = bai_connected(seed);
                   return Figures{{"least nuclear norm, of 150", bai_number(found.least_norm)},
                                  {"largest deviation", found.worst_norm},
                                  {"lowest rank, of 150", bai_number(found.lowest_rank)},
                                  {"fitted, of 150", bai_number(found.fitted)},
                                  {"least nuclear norm, of 150 connected", bai_number(connected.least_norm)},
                                  {"lowest rank, of 150 connected", bai_number(connected.lowest_rank)}};
                 }},
            {.item = "3",
             .claim = "connected patterns end at the lowest rank, mostly",
             .provenance = "reference run",
             .setting = sentence(bai_setting, "; connected, 8 to 14 entries"),
             .bounds = {at_least("lowest rank, of 150", 115)},
             .control = {"from factors of 1e-2 they do not", {at_most("lowest rank, of 150, from 1e-2", 45)}},
             .seeds = seeds(0, 0),
             .measure =
                 [](std::uint64_t seed) {
                   const auto& found = bai_connected(seed);
                   const auto large = bai2024::counts(tacit::Pattern::connected, 1e-2, static_cast<std::uint64_t>(bai_all) * seed, bai_all);
                   return Figures{{"lowest rank, of 150", bai_number(found.lowest_rank)},
                                  {"fitted, of 150", bai_number(found.fitted)},
                                  {"lowest rank, of 150, from 1e-2", bai_number(large.lowest_rank)},
                                  {"fitted, of 150, from 1e-2", bai_number(large.fitted)}};
                 }},
            {.item = "4",
             .claim = "disconnected patterns that are not complete end at neither, mostly",
             .provenance = "reference run",
             .setting = sentence(bai_setting, "; disconnected, not all components complete"),
             .bounds = {at_most("lowest rank, of 150", 8), between("least nuclear norm, of 150", 30, 66)},
             .control = {"connected ones end at the one, complete ones at the other",
                         {above("lowest rank, of 150 connected", 75), equal("least nuclear norm, of 150 complete", 150)}},
             .seeds = seeds(0, 0),
             .measure =
                 [](std::uint64_t seed) {
                   const auto& found = bai_other(seed);
                   return Figures{{"lowest rank, of 150", bai_number(found.lowest_rank)},
                                  {"least nuclear norm, of 150", bai_number(found.least_norm)},
                                  {"fitted, of 150", bai_number(found.fitted)},
                                  {"lowest rank, of 150 connected", bai_number(bai_connected(seed).lowest_rank)},
                                  {"least nuclear norm, of 150 complete", bai_number(bai_complete(seed).least_norm)}};
                 }},
            {.item = "5",
             .claim = "a 2 x 2 block and one entry of a rank-one matrix do not end at rank one, but at the least nuclear norm",
             .provenance = "reference run; authors' figure or table",
             .setting = "3 x 3, all nine such patterns of six targets (seed s: 6 s ... 6 s + 5), factors of 1e-10, rate 0.2, to 1e-18",
             .bounds = {equal("rank one, of 54", 0), below("nuclear norm over that of the blocks - 1", 1e-6)},
             .control = {"with one entry more, which joins them, they do", {at_least("rank one, of 54, joined", 36)}},
             .seeds = seeds(0, 0),
             .measure =
                 [](std::uint64_t seed) {
                   double apart = 0, joined = 0, worst = 0;
                   for (std::uint64_t target = 6 * seed; target < 6 * seed + 6; ++target) {
                     const auto found = bai2024::block_and_entry(target, false);
                     apart += bai_number(found.rank_one);
                     worst = std::max(worst, found.worst_norm);
                     joined += bai_number(bai2024::block_and_entry(target, true).rank_one);
                   }
                   return Figures{{"rank one, of 54", apart},
                                  {"nuclear norm over that of the blocks - 1", worst},
                                  {"rank one, of 54, joined", joined}};
                 }},
            {.item = "6",
             .claim = "the certified minimum of the nuclear norm is the sum over complete blocks",
             .provenance = "derived",
             .setting = "patterns of 4 x 4 with two complete components",
             .bounds = {at_most("relative difference", 1e-7), at_most("certified lower bound, over the sum, - 1", 1e-12),
                        equal("converged", 1)},
             .control = {"that sum is not the norm of just any completion", {above("norm of the target, over the sum, - 1", 1e-3)}},
             .seeds = seeds(0, 7),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   const auto off = bai2024::oracle_off(seed);
                   return Figures{{"relative difference", off.relative},
                                  {"certified lower bound, over the sum, - 1", off.lower},
                                  {"converged", off.converged},
                                  {"norm of the target, over the sum, - 1", off.target_norm}};
                 }},
        },
});

}  // namespace
