// SPDX-License-Identifier: MIT
// Cohen, Damian, Talwalkar, Kolter & Lee 2025, Understanding Optimization in Deep Learning with Central Flows: gradient descent beside its central flow
// and the gradient flow, on diagonal nets and completions (tests/papers/central.hpp tells how these are drawn). eta = 1.4, 1.15, 0.7 times 2 / S_GF, S_GF
// the sharpness where the gradient flow ends. The page leaves the singular vectors of the measurements open; draws whose flow is on its way much sharper
// than at its end (one in four) are passed over, a rule found on the seeds 0 ... 11 and 100 ... 122, which the runs here do not use: theirs begin at 200.
// Item 2 fails on one of these six draws (202, end ratio 3.8 in place of 5; the fifth has a variance ratio of 0.88 in place of 0.9). There S grows within two
// steps from a quarter of 2 / eta past it, and descent is thrown 0.8 off in its fifth step, before it oscillates; finer steps of the central flow change nothing.

#include "../../tests/papers/central.hpp"

#include "check.hpp"

using namespace central;

namespace {

struct DiagonalDraw {
  std::uint64_t seed;
  FlowSharpness sharpness;
};
constexpr std::uint64_t first_seed = 200;

/// The first six seeds whose flow is never sharper than 1.2 S_GF.
std::vector<DiagonalDraw> diagonal_draws() {
  const auto all = in_parallel(12, [](int k) {
    const auto seed = first_seed + static_cast<std::uint64_t>(k);
    return DiagonalDraw{seed, flow_sharpness(diagonal_problem(seed), diagonal_start(seed), 1e5)};
  });
  std::vector<DiagonalDraw> draws;
  for (const DiagonalDraw& draw : all)
    if (draws.size() < 6 && draw.sharpness.largest <= 1.2 * draw.sharpness.end) draws.push_back(draw);
  return draws;
}
std::vector<Comparison> diagonal_runs(double factor) {
  const auto draws = diagonal_draws();
  return in_parallel(static_cast<int>(draws.size()), [&](int k) {
    const auto [seed, sharpness] = draws[static_cast<std::size_t>(k)];
    return compare(diagonal_problem(seed), diagonal_start(seed), factor * 2 / sharpness.end, {.steps = 1500, .loss = 1e-5});
  });
}
std::vector<Comparison> completion_runs(double factor) {
  return in_parallel(6, [factor](int k) {
    const auto seed = first_seed + static_cast<std::uint64_t>(k);
    const auto problem = completion_problem(2, seed);
    const auto start = completion_start(2, seed);
    return compare(problem, start, factor * 2 / flow_sharpness(problem, start, 1e4).end, {.steps = 400});
  });
}
double end_ratio(const Comparison& run) { return run.end_ratio(); }
double variance_ratio(const Comparison& run) { return run.variance_ratio; }
double midpoint_sharpness(const Comparison& run) { return run.midpoint_sharpness; }
Index on_edge(const Comparison& run) { return run.on_edge; }
std::string described(const std::vector<Comparison>& runs) {
  return "steps on the edge " + list(column(runs, on_edge)) + ", end ratios " + list(column(runs, end_ratio)) + ", variance ratios " +
         list(column(runs, variance_ratio)) + ", eta S / 2 at midpoints " + list(column(runs, midpoint_sharpness));
}

}  // namespace

std::vector<Check> cohen2025() {
  const auto diagonal = shared([] { return diagonal_runs(1.4); });
  return {
      {"cohen2025/2",
       "diagonal net, 6 draws: descent's midpoint at the end at least 5 times (median 10) closer to the central than to the gradient flow; "
       "with 400 steps on the "
       "edge variance ratio in [0.9, 1.15], eta S / 2 at midpoints in [0.98, 1.02]",
       [diagonal]() -> Finding {
         const auto& runs = diagonal();
         bool holds = smallest(column(runs, end_ratio)) >= 5 && median(column(runs, end_ratio)) >= 10;
         int long_runs = 0;
         for (const Comparison& run : runs)
           if (run.on_edge >= 400) {
             ++long_runs;
             holds = holds && run.variance_ratio >= 0.9 && run.variance_ratio <= 1.15 && run.midpoint_sharpness >= 0.98 &&
                     run.midpoint_sharpness <= 1.02;
           }
         return {holds && long_runs > 0, described(runs)};
       }},
      {"cohen2025/3", "the central flow keeps eta S / 2 within 1e-3 of 1 after its first five steps on the edge, in those runs",
       [diagonal]() -> Finding {
         const auto worst = column(diagonal(), [](const Comparison& run) { return run.worst_edge; });
         return {largest(worst) < 1e-3, "largest deviations " + list(worst)};
       }},
      {"cohen2025/4",
       "completion at depth 2, 6 draws: end ratio at least 2, variance ratio in [0.8, 1.3], some run with two unstable eigenvalues",
       []() -> Finding {
         const auto runs = completion_runs(1.15);
         const auto unstable = column(runs, [](const Comparison& run) { return run.unstable; });
         return {smallest(column(runs, end_ratio)) >= 2 && smallest(column(runs, variance_ratio)) >= 0.8 &&
                     largest(column(runs, variance_ratio)) <= 1.3 && *std::max_element(unstable.begin(), unstable.end()) >= 2,
                 described(runs) + ", unstable eigenvalues " + list(unstable)};
       }},
      {"cohen2025/5", "control, at 0.7 times the critical rate: Sigma is 0 in 12 of 12 runs, and the end ratio below 1.6",
       []() -> Finding {
         auto runs = diagonal_runs(0.7);
         for (Comparison& run : completion_runs(0.7)) runs.push_back(std::move(run));
         const auto trace = column(runs, [](const Comparison& run) { return run.largest_trace; });
         return {largest(trace) == 0 && largest(column(runs, end_ratio)) < 1.6,
                 "largest traces " + list(trace) + ", end ratios " + list(column(runs, end_ratio))};
       }},
  };
}
