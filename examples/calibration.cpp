// SPDX-License-Identifier: MIT
// Do the intervals of complete() hold what they say, and is its choice as good as the best of the tuned baselines? Low-rank matrices with noise, three
// noise levels, twenty seeds each: the share of fresh noisy observations of the gaps that lies within the 90 % interval, and errors on folds.
//   calibration [rows cols rank share-observed seeds]
#include <cstdlib>
#include <iostream>
#include <tacit/compare/complete.hpp>
#include <tacit/data/low_rank.hpp>
#include <tacit/output/model_files.hpp>

using namespace tacit;

namespace {

/// The share of gaps whose fresh observation, truth + noise, lies within the interval there.
double coverage(const CompletionTask<double>& task, const CompletionResult& result, double noise, std::uint64_t seed) {
  const Matrix<double> W = predict(*result.fit.model, result.fit.theta, result.fit.centre);
  Matrix<double> seen = Matrix<double>::Zero(W.rows(), W.cols());
  for (Index k = 0; k < task.seen.count(); ++k) seen(task.seen.where[k].row, task.seen.where[k].col) = 1;
  Random random(seed, "fresh noise");
  double inside = 0, gaps = 0;
  for (Index s = 0; s < W.size(); ++s) {
    if (seen.data()[s] > 0) continue;
    inside += std::abs(task.truth.data()[s] + noise * random.normal() - W.data()[s]) <= result.half_widths.at(s % W.rows(), s / W.rows());
    ++gaps;
  }
  return inside / gaps;
}

}  // namespace

int main(int argc, char** argv) {
  const auto argument = [&](int k, double otherwise) { return argc > k ? std::atof(argv[k]) : otherwise; };
  const Index rows = static_cast<Index>(argument(1, 100)), cols = static_cast<Index>(argument(2, 60)),
              rank = static_cast<Index>(argument(3, 3));
  const auto seeds = static_cast<std::uint64_t>(argument(5, 20));
  const auto observed = static_cast<Index>(argument(4, 0.4) * static_cast<double>(rows * cols));
  Table table({"noise", "coverage", "smallest", "largest", "chosen", "best_baseline", "its_error", "ratio"});
  for (const double noise : {0.1, 0.3, 1.0}) {  // a typical entry has size 1
    std::vector<double> covered, chosen;
    std::vector<double> of_baseline;
    std::vector<std::string> names;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      const auto task =
          low_rank_completion({.rows = rows, .cols = cols, .rank = rank, .observed = observed, .seed = seed, .noise_std = noise});
      const CompletionResult result = complete(task.seen, {.seed = seed});
      covered.push_back(coverage(task, result, noise, seed));
      chosen.push_back(result.chosen().rmse);
      std::size_t b = 0;
      for (const MethodResult& m : result.methods) {
        if (m.ours || m.kind == MethodKind::stack) continue;
        if (b == names.size()) names.push_back(m.name), of_baseline.push_back(0);
        of_baseline[b++] += m.rmse / static_cast<double>(seeds);
      }
      std::cerr << "noise " << noise << ", seed " << seed << ": coverage " << covered.back() << ", " << result.chosen().name << ' '
                << chosen.back() << '\n';
    }
    const auto best = std::min_element(of_baseline.begin(), of_baseline.end());
    const auto [least, most] = std::minmax_element(covered.begin(), covered.end());
    table.add({noise, rounded(detail::mean_of(covered), 4), rounded(*least, 4), rounded(*most, 4), rounded(detail::mean_of(chosen), 4),
               names[static_cast<std::size_t>(best - of_baseline.begin())], rounded(*best, 4),
               rounded(detail::mean_of(chosen) / *best, 4)});
  }
  std::cout << table;
}
