// SPDX-License-Identifier: MIT
// Pesme & Flammarion 2023, Saddle-to-Saddle Dynamics in Diagonal Linear Networks, and Even, Pesme, Gunasekar & Flammarion 2023, (S)GD over Diagonal Linear
// Networks: Implicit Regularisation, Large Stepsizes and Edge of Stability.
#include "papers/pesme2023_large_steps.hpp"

#include "check.hpp"

using namespace paper_checks;

namespace {

const char* const pesme_fixed = "the 3 x 5 problem \"random\" of Wind et al. 2023, loss |A x - y|^2 / 2";
const char* const pesme_sparse = "6 x 10, Gaussian, three entries +-U(1, 2), loss |X beta - y|^2 / 12";
const char* const even_setting =
    "20 x 30, Gaussian, beta = (1, 1, 1, 0, ...), loss |X beta - y|^2 / 80, alpha = 0.1, to a loss of 1e-14; largest step by bisection, "
    "three orders of the samples";
const auto even_ends = per_seed([](std::uint64_t seed) { return pesme2023::large_steps(seed, 3); });
const Registered pesme2023_checks({
    .name = "pesme2023",
    .source = "Pesme & Flammarion 2023, Even et al. 2023",
    .checks =
        {
            {.item = "1",
             .claim = "the recursion jumps at 0.678800, 1.822868 and 7.200767, to the saddles and losses of the table",
             .provenance = "reference run; derived",
             .setting = pesme_fixed,
             .bounds = {equal("jumps", 3), at_most("times off", 1e-6), at_most("saddles off", 1e-6), at_most("losses off", 1e-6),
                        within("first time max_i |A^T y|_i - 1", 0, 1e-14)},
             .control = {"with A and y times 1.1 the times are others", {above("times off, of 1.21 times the loss", 0.1)}},
             .quick = true,
             .measure =
                 [](std::uint64_t) {
                   const auto off = pesme2023::off_table(1);
                   return Figures{{"jumps", static_cast<double>(off.jumps)},
                                  {"times off", off.times},
                                  {"saddles off", off.saddles},
                                  {"losses off", off.losses},
                                  {"first time max_i |A^T y|_i - 1", off.first},
                                  {"times off, of 1.21 times the loss", pesme2023::off_table(1.1).times}};
                 }},
            {.item = "2",
             .claim = "half-way times of the flow are tau_k + c_k / ln(1/alpha), c = 0.214, 0.491, -1.725; between jumps it stands at the "
                      "saddle",
             .provenance = "reference run; derived",
             .setting = sentence(pesme_fixed, "; alpha = 1e-10 and 1e-20, extrapolated from 1e-20 and 1e-40"),
             .bounds = {within("c_1", 0.214, 0.005), within("c_2", 0.491, 0.005), within("c_3", -1.725, 0.005),
                        below("off the saddle, 1e-10", 1e-4), below("off the saddle, 1e-20", 1e-8),
                        at_most("extrapolated times off", 1e-4)},
             .control = {"from alpha = 0.1 it does not stand there, and times at 1e-20 are not the limit's",
                         {above("off the saddle, 0.1", 1e-2), above("times off, 1e-20", 1e-3)}},
             .quick = true,
             .measure =
                 [](std::uint64_t) {
                   constexpr double tau[] = {0.678800, 1.822868, 7.200767}, scales[] = {1e-10, 1e-20};
                   const std::vector<Values> times{pesme2023::fixed_times(1e-10), pesme2023::fixed_times(1e-20),
                                                   pesme2023::fixed_times(1e-40)};
                   Figures figures;
                   for (std::size_t k = 0; k < 3; ++k) {
                     for (std::size_t j = 0; j < 2; ++j)
                       figures.add(sentence("c_", k + 1), (times[j][k] - tau[k]) * std::log(1 / scales[j]));
                     figures.add("extrapolated times off", std::abs(pesme2023::richardson(times[1][k], 1e-20, times[2][k], 1e-40) - tau[k]))
                         .add("times off, 1e-20", std::abs(times[1][k] - tau[k]));
                   }
                   for (const std::size_t k : {1, 2})
                     figures.add("off the saddle, 1e-10", pesme2023::off_saddle(1e-10, k))
                         .add("off the saddle, 1e-20", pesme2023::off_saddle(1e-20, k))
                         .add("off the saddle, 0.1", pesme2023::off_saddle(0.1, k));
                   return figures;
                 }},
            {.item = "3",
             .claim = "the recursion ends at the least l1 norm, and its times are those of the flow as alpha vanishes",
             .provenance = "reference run; derived",
             .setting = sentence(pesme_sparse, "; jumps with gradients of at least 0.2, before tau = 9, from alpha = 1e-40 and 1e-80"),
             .bounds = {at_most("distance from the l1 minimiser, relative", 1e-9), below("median error of times", 1e-4).of_all_draws(),
                        at_least("share of times within 5e-3", 0.9).of_all_draws()},
             .control = {"before extrapolation times differ", {above("median error at 1e-80", 1e-3).of_all_draws()}},
             .seeds = seeds(0, 9),
             .measure =
                 [](std::uint64_t seed) {
                   const auto found = pesme2023::jump_errors(seed);
                   return Figures{{"distance from the l1 minimiser, relative", found.from_minimiser}}
                       .add("errors of times", found.extrapolated)
                       .add("errors at 1e-80", found.at_smallest);
                 },
             .summarise =
                 [](const std::vector<Figures>& draws) {
                   const Values errors = gathered(draws, "errors of times");
                   const auto near = static_cast<double>(std::count_if(errors.begin(), errors.end(), [](double x) { return x < 5e-3; }));
                   return Figures{{"median error of times", median(errors)},
                                  {"share of times within 5e-3", near / static_cast<double>(errors.size())},
                                  {"median error at 1e-80", median(gathered(draws, "errors at 1e-80"))}};
                 }},
            {.item = "4",
             .claim = "from alpha = 1e-10 the loss is flat for more than a fifth of the accelerated time",
             .provenance = "reference run; abstract",
             .setting = sentence(pesme_sparse, "; |d ln loss / d tau| < 0.05 until the loss is 1e-3 of its start"),
             .bounds = {above("flat share, 1e-10", 0.2)},
             .seeds = seeds(0, 7),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   return Figures{{"flat share, 1e-10", pesme2023::flat_fraction_from(1e-10, seed)}};
                 }},
            {.item = "4-from-0.1",
             .claim = "from alpha = 0.1 it is for less than 2 %",
             .provenance = "reference run",
             .setting = "the same problems",
             .bounds = {below("flat share, 0.1", 0.02)},
             .seeds = seeds(0, 7),
             .quick = true,
             .control_of = "4",
             .reason =
                 "The last jump of draw 0 is at tau = 137, and its flow is slow while the loss is still above 1e-3 of its start; where "
                 "others jump late, at 182 and 78, the loss is below that before. Three of 100 draws are so.",
             .measure =
                 [](std::uint64_t seed) {
                   const auto linear = pesme2023::sparse_problem(seed);
                   return Figures{{"flat share, 0.1", pesme2023::flat_fraction_from(0.1, seed)},
                                  {"last jump", tacit::saddle_recursion(linear.A, linear.y).last().time}};
                 }},
            {.item = "5",
             .claim = "just below divergence descent ends further from the sparse truth than with small steps, single samples nearer to it",
             .provenance = "reference run; abstract",
             .setting = sentence(even_setting, ", errors averaged; 1 and 0.9 over 0.03 of it"),
             .bounds = {at_least("error of descent at 1 over at 0.03", 1.5), below("error of samples at 0.9 over at 0.03", 1)},
             .control = {"among small steps nothing changes", {within("error of descent at 0.015 over at 0.03", 1, 0.02)}},
             .seeds = seeds(0, 5),
             .measure =
                 [](std::uint64_t seed) {
                   const auto& ends = even_ends(seed);
                   return Figures{{"error of descent at 1 over at 0.03", ends.large.error / ends.small.error},
                                  {"error of samples at 0.9 over at 0.03", pesme2023::LargeStepEnds::mean_error(ends.large_samples) /
                                                                               pesme2023::LargeStepEnds::mean_error(ends.small_samples)},
                                  {"error of descent at 0.015 over at 0.03", ends.smaller.error / ends.small.error},
                                  {"largest step of descent", ends.most},
                                  {"largest step of samples", ends.most_samples}};
                 }},
            {.item = "6",
             .claim = "every run that converges ends at its Bregman projection, of the entropy with scale alpha_inf",
             .provenance = "derived",
             .setting = "the runs of item 5",
             .bounds = {equal("converged", 1), below("outside the row space, relative", 1e-9)},
             .control = {"at the largest step it is not the projection of the flow, of scale alpha", {above("outside, flow's", 1e-3)}},
             .seeds = seeds(0, 5),
             .measure =
                 [](std::uint64_t seed) {
                   const auto& ends = even_ends(seed);
                   Figures figures{{"outside, flow's", ends.large.outside_flow}};
                   for (const auto& end : ends.all()) {
                     figures.add("converged", end.converged);
                     if (end.converged) figures.add("outside the row space, relative", end.outside);
                   }
                   return figures;
                 }},
        },
});

}  // namespace
