// SPDX-License-Identifier: MIT
// Barrett & Dherin 2021, Implicit Gradient Regularization.
#include "papers/barrett2021.hpp"

#include "check.hpp"

using namespace paper_checks;

namespace {

const char* const barrett_setting = "L = (0.6 - a b)^2 / 2 from (2.8, 3.5); flows by RK4 with 50 sub-steps";
const auto barrett_distances = per_seed([](std::uint64_t) {
  std::vector<barrett2021::Distances> all;
  for (const auto& row : barrett2021::table()) all.push_back(barrett2021::distances(barrett2021::toy(), barrett2021::toy_start(), row.h));
  return all;
});

const auto barrett_twice_the_weight = per_seed([](std::uint64_t) {
  std::vector<double> all;
  for (const auto& row : barrett2021::table())
    all.push_back(barrett2021::distances(barrett2021::toy(), barrett2021::toy_start(), row.h, 2).to_modified);
  return all;
});

const Registered barrett2021_checks({
    .name = "barrett2021",
    .source = "Barrett & Dherin 2021",
    .checks =
        {
            {.item = "1",
             .claim = "six rows of distances to the flow and the modified flow, and of limits of a^2 - b^2 and a^2 + b^2, to three digits, "
                      "the last by one",
             .provenance = "reference run",
             .setting = std::string(barrett_setting) + ", h = 0.001 ... 0.025",
             .bounds = {below("distance to the flow, off in third digits", 1.5),
                        below("distance to the modified flow, off in third digits", 1.5), below("limits, off", 1.5e-4)},
             .control = {"with twice the weight h/4 the modified flow is elsewhere, and the flow keeps a^2 - b^2",
                         {above("distance to the flow of another weight, off in third digits", 1.5),
                          above("a^2 - b^2 at the start, off", 1.5e-4)}},
             .quick = true,
             .measure =
                 [](std::uint64_t) {
                   Figures figures;
                   const auto rows = barrett2021::table();
                   for (std::size_t k = 0; k < rows.size(); ++k) {
                     const auto& found = barrett_distances(0)[k];
                     const auto limit = barrett2021::limit(rows[k].h);
                     figures.add("distance to the flow", found.to_flow)
                         .add("distance to the modified flow", found.to_modified)
                         .add("distance to the flow, off in third digits", barrett2021::third_digits(found.to_flow, rows[k].flow))
                         .add("distance to the modified flow, off in third digits",
                              barrett2021::third_digits(found.to_modified, rows[k].modified))
                         .add("distance to the flow of another weight, off in third digits",
                              barrett2021::third_digits(barrett_twice_the_weight(0)[k], rows[k].modified))
                         .add("a^2 - b^2 at the start, off", std::abs(2.8 * 2.8 - 3.5 * 3.5 - rows[k].difference))
                         .add("limits, off", Values{std::abs(limit.difference - rows[k].difference), std::abs(limit.sum - rows[k].sum)});
                   }
                   return figures;
                 }},
            {.item = "2",
             .claim = "descent is from the flow by the first power of h, from the modified flow by the second",
             .provenance = "derived; reference run",
             .setting = std::string(barrett_setting) + ", h in [0.001, 0.01]",
             .bounds = {within("slope from the flow", 1, 0.05), within("slope from the modified flow", 2, 0.05)},
             .control = {"with twice the weight h/4 the slope is 1", {within("slope from the flow of another weight", 1, 0.05)}},
             .quick = true,
             .measure =
                 [](std::uint64_t) {
                   Figures figures;
                   const auto rows = barrett2021::table();
                   const auto& found = barrett_distances(0);
                   const auto distance = [](double h) {
                     return barrett2021::distances(barrett2021::toy(), barrett2021::toy_start(), h, 2).to_modified;
                   };
                   for (std::size_t k = 1; k < 4; ++k)
                     figures
                         .add("slope from the flow", barrett2021::slope(found[k - 1].to_flow, found[k].to_flow, rows[k - 1].h, rows[k].h))
                         .add("slope from the modified flow",
                              barrett2021::slope(found[k - 1].to_modified, found[k].to_modified, rows[k - 1].h, rows[k].h));
                   return figures.add("slope from the flow of another weight",
                                      barrett2021::slope(distance(0.00025), distance(0.0005), 0.00025, 0.0005));
                 }},
            {.item = "3",
             .claim = "a step multiplies a^2 - b^2 by 1 - h^2 r^2",
             .provenance = "derived",
             .setting = std::string(barrett_setting) + ", h = 0.001, 0.01, 0.025, 400 steps",
             .bounds = {below("relative error of the identity", 1e-12)},
             .control = {"the flow keeps it, descent does not",
                         {below("moved by the flow", 1e-9), above("moved by descent, over 1000 h", 5e-3)}},
             .quick = true,
             .measure =
                 [](std::uint64_t) {
                   Figures figures;
                   for (const double h : {0.001, 0.01, 0.025}) {
                     const auto found = barrett2021::difference(h);
                     figures.add("relative error of the identity", found.identity_error)
                         .add("moved by the flow", found.moved_by_flow)
                         .add("moved by descent, over 1000 h", found.moved / (1000 * h));
                   }
                   return figures;
                 }},
            {.item = "4",
             .claim = "on a deep factorization the distance to the modified flow, relative to that to the flow, falls linearly with h",
             .provenance = "derived",
             .setting = "10 x 10 Gaussian target, three factors of entries 0.3, time 1, h = 1e-3, 2.5e-3, 5e-3, 1e-2",
             .bounds = {within("slope of the quotient", 1, 0.1), below("quotient at 1e-3", 0.1)},
             .control = {"with twice the weight h/4 it does not fall", {within("slope of the quotient, another weight", 0, 0.1)}},
             .seeds = seeds(1, 3),
             .measure =
                 [](std::uint64_t seed) {
                   const auto ratios = barrett2021::deep_ratios(seed), rates = barrett2021::deep_rates();
                   Figures figures{{"quotient at 1e-3", ratios[0]}};
                   for (std::size_t k = 1; k < rates.size(); ++k)
                     figures.add("slope of the quotient", barrett2021::slope(ratios[k - 1], ratios[k], rates[k - 1], rates[k]));
                   const auto others = barrett2021::deep_ratios(seed, 2);
                   for (std::size_t k = 1; k < rates.size(); ++k)
                     figures.add("slope of the quotient, another weight",
                                 barrett2021::slope(others[k - 1], others[k], rates[k - 1], rates[k]));
                   return figures;
                 }},
        },
});

}  // namespace
