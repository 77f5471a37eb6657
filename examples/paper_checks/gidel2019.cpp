// SPDX-License-Identifier: MIT
// Gidel, Bach & Lacoste-Julien 2019, Implicit Regularization of Discrete Gradient Dynamics in Linear Neural Networks.
#include "papers/gidel2019.hpp"

#include "check.hpp"

using namespace paper_checks;

static const Registered gidel2019_checks({
    .name = "gidel2019",
    .source = "Gidel, Bach & Lacoste-Julien 2019",
    .checks =
        {
            {.item = "1",
             .claim = "steps until the product passes half of its limit",
             .provenance = "reference run; derived",
             .setting = "1 x 1, two layers, delta = 20, sigma = lambda = 1, rates 0.05, 0.1, 0.2",
             .bounds = {within("steps at 0.05", 410, 2), within("steps at 0.1", 210, 2), within("steps at 0.2", 110, 2)},
             .control = {"the flow's time delta / (eta sigma) is another one", {above("distance from delta / (eta sigma)", 2)}},
             .quick = true,
             .measure =
                 [](std::uint64_t) {
                   Figures figures;
                   for (const double rate : {0.05, 0.1, 0.2}) {
                     const auto steps = static_cast<double>(gidel2019::steps_to_half(rate, 20));
                     figures.add("steps at " + figure(rate), steps).add("distance from delta / (eta sigma)", std::abs(steps - 20 / rate));
                   }
                   return figures;
                 }},
            {.item = "2",
             .claim = "descent on matrices from an aligned start equals the scalar recursion of every mode",
             .provenance = "derived",
             .setting = "4 x 4, sigma = 3, 2, 1, 0.4, delta = 5, rate 0.02, 1000 steps, random bases",
             .bounds = {below("relative distance", 1e-10)},
             .control = {"from a random orthogonal start it does not", {above("relative distance, not aligned", 1e-3)}},
             .seeds = seeds(1, 3),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   return Figures{{"relative distance", gidel2019::distance_from_recursion(true, seed)},
                                  {"relative distance, not aligned", gidel2019::distance_from_recursion(false, seed)}};
                 }},
            {.item = "3",
             .claim = "in the middle of phase k = 1, 2, 3 descent stands at the reduced-rank regression of rank k",
             .provenance = "derived",
             .setting = "d = p = 20, sigma_i = 2^-(i-1), delta = 20, rate 0.1, random bases; the regression is certified",
             .bounds = {below("relative distance", 0.05), below("gap of the certificate", 1e-12)},
             .control = {"one layer learns all components at once", {above("relative distance, one layer", 0.1)}},
             .seeds = seeds(1, 3),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   const auto deep = gidel2019::phases(true, seed), plain = gidel2019::phases(false, seed);
                   return Figures()
                       .add("relative distance", deep.distances)
                       .add("gap of the certificate", deep.worst_gap)
                       .add("relative distance, one layer", plain.distances);
                 }},
            {.item = "4",
             .claim = "the linear model learns all modes of equal lambda at the same step",
             .provenance = "derived",
             .setting = "3 x 3, sigma = 3, 1, 0.2, lambda = 0.7, rate 0.05",
             .bounds = {at_least("first half step", 1), between("spread of half steps", 0, 1)},
             .control = {"two layers, from delta = 5, learn them one after another",
                         {above("quotient of successive half steps, two layers", 2)}},
             .seeds = seeds(1, 3),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   const auto half = gidel2019::half_steps(false, 60, seed), deep = gidel2019::half_steps(true, 3000, seed);
                   const auto [least, most] = std::minmax_element(half.begin(), half.end());
                   Figures figures{{"first half step", static_cast<double>(*least)},
                                   {"spread of half steps", static_cast<double>(*most - *least)}};
                   for (std::size_t k = 1; k < 3; ++k)
                     figures.add("quotient of successive half steps, two layers",
                                 static_cast<double>(deep[k]) / static_cast<double>(deep[k - 1]));
                   return figures;
                 }},
            {.item = "5",
             .claim = "at 0.9 / sigma_max descent reaches the fixed point",
             .provenance = "derived",
             .setting = "2 x 2, sigma = 3, 2, delta = 2, 2000 steps",
             .bounds = {below("relative distance at 0.9", 1e-10)},
             .control = {"at 1.1 / sigma_max it does not", {above("relative distance at 1.1", 1e-2)}},
             .seeds = seeds(1, 3),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   return Figures{{"relative distance at 0.9", gidel2019::distance_at(0.9, seed)},
                                  {"relative distance at 1.1", gidel2019::distance_at(1.1, seed)}};
                 }},
        },
});
