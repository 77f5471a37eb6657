// SPDX-License-Identifier: MIT
#pragma once
// Where a factorization is not the tool: something else that was compared (nearest neighbours, regressions of columns on one another, side features alone) explains clearly
// more of the variance of held-out entries than the best of the factorizations and means does. Clearly: what it leaves unexplained is at most four fifths of what that one
// leaves, which is at least 5 % of the variance, and the paired difference of errors on the folds is beyond chance (95 % interval). Of one fold the difference is known
// where one of the two was chosen.

#include <cmath>

#include "method_result.hpp"

namespace tacit {

/// A sentence, or nothing. `spread`: the standard deviation of the data, in the units of the errors.
inline std::string another_tool(const std::vector<MethodResult>& methods, Index folds, double spread) {
  const MethodResult *best = nullptr, *other = nullptr;
  for (const MethodResult& m : methods) {
    if (!std::isfinite(m.rmse) || m.kind == MethodKind::stack) continue;
    const MethodResult*& place = m.kind == MethodKind::low_rank ? best : other;
    if (!place || m.rmse < place->rmse) place = &m;
  }
  if (!best || !other || !(spread > 0)) return "";
  const auto left = [&](const MethodResult& m) { return m.rmse * m.rmse / (spread * spread); };
  if (left(*best) < 0.05 || left(*other) > 0.8 * left(*best)) return "";
  double high = std::nan("");
  if (folds > 1) {
    std::vector<double> difference;
    for (std::size_t f = 0; f < other->of_folds.size(); ++f) difference.push_back(other->of_folds[f] - best->of_folds[f]);
    high = detail::mean_of(difference) + half_interval(detail::error_of(difference), folds);
  } else if (best->chosen) {
    high = other->difference + half_interval(other->difference_error, folds);
  } else if (other->chosen) {
    high = half_interval(best->difference_error, folds) - best->difference;
  }
  if (!(high < 0)) return "";
  const auto explained = [&](const MethodResult& m) { return sentence(rounded(100 * std::max(0.0, 1 - left(m)), 3), " %"); };
  return sentence("A factorization is not the tool for these data: of the variance of entries that no method had seen, ", other->name,
                  " explain ", explained(*other), ", and the best factorization (", best->name, ") ", explained(*best),
                  ", beyond what chance would explain. Low rank leaves much that ",
                  other->kind == MethodKind::neighbours   ? "similar lines"
                  : other->kind == MethodKind::regression ? "relations between columns"
                                                          : "side features",
                  " explain.");
}

}  // namespace tacit
