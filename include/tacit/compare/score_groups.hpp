// SPDX-License-Identifier: MIT
#pragma once
// What groups of errors have of their own: how much larger scores |e| / s are in a group than elsewhere, shrunk, and their conformal
// quantile, of their own scores with those of others at a limited weight. Cost: some passes over the scores; the quantiles a sort.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "../core/scalar.hpp"
#include "../observation/split.hpp"

namespace tacit::detail {

/// The factor of each group, shrunk by as many entries as predicts scores best whose part was left out: none at all, 80, 20 or 5.
/// Errors of one part may be alike, as in runs.
struct GroupFactors {
  Vector<double> of;               ///< the factor
  std::vector<double> of_without;  ///< of each score's group, from the other parts

  template <class GroupOf>  // of the k-th score
  GroupFactors(const std::vector<double>& scores, const std::vector<std::int32_t>& part, Index parts, Index groups, const GroupOf& group,
               double largest) {
    Matrix<double> sum = Matrix<double>::Zero(groups, parts), count = sum;
    double usual = 1e-12;
    for (std::size_t k = 0; k < scores.size(); ++k) {
      const double score = std::min(scores[k], largest);
      sum(group(k), part[k]) += score, ++count(group(k), part[k]), usual += score / static_cast<double>(scores.size());
    }
    const Vector<double> sums = sum.rowwise().sum(), counts = count.rowwise().sum();
    const auto factor = [&](double in_sum, double in_count, double ridge) {
      return ridge > 0 ? (in_sum + ridge * usual) / ((in_count + ridge) * usual) : 1;
    };
    const auto without = [&](std::size_t k, double ridge) {
      const Index i = group(k), p = part[k];
      return factor(sums[i] - sum(i, p), counts[i] - count(i, p), ridge);
    };
    double least = std::numeric_limits<double>::infinity(), best = 0;
    for (const double ridge : {0.0, 80.0, 20.0, 5.0}) {
      double cost = 0;
      for (std::size_t k = 0; k < scores.size(); ++k) {
        const double g = without(k, ridge);
        cost += std::log(g) + scores[k] / (usual * g);
      }
      if (cost < least - 1e-3 * static_cast<double>(scores.size())) least = cost, best = ridge;
    }
    of.resize(groups);
    for (Index i = 0; i < groups; ++i) of[i] = factor(sums[i], counts[i], best);
    for (std::size_t k = 0; k < scores.size(); ++k) of_without.push_back(without(k, best));
  }
};

/// Of each group the smallest score that covers as much as is due, its own scores counted once each, all of them together at a total
/// weight of fifty; infinite where there are too few to promise the coverage.
inline std::vector<double> group_quantiles(const std::vector<double>& scores, Index groups, const std::vector<Index>& group,
                                           double coverage) {
  const auto n = static_cast<double>(scores.size());
  std::vector<double> q(static_cast<std::size_t>(groups), std::numeric_limits<double>::infinity());
  if (std::ceil((n + 1) * coverage) > n) return q;
  std::vector<double> all = scores;
  std::vector<std::vector<double>> of_group(q.size());
  for (std::size_t k = 0; k < all.size(); ++k) of_group[static_cast<std::size_t>(group[k])].push_back(all[k]);
  std::sort(all.begin(), all.end());
  const auto share = [](const std::vector<double>& sorted, double x) {
    return static_cast<double>(std::upper_bound(sorted.begin(), sorted.end(), x) - sorted.begin());
  };
  for (std::size_t j = 0; j < q.size(); ++j) {
    std::sort(of_group[j].begin(), of_group[j].end());
    const auto own = static_cast<double>(of_group[j].size()), others = std::min(50.0, n);
    const double due = std::min(coverage * (own + others + 1), own + others);
    std::size_t low = 0, high = all.size() - 1;
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      if (share(of_group[j], all[middle]) + others / n * static_cast<double>(middle + 1) >= due) high = middle;
      else low = middle + 1;
    }
    q[j] = all[low];
  }
  return q;
}

/// Coverages that are promised, 5 ... 95 %, and how often intervals hold whose quantiles are those of one half of the scores, on the
/// other half; of at most 10^5 scores.
inline std::vector<std::array<double, 2>> calibration_of(const std::vector<double>& scores, const std::vector<Index>& group,
                                                         std::uint64_t seed) {
  std::array<std::vector<double>, 2> score;
  std::array<std::vector<Index>, 2> of;
  const auto order = shuffled(static_cast<Index>(scores.size()), seed);
  for (std::size_t s = 0; s < std::min<std::size_t>(order.size(), 100'000); ++s) {
    const auto k = static_cast<std::size_t>(order[s]);
    score[s % 2].push_back(scores[k]), of[s % 2].push_back(group[k]);
  }
  std::vector<std::array<double, 2>> found;
  if (score[1].size() < 20) return found;
  const Index groups = 1 + *std::max_element(group.begin(), group.end());
  for (int percent = 5; percent < 100; percent += 5) {
    const std::vector<double> q = group_quantiles(score[0], groups, of[0], percent / 100.0);
    double inside = 0;
    for (std::size_t k = 0; k < score[1].size(); ++k) inside += score[1][k] <= q[static_cast<std::size_t>(of[1][k])];
    found.push_back({percent / 100.0, inside / static_cast<double>(score[1].size())});
  }
  return found;
}

}  // namespace tacit::detail
