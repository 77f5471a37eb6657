// SPDX-License-Identifier: MIT
// Rudoler, Tan, Hooker & Kording 2026, Estimating Implicit Regularization in Deep Learning: linear models, on draws of our own from the laws of their data.
#include "papers/rudoler2026.hpp"

#include "check.hpp"

using namespace paper_checks;

namespace {

const char* const rudoler_setting = "least squares from zero, X ~ N(0, 1), n = 1000, p = 5, noise 0.1, 50 steps";
const auto rudoler_exact = per_seed([](std::uint64_t seed) { return rudoler2026::finite_step(5, 0.01, 0, seed); });

const Registered rudoler2026_checks({
    .name = "rudoler2026",
    .source = "Rudoler et al. 2026",
    .checks =
        {
            {.item = "1",
             .claim = "stopped after t steps, least squares from zero is stationary for the quadratic penalty Q_t",
             .provenance = "authors' draft or notes; derived",
             .setting = "X ~ N(0, 1), n = 200, p = 6, noise 1, eta = 0.05, t = 1, 10, 100",
             .bounds = {below("gradient with Q_t", 1e-10)},
             .control = {"without the outer inverse, with Q_{t+1} or without a penalty it is not",
                         {above("gradient with another penalty", 1e-4)}},
             .seeds = seeds(1, 3),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   Figures figures;
                   for (const Index t : {1, 10, 100}) {
                     const auto found = rudoler2026::stationary(t, seed);
                     figures.add("gradient with Q_t", found.exact)
                         .add("gradient with another penalty", Values{found.draft, found.later, found.without});
                   }
                   return figures;
                 }},
            {.item = "2",
             .claim = "where descent comes to rest under an explicit ridge, its coefficient is recovered, alone and beside another penalty",
             .provenance = "derived",
             .setting =
                 "lambda = 1e-3, 0.02: least squares, n = 300, p = 6, and two factors of a Gaussian 6 x 5 target, there also beside 3 "
                 "lambda |W|_* / |W|_F; gradient below 1e-11",
             .bounds = {at_most("relative error of lambda", 1e-6), below("relative residual", 1e-6)},
             .control = {"without a penalty there is none; the ratio of norms is not taken for a ridge",
                         {below("|coefficient| without a penalty", 1e-9), above("relative residual of another penalty", 0.99)}},
             .seeds = seeds(6, 8),
             .measure =
                 [](std::uint64_t seed) {
                   const rudoler2026::Penalised problems(seed);
                   Figures figures;
                   for (const double lambda : {1e-3, 0.02}) {
                     const auto found = problems.recovered(lambda);
                     figures
                         .add("relative error of lambda", Values{found.regression, found.factorization, found.beside_ratio, found.of_ratio})
                         .add("relative residual", found.residual);
                   }
                   const auto none = problems.none();
                   return figures.add("|coefficient| without a penalty", std::abs(none.estimate))
                       .add("relative residual of another penalty", none.residual);
                 }},
            {.item = "3",
             .claim = "the length of descent's steps is the known penalty, with lambda = eta p / 4",
             .provenance = "authors' draft or notes",
             .setting = std::string(rudoler_setting) + " at 0.01; reference: the flow by RK4, 20 sub-steps",
             .bounds = {within("lambda / (eta p / 4)", 0.99, 0.01), at_most("relative residual", 0.003)},
             .control = {"steps of the flow have none; a ridge does not explain those of descent",
                         {below("|lambda| of the flow", 1e-9), above("relative residual of a ridge", 0.1)}},
             .seeds = seeds(56, 58),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   const auto& found = rudoler_exact(seed);
                   const auto other = rudoler2026::other_steps(5, 0.01, seed);
                   return Figures{{"lambda / (eta p / 4)", found.ratio},
                                  {"relative residual", found.residual},
                                  {"|lambda| of the flow", std::abs(other.of_flow)},
                                  {"relative residual of a ridge", other.residual_of_ridge}};
                 }},
            {.item = "3-euler",
             .claim = "by Euler's method of 100 steps lambda / (eta p / 4) is about 0.99 at a small eta and 0.97 at 0.03",
             .provenance = "authors' draft or notes",
             .setting = "as item 3, p = 5, 10, 20, eta = 0.003 and 0.03; half a unit of the last digit",
             .bounds = {within("lambda / (eta p / 4) at 0.003", 0.99, 0.005), within("lambda / (eta p / 4) at 0.03", 0.97, 0.005),
                        at_most("relative residual at 0.03", 0.003)},
             .control = {"by Euler's method of two steps it is about half of that", {below("lambda / (eta p / 4), two steps", 0.6)}},
             .seeds = seeds(56, 58),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   Figures figures;
                   for (const Index p : {5, 10, 20}) {
                     const auto coarse = rudoler2026::finite_step(p, 0.03, 100, seed);
                     figures.add("lambda / (eta p / 4) at 0.003", rudoler2026::finite_step(p, 0.003, 100, seed).ratio)
                         .add("lambda / (eta p / 4) at 0.03", coarse.ratio)
                         .add("relative residual at 0.03", coarse.residual)
                         .add("lambda / (eta p / 4), two steps", rudoler2026::finite_step(p, 0.003, 2, seed).ratio);
                   }
                   return figures;
                 }},
            {.item = "4",
             .claim = "k steps of Euler's method in place of the flow bias the estimate by 1 - 1/k: 0.900 at k = 10",
             .provenance = "authors' draft or notes; derived",
             .setting = std::string(rudoler_setting) + " at 0.01",
             .bounds = {within("Euler / RK4, k = 10", 0.900, 0.005)},
             .control = {"k = 2 and k = 100 have 0.5 and 0.99",
                         {within("Euler / RK4, k = 2", 0.5, 0.005), within("Euler / RK4, k = 100", 0.99, 0.005)}},
             .seeds = seeds(56, 58),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   const double exact = rudoler_exact(seed).ratio;
                   const auto biased = [&](Index k) { return rudoler2026::finite_step(5, 0.01, k, seed).ratio / exact; };
                   return Figures{
                       {"Euler / RK4, k = 10", biased(10)}, {"Euler / RK4, k = 2", biased(2)}, {"Euler / RK4, k = 100", biased(100)}};
                 }},
            {.item = "5",
             .claim = "after 50 steps descent is closer to the modified flow than to the flow by the drift ratio",
             .provenance = "authors' draft or notes",
             .setting = "least squares from zero, n = 500, p = 10, noise 0.1, eta = 0.01",
             .bounds = {below("drift ratio", 0.03)},
             .control = {"with twice the weight it is not closer", {within("drift ratio, twice the weight", 1, 0.05)}},
             .seeds = seeds(56, 58),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   return Figures{{"drift ratio", rudoler2026::drift_ratio(0.01, 50, 1, seed)},
                                  {"drift ratio, twice the weight", rudoler2026::drift_ratio(0.01, 50, 2, seed)}};
                 }},
        },
});

}  // namespace
