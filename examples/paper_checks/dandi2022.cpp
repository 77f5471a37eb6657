// SPDX-License-Identifier: MIT
// Dandi, Barba, Jaggi 2022, Implicit Gradient Alignment in Distributed and Federated Learning.
#include "papers/dandi2022.hpp"

#include "check.hpp"

using namespace paper_checks;

static const Registered dandi2022_checks({
    .name = "dandi2022",
    .source = "Dandi, Barba, Jaggi 2022",
    .checks =
        {
            {.item = "1",
             .claim = "on quadratics the mean gradient of displaced clients is grad f + beta grad r",
             .provenance = "derived; reference run",
             .setting = "five random quadratics in R^4, beta = 0.01 and 0.3",
             .bounds = {at_most("largest difference", 1e-13)},
             .control = {"with the sign of beta changed, or without, it is not", {above("difference, wrong sign or without", 1e-3)}},
             .seeds = seeds(1, 5),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   Figures figures;
                   for (const double beta : {0.01, 0.3}) {
                     const auto off = dandi2022::identity(seed, beta);
                     figures.add("largest difference", Values{off.displaced, off.exact})
                         .add("difference, wrong sign or without", Values{off.wrong_sign, off.without});
                   }
                   return figures;
                 }},
            {.item = "2",
             .claim = "the mean epoch of SGD over all 120 orderings is from descent by a^2, from GradAlign(a/2) by a^3",
             .provenance = "reference run; derived",
             .setting = "five random quadratics in R^4, a = 1e-2 and 1e-3",
             .bounds = {within("slope of E SGD - GD", 2, 0.1), within("slope of E SGD - GradAlign(a/2)", 3, 0.1)},
             .control = {"another beta, or the wrong sign, gains no order",
                         {within("slopes of GradAlign(a/4) and GradAlign(-a/2)", 2, 0.1)}},
             .seeds = seeds(1, 5),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   return Figures{{"slope of E SGD - GD", dandi2022::slope_of_descent(seed)},
                                  {"slope of E SGD - GradAlign(a/2)", dandi2022::slope_of_alignment(seed, 0.5)}}
                       .add("slopes of GradAlign(a/4) and GradAlign(-a/2)",
                            Values{dandi2022::slope_of_alignment(seed, 0.25), dandi2022::slope_of_alignment(seed, -0.5)});
                 }},
            {.item = "3",
             .claim = "beta = 0 is gradient descent to the last bit, and the displacements add to 0",
             .provenance = "derived",
             .setting = "five random quadratics in R^4, beta = 0 and 0.3",
             .bounds = {equal("difference at beta = 0", 0), at_most("sum of displacements", 1e-14)},
             .control = {"beta = 0.3 is not gradient descent", {above("distance at beta = 0.3", 1e-3)}},
             .seeds = seeds(1, 5),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   const auto found = dandi2022::no_alignment(seed);
                   return Figures{{"difference at beta = 0", found.difference},
                                  {"sum of displacements", found.sum_of_displacements},
                                  {"distance at beta = 0.3", found.with_beta}};
                 }},
            {.item = "4",
             .claim = "in factorised completion over five clients GradAlign(eta/2) has a lower integral of r than descent at the same rate",
             .provenance = "derived",
             .setting = "20 x 20, rank 2, 200 entries observed, depth 2, rate 1, 4000 steps; 0.99 is calibrated on seeds 1, 2, 11 ... 20",
             .bounds = {below("integral of r over that of descent", 0.99), below("losses", 1e-5)},
             .control = {"with the wrong sign of beta it is higher", {above("integral of r over that of descent, wrong sign", 1.01)}},
             .seeds = seeds(101, 105),
             .measure =
                 [](std::uint64_t seed) {
                   const auto descent = dandi2022::completed(seed, 0, 4000), aligned = dandi2022::completed(seed, 0.5, 4000),
                              wrong = dandi2022::completed(seed, -0.5, 4000);
                   return Figures{{"integral of r over that of descent", aligned.variance / descent.variance},
                                  {"integral of r over that of descent, wrong sign", wrong.variance / descent.variance}}
                       .add("losses", Values{descent.loss, aligned.loss, wrong.loss});
                 }},
        },
});
