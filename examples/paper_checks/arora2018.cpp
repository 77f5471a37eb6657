// SPDX-License-Identifier: MIT
// Arora, Cohen & Hazan 2018, On the Optimization of Deep Networks: Implicit Acceleration by Overparameterization.
#include "papers/arora2018.hpp"

#include "check.hpp"

using namespace paper_checks;

static const Registered arora2018_checks({
    .name = "arora2018",
    .source = "Arora, Cohen & Hazan 2018",
    .checks =
        {
            {.item = "1",
             .claim = "the end-to-end rule follows the balanced network, to first order in the rate",
             .provenance = "reference run; derived",
             .setting = "N = 2, 3, 4, single output, 30 Gaussian samples of 4 features, fourth power, norm 0.3 per layer, eta T = 20, "
                        "rates 1e-2 and 1e-3",
             .bounds = {at_most("relative gap at 1e-2", 5e-4), within("gap at 1e-2 over gap at 1e-3", 10, 1)},
             .control = {"plain descent on W, and the rule of depth N + 1, do not",
                         {above("relative gap of plain descent", 5e-3), above("relative gap of another depth", 5e-3)}},
             .seeds = seeds(1, 3),
             .quick = true,
             .reason = "Both bounds are those of the reference run's draw: the factor before the rate depends on the draw, and where it is "
                       "large 1e-2 is no small rate.",
             .measure =
                 [](std::uint64_t seed) {
                   Figures figures;
                   for (const Index depth : {2, 3, 4}) {
                     const auto gap = arora2018::rule_gap(depth, seed);
                     figures.add("relative gap at 1e-2", gap.coarse)
                         .add("gap at 1e-2 over gap at 1e-3", gap.coarse / gap.fine)
                         .add("relative gap of plain descent", gap.plain)
                         .add("relative gap of another depth", gap.other_depth);
                   }
                   return figures;
                 }},
            {.item = "1-order",
             .claim = "at a tenth of these rates the gap is of first order in the rate whatever the draw",
             .provenance = "derived",
             .setting = "the same, rates 1e-3 and 1e-4",
             .bounds = {within("gap at 1e-3 over gap at 1e-4", 10, 1)},
             .control = {"plain descent on W, and the rule of depth N + 1, are farther from the network",
                         {above("gap of plain descent over that of the rule", 2), above("gap of another depth over that of the rule", 2)}},
             .seeds = seeds(1, 5),
             .measure =
                 [](std::uint64_t seed) {
                   Figures figures;
                   for (const Index depth : {2, 3, 4}) {
                     const auto gap = arora2018::rule_gap(depth, seed, 1e-3);
                     figures.add("gap at 1e-3 over gap at 1e-4", gap.coarse / gap.fine)
                         .add("gap of plain descent over that of the rule", gap.plain / gap.coarse)
                         .add("gap of another depth over that of the rule", gap.other_depth / gap.coarse);
                   }
                   return figures;
                 }},
            {.item = "2",
             .claim = "multiplying by p_rq in the singular basis equals the sum of fractional powers, and so does the library's rule",
             .provenance = "derived",
             .setting = "5 x 4, Gaussian W and gradient, N = 3",
             .bounds = {below("rule, relative distance from p_rq", 1e-10), below("rule, from fractional powers", 1e-10)},
             .control = {"the rule of depth 4 is another", {above("rule of depth 4, from fractional powers of 3", 0.05)}},
             .seeds = seeds(1, 5),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   const auto forms =
                       arora2018::compare_forms(3, arora2018::normal_matrix(5, 4, 2 * seed), arora2018::normal_matrix(5, 4, 2 * seed + 1));
                   return Figures{{"rule, relative distance from p_rq", forms.in_basis},
                                  {"rule, from fractional powers", forms.powers},
                                  {"rule of depth 4, from fractional powers of 3", forms.other_depth}};
                 }},
            {.item = "3",
             .claim = "balanced networks of hidden widths 1 and 20 go the same way end to end, to first order in the rate",
             .provenance = "derived",
             .setting = "N = 2, 3, single output, the samples of item 1, time 5, rate 1e-2",
             .bounds = {below("distance at the start", 1e-12), below("relative distance", 1e-2)},
             .control = {"an unbalanced one goes another way", {above("relative distance, unbalanced", 5e-2)}},
             .seeds = seeds(1, 3),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   Figures figures;
                   for (const Index depth : {2, 3}) {
                     const auto widths = arora2018::compare_widths(depth, seed);
                     figures.add("distance at the start", widths.at_start)
                         .add("relative distance", widths.balanced)
                         .add("relative distance, unbalanced", widths.unbalanced);
                   }
                   return figures;
                 }},
            {.item = "4",
             .claim = "for the fourth power depths 2 and 3 reach 1e-6 of the loss at least four times as fast as depth 1",
             .provenance = "reference run",
             .setting = "two points with labels 10 and 1, each depth at the best of 141 rates; start 1e-3 per weight",
             .bounds = {at_least("depth 1 over depth 2, p = 4", 4), at_least("depth 1 over depth 3, p = 4", 4),
                        equal("steps, p = 4, depth 1", 341), equal("steps, p = 4, depth 2", 6), equal("steps, p = 4, depth 3", 39)},
             .control = {"for the square depth only slows",
                         {equal("steps, p = 2, depth 1", 1), equal("steps, p = 2, depth 2", 19), equal("steps, p = 2, depth 3", 1582)}},
             .measure =
                 [](std::uint64_t) {
                   Figures figures;
                   double fourth[4];
                   for (const Index depth : {1, 2, 3}) {
                     fourth[depth] = static_cast<double>(arora2018::best_steps(4, depth));
                     figures.add(sentence("steps, p = 4, depth ", depth), fourth[depth])
                         .add(sentence("steps, p = 2, depth ", depth), static_cast<double>(arora2018::best_steps(2, depth)));
                   }
                   return figures.add("depth 1 over depth 2, p = 4", fourth[1] / fourth[2])
                       .add("depth 1 over depth 3, p = 4", fourth[1] / fourth[3]);
                 }},
            {.item = "5",
             .claim = "around a small closed curve the end-to-end rule of N > 2 does work: it is no gradient of a regulariser",
             .provenance = "derived",
             .setting = "N = 3, 4, 8, sector between the radii 0.01 and 0.02, constant gradient, by the midpoint rule",
             .bounds = {above("work", 1e-6), below("relative distance from the exact integral", 1e-5)},
             .control = {"the rules of N = 1 and 2 are gradients", {within("work, N = 1, 2", 0, 1e-10)}},
             .quick = true,
             .measure =
                 [](std::uint64_t) {
                   Figures figures;
                   for (const Index N : {3, 4, 8}) {
                     const auto loop = arora2018::loop_work(N);
                     figures.add("work", loop.work).add("relative distance from the exact integral", std::abs(loop.work / loop.exact - 1));
                   }
                   for (const Index N : {1, 2}) figures.add("work, N = 1, 2", arora2018::loop_work(N).work);
                   return figures;
                 }},
        },
});
