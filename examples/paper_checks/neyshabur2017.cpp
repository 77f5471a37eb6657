// SPDX-License-Identifier: MIT
// Neyshabur 2017, Implicit Regularization in Deep Learning.
#include "papers/neyshabur2017.hpp"

#include "check.hpp"

using namespace paper_checks;

static const Registered neyshabur2017_checks({
    .name = "neyshabur2017",
    .source = "Neyshabur 2017",
    .checks =
        {
            {.item = "1",
             .claim = "Path-SGD goes the same way end to end from weights and from node-rescaled weights",
             .provenance = "derived",
             .setting = "6-5-4-5, rank 2, 22 entries observed, c = 0.1 and 10 in turn, rate 0.02, 200 steps",
             .bounds = {below("distance at the start", 1e-13), below("largest relative distance", 1e-10), above("moved", 0.1)},
             .control = {"gradient descent does not", {above("largest relative distance of descent", 0.1)}},
             .seeds = seeds(1, 3),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   const auto found = neyshabur2017::equivariance(seed);
                   return Figures{{"distance at the start", found.at_start},
                                  {"largest relative distance", found.path_sgd},
                                  {"moved", found.moved},
                                  {"largest relative distance of descent", found.descent}};
                 }},
            {.item = "2",
             .claim = "the path norm by a pass of ones is the sum over all paths",
             .provenance = "derived",
             .setting = "3-3-2-2, p = 1, 1.5, 2, 3",
             .bounds = {at_most("relative difference", 1e-12)},
             .control = {"without absolute values it is another", {above("difference without absolute values", 0.1)}},
             .seeds = seeds(1, 5),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   const auto found = neyshabur2017::enumeration(seed);
                   return Figures()
                       .add("relative difference", found.relative)
                       .add("difference without absolute values", found.without_absolute_values);
                 }},
            {.item = "3",
             .claim = "the path scale is the derivative of the squared path norm by each squared weight",
             .provenance = "derived",
             .setting = "4-3-2-3, central differences",
             .bounds = {at_most("relative difference", 1e-6)},
             .control = {"it is not that by the weight", {above("relative difference, by the weight", 0.1)}},
             .seeds = seeds(1, 5),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   const auto found = neyshabur2017::scale_error(seed);
                   return Figures{{"relative difference", found.squared_weight}, {"relative difference, by the weight", found.weight}};
                 }},
            {.item = "4",
             .claim = "node rescaling leaves the path norms",
             .provenance = "derived",
             .setting = "6-5-4-5, p = 1, 1.5, 2, c = 0.1 and 10 in turn",
             .bounds = {at_most("relative change", 1e-12)},
             .control = {"the Frobenius norm it changes", {above("relative change of the Frobenius norm", 1)}},
             .seeds = seeds(1, 5),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   const auto found = neyshabur2017::rescaling(seed);
                   return Figures().add("relative change", found.path_norms).add("relative change of the Frobenius norm", found.frobenius);
                 }},
        },
});
