// SPDX-License-Identifier: MIT
// Cohen, Damian, Talwalkar, Kolter & Lee 2025, Understanding Optimization in Deep Learning with Central Flows: gradient descent beside its
// central flow and the gradient flow, on diagonal nets and completions, eta = 1.4, 1.2, 1.15, 0.7 times 2 / S_GF, S_GF the sharpness where
// the loss of the gradient flow first falls to 1e-6. Items 2 to 5 and the tables are those of reference runs by another program, on the six
// draws that it used: numpy's, seeds 0 to 5 (tests/papers/reference/cohen2025_draws.py).
// The rows `fresh` look at draws of our own from the same laws, none passed over. That the end ratio is at least 5 in all six diagonal
// nets is no property of the law: 54 of 60 draws by numpy have it, and 53 of 60 by our generator (seeds 400 ... 459), 90 %, so that six out
// of six come in about half of the cases; and the compiler's rounding alone moves some (seed 300: 8.0 or 4.8). Nor is a variance ratio in
// [0.9, 1.15] with 400 steps on the edge: 32 of the 46 such runs among our 60 have it. For completions at depth 2, end ratios of at least 2
// came in 60 of 60, variance ratios in [0.8, 1.3] in 59.
#include "papers/central.hpp"

#include <sstream>

#include "check.hpp"
#include "papers/complementarity.hpp"

using namespace paper_checks;
using central::Comparison;

namespace {

constexpr central::Limits diagonal_limits{.steps = 1500, .loss = 1e-5}, completion_limits{.steps = 400, .loss = 1e-5};

/// At eta = factor 2 / S_GF.
template <class Instance>
Comparison compared(const Instance& instance, double factor, central::Limits until) {
  const auto& [problem, start] = instance;
  return central::compare(problem, start, factor * 2 / central::flow_sharpness(problem, start), until);
}
Comparison reference_net(std::uint64_t draw, double factor) {
  return compared(central::reference_diagonal(static_cast<int>(draw)), factor, diagonal_limits);
}
Comparison reference_pair(Index depth, std::uint64_t draw, double factor) {
  return compared(central::reference_completion(depth, static_cast<int>(draw)), factor, completion_limits);
}
const auto net_at_edge = per_seed([](std::uint64_t draw) { return reference_net(draw, 1.4); });
const auto pair_at_edge = per_seed([](std::uint64_t draw) { return reference_pair(2, draw, 1.15); });
// Below the edge, the control of both.
const auto net_below = per_seed([](std::uint64_t draw) { return reference_net(draw, 0.7); });
const auto pair_below = per_seed([](std::uint64_t draw) { return reference_pair(2, draw, 0.7); });

Figures described(const Comparison& run) {
  return Figures{{"ended before its time", !run.why.empty()},
                 {"end ratio", run.end_ratio()},
                 {"steps on the edge", static_cast<double>(run.on_edge)},
                 {"variance ratio", run.variance_ratio},
                 {"eta S / 2 at midpoints", run.midpoint_sharpness},
                 {"unstable eigenvalues", static_cast<double>(run.unstable)}};
}

/// Figures beside a printed column, "79 74 36": the largest distance, in units of each one's last digit.
class Printed {
 public:
  void compare(const std::string& printed, const std::vector<double>& values) {
    std::istringstream words(printed);
    for (const double value : values) {
      std::string word;
      words >> word;
      const auto point = word.find('.');
      const double digits = point == std::string::npos ? 0 : static_cast<double>(word.size() - point - 1);
      const double off = std::abs(value - std::stod(word)) * std::pow(10, digits);
      if (!(off <= worst_)) worst_ = off;  // NaN is the worst
    }
  }
  /// Rounding is half a unit of the last digit. S_GF depends on the steps by which the gradient flow comes to its end: steps from 0.01 to
  /// 0.25 move it by up to 3e-4 of itself, and with it .0907 to .0912, the most sensitive figure. At 0.15 the nets are within half a unit,
  /// at ours, 0.05, within 0.9. Depth 2 has a figure 0.7 units off (1.0317 beside 1.031) that steps do not explain.
  double worst() const { return worst_; }

 private:
  double worst_ = 0;
};

/// The values of a member of all runs.
Values column(const std::vector<Comparison>& runs, double (*f)(const Comparison&)) {
  Values values;
  for (const Comparison& run : runs) values.push_back(f(run));
  return values;
}
double end_ratio(const Comparison& run) { return run.end_ratio(); }
double variance_ratio(const Comparison& run) { return run.variance_ratio; }
double midpoint_sharpness(const Comparison& run) { return run.midpoint_sharpness; }

const Registered cohen2025_checks(
    {
        .name = "cohen2025",
        .source = "Cohen et al. 2025",
        .checks =
            {
                {.item = "1",
                 .claim = "on the balanced line the central flow rests where S = 2/eta, with 8/9, 22/27, 64/81 of the variance of "
                          "descent's two-cycle",
                 .provenance = "derived; reference run",
                 .setting = "L = 2, 3, 4, sigma = 2, eta = 1.001 times 2/S, 50,000 steps of descent",
                 .bounds = {within("variance ratio, L = 2", 0.8889, 5e-4), within("variance ratio, L = 3", 0.8148, 5e-4),
                            within("variance ratio, L = 4", 0.7901, 5e-4), within("eta S / 2 of the central flow", 1, 1e-9)},
                 .control = {"below the edge it predicts no oscillation", {equal("trace at 0.9 eta", 0)}},
                 .quick = true,
                 .measure =
                     [](std::uint64_t) {
                       Figures figures;
                       for (const Index depth : {2, 3, 4}) {
                         const auto line = central::balanced_line(depth, 50'000);
                         figures.add(sentence("variance ratio, L = ", depth), line.ratio)
                             .add("eta S / 2 of the central flow", line.edge)
                             .add("trace at 0.9 eta", line.trace_below);
                       }
                       return figures;
                     }},
                {.item = "2",
                 .claim = "diagonal nets at 1.4: descent's midpoint ends at least 5 times, in the median 10 times, closer to the central "
                          "than to the gradient flow",
                 .provenance = "reference run",
                 .setting =
                     "six draws of the reference runs, eta = 1.4 times 2/S_GF; variance and sharpness of runs with 400 steps on the edge",
                 .bounds = {equal("ended before its time", 0), at_least("end ratio", 5), at_least("end ratio", 10).in_the_median(),
                            between("variance ratio, 400 steps on the edge", 0.9, 1.15),
                            between("eta S / 2 at midpoints, 400 steps on the edge", 0.98, 1.02)},
                 .control = {"at 0.7 Sigma is 0, and the midpoint is no closer to either flow",
                             {equal("trace of Sigma at 0.7", 0), below("end ratio at 0.7", 1.6)}},
                 .problems = 6,
                 .measure =
                     [](std::uint64_t draw) {
                       const Comparison& run = net_at_edge(draw);
                       Figures figures = described(run);
                       if (run.on_edge >= 400)
                         figures.add("variance ratio, 400 steps on the edge", run.variance_ratio)
                             .add("eta S / 2 at midpoints, 400 steps on the edge", run.midpoint_sharpness);
                       const Comparison& below = net_below(draw);
                       return figures.add("trace of Sigma at 0.7", below.largest_trace).add("end ratio at 0.7", below.end_ratio());
                     }},
                {.item = "3",
                 .claim = "the central flow keeps eta S / 2 at 1 after its first five steps on the edge",
                 .provenance = "reference run",
                 .setting = "the runs of item 2",
                 .bounds = {below("largest |eta S / 2 - 1|", 1e-3)},
                 .control = {"the gradient flow does not", {above("|eta S / 2 - 1| where the gradient flow ends", 1e-3)}},
                 .problems = 6,
                 .measure =
                     [](std::uint64_t draw) {
                       return Figures{{"largest |eta S / 2 - 1|", net_at_edge(draw).worst_edge},
                                      {"|eta S / 2 - 1| where the gradient flow ends", std::abs(net_at_edge(draw).flow_sharpness - 1)}};
                     }},
                {.item = "4",
                 .claim =
                     "completions at depth 2 and 1.15: end ratio at least 2, variance ratio near 1, some run with two unstable eigenvalues",
                 .provenance = "reference run",
                 .setting = "six draws of the reference runs, 6 x 6, rank 2, eta = 1.15 times 2/S_GF",
                 .bounds = {equal("ended before its time", 0), at_least("end ratio", 2), between("variance ratio", 0.8, 1.3),
                            at_least("runs with two unstable eigenvalues", 1).of_all_draws()},
                 .control = {"at 0.7 Sigma is 0, and the midpoint is no closer to either flow",
                             {equal("trace of Sigma at 0.7", 0), below("end ratio at 0.7", 1.6)}},
                 .problems = 6,
                 .measure =
                     [](std::uint64_t draw) {
                       const Comparison& below = pair_below(draw);
                       return described(pair_at_edge(draw))
                           .add("trace of Sigma at 0.7", below.largest_trace)
                           .add("end ratio at 0.7", below.end_ratio());
                     },
                 .summarise =
                     [](const std::vector<Figures>& draws) {
                       const Values unstable = gathered(draws, "unstable eigenvalues");
                       return Figures{
                           {"runs with two unstable eigenvalues", static_cast<double>(std::count(unstable.begin(), unstable.end(), 2.0))}};
                     }},
                {.item = "5",
                 .claim = "below the edge, at 0.7, Sigma is 0, and the flows are one",
                 .provenance = "reference run",
                 .setting = "the six nets and six completions, eta = 0.7 times 2/S_GF; this item is the control of items 2 and 4",
                 .bounds = {equal("ended before its time", 0), equal("largest trace of Sigma", 0), below("end ratio", 1.6),
                            below("ratio of largest distances", 1.6)},
                 .problems = 6,
                 .control_of = "2",
                 .measure =
                     [](std::uint64_t draw) {
                       Figures figures;
                       for (const Comparison* run : {&net_below(draw), &pair_below(draw)})
                         figures.add("ended before its time", !run->why.empty())
                             .add("largest trace of Sigma", run->largest_trace)
                             .add("end ratio", run->end_ratio())
                             .add("ratio of largest distances", run->largest_ratio());
                       return figures;
                     }},
                {.item = "6",
                 .claim = "for random positive semi-definite responses X and A + B[X] are positive semi-definite and complementary",
                 .provenance = "derived",
                 .setting = "k = 1 ... 5 eigenvalues, responses in R^40, 20 of each",
                 .bounds = {at_least("least eigenvalue of X, relative", -1e-14), at_least("least eigenvalue of A + B[X]", -1e-9),
                            below("|<X, A + B[X]>|", 1e-9)},
                 .control = {"X = 0 is a solution only where A is positive semi-definite",
                             {equal("disagreements of X = 0 with trace X = 0", 0)}},
                 .seeds = seeds(0, 19),
                 .quick = true,
                 .measure =
                     [](std::uint64_t seed) {
                       Figures figures;
                       for (Index k = 1; k <= 5; ++k) {
                         const auto found = central::complementarity(k, 100 * static_cast<std::uint64_t>(k) + seed);
                         tacit::require(found.solved, "complementarity: no solution for k = ", k);
                         figures.add("least eigenvalue of X, relative", found.least_X / (1 + found.trace))
                             .add("least eigenvalue of A + B[X]", found.least_slack)
                             .add("|<X, A + B[X]>|", std::abs(found.product))
                             .add("disagreements of X = 0 with trace X = 0", (found.least_A < -1e-9) != (found.trace > 0));
                       }
                       return figures;
                     }},
                {.item = "2-table",
                 .claim = "the figures of the reference runs, to one unit of the last digit printed; steps on the edge and unstable "
                          "eigenvalues are equal",
                 .provenance = "reference run",
                 .setting = "nets at 1.4, completions of depths 2 and 3 at 1.15, six draws each",
                 .bounds = {at_most("nets off, in last digits", 1), at_most("depth 2 off, in last digits", 1),
                            at_most("depth 3 off, in last digits", 1), equal("counts off", 0)},
                 .measure =
                     [](std::uint64_t) {
                       std::vector<Comparison> nets, pairs, triples;
                       for (std::uint64_t draw = 0; draw < 6; ++draw) {
                         nets.push_back(net_at_edge(draw));
                         pairs.push_back(pair_at_edge(draw));
                         triples.push_back(reference_pair(3, draw, 1.15));
                       }
                       Printed of_nets, of_pairs, of_triples;
                       of_nets.compare(".0226 .0112 .0470 .0638 .0686 .0908",
                                       column(nets, [](const Comparison& run) { return run.to_central; }));
                       of_nets.compare("1.789 .828 1.712 .522 .974 .907", column(nets, [](const Comparison& run) { return run.to_flow; }));
                       of_nets.compare("79 74 36 8.2 14 10", column(nets, end_ratio));
                       of_nets.compare("1.015 1.024 1.012 1.125 1.062 .550", column(nets, variance_ratio));
                       of_nets.compare("1.016 1.027 1.012 1.179 1.065 .549",
                                       column(nets, [](const Comparison& run) { return run.loss_ratio; }));
                       of_nets.compare(".999 .998 .999 1.008 .999 .984", column(nets, midpoint_sharpness));
                       of_pairs.compare("27 5.4 2.9 6.0 8.8 9.3", column(pairs, end_ratio));
                       of_pairs.compare("1.08 .90 1.13 1.12 .99 .91", column(pairs, variance_ratio));
                       of_pairs.compare(".992 1.015 .988 .992 1.031 1.041", column(pairs, midpoint_sharpness));
                       Values variances = column(triples, variance_ratio);
                       const Values sharp = column(triples, midpoint_sharpness);
                       of_triples.compare("5.5 1.5 1.8 1.9 2.4 2.5", column(triples, end_ratio));
                       of_triples.compare("1.06", {variances[0]});
                       variances.erase(variances.begin());  // the rest: five short runs
                       of_triples.compare(".003 3.2", {*std::min_element(variances.begin(), variances.end()),
                                                       *std::max_element(variances.begin(), variances.end())});
                       of_triples.compare(".91 1.01",
                                          {*std::min_element(sharp.begin(), sharp.end()), *std::max_element(sharp.begin(), sharp.end())});
                       int off = triples[0].on_edge != 395;
                       const Index on_edge[] = {1465, 425, 1475, 248, 870, 125}, unstable[] = {1, 2, 1, 1, 2, 5};
                       for (std::size_t k = 0; k < 6; ++k)
                         off += (nets[k].on_edge != on_edge[k]) + (pairs[k].unstable != unstable[k]) + (triples[k].unstable != 1);
                       return Figures{{"nets off, in last digits", of_nets.worst()},
                                      {"depth 2 off, in last digits", of_pairs.worst()},
                                      {"depth 3 off, in last digits", of_triples.worst()},
                                      {"counts off", static_cast<double>(off)}};
                     }},
                {.item = "2-table-at-1.2",
                 .claim = "diagonal nets at 1.2: end and variance ratios of the reference runs to 10 %",
                 .provenance = "reference run",
                 .setting = "six draws; where the oscillation begins late it grows from what rounding leaves, and the last bits move these "
                            "by as much",
                 .bounds = {at_most("end ratio off, relative", 0.1), at_most("variance ratio off, over 0.1 of it + 0.005", 1)},
                 .problems = 6,
                 .measure =
                     [](std::uint64_t draw) {
                       const double ratios[] = {37, 42, 15, 1.8, 9.7, 8.8}, variances[] = {1.15, 1.06, 1.92, 0, 1.30, 1};
                       const Comparison run = reference_net(draw, 1.2);
                       return Figures{{"end ratio", run.end_ratio()},
                                      {"variance ratio", run.variance_ratio},
                                      {"end ratio off, relative", std::abs(run.end_ratio() / ratios[draw] - 1)},
                                      {"variance ratio off, over 0.1 of it + 0.005",
                                       std::abs(run.variance_ratio - variances[draw]) / (0.1 * variances[draw] + 0.005)}};
                     }},
                {.item = "2-fresh",
                 .claim = "fresh diagonal nets at 1.4, none passed over: end ratio at least 5 in two of three, 10 in the median; the edge "
                          "is kept in all",
                 .provenance = "reference run",
                 .setting = "the law of item 2, draws of our own; of 60 draws 53 have an end ratio of 5",
                 .bounds = {at_least("end ratio", 5).in_at_least(8, 12), at_least("end ratio", 10).in_the_median(),
                            below("largest |eta S / 2 - 1|", 1e-3), equal("ended before its time", 0)},
                 .control = {"at 0.7 Sigma is 0, and the flows are one",
                             {equal("trace of Sigma at 0.7", 0), below("end ratio at 0.7", 1.6)}},
                 .seeds = seeds(300, 311),
                 .measure =
                     [](std::uint64_t seed) {
                       const Comparison run = compared(central::fresh_diagonal(seed), 1.4, diagonal_limits),
                                        below = compared(central::fresh_diagonal(seed), 0.7, diagonal_limits);
                       return described(run)
                           .add("largest |eta S / 2 - 1|", run.worst_edge)
                           .add("trace of Sigma at 0.7", below.largest_trace)
                           .add("end ratio at 0.7", below.end_ratio());
                     }},
                {.item = "4-fresh",
                 .claim = "fresh completions at depth 2 and 1.15, none passed over: end ratio at least 2 in all, variance ratio near 1 in "
                          "five of six",
                 .provenance = "reference run",
                 .setting = "the law of item 4, draws of our own; of 60 draws 60 and 59 have it",
                 .bounds = {at_least("end ratio", 2), between("variance ratio", 0.8, 1.3).in_at_least(5, 6),
                            equal("ended before its time", 0)},
                 .control = {"at 0.7 Sigma is 0, and the flows are one",
                             {equal("trace of Sigma at 0.7", 0), below("end ratio at 0.7", 1.6)}},
                 .seeds = seeds(300, 305),
                 .measure =
                     [](std::uint64_t seed) {
                       const Comparison run = compared(central::fresh_completion(2, seed), 1.15, completion_limits),
                                        below = compared(central::fresh_completion(2, seed), 0.7, completion_limits);
                       return described(run).add("trace of Sigma at 0.7", below.largest_trace).add("end ratio at 0.7", below.end_ratio());
                     }},
            },
    });

}  // namespace
