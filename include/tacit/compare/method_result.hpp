// SPDX-License-Identifier: MIT
#pragma once
// How a method of completion did on test folds, what comparisons of methods (folds.hpp) report.

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "../core/scalar.hpp"
#include "../fit/method_kind.hpp"
#include "../io/number.hpp"
#include "../io/table.hpp"

namespace tacit {

/// How one method did.
struct MethodResult {
  std::string name;
  bool ours = false, chosen = false;
  /// Of all folds but the first, where it was hopeless (race.hpp): its numbers are of that fold, their standard errors from its entries.
  bool left_out = false;
  bool choosable = true;  ///< can be fitted to everything and saved: factors, means, tables that are small on one side
  MethodKind kind = MethodKind::low_rank;
  double rmse = 0, standard_error =
                       0;  ///< on the test folds: mean, and standard deviation over sqrt(folds), of one fold by its entries; NaN: left out
  double difference = 0, difference_error = 0;  ///< paired with the chosen method: mean of (this - chosen), and its standard error
  double validation_rmse = 0;
  std::vector<double> of_folds = {};
  std::string settings = {};  ///< of the first fold
  double seconds = 0;         ///< of all folds together
};

/// A row a method.
inline Table method_table(const std::vector<MethodResult>& methods, Index folds) {
  Table t(
      {"method", "rmse", "standard_error", "chosen", "settings", "difference", "difference_error", "validation_rmse", "folds", "seconds"});
  for (const MethodResult& m : methods)
    t.add({m.name, m.rmse, m.standard_error, m.chosen ? "yes" : "", m.settings, m.difference, m.difference_error, m.validation_rmse,
           m.left_out ? Index(1) : folds, m.seconds});
  return t;
}

/// Half a 95 % interval of the difference between two methods: of several folds by Student's t with folds - 1 degrees of freedom; of one fold, whose standard
/// error comes from its entries, by the normal distribution.
inline double half_interval(double standard_error, Index folds) {
  constexpr double t[] = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262};
  if (folds < 2) return 1.96 * standard_error;
  return standard_error * (folds <= 10 ? t[folds - 2] : 1.96 * (1 + 1.2 / static_cast<double>(folds - 1)));
}

/// A sentence where a method that cannot be chosen has the least error of all on the test folds, by more than chance; else empty.
inline std::string better_but_not_chosen(const std::vector<MethodResult>& methods, Index folds) {
  const MethodResult *best = nullptr, *chosen = nullptr;
  for (const MethodResult& m : methods) {
    const bool counts = std::isfinite(m.rmse) && !m.left_out && (m.kind != MethodKind::stack || m.choosable);
    if (counts && (!best || m.rmse < best->rmse)) best = &m;
    if (m.chosen) chosen = &m;
  }
  if (!best || !chosen || best->choosable) return "";
  const double high = best->difference + half_interval(best->difference_error, folds);
  if (!(high < 0)) return "";
  return sentence(
      "Of all methods ", best->name, " predicts best, with an error of ", rounded(best->rmse, 4), " against ", rounded(chosen->rmse, 4),
      ", beyond what chance would explain; predictions of a table of this size could not be kept as factors, and so it was not chosen.");
}

namespace detail {

inline double mean_of(const std::vector<double>& x) { return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size()); }
/// Standard error of the mean; NaN for one number.
inline double error_of(const std::vector<double>& x) {
  const double mean = mean_of(x), n = static_cast<double>(x.size());
  double squares = 0;
  for (double v : x) squares += (v - mean) * (v - mean);
  return std::sqrt(squares / (n - 1) / n);
}

}  // namespace detail
}  // namespace tacit
