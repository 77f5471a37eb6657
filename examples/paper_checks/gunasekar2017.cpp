// SPDX-License-Identifier: MIT
// Gunasekar, Woodworth, Bhojanapalli, Neyshabur, Srebro 2017, Implicit Regularization in Matrix Factorization.
#include "papers/gunasekar2017.hpp"

#include "check.hpp"

using namespace paper_checks;

namespace {

const char* const sensing_setting =
    "50 x 50, rank 2, Frobenius norm 1, m = 300, A_i = sym(Gaussian)/sqrt(300), rate 0.02, at most 60,000 steps to a relative residual of "
    "1e-6";
struct SensingTask {
  tacit::Data<double, tacit::LinearMap<double>> data;
  double least;
};
const auto sensing_task = per_seed([](std::uint64_t seed) {
  auto data = gunasekar2017::rank_2_sensing(seed);
  const double least = tacit::minimum_trace_psd(data).norm;
  return SensingTask{std::move(data), least};
});
gunasekar2017::Recovery from_norm(double norm, std::uint64_t seed) {
  const SensingTask& task = sensing_task(seed);
  return gunasekar2017::recover(task.data, task.least, norm, seed);
}
const auto from_large = per_seed([](std::uint64_t seed) { return from_norm(1, seed); });
const auto from_small = per_seed([](std::uint64_t seed) { return from_norm(1e-2, seed); });

const Registered gunasekar2017_checks({
    .name = "gunasekar2017",
    .source = "Gunasekar et al. 2017",
    .checks =
        {
            {.item = "1",
             .claim = "from ||U_0||_F = 1e-2 descent comes to the minimum nuclear norm, at an effective rank near 2",
             .provenance = "reference run",
             .setting = sensing_setting,
             .bounds = {below("nuclear norm over the minimum", 1.01), below("effective rank", 2.3)},
             .seeds = seeds(1, 3),
             .measure =
                 [](std::uint64_t seed) {
                   const auto& run = from_small(seed);
                   return Figures{{"nuclear norm over the minimum", run.ratio},
                                  {"effective rank", run.effective_rank},
                                  {"relative residual", run.residual}};
                 }},
            {.item = "2",
             .claim = "from ||U_0||_F = 1 it does not",
             .provenance = "reference run",
             .setting = sentence(sensing_setting, "; the same instances"),
             .bounds = {above("nuclear norm over the minimum", 1.3)},
             .seeds = seeds(1, 3),
             .control_of = "1",
             .measure =
                 [](std::uint64_t seed) {
                   const auto& run = from_large(seed);
                   return Figures{{"nuclear norm over the minimum", run.ratio}, {"iterations", static_cast<double>(run.iterations)}};
                 }},
            {.item = "3",
             .claim = "the effective rank falls over ||U_0||_F = 1, 1e-2, 1e-4",
             .provenance = "reference run",
             .setting = sensing_setting,
             .bounds = {above("fall of the effective rank", 0)},
             .seeds = seeds(1, 3),
             .measure =
                 [](std::uint64_t seed) {
                   const double ranks[] = {from_large(seed).effective_rank, from_small(seed).effective_rank,
                                           from_norm(1e-4, seed).effective_rank};
                   return Figures()
                       .add("effective ranks", Values(ranks, ranks + 3))
                       .add("fall of the effective rank", Values{ranks[0] - ranks[1], ranks[1] - ranks[2]});
                 }},
            {.item = "4",
             .claim = "under commuting measurements the limit from alpha I approaches the minimum nuclear norm as alpha falls",
             .provenance = "derived; abstract",
             .setting = "n = 10, five diagonal measurements, rate 1e-2 to a loss of 1e-14 |y|^2; the minimum is certified to 1e-5",
             .bounds = {between("ratio - 1 at alpha = 1e-6", -1e-5, 1e-2), at_most("gap of the certificate", 1e-5), equal("converged", 1),
                        above("fall from alpha to the next", 0)},
             .control = {"from alpha = 1e-2 it is not there", {above("ratio - 1 at alpha = 1e-2", 1e-3)}},
             .seeds = seeds(1, 5),
             .measure =
                 [](std::uint64_t seed) {
                   const auto excess = gunasekar2017::commuting_excess(seed);
                   const auto& by_start = excess.by_start;
                   return Figures{{"ratio - 1 at alpha = 1e-6", by_start[2]},
                                  {"gap of the certificate", excess.gap},
                                  {"converged", excess.converged},
                                  {"ratio - 1 at alpha = 1e-2", by_start[0]}}
                       .add("fall from alpha to the next", Values{by_start[0] - by_start[1], by_start[1] - by_start[2]});
                 }},
            {.item = "5",
             .claim = "the oracle meets its constraints, and its trace is not above that of the truth",
             .provenance = "derived",
             .setting = "50 x 50; rank 2 with m = 300 and 25, spectrum k^-1.5 with m = 300; constraints and trace computed anew",
             .bounds = {at_most("relative misfit", 1e-6), at_most("trace over that of the truth", 1 + 1e-6),
                        at_least("least eigenvalue", -1e-12)},
             .control = {"where the truth is not the minimiser the trace is below its",
                         {below("trace over that of the truth, where it is not the minimiser", 0.99)}},
             .seeds = {1},
             .measure =
                 [](std::uint64_t seed) {
                   Figures figures;
                   const auto add = [&](const tacit::Vector<double>& spectrum, Index m) {
                     const auto least = gunasekar2017::oracle(spectrum, m, seed);
                     figures.add("relative misfit", least.misfit)
                         .add("trace over that of the truth", least.trace_ratio)
                         .add("least eigenvalue", least.least_eigenvalue);
                     return least.trace_ratio;
                   };
                   add(gunasekar2017::rank_2_spectrum(), 300);
                   return figures.add("trace over that of the truth, where it is not the minimiser",
                                      Values{add(gunasekar2017::slow_spectrum(), 300), add(gunasekar2017::rank_2_spectrum(), 25)});
                 }},
        },
});

}  // namespace
