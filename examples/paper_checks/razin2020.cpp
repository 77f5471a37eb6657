// SPDX-License-Identifier: MIT
// Razin & Cohen 2020, Implicit Regularization in Deep Learning May Not Be Explainable by Norms.
#include "papers/razin2020.hpp"

#include "check.hpp"
#include "papers/razin2020_tensor.hpp"

using namespace paper_checks;

namespace {

const char* const identity_setting = "2 x 2, W_12 = W_21 = 1 and W_22 = 0 observed, depth 3, identity of product scale 1e-6, rate 3e-3";
const auto identity_run = per_seed([](std::uint64_t) { return razin2020::from_identity(true); });
constexpr Index cube_sizes[] = {100, 150, 250, 350, 450, 511};
const auto cube = per_seed([](std::uint64_t seed) { return razin2020::complete_cube(250, 1e-3, seed); });
const auto cube_large = per_seed([](std::uint64_t seed) { return razin2020::complete_cube(250, 1e-2, seed); });

const Registered razin2020_checks({
    .name = "razin2020",
    .source = "Razin & Cohen 2020",
    .checks =
        {
            {.item = "1",
             .claim = "the unobserved entry follows the rank-1 path to infinity: 22.3 at the loss 1e-3, 70.7 at 1e-4",
             .provenance = "reference run; derived",
             .setting = std::string(identity_setting) + ", 3.6 million steps",
             .bounds = {within("W_11 at 1e-3", 22.3, 0.2), within("W_11 at 1e-4", 70.7, 0.707)},
             .control = {"next to reflections of the identity, whose determinant is negative, it stays below the path at 1e-1",
                         {below("largest |W_11|, negative determinant", razin2020::on_the_rank_1_path(1e-1))}},
             .measure =
                 [](std::uint64_t) {
                   const auto& seen = identity_run(0);
                   Figures figures{{"W_11 at 1e-3", seen.corner.at(20)}, {"W_11 at 1e-4", seen.corner.at(21)}};
                   for (const double first : {1.0, -1.0})
                     figures.add("largest |W_11|, negative determinant", razin2020::from_reflection(first, -first, 1).largest_corner);
                   return figures;
                 }},
            {.item = "2",
             .claim = "the determinant stays positive at every check",
             .provenance = "reference run; derived",
             .setting = std::string(identity_setting) + ", every 50 steps",
             .bounds = {equal("checks, determinant not positive", 0), above("checks, determinant positive", 4000)},
             .control = {"next to a reflection of the identity it is never positive",
                         {equal("checks, determinant positive, reflection", 0)}},
             .measure =
                 [](std::uint64_t) {
                   const auto& seen = identity_run(0);
                   return Figures{
                       {"checks, determinant not positive", static_cast<double>(seen.negative)},
                       {"checks, determinant positive", static_cast<double>(seen.positive)},
                       {"checks, determinant positive, reflection", static_cast<double>(razin2020::from_reflection(1, -1, 1).positive)}};
                 }},
            {.item = "3",
             .claim = "the effective rank falls to 1 while |W_11| grows, from level to level of the loss",
             .provenance = "authors' figure or table; reference run",
             .setting = std::string(identity_setting) + ", ten levels a decade, 1e-1 to 1e-3",
             .bounds = {above("fall of effective rank - 1 from level to level", 0), above("growth of W_11 from level to level", 0),
                        above("effective rank - 1 at 1e-3", 0)},
             .control = {"next to a reflection of the identity it stays away from 1",
                         {above("effective rank - 1 at 1e-3, reflection", 0.3)}},
             .measure =
                 [](std::uint64_t) {
                   const auto& seen = identity_run(0);
                   Figures figures{{"effective rank - 1 at 1e-3", seen.rank_excess.at(20)},
                                   {"effective rank - 1 at 1e-3, reflection", razin2020::from_reflection(1, -1, 1).rank_excess.at(2)}};
                   for (std::size_t k = 1; k <= 20; ++k)
                     figures.add("fall of effective rank - 1 from level to level", seen.rank_excess[k - 1] - seen.rank_excess[k])
                         .add("growth of W_11 from level to level", seen.corner[k] - seen.corner[k - 1]);
                   return figures;
                 }},
            {.item = "4",
             .claim = "depth 2 from unbalanced random factors with det W(0) > 0: |W_11| saturates well below the rank-1 path, after the "
                      "sign has changed",
             .provenance = "authors' figure or table",
             .setting = "2 x 2, depth 2, legend's scale 1e-5, rate 6e-3, to the loss 1e-4",
             .bounds = {below("|W_11| at 1e-4", 15).in_the_median(), below("last step of a positive determinant", 500)},
             .control = {"depth 3 next to the identity, which keeps the sign, comes to 22.3 at 1e-3 already",
                         {within("|W_11| at 1e-3, next to the identity", 22.3, 0.2)}},
             .seeds = seeds(1, 5),
             .measure =
                 [](std::uint64_t seed) {
                   const auto seen = razin2020::from_random(tacit::DeterminantSign::positive, {1e-1, 1e-2, 1e-3, 1e-4}, seed);
                   return Figures{{"|W_11| at 1e-4", std::abs(seen.corner.at(3))},
                                  {"last step of a positive determinant", static_cast<double>(seen.last_positive)},
                                  {"|W_11| at 1e-3, next to the identity", std::abs(razin2020::from_reflection(1, 1, seed).corner.at(2))}};
                 }},
            {.item = "5",
             .claim = "a CP of 64 components completes a tensor of rank 1 from near zero",
             .provenance = "authors' figure or table",
             .setting = "8 x 8 x 8, 250 entries observed, entries of 1e-3, GroupRMSprop (rate 1e-2, eps 1e-6), single precision",
             .bounds = {below("normalised error", 1e-4).in_the_median(), equal("CP rank", 1).in_the_median()},
             .control = {"from entries of 1e-2 the error is larger", {above("normalised error, start 1e-2", 1e-4).in_the_median()}},
             .seeds = seeds(1, 3),
             .measure =
                 [](std::uint64_t seed) {
                   const auto &run = cube(seed), &large = cube_large(seed);
                   return Figures{{"normalised error", run.error}, {"CP rank", run.rank}, {"normalised error, start 1e-2", large.error}};
                 }},
            {.item = "5-sizes",
             .claim = "with 100 to 511 entries the median error is below that from entries of 1e-2 and that of the linear fit",
             .provenance = "authors' figure or table",
             .setting = "the same, 100, 150, 250, 350, 450, 511 entries observed, entries of 1e-3 and 1e-2",
             .bounds = {below("median error over that from 1e-2", 1).of_all_draws(),
                        below("median error over that of the linear fit", 1).of_all_draws()},
             .seeds = seeds(1, 3),
             .measure =
                 [](std::uint64_t seed) {
                   Figures figures;
                   for (const Index observed : cube_sizes) {
                     const auto run = observed == 250 ? cube(seed) : razin2020::complete_cube(observed, 1e-3, seed),
                                large = observed == 250 ? cube_large(seed) : razin2020::complete_cube(observed, 1e-2, seed);
                     figures.add(sentence("error, ", observed), run.error)
                         .add(sentence("error from 1e-2, ", observed), large.error)
                         .add(sentence("error of the linear fit, ", observed), run.linear_error);
                   }
                   return figures;
                 },
             .summarise =
                 [](const std::vector<Figures>& draws) {
                   Figures figures;
                   for (const Index observed : cube_sizes) {
                     const double error = median(gathered(draws, sentence("error, ", observed)));
                     figures
                         .add("median error over that from 1e-2", error / median(gathered(draws, sentence("error from 1e-2, ", observed))))
                         .add("median error over that of the linear fit",
                              error / median(gathered(draws, sentence("error of the linear fit, ", observed))));
                   }
                   return figures;
                 }},
            {.item = "6",
             .claim = "with det W(0) < 0 |W_11| stays bounded: it does not grow as the rank-1 path",
             .provenance = "derived",
             .setting = "2 x 2, depth 2, legend's scale 1e-5, rate 6e-3, to the loss 1e-3; the path grows by sqrt(10) a decade",
             .bounds = {equal("checks, determinant positive", 0), below("largest |W_11|", razin2020::on_the_rank_1_path(1e-1)),
                        below("|W_11| at 1e-3 over at 1e-2", 1.1)},
             .control = {"next to the identity and its negative, of the same size but det > 0, it grows",
                         {above("|W_11| at 1e-3 over at 1e-2, positive determinant", 3)}},
             .seeds = seeds(1, 5),
             .measure =
                 [](std::uint64_t seed) {
                   const auto seen = razin2020::from_random(tacit::DeterminantSign::negative, {1e-1, 1e-2, 1e-3}, seed);
                   Figures figures{{"checks, determinant positive", static_cast<double>(seen.positive)},
                                   {"largest |W_11|", seen.largest_corner},
                                   {"|W_11| at 1e-3 over at 1e-2", std::abs(seen.corner.at(2) / seen.corner.at(1))}};
                   for (const double sign : {1.0, -1.0}) {
                     const auto grown = razin2020::from_reflection(sign, sign, seed);
                     figures.add("|W_11| at 1e-3 over at 1e-2, positive determinant", std::abs(grown.corner.at(2) / grown.corner.at(1)));
                   }
                   return figures;
                 }},
        },
});

}  // namespace
