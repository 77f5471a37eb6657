// SPDX-License-Identifier: MIT
// Karakida, Takase, Hayase, Osawa 2023, Understanding Gradient Regularization in Deep Learning.
#include "papers/karakida2023.hpp"

#include "check.hpp"

using namespace paper_checks;
using tacit::GradientPenalty;
using tacit::PenaltyForm;

namespace {

struct PenaltyRow {
  const char* name;
  GradientPenalty penalty;
  double error, l1, scale;  ///< of the reference: |x - x*|, |x|_1, geometric mean of alpha_eff, on five draws that are not given
};
std::vector<PenaltyRow> penalty_rows() {
  const auto by = [](double gamma, PenaltyForm form, double epsilon) {
    return GradientPenalty{.lambda = gamma, .form = form, .epsilon = epsilon};
  };
  const PenaltyForm f = PenaltyForm::forward, b = PenaltyForm::backward;
  return {{"none", by(0, f, 0.02), 0.4238, 3.429, 0.09997},          {"B .05 .02", by(0.05, b, 0.02), 0.3979, 3.350, 0.0901},
          {"F .05 .001", by(0.05, f, 0.001), 0.3948, 3.339, 0.0889}, {"F .05 .05", by(0.05, f, 0.05), 0.3877, 3.315, 0.0862},
          {"B .2 .02", by(0.2, b, 0.02), 0.3397, 3.168, 0.0700},     {"F .2 .001", by(0.2, f, 0.001), 0.3286, 3.133, 0.0662},
          {"F .2 .02", by(0.2, f, 0.02), 0.3185, 3.101, 0.0629},     {"F .2 .05", by(0.2, f, 0.05), 0.3024, 3.050, 0.0576}};
}
double mean_of(const Values& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

const Registered karakida2023_checks({
    .name = "karakida2023",
    .source = "Karakida et al. 2023",
    .checks =
        {
            {.item = "1",
             .claim = "full batches: the smallest alpha_eff is ordered B(0.2) > B(0.1) > B(0.05) > exact > F(0.05) > F(0.1) > F(0.2)",
             .provenance = "reference run",
             .setting = "diagonal nets, d = 20, n = 10, three nonzero entries, alpha = 0.5, gamma = 0.1, rate 1e-2, to a loss of rounding",
             .bounds = {above("fall from one to the next", 1e-5)},
             .control = {"without a penalty nothing shrinks, whatever epsilon",
                         {above("without a penalty, above B(0.2)", 1e-4), at_most("change by epsilon", 1e-12)}},
             .seeds = seeds(1, 4),
             .measure =
                 [](std::uint64_t seed) {
                   const auto found = karakida2023::smallest_scales(seed);
                   Figures figures{{"without a penalty, above B(0.2)", found.without - found.in_order[0]},
                                   {"change by epsilon", found.epsilon_changes}};
                   figures.add("smallest alpha_eff", found.in_order);
                   for (std::size_t k = 1; k < found.in_order.size(); ++k)
                     figures.add("fall from one to the next", found.in_order[k - 1] - found.in_order[k]);
                   return figures;
                 }},
            {.item = "2",
             .claim = "sqrt(u v) = alpha exp(-gamma integral G G'), and the error halves with the rate",
             .provenance = "derived; reference run",
             .setting = "the nets of item 1, forward, epsilon = 0.1, time 10, rates 1e-2 and 5e-3",
             .bounds = {at_most("relative error at 1e-2", 5e-3), within("error at 1e-2 over at 5e-3", 2, 0.4)},
             .control = {"with the sign changed it does not hold", {above("relative error, sign changed", 5e-3)}},
             .seeds = seeds(1, 3),
             .quick = true,
             .measure =
                 [](std::uint64_t seed) {
                   const double coarse = karakida2023::scale_identity_error(1e-2, 0.1, 0.1, 1, seed),
                                fine = karakida2023::scale_identity_error(5e-3, 0.1, 0.1, 1, seed);
                   return Figures{{"relative error at 1e-2", coarse},
                                  {"error at 1e-2 over at 5e-3", coarse / fine},
                                  {"relative error, sign changed", karakida2023::scale_identity_error(5e-3, 0.1, 0.1, -1, seed)}};
                 }},
            {.item = "3",
             .claim =
                 "forward with gamma = epsilon is the un-normalised SAM step; its distance from the exact form falls linearly with epsilon",
             .provenance = "derived",
             .setting = "a deep matrix, 5-4-6, 18 entries observed, entries of 0.5",
             .bounds = {at_most("largest difference from SAM", 1e-14), within("distance at 1e-2 over at 1e-3", 10, 0.5),
                        within("distance at 1e-3 over at 1e-4", 10, 0.1)},
             .control = {"with another epsilon it is not SAM", {above("largest difference from SAM, epsilon 0.04", 1e-5)}},
             .quick = true,
             .measure =
                 [](std::uint64_t) {
                   Figures figures{{"largest difference from SAM", karakida2023::distance_from_sam(0.05)},
                                   {"largest difference from SAM, epsilon 0.04", karakida2023::distance_from_sam(0.04)}};
                   for (const PenaltyForm form : {PenaltyForm::forward, PenaltyForm::backward}) {
                     const auto off = [&](double epsilon) { return karakida2023::distance_from_exact(form, epsilon); };
                     figures.add("distance at 1e-2 over at 1e-3", off(1e-2) / off(1e-3))
                         .add("distance at 1e-3 over at 1e-4", off(1e-3) / off(1e-4));
                   }
                   return figures;
                 }},
            {.item = "4",
             .claim = "a pair of flooding steps is theta - eta^2 times the penalty's direction by differences of length eta",
             .provenance = "derived",
             .setting = "the same, eta = 0.01 and 0.1; up then down is forward, down then up is backward",
             .bounds = {at_most("largest difference", 1e-14)},
             .control = {"up then down is not backward", {above("largest difference, other form", 1e-7)}},
             .quick = true,
             .measure =
                 [](std::uint64_t) {
                   Figures figures;
                   for (const double eta : {0.01, 0.1}) {
                     const auto off = karakida2023::flooding_error(eta);
                     figures.add("largest difference", Values{off.up_down, off.down_up})
                         .add("largest difference, other form", off.other_form);
                   }
                   return figures;
                 }},
            {.item = "5",
             .claim = "SGD, short: the geometric mean of alpha_eff is ordered none > B > F(0.001) > F(0.05)",
             .provenance = "reference run",
             .setting =
                 "d = 100, n = 40, five nonzero entries of 1/sqrt(5), alpha = 0.1, batches of one, rate 2e-4, gamma = 0.05, 1e5 steps",
             .bounds = {above("fall from one to the next", 0)},
             .control = {"without a penalty it stays at alpha", {within("alpha_eff without a penalty", 0.1, 1e-4)}},
             .seeds = {1},
             .measure =
                 [](std::uint64_t seed) {
                   const auto in_order = karakida2023::mean_scales(100'000, seed);
                   Figures figures{{"alpha_eff without a penalty", in_order[0]}};
                   figures.add("alpha_eff", in_order);
                   for (std::size_t k = 1; k < in_order.size(); ++k)
                     figures.add("fall from one to the next", in_order[k - 1] - in_order[k]);
                   return figures;
                 }},
            {.item = "5-table",
             .claim = "SGD at full length: alpha_eff falls in the order of the reference's eight rows in every draw, and so do the mean l1 "
                      "norm and the mean error",
             .provenance = "reference run",
             .setting = "the same, 400,000 steps; the reference's five draws are not given",
             .bounds = {above("fall of alpha_eff", 0), above("fall of the mean error", 0).of_all_draws(),
                        above("fall of the mean l1 norm", 0).of_all_draws()},
             .control = {"without a penalty it stays at alpha", {within("alpha_eff without a penalty", 0.1, 1e-4)}},
             .seeds = seeds(201, 205),
             .measure =
                 [](std::uint64_t seed) {
                   Figures figures;
                   double before = 0;
                   for (const PenaltyRow& row : penalty_rows()) {
                     const auto run = gradient_regularized_nets::descended(row.penalty, 400'000, seed);
                     const std::string name = row.name;
                     figures.add("error, " + name, run.error).add("l1 norm, " + name, run.l1).add("alpha_eff, " + name, run.scale);
                     if (name == "none") figures.add("alpha_eff without a penalty", run.scale);
                     else if (before > 0) figures.add("fall of alpha_eff", before - run.scale);
                     before = name == "none" ? 0 : run.scale;
                   }
                   return figures;
                 },
             .summarise =
                 [](const std::vector<Figures>& draws) {
                   Figures figures;
                   for (std::size_t r = 0; r < penalty_rows().size(); ++r) {
                     const PenaltyRow row = penalty_rows()[r];
                     const std::string name = row.name;
                     const double error = mean_of(gathered(draws, "error, " + name)), l1 = mean_of(gathered(draws, "l1 norm, " + name));
                     figures.add("mean error over the reference's, of other draws", error / row.error);
                     if (r == 0) continue;
                     const std::string before = penalty_rows()[r - 1].name;
                     figures.add("fall of the mean error", mean_of(gathered(draws, "error, " + before)) - error)
                         .add("fall of the mean l1 norm", mean_of(gathered(draws, "l1 norm, " + before)) - l1);
                   }
                   return figures;
                 }},
        },
});

}  // namespace
