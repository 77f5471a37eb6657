// SPDX-License-Identifier: MIT
#pragma once
// Methods of completion side by side on folds, for matrices and tensors alike: in each fold every method is tuned on validation entries of the training part,
// of a matrix fitted with the settings found once more to all of that part, and tested on the fold, which nothing else has seen. Of our methods the one with the lowest mean validation error is chosen, never by a test entry; another one
// that can be fitted to everything is chosen instead where its error on the test folds is lower beyond chance (95 % interval of the paired difference). Validation errors
// do not tell methods of different kinds apart: they are too low by as much as a method's search is long. The test error of such a choice is too low by a part of its
// standard error, since it was one ground of the choice. No fold and
// no method is dropped, unless the time budget is over: folds that not all methods have finished do not count, and the result says how many did.

#include <chrono>
#include <cmath>
#include <limits>
#include <mutex>
#include <numeric>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "../core/budget.hpp"
#include "../fit/estimator.hpp"
#include "../observation/split.hpp"
#include "../sweep/pool.hpp"
#include "method_result.hpp"

namespace tacit {

namespace detail {

struct FoldPlan {
  Index folds, repeats;
  double budget;
  std::uint64_t seed;
  int threads;
  Pace pace = {};
  bool refit = true;

  /// Counted, the budget is that of two cores, wherever it is spent.
  double cores() const { return pace.counted ? 2 : threads > 0 ? threads : std::max(1u, std::thread::hardware_concurrency()); }
  void check(const char* who, const Vector<double>& y) const {
    require(folds >= 2 && repeats >= 1, who, ": ", folds, " folds and ", repeats, " repeats, at least 2 and 1 are needed");
    require(budget > 0, who, ": the budget is ", budget, " s, it needs to be positive");
    require(y.size() >= 3 * folds, who, ": ", y.size(), " observed entries are too few for ", folds, " folds with validation entries");
    require(threads >= 0, who, ": ", threads, " threads; 0 means all cores");
    require_range(who, y);
  }
  /// parts({.folds, .seed}) of every repeat, one after the other.
  template <class Parts>
  auto draw(Parts parts) const {
    auto all = parts(Folds{.folds = folds, .seed = seed});
    for (Index r = 1; r < repeats; ++r)
      for (auto& fold : parts(Folds{.folds = folds, .seed = seed + static_cast<std::uint64_t>(r)})) all.push_back(std::move(fold));
    return all;
  }
};

template <class O>
struct Comparison {
  std::vector<MethodResult> methods;
  std::size_t winner = 0;
  Index folds = 0, folds_asked = 0;   ///< finished, and asked for
  Vector<double> tested_y, tested_z;  ///< what the chosen method predicted on test folds,
  TensorEntryList tested_at;          ///< and where,
  std::vector<Index> tested_fold;     ///< and in which of the finished folds
};

inline Vector<double> in_units(const Vector<double>& residual, const Vector<double>& units) {
  return units.size() ? Vector<double>(residual.cwiseQuotient(units)) : residual;
}

/// One method on one fold. Not done: the budget was over before it began; no predictions: left out, `settings` says why.
struct FoldOutcome {
  bool done = false;
  double validation_rmse = std::nan(""), test_rmse = std::nan(""), seconds = 0;
  std::string settings = {};
  Vector<double> z = {};
};

/// Standard error of the mean of x, divided by the sum of two roots: of a difference of root mean squares, where x are differences of squares.
inline double error_of_roots(const Vector<double>& x, double roots) {
  const auto n = static_cast<double>(x.size());
  return std::sqrt((x.array() - x.mean()).square().sum() / (n - 1) / n) / roots;
}

/// Which method is chosen. better(a, b): whether the error of a on the test folds is lower than that of b, beyond chance.
template <class Better>
std::size_t winner_of(const std::vector<MethodResult>& methods, Better better) {
  const std::size_t none = methods.size();
  std::size_t ours = none, other = none;
  for (std::size_t m = 0; m < methods.size(); ++m)
    if (methods[m].ours && methods[m].choosable && (ours == none || methods[m].validation_rmse < methods[ours].validation_rmse)) ours = m;
  for (std::size_t m = 0; m < methods.size(); ++m) {
    if (methods[m].ours || !methods[m].choosable || !std::isfinite(methods[m].rmse)) continue;
    if (ours != none && !better(m, ours)) continue;
    if (other == none || methods[m].validation_rmse < methods[other].validation_rmse) other = m;
  }
  require(ours != none || other != none, "compare: none of ", methods.size(), " methods can be fitted to everything");
  return other != none ? other : ours;
}

/// validation_of(train, seed): a training part and validation entries of it.
/// units_of(entries): what errors there are divided by, empty for 1. seconds_for(method, elapsed): what its tuning may take, asked by one thread at a time.
template <class O, class Validation, class Seconds, class Units>
Comparison<O> compare_on_folds(const char* who, const std::vector<TrainTest<double, O>>& folds, const FoldPlan& plan,
                               const std::vector<Estimator<O>>& methods, Validation validation_of, Seconds seconds_for, Units units_of) {
  using Clock = std::chrono::steady_clock;
  const auto started = Clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - started).count(); };
  const Index count = static_cast<Index>(folds.size()), width = static_cast<Index>(methods.size());
  std::vector<FoldOutcome> outcomes(static_cast<std::size_t>(count * width));
  std::mutex guard;
  on_threads(count * width, static_cast<unsigned>(plan.threads), [&](Index job) {
    plan.pace.ask();
    if (!plan.pace.counted && elapsed() > plan.budget && (job >= width || plan.budget < 1)) return;  // one fold at least
    const auto& fold = folds[static_cast<std::size_t>(job / width)];
    const auto& method = methods[static_cast<std::size_t>(job % width)];
    const std::uint64_t seed = plan.seed + static_cast<std::uint64_t>(job / width);
    const auto parts = validation_of(fold.train, seed);
    const double before = elapsed();
    const double seconds = [&] {
      const std::scoped_lock lock(guard);
      return seconds_for(method, before);
    }();
    const Fitted<O> fitted = method.tune(parts.train, parts.test, seed, seconds);
    FoldOutcome& outcome = outcomes[static_cast<std::size_t>(job)];
    outcome.done = true;
    outcome.settings = fitted.settings;
    if (fitted.predict) {
      outcome.validation_rmse = fitted.validation_rmse;
      outcome.z = plan.refit && fitted.refitted ? fitted.refitted(fold.train, fold.test.where) : fitted.predict(fold.test.where);
      const Vector<double> residual = in_units(outcome.z - fold.test.y, units_of(fold.test.where));
      outcome.test_rmse = std::sqrt(residual.squaredNorm() / static_cast<double>(residual.size()));
    }
    outcome.seconds = elapsed() - before;
  });

  Comparison<O> result;
  result.folds_asked = count;
  const auto outcome_of = [&](Index f, std::size_t m) -> const FoldOutcome& { return outcomes[static_cast<std::size_t>(f * width) + m]; };
  std::vector<Index> finished;
  for (Index f = 0; f < count; ++f) {
    bool whole = true;
    for (std::size_t m = 0; m < methods.size(); ++m) whole = whole && outcome_of(f, m).done;
    if (whole) finished.push_back(f);
  }
  result.folds = static_cast<Index>(finished.size());
  require(result.folds >= 1, who, ": the budget of ", plan.budget, " s is too small, not one of ", count, " folds was finished by all ",
          width, " methods");

  for (std::size_t m = 0; m < methods.size(); ++m) {
    MethodResult row;
    row.name = methods[m].name;
    row.ours = methods[m].ours;
    row.choosable = static_cast<bool>(methods[m].close);
    std::vector<double> validation;
    for (Index f : finished) {
      const FoldOutcome& outcome = outcome_of(f, m);
      row.of_folds.push_back(outcome.test_rmse);
      validation.push_back(outcome.validation_rmse);
      row.seconds += outcome.seconds;
      if (row.settings.empty()) row.settings = outcome.settings;
    }
    row.rmse = mean_of(row.of_folds);
    row.standard_error = error_of(row.of_folds);  // NaN for one fold, whose entries say more below
    row.validation_rmse = mean_of(validation);
    result.methods.push_back(std::move(row));
  }
  // Of one fold, mean squares, and so their roots, vary from draw to draw of the test entries.
  const Vector<double> units = result.folds == 1 ? units_of(folds[static_cast<std::size_t>(finished[0])].test.where) : Vector<double>();
  const auto squares = [&](std::size_t m) -> Vector<double> {
    return in_units(outcome_of(finished[0], m).z - folds[static_cast<std::size_t>(finished[0])].test.y, units).array().square();
  };
  const auto compared = [&](std::size_t m, std::size_t with) -> std::pair<double, double> {  // mean difference and its standard error
    const MethodResult &row = result.methods[m], &other = result.methods[with];
    if (std::isnan(row.rmse) || std::isnan(other.rmse)) return {std::nan(""), std::nan("")};  // left out
    if (result.folds == 1) return {row.rmse - other.rmse, error_of_roots(squares(m) - squares(with), row.rmse + other.rmse)};
    std::vector<double> difference;
    for (std::size_t f = 0; f < row.of_folds.size(); ++f) difference.push_back(row.of_folds[f] - other.of_folds[f]);
    return {mean_of(difference), error_of(difference)};
  };
  result.winner = winner_of(result.methods, [&](std::size_t m, std::size_t with) {
    const auto [difference, error] = compared(m, with);
    return difference + half_interval(error, result.folds) < 0;
  });
  result.methods[result.winner].chosen = true;
  for (std::size_t m = 0; m < methods.size(); ++m) {
    MethodResult& row = result.methods[m];
    std::tie(row.difference, row.difference_error) = compared(m, result.winner);
    if (result.folds == 1 && !std::isnan(row.rmse)) row.standard_error = error_of_roots(squares(m), 2 * row.rmse);
  }

  Index tested = 0;
  for (Index f : finished) tested += folds[static_cast<std::size_t>(f)].test.count();
  result.tested_y.resize(tested);
  result.tested_z.resize(tested);
  result.tested_at = TensorEntryList(folds[0].test.where.shape());
  tested = 0;
  for (Index f : finished) {
    const auto& test = folds[static_cast<std::size_t>(f)].test;
    result.tested_y.segment(tested, test.count()) = test.y;
    result.tested_z.segment(tested, test.count()) = outcome_of(f, result.winner).z;
    tested += test.count();
    for (Index k = 0; k < test.count(); ++k) result.tested_at.append(test.where, k);
    result.tested_fold.resize(static_cast<std::size_t>(tested), result.tested_fold.empty() ? 0 : result.tested_fold.back() + 1);
  }
  return result;
}

}  // namespace detail
}  // namespace tacit
