// SPDX-License-Identifier: MIT
// Cohen, Damian, Talwalkar, Kolter & Lee 2025, Understanding Optimization in Deep Learning with Central Flows: gradient descent beside its
// central flow and the gradient flow, on diagonal nets and completions, eta = 1.4, 1.2, 1.15, 0.7 times 2 / S_GF, S_GF the sharpness where
// the loss of the gradient flow first falls to 1e-6. Items 2 to 5 and the tables are those of reference runs by another program, on the six
// draws that it used: numpy's, seeds 0 to 5 (tests/papers/reference/cohen2025_draws.py).
// `cohen2025/fresh` looks at draws of our own from the same laws, none passed over. That the end ratio is at least 5 in all six diagonal
// nets is no property of the law: 54 of 60 draws by numpy have it, and 53 of 60 by our generator (seeds 400 ... 459), 90 %, so that six out
// of six come in about half of the cases; and the compiler's rounding alone moves some (seed 300: 8.0 or 4.8). Nor is a variance ratio in
// [0.9, 1.15] with 400 steps on the edge: 32 of the 46 such runs among our 60 have it. For completions at depth 2, end ratios of at least 2
// came in 60 of 60, variance ratios in [0.8, 1.3] in 59.

#include "../../tests/papers/central.hpp"

#include "check.hpp"

using namespace central;

namespace {

constexpr Limits diagonal_limits{.steps = 1500, .loss = 1e-5}, completion_limits{.steps = 400, .loss = 1e-5};

/// Seeds first ... first + count - 1 of what draw(seed) gives, at eta = factor 2 / S_GF.
template <class Draw>
std::vector<Comparison> runs(int count, Draw draw, double factor, Limits until, int first = 0) {
  return in_parallel(count, [=](int k) {
    const auto [problem, start] = draw(first + k);
    return compare(problem, start, factor * 2 / flow_sharpness(problem, start), until);
  });
}
std::vector<Comparison> diagonal_runs(double factor) {
  return runs(
      6, [](int seed) { return reference_diagonal(seed); }, factor, diagonal_limits);
}
std::vector<Comparison> completion_runs(Index depth, double factor) {
  return runs(
      6, [depth](int seed) { return reference_completion(depth, seed); }, factor, completion_limits);
}
constexpr int fresh_nets = 12, fresh_pairs = 6, first_fresh = 300;
std::vector<Comparison> fresh_diagonals(double factor) {
  return runs(
      fresh_nets, [](int seed) { return fresh_diagonal(static_cast<std::uint64_t>(seed)); }, factor, diagonal_limits, first_fresh);
}
std::vector<Comparison> fresh_completions(double factor) {
  return runs(
      fresh_pairs, [](int seed) { return fresh_completion(2, static_cast<std::uint64_t>(seed)); }, factor, completion_limits, first_fresh);
}

double end_ratio(const Comparison& run) { return run.end_ratio(); }
double largest_ratio(const Comparison& run) { return run.largest_ratio(); }
double variance_ratio(const Comparison& run) { return run.variance_ratio; }
double loss_ratio(const Comparison& run) { return run.loss_ratio; }
double midpoint_sharpness(const Comparison& run) { return run.midpoint_sharpness; }
double worst_edge(const Comparison& run) { return run.worst_edge; }
double largest_trace(const Comparison& run) { return run.largest_trace; }
Index on_edge(const Comparison& run) { return run.on_edge; }
Index unstable(const Comparison& run) { return run.unstable; }
double within(const std::vector<double>& values, double low, double high) {
  return static_cast<double>(std::count_if(values.begin(), values.end(), [=](double x) { return low <= x && x <= high; }));
}
/// No run ended before its time.
bool whole(const std::vector<Comparison>& all) {
  return std::all_of(all.begin(), all.end(), [](const Comparison& run) { return run.why.empty(); });
}
std::string reasons(const std::vector<Comparison>& all) {
  std::string text;
  for (const Comparison& run : all)
    if (!run.why.empty()) text += "; a run ended after " + std::to_string(run.steps) + " steps: " + run.why;
  return text;
}
std::string described(const std::vector<Comparison>& all) {
  return "steps on the edge " + list(column(all, on_edge)) + ", end ratios " + list(column(all, end_ratio)) + ", variance ratios " +
         list(column(all, variance_ratio)) + ", eta S / 2 at midpoints " + list(column(all, midpoint_sharpness)) + reasons(all);
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
      if (!(off <= worst_)) worst_ = off, where_ = figure(value) + " beside " + word;  // NaN is the worst
    }
  }
  /// Rounding is half a unit of the last digit. S_GF depends on the steps by which the gradient flow comes to its end: steps from 0.01 to
  /// 0.25 move it by up to 3e-4 of itself, and with it .0907 to .0912, the most sensitive figure. At 0.15 the nets are within half a unit,
  /// at ours, 0.05, within 0.9. Depth 2 has a figure 0.7 units off (1.0317 beside 1.031) that steps do not explain.
  bool holds() const { return worst_ <= 1; }
  std::string measured() const { return figure(worst_) + " units of the last digit (" + where_ + ")"; }

 private:
  double worst_ = 0;
  std::string where_ = "-";
};

}  // namespace

std::vector<Check> cohen2025() {
  const auto diagonal = shared([] { return diagonal_runs(1.4); });
  const auto deep = shared([] { return completion_runs(2, 1.15); });
  const auto calm = shared([] {
    auto all = diagonal_runs(0.7);
    for (Comparison& run : completion_runs(2, 0.7)) all.push_back(std::move(run));
    return all;
  });
  return {
      {"cohen2025/2",
       "diagonal net, 6 draws: descent's midpoint at the end at least 5 times (median 10) closer to the central than to the gradient flow; "
       "with 400 steps on the edge variance ratio in [0.9, 1.15], eta S / 2 at midpoints in [0.98, 1.02]",
       [diagonal]() -> Finding {
         const auto& all = diagonal();
         bool holds = whole(all) && smallest(column(all, end_ratio)) >= 5 && median(column(all, end_ratio)) >= 10;
         int long_runs = 0;
         for (const Comparison& run : all)
           if (run.on_edge >= 400) {
             ++long_runs;
             holds = holds && run.variance_ratio >= 0.9 && run.variance_ratio <= 1.15 && run.midpoint_sharpness >= 0.98 &&
                     run.midpoint_sharpness <= 1.02;
           }
         return {holds && long_runs > 0, described(all)};
       }},
      {"cohen2025/3", "the central flow keeps eta S / 2 within 1e-3 of 1 after its first five steps on the edge, in those runs",
       [diagonal]() -> Finding {
         const auto worst = column(diagonal(), worst_edge);
         return {largest(worst) < 1e-3, "largest deviations " + list(worst)};
       }},
      {"cohen2025/4",
       "completion at depth 2, 6 draws: end ratio at least 2, variance ratio in [0.8, 1.3], some run with two unstable eigenvalues",
       [deep]() -> Finding {
         const auto& all = deep();
         const auto count = column(all, unstable);
         return {whole(all) && smallest(column(all, end_ratio)) >= 2 && within(column(all, variance_ratio), 0.8, 1.3) == 6 &&
                     std::count(count.begin(), count.end(), 2) >= 1,
                 described(all) + ", unstable eigenvalues " + list(count)};
       }},
      {"cohen2025/5",
       "control, at 0.7 times the critical rate: Sigma is 0 in 12 of 12 runs, the ratios of end and largest distances below 1.6",
       [calm]() -> Finding {
         const auto& all = calm();
         return {whole(all) && largest(column(all, largest_trace)) == 0 && largest(column(all, end_ratio)) < 1.6 &&
                     largest(column(all, largest_ratio)) < 1.6,
                 "largest traces " + list(column(all, largest_trace)) + ", end ratios " + list(column(all, end_ratio)) +
                     ", of largest distances " + list(column(all, largest_ratio)) + reasons(all)};
       }},
      {"cohen2025/table",
       "the figures of the reference runs at 1.4 (diagonal nets) and 1.15 (completions at depths 2, 3), to one unit of the last digit "
       "printed; "
       "steps on the edge and unstable eigenvalues are equal",
       [diagonal, deep]() -> Finding {
         Printed nets, pairs, triples;
         nets.compare(".0226 .0112 .0470 .0638 .0686 .0908", column(diagonal(), [](const Comparison& run) { return run.to_central; }));
         nets.compare("1.789 .828 1.712 .522 .974 .907", column(diagonal(), [](const Comparison& run) { return run.to_flow; }));
         nets.compare("79 74 36 8.2 14 10", column(diagonal(), end_ratio));
         nets.compare("1.015 1.024 1.012 1.125 1.062 .550", column(diagonal(), variance_ratio));
         nets.compare("1.016 1.027 1.012 1.179 1.065 .549", column(diagonal(), loss_ratio));
         nets.compare(".999 .998 .999 1.008 .999 .984", column(diagonal(), midpoint_sharpness));
         pairs.compare("27 5.4 2.9 6.0 8.8 9.3", column(deep(), end_ratio));
         pairs.compare("1.08 .90 1.13 1.12 .99 .91", column(deep(), variance_ratio));
         pairs.compare(".992 1.015 .988 .992 1.031 1.041", column(deep(), midpoint_sharpness));
         const auto deeper = completion_runs(3, 1.15);
         auto variances = column(deeper, variance_ratio), sharp = column(deeper, midpoint_sharpness);
         triples.compare("5.5 1.5 1.8 1.9 2.4 2.5", column(deeper, end_ratio));
         triples.compare("1.06", {variances[0]});
         variances.erase(variances.begin());  // the rest: five short runs
         triples.compare(".003 3.2", {smallest(variances), largest(variances)});
         triples.compare(".91 1.01", {smallest(sharp), largest(sharp)});
         const bool counts = column(diagonal(), on_edge) == std::vector<Index>{1465, 425, 1475, 248, 870, 125} &&
                             deeper[0].on_edge == 395 && column(deep(), unstable) == std::vector<Index>{1, 2, 1, 1, 2, 5} &&
                             column(deeper, unstable) == std::vector<Index>(6, 1);
         return {counts && nets.holds() && pairs.holds() && triples.holds(),
                 "nets " + nets.measured() + ", depth 2 " + pairs.measured() + ", depth 3 " + triples.measured() + "; steps on the edge " +
                     list(column(diagonal(), on_edge)) + ", unstable eigenvalues " + list(column(deep(), unstable))};
       }},
      {"cohen2025/table-at-1.2",
       "diagonal nets at 1.2: the reference runs' end and variance ratios to 10 %: where the oscillation begins late, it grows from what "
       "rounding "
       "leaves, and the last bits move these by as much",
       []() -> Finding {
         const auto all = diagonal_runs(1.2);
         const double ratios[] = {37, 42, 15, 1.8, 9.7, 8.8}, variances[] = {1.15, 1.06, 1.92, 0, 1.30, 1};
         bool holds = true;
         for (std::size_t k = 0; k < 6; ++k)
           holds = holds && std::abs(all[k].end_ratio() - ratios[k]) <= 0.1 * ratios[k] &&
                   std::abs(all[k].variance_ratio - variances[k]) <= 0.1 * variances[k] + 0.005;
         return {holds, "end ratios " + list(column(all, end_ratio)) + ", variance ratios " + list(column(all, variance_ratio))};
       }},
      {"cohen2025/fresh",
       "12 + 6 fresh draws, none passed over: diagonal nets: end ratio at least 5 in 8, median 10, eta S / 2 of the central flow within "
       "1e-3 "
       "of 1 in all; completions: end ratio at least 2 in all, variance ratio in [0.8, 1.3] in 5; at 0.7 Sigma is 0 and the end ratio "
       "below 1.6 "
       "in all",
       []() -> Finding {
         const auto nets = fresh_diagonals(1.4), pairs = fresh_completions(1.15);
         auto below = fresh_diagonals(0.7);
         for (Comparison& run : fresh_completions(0.7)) below.push_back(std::move(run));
         const auto ratios = column(nets, end_ratio);
         return {whole(nets) && whole(pairs) && whole(below) && within(ratios, 5, 1e300) >= 8 && median(ratios) >= 10 &&
                     largest(column(nets, worst_edge)) < 1e-3 && smallest(column(pairs, end_ratio)) >= 2 &&
                     within(column(pairs, variance_ratio), 0.8, 1.3) >= 5 && largest(column(below, largest_trace)) == 0 &&
                     largest(column(below, end_ratio)) < 1.6,
                 "nets: end ratios " + list(ratios) + ", deviations from the edge up to " + figure(largest(column(nets, worst_edge))) +
                     "; completions: end ratios " + list(column(pairs, end_ratio)) + ", variance ratios " +
                     list(column(pairs, variance_ratio)) + "; at 0.7 traces up to " + figure(largest(column(below, largest_trace))) +
                     ", end ratios up to " + figure(largest(column(below, end_ratio))) + reasons(nets) + reasons(pairs) + reasons(below)};
       }},
  };
}
