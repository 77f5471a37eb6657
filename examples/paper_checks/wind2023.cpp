// SPDX-License-Identifier: MIT
// Wind, Antun, Hansen 2023, Implicit regularization in AI meets generalized hardness of approximation in optimization.
#include "papers/wind2023.hpp"

#include "check.hpp"

using namespace paper_checks;

namespace {

const char* const wind_problems = "the authors' problems \"line\", \"plane\", \"random\" at p = 2, 2.5, 3, 4";
const std::vector<diagonal::Linear>& wind_linear() {
  static const std::vector<diagonal::Linear> all{diagonal::line(), diagonal::plane(), diagonal::random()};
  return all;
}

const Registered wind2023_checks({
    .name = "wind2023",
    .source = "Wind, Antun, Hansen 2023",
    .checks =
        {
            {.item = "1",
             .claim = "the dual solver reproduces both tables to three significant digits",
             .provenance = "reference run",
             .setting = "24 curves at alpha^p = 1, 1e-1, ..., 1e-9, wherever the error is above 1e-13",
             .bounds = {at_most("largest relative difference", 1e-3)},
             .control = {"depth p + 1 is another", {above("largest relative difference, depth p + 1", 0.01)}},
             .problems = 24,
             .quick = true,
             .measure =
                 [](std::uint64_t k) {
                   const auto off = wind2023::off_table(wind2023::curves()[k]);
                   return Figures{{"largest relative difference", *std::max_element(off.relative.begin(), off.relative.end())},
                                  {"largest relative difference, depth p + 1", off.other_depth}};
                 }},
            {.item = "2",
             .claim = "two integrators of the flow end where the dual solver says",
             .provenance = "derived",
             .setting = "24 curves at alpha^p = 1, ..., 1e-4; the stiff one to the authors' end time, the adaptive one to a loss of 1e-20",
             .bounds = {at_most("distance, stiff", 1e-8), at_most("distance, adaptive", 1e-8), equal("came to the end", 1)},
             .control = {"from alpha^p = 1 with the first entry of the start doubled the flow ends elsewhere",
                         {above("distance, another start", 1e-3)}},
             .problems = 24,
             .measure =
                 [](std::uint64_t k) {
                   Figures figures;
                   for (const double scale : {1.0, 1e-1, 1e-2, 1e-3, 1e-4}) {
                     const auto ends = wind2023::flow_ends(wind2023::curves()[k], scale);
                     figures.add("distance, stiff", ends.stiff)
                         .add("distance, adaptive", ends.adaptive)
                         .add("came to the end", ends.finished);
                   }
                   return figures.add("distance, another start", wind2023::end_from_another_start(wind2023::curves()[k]));
                 }},
            {.item = "2-descent",
             .claim = "by descent the distance from there halves with the rate",
             .provenance = "derived",
             .setting = std::string(wind_problems) + ", alpha^p = 1e-2, rates 2e-3 and 1e-3",
             .bounds = {within("quotient of distances", 2, 0.1), equal("came to the end", 1)},
             .control = {"at a positive rate descent does not end there", {above("distance at 2e-3", 1e-7)}},
             .problems = 12,
             .measure =
                 [](std::uint64_t k) {
                   constexpr double depths[] = {2, 2.5, 3, 4};
                   const auto ends = wind2023::descent_ends(wind_linear()[k / 4], depths[k % 4]);
                   return Figures{{"quotient of distances", ends.coarse / ends.fine},
                                  {"came to the end", ends.finished},
                                  {"distance at 2e-3", ends.coarse}};
                 }},
            {.item = "3",
             .claim = "slopes over the last decade with errors above 1e-13",
             .provenance = "reference run; derived",
             .setting = wind_problems,
             .bounds = {within("slope off", 0, 0.02)},
             .control = {"slopes at p = 2 and p = 4 differ", {above("|slope at p = 2 - slope at p = 4|", 0.2)}},
             .quick = true,
             .measure =
                 [](std::uint64_t) {
                   Figures figures;
                   double at_two = 0;
                   for (const auto& curve : wind2023::curves()) {
                     if (curve.slope == 0) continue;
                     const double slope = wind2023::last_slope(curve);
                     figures.add("slope off", slope - curve.slope);
                     if (curve.depth == 2) at_two = slope;
                     if (curve.depth == 4) figures.add("|slope at p = 2 - slope at p = 4|", std::abs(slope - at_two));
                   }
                   return figures;
                 }},
            {.item = "4",
             .claim = "at alpha^p = 1e-9 the minimiser selected on \"line\" is the analytic one, that of least sum of g_p",
             .provenance = "derived",
             .setting = "p = 2, 2.5, 3, 4",
             .bounds = {at_most("distance", 1e-10), equal("has the least sum", 1)},
             .control = {"it is not that of depth p + 1", {above("distance from that of depth p + 1", 1e-3)}},
             .quick = true,
             .measure =
                 [](std::uint64_t) {
                   Figures figures;
                   for (const double depth : {2.0, 2.5, 3.0, 4.0}) {
                     const auto found = wind2023::selected_on_line(depth, depth + 1);
                     figures.add("distance", found.distance)
                         .add("has the least sum", found.least)
                         .add("distance from that of depth p + 1", found.from_other_depth);
                   }
                   return figures;
                 }},
            {.item = "5",
             .claim = "along the flow of p = 2 a b stays alpha^2 in every coordinate",
             .provenance = "derived",
             .setting = "\"line\", \"plane\", \"random\", alpha^2 = 1, 1e-2, 1e-4; both integrators",
             .bounds = {at_most("largest relative drift", 1e-9)},
             .control = {"along descent at the rate 0.01 it does not", {above("largest relative drift of descent", 1e-4)}},
             .problems = 3,
             .measure =
                 [](std::uint64_t k) {
                   Figures figures;
                   for (const double scale : {1.0, 1e-2, 1e-4}) {
                     const auto drift = wind2023::invariant_drifts(wind_linear()[k], scale);
                     figures.add("largest relative drift", Values{drift.adaptive, drift.stiff})
                         .add("largest relative drift of descent", drift.descent);
                   }
                   return figures;
                 }},
        },
});

}  // namespace
