// SPDX-License-Identifier: MIT
// Fojtik, Matveev, Chou, Kutyniok & Maly 2025, Conflicting Biases at the Edge of Stability.
#include "papers/fojtik2025.hpp"

#include "check.hpp"

using namespace paper_checks;

namespace {

const char* const fojtik_setting =
    "f(x) = <w * w, x>, x = (1, 2), y = 1, L = r^2 / 2, from (0.05, 0.05) until L < 1e-8; S by the formula for L = 0";

const Registered fojtik2025_checks({
    .name = "fojtik2025",
    .source = "Fojtik et al. 2025",
    .checks =
        {
            {.item = "1",
             .claim = "the table of the toy: sharpness, l1 norm and steps at ten step sizes",
             .provenance = "reference run",
             .setting = std::string(fojtik_setting) + ", eta = 0.01, 0.1, 0.2, 0.24; 0.26, 0.28, 0.3, 0.35, 0.4, 0.45",
             .bounds = {at_most("S off, eta <= 0.24", 1e-3), at_most("l1 off, eta <= 0.24", 1e-3), at_most("S off, eta >= 0.26", 1e-2),
                        at_most("l1 off, eta >= 0.26", 1e-2), equal("steps off", 0)},
             .control = {"that of L = r^2, which doubles the steps of descent, is another one",
                         {above("|steps off|, L = r^2", 0), above("S off, eta <= 0.24, L = r^2", 1e-3)}},
             .quick = true,
             .measure =
                 [](std::uint64_t) {
                   Figures figures;
                   const auto compare = [&](const fojtik2025::Row& row, const std::string& where) {
                     const auto end = fojtik2025::descent(row.rate), doubled = fojtik2025::descent(2 * row.rate);
                     figures.add("S off, " + where, std::abs(end.sharpness - row.sharpness))
                         .add("l1 off, " + where, std::abs(end.l1 - row.l1))
                         .add("steps off", static_cast<double>(end.steps - row.steps))
                         .add("|steps off|, L = r^2", std::abs(static_cast<double>(doubled.steps - row.steps)));
                     if (row.rate < 0.25) figures.add("S off, eta <= 0.24, L = r^2", std::abs(doubled.sharpness - row.sharpness));
                   };
                   for (const auto& row : fojtik2025::rows_below()) compare(row, "eta <= 0.24");
                   for (const auto& row : fojtik2025::rows_above()) compare(row, "eta >= 0.26");
                   return figures;
                 }},
            {.item = "2",
             .claim = "above the critical step size the sharpness ends just below 2 / eta",
             .provenance = "reference run",
             .setting = std::string(fojtik_setting) + ", eta = 0.26 ... 0.45",
             .bounds = {between("eta S / 2", 0.95, 1)},
             .control = {"below it 2 / eta decides nothing", {below("eta S / 2, eta <= 0.24", 0.95)}},
             .quick = true,
             .measure =
                 [](std::uint64_t) {
                   Figures figures;
                   for (const auto& row : fojtik2025::rows_above())
                     figures.add("eta S / 2", fojtik2025::descent(row.rate).sharpness * row.rate / 2);
                   for (const auto& row : fojtik2025::rows_below())
                     figures.add("eta S / 2, eta <= 0.24", fojtik2025::descent(row.rate).sharpness * row.rate / 2);
                   return figures;
                 }},
            {.item = "3",
             .claim = "the largest sharpness along the gradient flow gives the critical step size",
             .provenance = "reference run",
             .setting = fojtik_setting,
             .bounds = {within("critical step size", 0.2545, 1e-3)},
             .control = {"the sharpness where the flow begins does not", {above("2 / sharpness at the start, off", 0.1)}},
             .quick = true,
             .measure =
                 [](std::uint64_t) {
                   const double first = 2 / fojtik2025::dense_sharpness(fojtik2025::toy(), fojtik2025::toy_start());
                   return Figures{{"critical step size", fojtik2025::critical_rate().rate},
                                  {"2 / sharpness at the start, off", std::abs(first - 0.2545)}};
                 }},
            {.item = "4",
             .claim = "the sharpness by Lanczos is that of the dense Hessian",
             .provenance = "derived",
             .setting = "the toy at three points; three factors of 5 x 5 with entries 0.5, Gaussian target",
             .bounds = {at_most("relative difference", 1e-8)},
             .control = {"two rounds of products are not enough", {above("relative difference, two rounds", 1e-6)}},
             .seeds = seeds(1, 3),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   const auto deep = fojtik2025::deep_sharpness_error(seed + 4, seed);
                   Figures figures{{"relative difference", deep.converged}, {"relative difference, two rounds", deep.two_rounds}};
                   for (const tacit::Vector<double>& w :
                        {fojtik2025::toy_start(), tacit::Vector<double>{{0.3, 0.6}}, tacit::Vector<double>{{-1, 2}}})
                     figures.add("relative difference", fojtik2025::toy_sharpness_error(w));
                   return figures;
                 }},
            {.item = "5",
             .claim = "above 1 / (2 y x_min) = 0.5 no minimum is stable, and descent diverges",
             .provenance = "reference run; derived",
             .setting = std::string(fojtik_setting) + ", eta = 0.52, 0.6",
             .bounds = {equal("diverges", 1)},
             .control = {"at 0.45 it does not", {equal("diverges at 0.45", 0)}},
             .quick = true,
             .measure =
                 [](std::uint64_t) {
                   const auto diverges = [](double rate) {
                     return static_cast<double>(fojtik2025::descent(rate).reason == tacit::Reason::diverged);
                   };
                   return Figures{{"diverges", diverges(0.52)}, {"diverges at 0.45", diverges(0.45)}}.add("diverges", diverges(0.60));
                 }},
        },
});

}  // namespace
