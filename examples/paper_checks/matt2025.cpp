// SPDX-License-Identifier: MIT
// Matt & Stoeger 2025, Linear regression with overparameterized linear neural networks: Tight upper and lower bounds for implicit l1-regularization.
#include "papers/matt2025.hpp"

#include "check.hpp"

using namespace paper_checks;

namespace {

const char* const matt_setting = "30 x 60, three entries of 1/sqrt(3), A ~ N(0, 1/30)";

const Registered matt2025_checks({
    .name = "matt2025",
    .source = "Matt & Stoeger 2025",
    .checks =
        {
            {.item = "1",
             .claim = "at depth 2 the error falls as alpha^(1 - rho)",
             .provenance = "derived; reference run",
             .setting = "A = (1, 1 - eps), y = 1, eps = 0.3 (and 0.5), alpha in [1e-9, 1e-8]",
             .bounds = {within("slope, eps = 0.3", 0.3, 0.02), within("slope, eps = 0.5", 0.5, 0.02), within("rho - (1 - eps)", 0, 1e-12)},
             .control = {"at depth 3 with slope 1", {within("slope, depth 3", 1, 0.05)}},
             .quick = true,
             .measure =
                 [](std::uint64_t) {
                   const auto three = matt2025::two_columns(0.3), five = matt2025::two_columns(0.5);
                   return Figures{{"slope, eps = 0.3", three.slope}, {"slope, eps = 0.5", five.slope}}
                       .add("rho - (1 - eps)", Values{three.rho - 0.7, five.rho - 0.5})
                       .add("slope, depth 3", Values{three.slope_at_depth_3, five.slope_at_depth_3});
                 }},
            {.item = "2",
             .claim = "on \"plane\" the error falls with slope 1/2 at depth 2, and 1 at depths 3 and 4",
             .provenance = "derived; reference run",
             .setting = "the problem of Wind et al. 2023, whose l1 minimiser is not unique, alpha in [1e-9, 1e-8]",
             .bounds = {within("slope, depth 2", 0.5, 0.02), within("slopes, depths 3 and 4", 1, 0.02)},
             .control = {"to the minimiser that depth 3 selects depth 2 does not come nearer",
                         {within("slope, depth 2, to that of depth 3", 0, 0.02)}},
             .quick = true,
             .measure =
                 [](std::uint64_t) {
                   return Figures{{"slope, depth 2", matt2025::plane_slope(2, 2)},
                                  {"slope, depth 2, to that of depth 3", matt2025::plane_slope(2, 3)}}
                       .add("slopes, depths 3 and 4", Values{matt2025::plane_slope(3, 3), matt2025::plane_slope(4, 4)});
                 }},
            {.item = "3",
             .claim = "sparse instances without noise: slope 1 - rho at depth 2, rho by linear programs, and 1 at depths 3 and 4",
             .provenance = "derived; abstract",
             .setting = std::string(matt_setting) + ", alpha in [1e-8, 1e-7]; draws whose l1 minimiser is not the truth have no figures",
             .bounds = {equal("minimiser is the truth", 1).in_at_least(6, 11), within("slope at depth 2 + rho - 1", 0, 0.05),
                        within("slopes at depths 3 and 4", 1, 0.02), at_most("uncertainty of rho", 1e-10)},
             .control = {"depth 2 does not have slope 1", {below("slope at depth 2", 0.9)}},
             .seeds = seeds(1, 11),
             .measure =
                 [](std::uint64_t seed) {
                   const auto found = matt2025::sparse_slopes(seed);
                   Figures figures{{"minimiser is the truth", found.has_value()}};
                   if (found)
                     figures.add("slope at depth 2 + rho - 1", found->depth_2 + found->rho - 1)
                         .add("slopes at depths 3 and 4", Values{found->depth_3, found->depth_4})
                         .add("uncertainty of rho", found->uncertainty)
                         .add("slope at depth 2", found->depth_2);
                   return figures;
                 }},
            {.item = "4",
             .claim = "with noise of 0.1 depth 2 is at least 50 times as far from the l1 minimiser as depth 3",
             .provenance = "reference run",
             .setting = "the instance of the reference runs, rebuilt; alpha = 1e-8",
             .bounds = {at_least("error at depth 2 over depth 3", 50), equal("entries of the minimiser", 30)},
             .control = {"depth 3 is not 50 times as far as depth 4", {below("error at depth 3 over depth 4", 50)}},
             .quick = true,
             .measure =
                 [](std::uint64_t) {
                   const auto found = matt2025::reference_row(matt2025::reference_table()[2]);
                   return Figures{{"error at depth 2 over depth 3", found.errors[0] / found.errors[1]},
                                  {"entries of the minimiser", static_cast<double>(found.support)},
                                  {"error at depth 3 over depth 4", found.errors[1] / found.errors[2]}};
                 }},
            {.item = "4-table",
             .claim = "the table of the reference instance: errors to three digits, slopes at depth 2, rho where there is noise",
             .provenance = "reference run",
             .setting = "the instance of the reference runs, rebuilt; noise 0, 0.03, 0.1, 0.4",
             .bounds = {at_most("errors off, in third digits", 0.5), at_most("slope at depth 2 off", 5e-4),
                        equal("entries of the minimiser off", 0), within("rho", 0.9598, 5e-5)},
             .measure =
                 [](std::uint64_t) {
                   Figures figures;
                   for (const auto& row : matt2025::reference_table()) {
                     const auto found = matt2025::reference_row(row);
                     figures.add("errors off, in third digits", Values(found.off, found.off + 3))
                         .add("slope at depth 2 off", std::abs(found.slope - row.slope))
                         .add("entries of the minimiser off", static_cast<double>(found.support - row.support));
                     if (row.noise > 0) figures.add("rho", found.rho);
                   }
                   return figures;
                 }},
            {.item = "4-fresh",
             .claim = "the same on other instances, where the factor 50 is a property of the draw: depth 2 is farther in all, and stalls "
                      "where depth 3 goes on falling",
             .provenance = "reference run",
             .setting = std::string(matt_setting) +
                        ", noise 0.1; of 60 draws to calibrate (seeds 1001 ... 1060) the middle 80 % have ratios of 6.0 to 897",
             .bounds = {above("ratio at 1e-8", 1), between("ratio at 1e-8", 6.0, 897).in_the_median(),
                        at_least("ratio at 1e-11", 50).in_the_median()},
             .control = {"depths 3 and 4 fall together", {below("ratio of depths 3 and 4 at 1e-11", 50).in_the_median()}},
             .seeds = seeds(2001, 2011),
             .measure =
                 [](std::uint64_t seed) {
                   const auto found = matt2025::noisy_ratios(diagonal::sparse_instance(seed, 0.1));
                   return Figures{{"ratio at 1e-8", found.at_1e8},
                                  {"ratio at 1e-11", found.at_1e11},
                                  {"ratio of depths 3 and 4 at 1e-8", found.of_3_and_4_at_1e8},
                                  {"ratio of depths 3 and 4 at 1e-11", found.of_3_and_4_at_1e11}};
                 }},
        },
});

}  // namespace
