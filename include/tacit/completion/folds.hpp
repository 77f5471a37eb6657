// SPDX-License-Identifier: MIT
#pragma once
// Methods of completion side by side on k folds, for matrices and tensors alike: in each fold every method is tuned on validation entries of the training part and
// tested on the fold, which nothing else has seen. Of our methods the one with the lowest mean validation error is chosen, never by a test entry. No fold and
// no method is dropped, unless the time budget is over: folds that not all methods have finished do not count, and the result says how many did.

#include <chrono>
#include <cmath>
#include <functional>
#include <memory>
#include <mutex>
#include <numeric>
#include <string>
#include <vector>

#include "../baseline/validation.hpp"
#include "../observation/split.hpp"
#include "../sweep/pool.hpp"
#include "method_result.hpp"

namespace tacit {

namespace detail::side_by_side {

template <class O>
struct Fitted {
  std::string settings;
  double validation_rmse;
  std::function<Vector<double>(const O&)> predict;
};
template <class O>
struct Method {
  std::string name;
  bool ours;
  /// `seconds` is its share of the budget that is left, where it has a weight.
  std::function<Fitted<O>(const Data<double, O>& train, const Data<double, O>& validation, std::uint64_t seed, double seconds)> tune;
  double weight = 0;
};
/// The fit of a tuner as a method sees it.
template <class O, class Fit, class Trial>
Fitted<O> forget_type(Tuned<Fit, Trial> tuned, std::string settings) {
  const auto fit = std::make_shared<const Fit>(std::move(tuned.fit));
  return {std::move(settings), tuned.validation_rmse, [fit](const O& at) { return fit->predict(at); }};
}

struct FoldPlan {
  Index folds, repeats;
  double validation, budget;
  std::uint64_t seed;
  int threads;

  double cores() const { return threads > 0 ? threads : std::max(1u, std::thread::hardware_concurrency()); }
  void check(const char* who, Index observations) const {
    require(folds >= 2 && repeats >= 1, who, ": ", folds, " folds and ", repeats, " repeats, at least 2 and 1 are needed");
    require(budget > 0, who, ": the budget is ", budget, " s, it needs to be positive");
    require(observations >= 3 * folds, who, ": ", observations, " observed entries are too few for ", folds, " folds with validation entries");
  }
};

template <class O>
struct Comparison {
  std::vector<MethodResult> methods;
  std::size_t winner = 0;
  Index folds = 0, folds_asked = 0;     ///< finished, and asked for
  Vector<double> tested_y, tested_z;    ///< what the chosen method predicted on test folds,
  std::vector<O> tested;                ///< and where, fold by fold
};

/// One method on one fold; empty predictions: the budget was over before it began.
struct FoldOutcome {
  double validation_rmse = 0, test_rmse = 0, seconds = 0;
  std::string settings;
  Vector<double> z;
};

/// `folds`: train and test parts, drawn as the plan says where none are given.
template <class O>
Comparison<O> compare_on_folds(const char* who, const Data<double, O>& data, const FoldPlan& plan, const std::vector<Method<O>>& methods,
                               std::vector<TrainTest<double, O>> folds = {}) {
  using Clock = std::chrono::steady_clock;
  const auto started = Clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - started).count(); };
  require_range(who, data.y);
  const bool given = !folds.empty();
  for (Index r = 0; r < plan.repeats && !given; ++r)
    for (auto& fold : k_folds(data, {.folds = plan.folds, .seed = plan.seed + static_cast<std::uint64_t>(r)})) folds.push_back(std::move(fold));
  const Index count = static_cast<Index>(folds.size()), width = static_cast<Index>(methods.size());
  std::vector<FoldOutcome> outcomes(static_cast<std::size_t>(count * width));
  double to_come = 0;
  for (const Method<O>& method : methods) to_come += method.weight * static_cast<double>(count);
  const double all_weights = to_come;
  std::mutex guard;
  on_threads(count * width, static_cast<unsigned>(plan.threads), [&](Index job) {
    if (elapsed() > plan.budget && (job >= width || plan.budget < 1)) return;  // one fold at least
    const auto& fold = folds[static_cast<std::size_t>(job / width)];
    const auto& method = methods[static_cast<std::size_t>(job % width)];
    const std::uint64_t seed = plan.seed + static_cast<std::uint64_t>(job / width);
    const auto parts = hold_out_entries(fold.train, {.test = plan.validation, .seed = seed});
    const double before = elapsed();
    double seconds = 0;
    if (method.weight > 0) {
      const std::scoped_lock lock(guard);
      seconds = std::max(0.0, plan.budget - before) * plan.cores() * method.weight / to_come;
      seconds = std::max(seconds, 0.5 * plan.budget * plan.cores() * method.weight / all_weights);  // others were late: no method starves for it
      to_come -= method.weight;
    }
    const Fitted<O> fitted = method.tune(parts.train, parts.test, seed, seconds);
    FoldOutcome& outcome = outcomes[static_cast<std::size_t>(job)];
    outcome = {fitted.validation_rmse, 0, 0, fitted.settings, fitted.predict(fold.test.where)};
    outcome.test_rmse = rmse(outcome.z, fold.test.y);
    outcome.seconds = elapsed() - before;
  });

  Comparison<O> result;
  result.folds_asked = count;
  const auto outcome_of = [&](Index f, std::size_t m) -> const FoldOutcome& { return outcomes[static_cast<std::size_t>(f * width) + m]; };
  std::vector<Index> finished;
  for (Index f = 0; f < count; ++f) {
    bool whole = true;
    for (std::size_t m = 0; m < methods.size(); ++m) whole = whole && outcome_of(f, m).z.size() > 0;
    if (whole) finished.push_back(f);
  }
  result.folds = static_cast<Index>(finished.size());
  require(result.folds >= 1, who, ": the budget of ", plan.budget, " s is too small, not one of ", count, " folds was finished by all ", width, " methods");

  for (std::size_t m = 0; m < methods.size(); ++m) {
    MethodResult row;
    row.name = methods[m].name;
    row.ours = methods[m].ours;
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
  for (std::size_t m = 1; m < methods.size(); ++m)
    if (result.methods[m].ours && result.methods[m].validation_rmse < result.methods[result.winner].validation_rmse) result.winner = m;
  result.methods[result.winner].chosen = true;
  for (MethodResult& row : result.methods) {
    std::vector<double> difference;
    for (std::size_t f = 0; f < row.of_folds.size(); ++f) difference.push_back(row.of_folds[f] - result.methods[result.winner].of_folds[f]);
    row.difference = mean_of(difference);
    row.difference_error = error_of(difference);
  }

  if (result.folds == 1) {  // mean squares, and so their roots, vary from draw to draw of the test entries
    const Vector<double>& y = folds[static_cast<std::size_t>(finished[0])].test.y;
    const auto squares = [&](std::size_t m) -> Vector<double> { return (outcome_of(finished[0], m).z - y).array().square(); };
    const auto error = [](const Vector<double>& x, double roots) {
      const auto n = static_cast<double>(x.size());
      return std::sqrt((x.array() - x.mean()).square().sum() / (n - 1) / n) / roots;
    };
    for (std::size_t m = 0; m < result.methods.size(); ++m) {
      MethodResult& row = result.methods[m];
      row.standard_error = error(squares(m), 2 * row.rmse);
      row.difference_error = error(squares(m) - squares(result.winner), row.rmse + result.methods[result.winner].rmse);
    }
  }

  Index tested = 0;
  for (Index f : finished) tested += folds[static_cast<std::size_t>(f)].test.count();
  result.tested_y.resize(tested);
  result.tested_z.resize(tested);
  tested = 0;
  for (Index f : finished) {
    const auto& test = folds[static_cast<std::size_t>(f)].test;
    result.tested_y.segment(tested, test.count()) = test.y;
    result.tested_z.segment(tested, test.count()) = outcome_of(f, result.winner).z;
    tested += test.count();
    result.tested.push_back(test.where);
  }
  return result;
}

}  // namespace detail::side_by_side
}  // namespace tacit
