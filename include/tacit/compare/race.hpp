// SPDX-License-Identifier: MIT
#pragma once
// Which methods go on after the first fold, so that time goes to those that may still be chosen. A method is left out where, against the
// best of those that can be chosen,
//   its error on the test entries is higher by more than 5 %, and by more than four standard errors of the paired difference of squares,
//   and its error on the validation entries is higher by more than 5 %, too: none is left out for the sake of test entries alone.
// Never left out: the three with the lowest validation errors; of ours and of the others the one with the lowest test error; those that
// cost nothing; and those without predictions, which say themselves why. The decision depends on errors alone, not on the clock: under a
// counted budget it is the same everywhere. Successive elimination as in the Hoeffding races of Maron & Moore 1993, with one round.

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "../core/scalar.hpp"

namespace tacit::detail {

/// How a method did on the first fold.
struct FirstFold {
  bool ours, choosable, free;
  double validation_rmse, test_rmse;  ///< NaN: no predictions
  Vector<double> squares;             ///< of the residuals on the test entries
};

/// Standard error of the mean of x, divided by the sum of two roots: of a difference of root mean squares, where x are differences of
/// squares.
inline double error_of_roots(const Vector<double>& x, double roots) {
  const auto n = static_cast<double>(x.size());
  return std::sqrt((x.array() - x.mean()).square().sum() / (n - 1) / n) / roots;
}

/// Of each method that is left out, how many times the best error its own is; of the others 0.
inline std::vector<double> left_out_after(const std::vector<FirstFold>& first) {
  constexpr double margin = 1.05, errors = 4;
  constexpr std::size_t kept = 3;
  std::vector<double> times(first.size(), 0);
  const FirstFold* best = nullptr;
  const FirstFold* of[2] = {nullptr, nullptr};
  std::vector<double> validation;
  for (const FirstFold& m : first) {
    if (!std::isfinite(m.test_rmse)) continue;
    validation.push_back(m.validation_rmse);
    const auto lower = [&](const FirstFold* than) { return !than || m.test_rmse < than->test_rmse; };
    if (m.choosable && lower(best)) best = &m;
    if (lower(of[m.ours])) of[m.ours] = &m;
  }
  if (!best || validation.size() <= kept) return times;
  std::nth_element(validation.begin(), validation.begin() + kept - 1, validation.end());
  const double among_best = validation[kept - 1];
  for (std::size_t k = 0; k < first.size(); ++k) {
    const FirstFold& m = first[k];
    if (m.free || !std::isfinite(m.test_rmse) || m.validation_rmse <= among_best || &m == of[m.ours]) continue;
    const double chance = error_of_roots(m.squares - best->squares, m.test_rmse + best->test_rmse);
    const bool hopeless = m.test_rmse > margin * best->test_rmse && m.test_rmse - best->test_rmse > errors * chance &&
                          m.validation_rmse > margin * best->validation_rmse;
    if (hopeless) times[k] = m.test_rmse / best->test_rmse;
  }
  return times;
}

}  // namespace tacit::detail
