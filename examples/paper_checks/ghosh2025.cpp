// SPDX-License-Identifier: MIT
// Ghosh, Kwon, Wang, Ravishankar & Qu 2025, Learning Dynamics of Deep Linear Networks Beyond the Edge of Stability.
#include "papers/ghosh2025.hpp"

#include "check.hpp"

using namespace paper_checks;

namespace {

const char* const ghosh_setting = "10 x 10, sigma = (10, 9.5, 2) in random bases, depth 3, entries of 0.1";
constexpr ghosh2025::Start ghosh_starts[] = {ghosh2025::Start::zero_last, ghosh2025::Start::identity, ghosh2025::Start::orthogonal,
                                             ghosh2025::Start::gaussian};
struct GhoshPair {
  ghosh2025::End beyond, below;
};
/// From each of the starts.
const auto ghosh_pairs = per_seed([](std::uint64_t seed) {
  std::vector<GhoshPair> all;
  for (const auto start : ghosh_starts) {
    const ghosh2025::Task task(seed, start);
    all.push_back({ghosh2025::descent(task, 0.0320, 9000), ghosh2025::descent(task, 0.0300, 6000)});
  }
  return all;
});

const Registered ghosh2025_checks({
    .name = "ghosh2025",
    .source = "Ghosh et al. 2025",
    .checks =
        {
            {.item = "1",
             .claim = "at a balanced minimum the d^2 leading eigenvalues of the Hessian are sum_l sigma_i^(2(L-l)/L) sigma_j^(2(l-1)/L), "
                      "the rest 0",
             .provenance = "derived",
             .setting = "4 x 4, sigma = (3, 2, 1, 0.5), L = 2, 3, 4; Lanczos",
             .bounds = {at_most("relative distance of the leading ones", 1e-8), below("largest of the rest", 1e-8)},
             .control = {"they are not those of depth L + 1", {above("relative distance from depth L + 1", 0.05)}},
             .quick = true,
             .measure =
                 [](std::uint64_t) {
                   Figures figures;
                   for (const Index L : {2, 3, 4}) {
                     const auto at = ghosh2025::eigenvalues_at_minimum(L);
                     tacit::require(at.converged, "an eigenpair has not converged");
                     figures.add("relative distance of the leading ones", at.leading)
                         .add("largest of the rest", at.rest)
                         .add("relative distance from depth L + 1", at.other_depth);
                   }
                   return figures;
                 }},
            {.item = "2",
             .claim = "just beyond the edge, at 0.0320, mode 1 alone oscillates, with period 2",
             .provenance = "reference run; derived",
             .setting = std::string(ghosh_setting) + ", last factor zero, identity, orthogonal and Gaussian starts, 9000 steps",
             .bounds = {equal("period", 2), within("amplitude of mode 1", 1.413385, 1e-6), below("amplitudes of modes 2, 3", 1e-9)},
             .control = {"below the edge, at 0.0300, 6000 steps, nothing does",
                         {equal("period below", 1), below("amplitudes below", 1e-9)}},
             .seeds = seeds(0, 4),
             .measure =
                 [](std::uint64_t seed) {
                   Figures figures;
                   for (const auto& [beyond, below] : ghosh_pairs(seed))
                     figures.add("period", static_cast<double>(beyond.modes.period))
                         .add("amplitude of mode 1", beyond.modes.amplitudes[0])
                         .add("amplitudes of modes 2, 3", beyond.modes.amplitudes.tail(2).maxCoeff())
                         .add("period below", static_cast<double>(below.modes.period))
                         .add("amplitudes below", below.modes.amplitudes.maxCoeff());
                   return figures;
                 }},
            {.item = "3",
             .claim = "the gap between layers is gone in the mode that oscillates, and stays in modes 2 and 3",
             .provenance = "reference run",
             .setting = std::string(ghosh_setting) + ", last factor zero, 0.0320, 9000 steps",
             .bounds = {below("gap of mode 1", 1e-12), above("gaps of modes 2, 3", 5e-3)},
             .control = {"below the edge, at 0.0300, it stays in mode 1 too", {above("gaps below", 5e-3)}},
             .seeds = seeds(0, 4),
             .measure =
                 [](std::uint64_t seed) {
                   const auto& [beyond, below] = ghosh_pairs(seed).front();
                   return Figures{{"gap of mode 1", beyond.gaps[0]},
                                  {"gaps of modes 2, 3", beyond.gaps.tail(2).minCoeff()},
                                  {"gaps below", below.gaps.minCoeff()}};
                 }},
            {.item = "4",
             .claim = "the gap between scalar layers shrinks in a step by the law, and beyond the edge to nothing",
             .provenance = "derived; reference run",
             .setting = "three scalar layers, sigma = 10, shares 0.5, 0.9, 1.05, 1.2 of 2/S, 20,000 steps",
             .bounds = {below("error of the law", 1e-12), below("gap left beyond", 1e-12)},
             .control = {"below the edge it stays", {above("gap left below", 0.5)}},
             .seeds = seeds(0, 4),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   tacit::Random random(seed, "ghosh2025");
                   Figures figures;
                   for (const double share : {0.5, 0.9, 1.05, 1.2}) {
                     const auto gap = ghosh2025::scalar_gap(share, random);
                     figures.add("error of the law", gap.error).add(share < 1 ? "gap left below" : "gap left beyond", gap.left);
                   }
                   return figures;
                 }},
            {.item = "5",
             .claim =
                 "beyond the onset of mixing, at 0.0334, what leaks out of the aligned set grows at the rate of its Floquet multiplier",
             .provenance = "reference run; derived",
             .setting = std::string(ghosh_setting) + ", last factor zero, 800 steps; rounding starts the leak",
             .bounds = {between("growth in two steps", 1.10, 1.115), between("step of 1e-2", 560, 720)},
             .control = {"at 0.0320, 6000 steps, nothing leaks", {below("largest leak at 0.0320", 1e-10)}},
             .seeds = seeds(0, 4),
             .measure =
                 [](std::uint64_t seed) {
                   const ghosh2025::Task task(seed, ghosh2025::Start::zero_last);
                   const auto mixing = ghosh2025::descent(task, 0.0334, 800, true), quiet = ghosh2025::descent(task, 0.0320, 6000, true);
                   return Figures{{"growth in two steps", mixing.growth},
                                  {"step of 1e-2", static_cast<double>(mixing.leak_at)},
                                  {"largest leak at 0.0320", quiet.largest_leak}};
                 }},
            {.item = "6",
             .claim = "between, at 0.0322, there is no period up to 16, in the two leading directions alone",
             .provenance = "reference run",
             .setting = std::string(ghosh_setting) + ", orthogonal start, 20,000 steps",
             .bounds = {equal("period up to 16", 0), above("mismatch of periods up to 16", 0.1),
                        below("amplitude outside the leading 2 x 2 block", 1e-5)},
             .control = {"at 0.0320 the period is 2", {equal("period at 0.0320", 2)}},
             .seeds = seeds(0, 4),
             .measure =
                 [](std::uint64_t seed) {
                   const auto end = ghosh2025::descent(ghosh2025::Task(seed, ghosh2025::Start::orthogonal), 0.0322, 20'000);
                   return Figures{{"period up to 16", static_cast<double>(end.modes.period)},
                                  {"mismatch of periods up to 16", end.modes.mismatch},
                                  {"amplitude outside the leading 2 x 2 block", end.outside},
                                  {"period at 0.0320", static_cast<double>(ghosh_pairs(seed)[2].beyond.modes.period)}};
                 }},
            {.item = "7",
             .claim = "the balanced map comes to period 4 at 1.2361, 1.2446, 1.2472 times 2/S for L = 2, 3, 4",
             .provenance = "derived",
             .setting = "sigma = 1, by bisection of the multiplier of the 2-cycle",
             .bounds = {within("onset, L = 2", 1.2361, 1e-4), within("onset, L = 3", 1.2446, 1e-4), within("onset, L = 4", 1.2472, 1e-4)},
             .control = {"the onsets differ: no other depth has the same", {above("difference of neighbouring onsets", 2e-3)}},
             .quick = true,
             .measure =
                 [](std::uint64_t) {
                   const double onset[] = {ghosh2025::period_four_onset(2), ghosh2025::period_four_onset(3),
                                           ghosh2025::period_four_onset(4)};
                   return Figures{{"onset, L = 2", onset[0]}, {"onset, L = 3", onset[1]}, {"onset, L = 4", onset[2]}}.add(
                       "difference of neighbouring onsets", Values{onset[1] - onset[0], onset[2] - onset[1]});
                 }},
        },
});

}  // namespace
