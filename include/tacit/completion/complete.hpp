// SPDX-License-Identifier: MIT
#pragma once
// Completion without options: k folds (or other holdouts, holdout.hpp); in each, every method is tuned on validation entries of the training part and tested on
// the fold, which nothing else has seen. Among the deep factorizations the one with the lowest mean validation error is chosen (never by a test entry); it is then
// tuned once more and fitted to everything. Baselines stand beside it, tuned on the same entries. No fold and no method is dropped, unless the time budget is over:
// folds that not all methods have finished do not count, and the result says how many did.
//
//   auto result = complete(data);   std::cout << result.table();   result.fit.predict(entries);   result.width: half an interval

#include <chrono>
#include <numeric>
#include <thread>

#include "../output/table.hpp"
#include "../sweep/pool.hpp"
#include "conformal.hpp"
#include "holdout.hpp"
#include "method_result.hpp"
#include "methods.hpp"

namespace tacit {

struct CompletionSettings {
  Index folds = 5, repeats = 1;  ///< repeats draw new folds
  double validation = 0.1;       ///< of each training part
  double budget = 60;            ///< seconds for the folds: half of them go to our fits, which end early where that is too little; one fold is
                                 ///< always finished; the closing fit comes on top. Results depend on the machine where time runs out, else not
  Holdout holdout = {};
  std::vector<Index> depths = {2, 3};  ///< of descents; depth 2 also brings its average over the posterior
  Index width = 0;               ///< of hidden layers; 0: chosen, at most min(n1, n2, 100)
  bool refit = true;             ///< the closing fit is made once more on everything; else it stays the one of its training part
  bool baselines = true;
  double coverage = 0.9;         ///< of the intervals
  bool deterministic = true;     ///< false: descent on ratings takes blocks as they come, a little faster, and never twice with the same digits
  std::uint64_t seed = 1;
  int threads = 0;               ///< 0: all cores
};

struct CompletionResult {
  std::vector<MethodResult> methods;
  Index folds = 0, folds_asked = 0;  ///< finished, and asked for
  DeepFit fit;
  std::vector<double> absolute_errors;  ///< of the chosen method on test folds
  double width = 0;                  ///< half an interval of the asked coverage
  Vector<double> tested_y, tested_z; ///< what the chosen method predicted on test folds,
  std::vector<Entry> tested_at;      ///< and where

  const MethodResult& chosen() const {
    return *std::find_if(methods.begin(), methods.end(), [](const MethodResult& m) { return m.chosen; });
  }
  Table table() const {
    Table t({"method", "rmse", "standard_error", "chosen", "settings", "difference", "difference_error", "validation_rmse", "folds", "seconds"});
    for (const MethodResult& m : methods)
      t.add({m.name, m.rmse, m.standard_error, m.chosen ? "yes" : "", m.settings, m.difference, m.difference_error, m.validation_rmse, m.of_folds.size(), m.seconds});
    return t;
  }
};

namespace detail {

/// Seconds that all folds of ours have on all threads, for one fold.
inline double seconds_a_fold(const CompletionSettings& s) {
  const double threads = s.threads > 0 ? s.threads : std::max(1u, std::thread::hardware_concurrency());
  return s.budget * threads / static_cast<double>(s.folds * s.repeats);
}
inline std::vector<DeepGrid> grids_of(const CompletionSettings& s, bool ratings) {
  std::vector<DeepGrid> grids;
  for (Index depth : s.depths) {
    if (ratings && (depth == 2 || depth == 3)) continue;  // ratings_grids_of
    DeepGrid grid;
    grid.depth = depth;
    grid.width = s.width;
    if (depth == 2) {
      grid.by = Simplicity::averaging;
      grids.push_back(grid);
    }
    grid.by = depth == 2 ? Simplicity::decay : Simplicity::stopping;
    grids.push_back(grid);
  }
  for (DeepGrid& grid : grids)  // the average over the posterior wins most often, and has the larger share
    grid.seconds = (grid.by == Simplicity::averaging ? 0.3 : 0.2 / static_cast<double>(s.depths.size())) * seconds_a_fold(s);
  return grids;
}
inline std::vector<RatingsGrid> ratings_grids_of(const CompletionSettings& s) {
  std::vector<RatingsGrid> grids;
  for (Index depth : s.depths) {
    if (depth != 2 && depth != 3) continue;
    RatingsGrid grid;
    grid.depth = depth;
    grid.width = s.width;
    grid.seconds = 0.5 / static_cast<double>(s.depths.size()) * seconds_a_fold(s);
    grid.threads = s.threads;
    grid.deterministic = s.deterministic;
    grids.push_back(grid);
  }
  return grids;
}

/// One method on one fold. Not done: the budget was over before it began; no predictions: left out, `settings` says why.
struct FoldOutcome {
  bool done = false;
  double validation_rmse = std::nan(""), test_rmse = std::nan(""), seconds = 0;
  std::string settings = {};
  Vector<double> z = {};
};

}  // namespace detail

/// `folds`: train and test parts to compare the methods on, drawn as the settings say where none are given. The closing fit is to `data`.
inline CompletionResult complete(const Data<double>& data, const CompletionSettings& s = {}, std::vector<TrainTest<double>> folds = {}) {
  using Clock = std::chrono::steady_clock;
  require(s.folds >= 2 && s.repeats >= 1, "complete: ", s.folds, " folds and ", s.repeats, " repeats, at least 2 and 1 are needed");
  require(s.budget > 0, "complete: the budget is ", s.budget, " s, it needs to be positive");
  require(!s.depths.empty(), "complete: no depth is given");
  require(data.count() >= 3 * s.folds, "complete: ", data.count(), " observed entries are too few for ", s.folds, " folds with validation entries");
  require(s.threads >= 0, "complete: ", s.threads, " threads; 0 means all cores");
  const bool ratings = detail::like_ratings(data.where);
  const auto methods = detail::methods_of(detail::grids_of(s, ratings), ratings ? detail::ratings_grids_of(s) : std::vector<RatingsGrid>{}, s.baselines, s.budget);
  const auto started = Clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - started).count(); };

  const bool given = !folds.empty();
  require(s.holdout.kind != HoldoutKind::listed || s.repeats == 1, "complete: a list of entries to hold out cannot be repeated ", s.repeats, " times");
  for (Index r = 0; r < s.repeats && !given; ++r)
    for (auto& fold : detail::test_parts(data, s.holdout, {.folds = s.folds, .seed = s.seed + static_cast<std::uint64_t>(r)})) folds.push_back(std::move(fold));
  const Index count = static_cast<Index>(folds.size()), width = static_cast<Index>(methods.size());
  std::vector<detail::FoldOutcome> outcomes(static_cast<std::size_t>(count * width));
  detail::on_threads(count * width, static_cast<unsigned>(s.threads), [&](Index job) {
    if (elapsed() > s.budget && (job >= width || s.budget < 1)) return;  // one fold at least
    const auto& fold = folds[static_cast<std::size_t>(job / width)];
    const auto& method = methods[static_cast<std::size_t>(job % width)];
    const std::uint64_t seed = s.seed + static_cast<std::uint64_t>(job / width);
    const auto parts = detail::validation_part(fold.train, s.holdout, s.validation, seed);
    const double before = elapsed();
    const detail::Fitted fitted = method.tune(parts.train, parts.test, seed, std::max(s.budget - before, 0.1));
    detail::FoldOutcome& outcome = outcomes[static_cast<std::size_t>(job)];
    outcome.done = true;
    outcome.settings = fitted.settings;
    if (fitted.predict) {
      outcome.validation_rmse = fitted.validation_rmse;
      outcome.z = fitted.predict(fold.test.where);
      outcome.test_rmse = detail::rmse(outcome.z, fold.test.y);
    }
    outcome.seconds = elapsed() - before;
  });

  CompletionResult result;
  result.folds_asked = count;
  std::vector<Index> finished;
  for (Index f = 0; f < count; ++f) {
    bool whole = true;
    for (Index m = 0; m < width; ++m) whole = whole && outcomes[static_cast<std::size_t>(f * width + m)].done;
    if (whole) finished.push_back(f);
  }
  result.folds = static_cast<Index>(finished.size());
  require(result.folds >= 1, "complete: the budget of ", s.budget, " s is too small, not one of ", count, " folds was finished by all ", width, " methods");

  for (Index m = 0; m < width; ++m) {
    MethodResult row;
    row.name = methods[static_cast<std::size_t>(m)].name;
    row.ours = methods[static_cast<std::size_t>(m)].ours;
    std::vector<double> validation;
    for (Index f : finished) {
      const auto& outcome = outcomes[static_cast<std::size_t>(f * width + m)];
      row.of_folds.push_back(outcome.test_rmse);
      validation.push_back(outcome.validation_rmse);
      row.seconds += outcome.seconds;
      if (row.settings.empty()) row.settings = outcome.settings;
    }
    row.rmse = detail::mean_of(row.of_folds);
    row.standard_error = detail::error_of(row.of_folds);
    row.validation_rmse = detail::mean_of(validation);
    result.methods.push_back(std::move(row));
  }
  std::size_t winner = 0;
  for (std::size_t m = 1; m < result.methods.size(); ++m)
    if (result.methods[m].ours && result.methods[m].validation_rmse < result.methods[winner].validation_rmse) winner = m;
  result.methods[winner].chosen = true;
  for (MethodResult& row : result.methods) {
    std::vector<double> difference;
    for (std::size_t f = 0; f < row.of_folds.size(); ++f) difference.push_back(row.of_folds[f] - result.methods[winner].of_folds[f]);
    row.difference = detail::mean_of(difference);
    row.difference_error = detail::error_of(difference);
  }
  if (result.folds == 1) {  // mean squares, and so their roots, vary from draw to draw of the test entries
    const Vector<double>& y = folds[static_cast<std::size_t>(finished[0])].test.y;
    const auto squares = [&](std::size_t m) -> Vector<double> {
      return (outcomes[static_cast<std::size_t>(finished[0] * width) + m].z - y).array().square();
    };
    const auto error = [](const Vector<double>& x, double roots) {
      const auto n = static_cast<double>(x.size());
      return std::sqrt((x.array() - x.mean()).square().sum() / (n - 1) / n) / roots;
    };
    for (std::size_t m = 0; m < result.methods.size(); ++m) {
      MethodResult& row = result.methods[m];
      if (std::isnan(row.rmse)) continue;  // left out
      row.standard_error = error(squares(m), 2 * row.rmse);
      row.difference_error = error(squares(m) - squares(winner), row.rmse + result.methods[winner].rmse);
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
    result.tested_z.segment(tested, test.count()) = outcomes[static_cast<std::size_t>(f * width + static_cast<Index>(winner))].z;
    tested += test.count();
    for (Index k = 0; k < test.count(); ++k) result.tested_at.push_back(test.where[k]);
  }
  for (Index k = 0; k < tested; ++k) result.absolute_errors.push_back(std::abs(result.tested_y[k] - result.tested_z[k]));
  result.width = conformal_width(result.absolute_errors, s.coverage);

  // The closing fit: tuned once more with all folds, then fitted to everything.
  const auto parts = detail::validation_part(data, s.holdout, s.validation, s.seed);
  result.fit = methods[winner].close(parts.train, parts.test, data, s.seed, s.refit);
  return result;
}

}  // namespace tacit
