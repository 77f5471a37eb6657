// SPDX-License-Identifier: MIT
// Chou, Gieshoff, Maly & Rauhut 2024, Gradient Descent for Deep Matrix Factorization: Dynamics and Implicit Bias towards Low Rank. The seeds draw
// eigenvectors alone: from multiples of the identity descent depends on these by rounding only.
#include "papers/chou2024.hpp"

#include "check.hpp"

using namespace paper_checks;

namespace {

const Registered chou2024_checks({
    .name = "chou2024",
    .source = "Chou et al. 2024",
    .checks =
        {
            {.item = "1",
             .claim = "over 10,000 steps from identical factors the eigenvalues of the product are those of the scalar recursion",
             .provenance = "derived",
             .setting =
                 "20 x 20, depths 2, 3, 4, lambda from 2 to -0.1, alpha = 0.3, rate 0.01; eigenvalues from 1e-5 on, as rounding of W "
                 "is more than 1e-10 of smaller ones",
             .bounds = {below("relative distance of eigenvalues", 1e-10), below("relative distance of W", 1e-10)},
             .control = {"from orthogonal factors it is not", {above("relative distance of W, orthogonal factors", 1e-2)}},
             .seeds = seeds(1, 3),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   Figures figures;
                   for (const Index depth : {2, 3, 4}) {
                     const auto gap = chou2024::recursion_gap(depth, true, 10'000, seed);
                     figures.add("relative distance of eigenvalues", gap.eigenvalues)
                         .add("relative distance of W", gap.matrix)
                         .add("relative distance of W, orthogonal factors", chou2024::recursion_gap(depth, false, 1000, seed).matrix);
                   }
                   return figures;
                 }},
            {.item = "2",
             .claim = "positive eigenvalues reach half their limits in the order of their size, and T_2 / T_1 grows with depth",
             .provenance = "derived; abstract",
             .setting = "lambda = 3, 2, 1, 0, -0.2, alpha = 0.1, rate 5e-3, depths 2, 3, 4",
             .bounds = {equal("in order", 1), above("growth of T_2 / T_1", 1)},
             .control = {"a plain matrix does not learn them in order", {equal("in order, depth 1", 0)}},
             .seeds = seeds(1, 3),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   const auto plain = chou2024::half_times(1, seed);
                   Figures figures{{"in order, depth 1", plain.in_order}};
                   double before = plain.second;
                   for (const Index depth : {2, 3, 4}) {
                     const auto half = chou2024::half_times(depth, seed);
                     figures.add("in order", half.in_order).add("growth of T_2 / T_1", half.second / before).add("T_2 / T_1", half.second);
                     before = half.second;
                   }
                   return figures;
                 }},
            {.item = "2-times",
             .claim = "these are the take-off times of the formulas, up to the order alpha^(N-2) that they leave out",
             .provenance = "derived",
             .setting = "lambda = 3, 2, 1, rate 2e-3; depth 2 at alpha = 0.03, depth 3 at 0.1 and 0.05, depth 4 at 0.2 and 0.1",
             .bounds = {below("relative distance, depth 2", 0.01), within("quotient for half alpha, depth 3", 2, 0.2),
                        within("quotient for half alpha, depth 4", 4, 0.4)},
             .control = {"those of another depth they are not", {above("relative distance of depth 3 from the time of depth 4", 0.5)}},
             .seeds = seeds(1, 3),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   using chou2024::off_take_off;
                   const auto coarse = off_take_off(3, 0.1, 6000, seed), fine = off_take_off(3, 0.05, 11'000, seed),
                              deep = off_take_off(4, 0.2, 7500, seed), deep_fine = off_take_off(4, 0.1, 27'000, seed);
                   Figures figures;
                   figures.add("relative distance, depth 2", off_take_off(2, 0.03, 2500, seed));
                   for (std::size_t i = 0; i < 3; ++i)
                     figures.add("quotient for half alpha, depth 3", coarse[i] / fine[i])
                         .add("quotient for half alpha, depth 4", deep[i] / deep_fine[i]);
                   return figures.add("relative distance of depth 3 from the time of depth 4", off_take_off(3, 0.05, 11'000, seed, 4));
                 }},
            {.item = "3",
             .claim = "at depth 2 eigenvalues are within O(rate) of the closed form of the flow: halving the rate halves the gap",
             .provenance = "derived",
             .setting = "lambda = 3, 2, 1, alpha = 0.1, up to the time 5, rates 1e-3, 5e-4, 2.5e-4",
             .bounds = {within("quotient of gaps", 2, 0.02), below("gap at 1e-3", 0.02)},
             .control = {"where one factor is 0.07 I the form does not hold, and the gap stays",
                         {within("quotient of gaps, unlike factors", 1, 0.1)}},
             .seeds = seeds(1, 3),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   using chou2024::closed_form_gap;
                   const double one = closed_form_gap(1e-3, 0, seed), half = closed_form_gap(5e-4, 0, seed),
                                quarter = closed_form_gap(2.5e-4, 0, seed);
                   return Figures{{"gap at 1e-3", one}}
                       .add("quotient of gaps", Values{one / half, half / quarter})
                       .add("quotient of gaps, unlike factors", closed_form_gap(1e-3, 0.03, seed) / closed_form_gap(5e-4, 0.03, seed));
                 }},
            {.item = "4",
             .claim = "from identical factors the eigenvalue of a negative lambda goes to 0; with one factor perturbed it is reached",
             .provenance = "derived",
             .setting =
                 "lambda = 2, 1, -1, -2, depths 2 and 3, alpha = 0.5, rate 0.01; 1200 steps, or 6000 with one factor 0.4 I; at depth 3 "
                 "the flow has fallen to (2 + 12 |lambda|)^-3 < 4e-4",
             .bounds = {below("|eigenvalue|, lambda < 0, identical", 1e-3), below("|eigenvalue - lambda|, perturbed", 1e-10)},
             .control = {"from identical factors negative lambda are missed, positive ones reached",
                         {above("|eigenvalue - lambda|, lambda < 0, identical", 0.9),
                          below("|eigenvalue - lambda|, lambda > 0, identical", 1e-4)}},
             .seeds = seeds(1, 3),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   const chou2024::Task task(tacit::Vector<double>{{2, 1, -1, -2}}, seed);
                   Figures figures;
                   for (const Index depth : {2, 3}) {
                     const auto alike = chou2024::end_of(task, depth, 0.5, 0, 0.01, 1200),
                                unlike = chou2024::end_of(task, depth, 0.5, 0.1, 0.01, 6000);
                     for (Index i = 0; i < 4; ++i) {
                       figures.add("|eigenvalue - lambda|, perturbed", std::abs(unlike[i] - task.lambda[i]));
                       figures.add(i < 2 ? "|eigenvalue - lambda|, lambda > 0, identical" : "|eigenvalue - lambda|, lambda < 0, identical",
                                   std::abs(alike[i] - task.lambda[i]));
                       if (i >= 2) figures.add("|eigenvalue|, lambda < 0, identical", std::abs(alike[i]));
                     }
                   }
                   return figures;
                 }},
            {.item = "5",
             .claim = "|W|_* / |W|_2 rests at the values of the rank-1 and rank-2 truncations, and does not fall once it has risen",
             .provenance = "derived; abstract",
             .setting = "20 x 20, lambda = 5, 2, 0.8 and zeros, depths 2, 3, 4, from alpha = 1e-3, 1e-2, 0.1",
             .bounds = {within("plateau nearest to 1", 1, 0.05), within("plateau nearest to 1.4", 1.4, 0.05), below("largest fall", 1e-6)},
             .control = {"that of a plain matrix rests at neither", {above("distance of a plateau from 1 or 1.4, depth 1", 0.1)}},
             .seeds = seeds(1, 3),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   Figures figures;
                   for (const Index depth : {2, 3, 4}) {
                     const auto run = chou2024::effective_rank_along(depth, seed);
                     figures.add("plateau nearest to 1", run.plateaus.nearest(1).value)
                         .add("plateau nearest to 1.4", run.plateaus.nearest(1.4).value)
                         .add("largest fall", run.largest_fall);
                   }
                   for (const double rest : chou2024::effective_rank_along(1, seed).plateaus.values())
                     figures.add("distance of a plateau from 1 or 1.4, depth 1", std::min(std::abs(rest - 1), std::abs(rest - 1.4)));
                   return figures;
                 }},
        },
});

}  // namespace
