// SPDX-License-Identifier: MIT
// Li 2026, Implicit Bias in Deep Linear Discriminant Analysis.
#include "papers/li2026.hpp"

#include "check.hpp"

using namespace paper_checks;

namespace {

const char* const li_setting =
    "w = theta_1 * ... * theta_L, L = 1 ... 4, d = 10, S_w = I, S_b = m m^T, m = (2, 1, 0.5, 0, ...), w(0) uniform in [0.2, 0.6], balanced";
const auto li_steps = per_seed([](std::uint64_t seed) {
  std::vector<li2026::Steps> all;
  for (const Index depth : {1, 2, 3, 4}) all.push_back(li2026::steps(depth, seed));
  return all;
});
struct LiEnds {
  std::vector<li2026::End> coarse, fine;
};
const auto li_ends = per_seed([](std::uint64_t seed) {
  LiEnds ends;
  for (const Index depth : {1, 2, 3, 4}) {
    ends.coarse.push_back(li2026::descent(depth, 1e-2, seed));
    ends.fine.push_back(li2026::descent(depth, 1e-3, seed));
  }
  return ends;
});

const Registered li2026_checks({
    .name = "li2026",
    .source = "Li 2026",
    .checks =
        {
            {.item = "1",
             .claim = "a step of descent adds eta^2 |gradient|^2 to the squared norm of every layer",
             .provenance = "derived",
             .setting = std::string(li_setting) + ", 40 steps at 0.05",
             .bounds = {below("relative error of the identity", 1e-12)},
             .control = {"the norms themselves do change", {above("relative change of a norm", 1e-4)}},
             .seeds = seeds(5, 7),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   Figures figures;
                   for (const auto& steps : li_steps(seed))
                     figures.add("relative error of the identity", steps.off).add("relative change of a norm", steps.change);
                   return figures;
                 }},
            {.item = "2",
             .claim = "the drift of sum |w|^(2/L) over a fixed time is proportional to the rate",
             .provenance = "reference run; derived",
             .setting = std::string(li_setting) + ", time 20, rates 1e-2 and 1e-3",
             .bounds = {within("quotient of drifts", 10, 0.5)},
             .control = {"under half the squared distance from m, whose scale matters, it is not",
                         {within("quotient of drifts, loss with a scale", 1, 0.1)}},
             .seeds = seeds(5, 7),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   Figures figures;
                   for (std::size_t k = 0; k < 4; ++k) {
                     const auto depth = static_cast<Index>(k) + 1;
                     figures.add("quotient of drifts", li_ends(seed).coarse[k].drift / li_ends(seed).fine[k].drift);
                     figures.add("quotient of drifts, loss with a scale",
                                 li2026::descent_with_scale(depth, 1e-2, seed).drift / li2026::descent_with_scale(depth, 1e-3, seed).drift);
                   }
                   return figures;
                 }},
            {.item = "3",
             .claim = "the slope is orthogonal to w",
             .provenance = "derived",
             .setting = std::string(li_setting) + ", 40 steps at 0.05, while the slope is above 1e-3 of its first",
             .bounds = {below("|<w, g>| / (|w| |g|)", 1e-12)},
             .control = {"that of a loss with a scale is not", {above("|<w, g>| / (|w| |g|), loss with a scale", 1e-3)}},
             .seeds = seeds(5, 7),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   Figures figures;
                   for (const auto& steps : li_steps(seed))
                     figures.add("|<w, g>| / (|w| |g|)", steps.inner)
                         .add("|<w, g>| / (|w| |g|), loss with a scale", steps.inner_with_scale);
                   return figures;
                 }},
            {.item = "4",
             .claim = "J comes to its largest value 5.25, and no coordinate changes sign",
             .provenance = "reference run",
             .setting = std::string(li_setting) + ", time 20, rate 1e-3",
             .bounds = {between("J", std::nextafter(5.24, 6), 5.25 + 1e-12), equal("signs kept", 1)},
             .control = {"at the start J is far from it", {below("J at the start", 5.24)}},
             .seeds = seeds(5, 7),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   Figures figures;
                   for (const auto& end : li_ends(seed).fine)
                     figures.add("J", end.J).add("signs kept", end.signs_kept).add("J at the start", end.J_at_start);
                   return figures;
                 }},
        },
});

}  // namespace
