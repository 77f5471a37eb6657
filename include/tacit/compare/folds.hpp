// SPDX-License-Identifier: MIT
#pragma once
// Methods of completion side by side on folds, for matrices and tensors alike: in each fold every method is tuned on validation entries of the training part,
// of a matrix fitted with the settings found once more to all of that part (not of large data), and tested on the fold, which nothing else has seen. Of our methods the one with the lowest mean validation error is chosen, never by a test entry; another one
// that can be fitted to everything is chosen instead where its error on the test folds is lower beyond chance (95 % interval of the paired difference). Validation errors
// do not tell methods of different kinds apart: they are too low by as much as a method's search is long. The test error of such a choice is too low by a part of its
// standard error, since it was one ground of the choice. Methods that are hopeless on the first fold are left out of the others (race.hpp), and stay in the table with their
// error there. A stack of methods (stack.hpp) is one more, chosen instead of the method that would be if it is better on the folds beyond chance, and than all others that
// can be chosen. No fold is dropped, unless the time budget is over: folds that not all methods have finished that go on do not count, and the result says how many did.

#include <cmath>
#include <limits>
#include <memory>
#include <mutex>
#include <numeric>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "../core/budget.hpp"
#include "../fit/estimator.hpp"
#include "../sweep/pool.hpp"
#include "drawn_folds.hpp"
#include "method_result.hpp"
#include "race.hpp"
#include "stack_on_folds.hpp"

namespace tacit {

namespace detail {

struct FoldPlan {
  Index folds, repeats;
  double budget;
  std::uint64_t seed;
  int threads;
  Pace pace = {};
  bool race = true;    ///< methods that are hopeless on the first fold are left out of the others
  bool stack = false;  ///< a weighted average of the methods is one more
  bool refit = true;   ///< methods that can be are tested fitted once more to all of the training part

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
    for (Index r = 1; r < repeats; ++r) all.append(parts(Folds{.folds = folds, .seed = seed + static_cast<std::uint64_t>(r)}));
    return all;
  }
};

template <class O>
struct Comparison {
  std::vector<MethodResult> methods;
  Estimator<O> winner = {};
  Index folds = 0, folds_asked = 0;       ///< finished, and asked for
  Vector<double> tested_y, tested_z;      ///< what the chosen method predicted on test folds,
  TensorEntryList tested_at;              ///< and where,
  std::vector<std::int32_t> tested_fold;  ///< and in which of the finished folds
};

/// Which method is chosen. better(a, b): whether the error of a on the test folds is lower than that of b, beyond chance.
template <class Better>
std::size_t winner_of(const std::vector<MethodResult>& methods, Better better) {
  const std::size_t none = methods.size();
  std::size_t ours = none, other = none;
  for (std::size_t m = 0; m < methods.size(); ++m)
    if (methods[m].ours && methods[m].choosable && !methods[m].left_out && std::isfinite(methods[m].validation_rmse) &&
        (ours == none || methods[m].validation_rmse < methods[ours].validation_rmse))
      ours = m;
  for (std::size_t m = 0; m < methods.size(); ++m) {
    if (methods[m].ours || !methods[m].choosable || methods[m].left_out || !std::isfinite(methods[m].rmse)) continue;
    if (ours != none && !better(m, ours)) continue;
    if (other == none || methods[m].validation_rmse < methods[other].validation_rmse) other = m;
  }
  require(ours != none || other != none, "compare: none of ", methods.size(), " methods can be fitted to everything");
  return other != none ? other : ours;
}

/// validation_of(train, seed): a training part and validation entries of it.
/// seconds: seconds.of(method, elapsed), what its tuning may take, asked by one thread at a time; seconds.leave_out(methods that are, folds to come).
/// units_of(entries): what errors there are divided by, empty for 1.
template <class O, class Validation, class Seconds, class Units>
Comparison<O> compare_on_folds(const char* who, const DrawnFolds<O>& folds, const FoldPlan& plan, const std::vector<Estimator<O>>& methods,
                               Validation validation_of, Seconds& seconds, Units units_of) {
  const Budget clock(plan.budget, {.stop = plan.pace.stop});
  const auto elapsed = [&] { return plan.budget - clock.left(); };
  const Index count = static_cast<Index>(folds.size()), width = static_cast<Index>(methods.size());
  std::vector<FoldOutcome> outcomes(static_cast<std::size_t>(count * width));
  std::vector<FoldAtWork<O>> at_work(folds.size());
  Index going = width;  // methods of a fold
  const bool large = folds.entries() > side_by_side_at_most;
  const auto parts_of = [&](Index f) {
    FoldAtWork<O>& work = at_work[static_cast<std::size_t>(f)];
    const std::scoped_lock lock(work.guard);
    if (!work.parts) {
      auto fold = folds[static_cast<std::size_t>(f)];
      auto parts = validation_of(fold.train, plan.seed + static_cast<std::uint64_t>(f));
      Vector<double> units = units_of(fold.test.where);
      work.left = going;
      work.tested = fold.test.count();
      work.step = 1 + (work.tested * count - 1) / kept_at_most;
      work.y = thinned(fold.test.y, work.step);
      work.units = thinned(units, work.step);
      work.at = TensorEntryList(fold.test.where.shape());
      for (Index k = 0; k < work.tested; k += work.step) work.at.append(fold.test.where, k);
      work.parts = std::make_shared<const typename FoldAtWork<O>::Parts>(
          typename FoldAtWork<O>::Parts{std::move(parts.train), std::move(parts.test), std::move(fold.test), std::move(units)});
    }
    return work.parts;
  };
  const auto whole_of = [&](Index f) {
    FoldAtWork<O>& work = at_work[static_cast<std::size_t>(f)];
    const std::scoped_lock lock(work.guard);
    auto whole = work.whole.lock();
    if (!whole) work.whole = whole = std::make_shared<const Data<double, O>>(std::move(folds[static_cast<std::size_t>(f)].train));
    return whole;
  };
  const auto done_with = [&](Index f) {
    FoldAtWork<O>& work = at_work[static_cast<std::size_t>(f)];
    const std::scoped_lock lock(work.guard);
    if (--work.left == 0) work.parts.reset();
  };
  std::mutex guard;
  const auto run = [&](Index job) {
    plan.pace.ask();
    if (!plan.pace.counted && clock.over() && (job >= width || plan.budget < 1)) return;  // one fold at least
    const auto parts = parts_of(job / width);
    const auto& method = methods[static_cast<std::size_t>(job % width)];
    const double before = elapsed();
    const double within = [&] {
      const std::scoped_lock lock(guard);
      return seconds.of(method, before);
    }();
    const Fitted<O> fitted = method.tune(parts->train, parts->validation, plan.seed + static_cast<std::uint64_t>(job / width), within);
    FoldOutcome& outcome = outcomes[static_cast<std::size_t>(job)];
    outcome.done = true;
    outcome.settings = fitted.settings;
    if (fitted.predict) {
      outcome.validation_rmse = fitted.validation_rmse;
      if (plan.stack && job < width)
        outcome.validation_residual =
            in_units(fitted.predict(parts->validation.where) - parts->validation.y, units_of(parts->validation.where));
      const Vector<double> z = plan.refit && !large && fitted.refitted ? fitted.refitted(*whole_of(job / width), parts->test.where)
                                                                       : fitted.predict(parts->test.where);
      const Vector<double> residual = in_units(z - parts->test.y, parts->units);
      outcome.test_rmse = std::sqrt(residual.squaredNorm() / static_cast<double>(residual.size()));
      outcome.z = thinned(z, at_work[static_cast<std::size_t>(job / width)].step);
    }
    outcome.seconds = elapsed() - before;
    done_with(job / width);
  };
  std::vector<Index> finished;
  std::vector<FoldOutcome> of_stack;  // of the finished folds, where there is a stack
  const auto outcome_of = [&](Index f, std::size_t m) -> const FoldOutcome& {
    if (m < methods.size()) return outcomes[static_cast<std::size_t>(f * width) + m];
    return of_stack[static_cast<std::size_t>(std::find(finished.begin(), finished.end(), f) - finished.begin())];
  };
  // Of one fold, mean squares, and so their roots, vary from draw to draw of the test entries.
  const auto squares = [&](Index f, std::size_t m) -> Vector<double> {
    const FoldAtWork<O>& fold = at_work[static_cast<std::size_t>(f)];
    return in_units(outcome_of(f, m).z - fold.y, fold.units).array().square();
  };
  std::vector<Index> jobs(static_cast<std::size_t>(count * width));
  std::iota(jobs.begin(), jobs.end(), Index(0));
  const auto run_all = [&](std::size_t from, std::size_t to) {  // of large data one fold, and one method, at a time
    const std::size_t at_once = large ? static_cast<std::size_t>(going) : to - from;
    for (; from < to; from += at_once)
      on_threads(static_cast<Index>(at_once), large ? 1 : static_cast<unsigned>(plan.threads),
                 [&](Index k) { run(jobs[from + static_cast<std::size_t>(k)]); });
  };
  const bool race = plan.race && count > 1;
  run_all(0, race ? static_cast<std::size_t>(width) : jobs.size());
  std::vector<double> times(methods.size(), 0);
  if (race) {
    std::vector<FirstFold> first;
    for (std::size_t m = 0; m < methods.size(); ++m) {
      const FoldOutcome& o = outcome_of(0, m);
      first.push_back({methods[m].ours, static_cast<bool>(methods[m].close), methods[m].share == 0, o.validation_rmse, o.test_rmse,
                       std::isfinite(o.test_rmse) ? squares(0, m) : Vector<double>()});
    }
    times = left_out_after(first);
    jobs.clear();
    for (Index job = width; job < count * width; ++job)
      if (times[static_cast<std::size_t>(job % width)] == 0) jobs.push_back(job);
    going = static_cast<Index>(jobs.size()) / (count - 1);
    seconds.leave_out(times, count - 1);
    run_all(0, jobs.size());
  }
  for (FoldAtWork<O>& work : at_work) work.parts.reset();

  Comparison<O> result;
  result.folds_asked = count;
  for (Index f = 0; f < count; ++f) {
    bool whole = true;
    for (std::size_t m = 0; m < methods.size(); ++m) whole = whole && (outcome_of(f, m).done || times[m] > 0);
    if (whole) finished.push_back(f);
  }
  result.folds = static_cast<Index>(finished.size());
  require(result.folds >= 1, who, ": the budget of ", plan.budget, " s is too small, not one of ", count, " folds was finished by all ",
          width, " methods; a budget of 1 s or more always finishes one");

  std::vector<Estimator<O>> rows = methods;
  if (plan.stack) {
    std::vector<FoldView<O>> views;
    for (const Index f : finished) views.push_back({&at_work[static_cast<std::size_t>(f)], &outcomes[static_cast<std::size_t>(f * width)]});
    if (auto stack = stack_on_folds(methods, views)) {
      rows.push_back(std::move(stack->method));
      of_stack = std::move(stack->outcomes);
    }
  }
  for (std::size_t m = 0; m < rows.size(); ++m) {
    MethodResult row;
    row.name = rows[m].name;
    row.ours = rows[m].ours;
    row.kind = rows[m].kind;
    row.choosable = static_cast<bool>(rows[m].close);
    row.left_out = m < times.size() && times[m] > 0 && result.folds > 1;
    std::vector<double> validation;
    for (Index f : finished) {
      if (row.left_out && f > 0) break;
      const FoldOutcome& outcome = outcome_of(f, m);
      row.of_folds.push_back(outcome.test_rmse);
      validation.push_back(outcome.validation_rmse);
      row.seconds += outcome.seconds;
      if (row.settings.empty()) row.settings = outcome.settings;
    }
    if (row.left_out)
      row.settings = sentence("left out after the first fold, its error there being ", rounded(times[m], 3), " x the best; ", row.settings);
    row.rmse = mean_of(row.of_folds);
    row.standard_error = error_of(row.of_folds);  // NaN for one fold, whose entries say more below
    row.validation_rmse = mean_of(validation);
    result.methods.push_back(std::move(row));
  }
  const FoldAtWork<O>& first = at_work[static_cast<std::size_t>(finished[0])];
  const double kept = std::sqrt(static_cast<double>(first.y.size()) / static_cast<double>(first.tested));
  const auto compared = [&](std::size_t m, std::size_t with) -> std::pair<double, double> {  // mean difference and its standard error
    const MethodResult &row = result.methods[m], &other = result.methods[with];
    if (std::isnan(row.rmse) || std::isnan(other.rmse)) return {std::nan(""), std::nan("")};  // left out
    if (result.folds == 1 || row.left_out) {                                                  // by its entries
      const double roots[] = {outcome_of(finished[0], m).test_rmse, outcome_of(finished[0], with).test_rmse};
      return {roots[0] - roots[1], kept * error_of_roots(squares(finished[0], m) - squares(finished[0], with), roots[0] + roots[1])};
    }
    std::vector<double> difference;
    for (std::size_t f = 0; f < row.of_folds.size(); ++f) difference.push_back(row.of_folds[f] - other.of_folds[f]);
    return {mean_of(difference), error_of(difference)};
  };
  const auto better = [&](std::size_t m, std::size_t with) {
    const auto [difference, error] = compared(m, with);
    return difference + half_interval(error, result.folds) < 0;
  };
  std::size_t winner = winner_of({result.methods.begin(), result.methods.begin() + width}, better);
  if (rows.size() > methods.size() && rows.back().close && better(methods.size(), winner)) {
    bool least = true;
    for (std::size_t m = 0; m < methods.size(); ++m)
      least = least && !(rows[m].close && result.methods[m].rmse <= result.methods.back().rmse);
    if (least) winner = methods.size();
  }
  result.winner = rows[winner];
  result.methods[winner].chosen = true;
  for (std::size_t m = 0; m < rows.size(); ++m) {
    MethodResult& row = result.methods[m];
    std::tie(row.difference, row.difference_error) = compared(m, winner);
    if ((result.folds == 1 || row.left_out) && !std::isnan(row.rmse))
      row.standard_error = kept * error_of_roots(squares(finished[0], m), 2 * row.rmse);
  }

  Index tested = 0;
  for (Index f : finished) tested += at_work[static_cast<std::size_t>(f)].y.size();
  result.tested_y.resize(tested);
  result.tested_z.resize(tested);
  result.tested_at = TensorEntryList(first.at.shape());
  tested = 0;
  for (Index f : finished) {
    const FoldAtWork<O>& test = at_work[static_cast<std::size_t>(f)];
    result.tested_y.segment(tested, test.y.size()) = test.y;
    result.tested_z.segment(tested, test.y.size()) = outcome_of(f, winner).z;
    tested += test.y.size();
    for (Index k = 0; k < test.y.size(); ++k) result.tested_at.append(test.at, k);
    result.tested_fold.resize(static_cast<std::size_t>(tested), result.tested_fold.empty() ? 0 : result.tested_fold.back() + 1);
  }
  return result;
}

}  // namespace detail
}  // namespace tacit
