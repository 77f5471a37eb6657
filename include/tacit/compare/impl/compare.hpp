// SPDX-License-Identifier: MIT
#pragma once
// How complete() (complete.hpp) goes about it, for data of any order: scales, the comparison on folds, the closing fit, errors on held-out entries, intervals.

#include "../../fit/lines_from_features.hpp"
#include "../choose_scaling.hpp"
#include "../compared_rows.hpp"
#include "../completion_result.hpp"
#include "../conformal.hpp"
#include "../folds.hpp"
#include "../gap_validation.hpp"
#include "../local_widths.hpp"
#include "../new_slice_widths.hpp"
#include "../refit_errors.hpp"

namespace tacit::detail {

inline FoldPlan plan_of(const CompletionSettings& s) {
  return {s.folds, s.repeats, s.budget, s.seed, s.threads, s.pace, s.race, s.stack && s.baselines, s.refit};
}

/// What each tuning may take, of `of_a_fold` seconds of all methods on all threads.
template <class O>
class FoldSeconds {
 public:
  FoldSeconds(const FoldPlan& plan, const std::vector<Estimator<O>>& methods, std::size_t folds)
      : plan_(plan), methods_(methods), of_a_fold_(plan.budget * plan.cores() / static_cast<double>(folds)) {
    for (const Estimator<O>& method : methods) shares_ += method.share;
    to_come_ = shares_ * static_cast<double>(folds);
  }
  /// What the methods after the first fold leave of it goes to the others.
  void leave_out(const std::vector<double>& those, Index folds_to_come) {
    for (std::size_t m = 0; m < those.size(); ++m)
      if (those[m] > 0) shares_ -= methods_[m].share;
    to_come_ = shares_ * static_cast<double>(folds_to_come);
  }
  double of(const Estimator<O>& method, double elapsed) {
    if constexpr (std::is_same_v<O, Entries>) {
      const double most = method.share * of_a_fold_;
      return plan_.pace.counted ? most : std::max(std::min(plan_.budget - elapsed, most), 0.1);
    } else {  // its share of what is left, since others may need less
      if (method.share == 0) return 0;
      const double even = of_a_fold_ * method.share / shares_;
      if (plan_.pace.counted) return even;
      const double left = std::max(0.0, plan_.budget - elapsed) * plan_.cores() * method.share / to_come_;
      to_come_ -= method.share;
      return std::max(left, 0.5 * even);  // others were late: no method starves for it
    }
  }
  double of_closing_fit(const Estimator<O>& method) const {
    return std::is_same_v<O, Entries> ? std::numeric_limits<double>::infinity() : of_a_fold_ * method.share / shares_;
  }

 private:
  const FoldPlan& plan_;
  const std::vector<Estimator<O>>& methods_;
  double of_a_fold_, shares_ = 0, to_come_ = 0;
};

template <IndexedEntries O>
std::vector<LineError> line_errors(const Data<double, O>& data, const CompletionResultOf<O>& r) {
  const Index mode = r.scaling.lines;
  const LineMoments m = moments_of(data, mode);
  std::vector<LineError> lines(static_cast<std::size_t>(m.mean.size()));
  for (std::size_t k = 0; k < lines.size(); ++k)
    lines[k].line = static_cast<Index>(k), lines[k].spread = m.deviation[static_cast<Index>(k)];
  for (std::size_t k = 0; k < r.absolute_errors.size(); ++k) {
    LineError& line = lines[static_cast<std::size_t>(r.tested_at.mode(mode)[k])];
    line.rmse += r.absolute_errors[k] * r.absolute_errors[k];
    ++line.tested;
  }
  for (LineError& line : lines) line.rmse = line.tested ? std::sqrt(line.rmse / static_cast<double>(line.tested)) : std::nan("");
  return lines;
}

/// Ridges and intervals of new slices, of tensors that can be formed.
template <class Anew>
void add_new_slices(const Data<double, TensorEntries>& data, const CompletionSettings& s, const Anew& anew, double seconds,
                    TensorCompletionResult& r) {
  if (data.where.shape().size() > 2e7) return r.half_widths.fresh.resize(1);
  for (Index n = 0; n < data.where.shape().order(); ++n)
    r.slice_ridges.push_back(best_ridge_of_slices(*r.fit.model, r.fit.theta, r.fit.centre.with_positive_scale(), data, n, s.seed));
  std::vector<double> ridges = r.slice_ridges;
  for (double& ridge : ridges)
    if (!std::isfinite(ridge)) ridge = usual_slice_ridge;
  calibrate_new_slices(data, anew, ridges, s.seed, s.threads, seconds, r.half_widths);
}

/// complete() of data without constant columns, once their scales are chosen.
template <IndexedEntries O>
CompletionResultOf<O> compared(const Data<double, O>& data, const CompletionSettings& s, std::vector<TrainTest<double, O>> folds,
                               const ScalingChoice& scaling, const std::vector<Estimator<O>>& plain) {
  std::optional<ComparedRows> some;
  if constexpr (std::is_same_v<O, Entries>)
    if (folds.empty() && may_leave_out_rows(data, s, scaling)) some = compared_rows(data, s.compared_entries, s.seed);
  const Data<double, O>& on = [&]() -> const Data<double, O>& {
    if constexpr (std::is_same_v<O, Entries>)
      if (some) return some->data;
    return data;
  }();
  using Clock = std::chrono::steady_clock;
  auto started = Clock::now();
  const auto lap = [&started] {
    const auto before = started;
    return std::chrono::duration<double>((started = Clock::now()) - before).count();
  };
  FoldPlan plan = plan_of(s);
  if constexpr (std::is_same_v<O, Entries>)  // a sum with transforms is a table
    plan.stack = plan.stack && (scaling.transforms.empty() || stands_as_factors(data.where.shape()));
  const bool given = !folds.empty();
  std::optional<DrawnFolds<O>> drawn =
      given ? DrawnFolds<O>(std::move(folds)) : plan.draw([&](const Folds& of) { return test_parts(on, s.holdout, of); });
  std::vector<Estimator<O>> methods;
  for (const Estimator<O>& method : plain) methods.push_back(scaled(method, scaling));
  const ErrorUnits error_units(data, scaling);
  const auto units_of = [&](const O& at) { return error_units.at(at); };
  const bool in_runs = s.holdout.kind == HoldoutKind::entries && validates_in_runs(on.where, s.ordered);
  const auto validation_of = [&](const Data<double, O>& train, std::uint64_t seed) {
    return in_runs ? gap_validation_part(train, on.where, s.ordered, s.validation, seed)
                   : validation_part(train, s.holdout, s.validation, seed);
  };
  FoldSeconds<O> seconds(plan, methods, drawn->size());
  Comparison<O> found = compare_on_folds("complete", *drawn, plan, methods, validation_of, seconds, units_of);

  drawn.reset();

  CompletionResultOf<O> result;
  result.fold_seconds = lap();
  result.methods = std::move(found.methods);
  result.folds = found.folds;
  result.folds_asked = found.folds_asked;
  result.validated_in_runs = in_runs;
  result.tested_y = std::move(found.tested_y);
  result.tested_z = std::move(found.tested_z);
  result.compared_rows = some ? some->data.where.rows() : 0;
  result.tested_at = some ? in_the_table(found.tested_at, *some, data.where.shape()) : std::move(found.tested_at);
  for (Index k = 0; k < result.tested_y.size(); ++k) result.absolute_errors.push_back(std::abs(result.tested_y[k] - result.tested_z[k]));

  // The closing fit: tuned once more with all folds, then fitted to everything.
  result.spread = scaling.relative ? 1 : std::sqrt((data.y.array() - data.y.mean()).square().mean());
  Closing<O> closing = [&] {
    const auto parts = validation_of(on, s.seed);
    Closing<O> fitted = found.winner.close(parts.train, parts.test, data, s.seed, s.refit, seconds.of_closing_fit(found.winner));
    if constexpr (std::is_same_v<O, Entries>)
      result.cold_lines = fill_from_features(fitted.fit, s.refit ? data : parts.train, s.features, s.seed);
    return fitted;
  }();
  result.fit = std::move(closing.fit);
  result.trials = std::move(closing.trials);
  result.closing_seconds = lap();
  result.scaling = scaling;
  result.lines = line_errors(data, result);

  const Scales& lines = result.fit.centre.lines;
  HeldOutErrors held(data.where.shape());
  if (given || s.holdout.kind != HoldoutKind::entries) {
    for (std::size_t k = 0; k < result.absolute_errors.size(); ++k)
      held.add(result.tested_at, static_cast<Index>(k),
               lines.error(result.tested_y[static_cast<Index>(k)], result.tested_z[static_cast<Index>(k)], result.tested_at.mode(1)[k]),
               found.tested_fold[k]);
    held.at_random = held.error.size();
  } else {
    const double within = s.pace.counted ? std::numeric_limits<double>::infinity() : 0.2 * s.budget;
    held = refit_errors(on, s.seed, s.threads, within, closing.refitted, lines);
    if (some) held.at = in_the_table(held.at, *some, data.where.shape());
  }
  result.interval_errors.assign(held.error.begin(), held.error.begin() + static_cast<std::ptrdiff_t>(held.at_random));
  result.width = conformal_width(result.interval_errors, s.coverage);
  const auto of_rows = std::find_if(s.ordered.begin(), s.ordered.end(), [](const LineOrder& order) { return order.mode == 0; });
  const LocalWidths<O> widths(data, lines, held, s.coverage, of_rows == s.ordered.end() ? nullptr : &*of_rows);
  result.half_widths = widths.widths();
  result.calibration = widths.calibration(s.seed);
  if constexpr (!std::is_same_v<O, Entries>) {
    const double within = s.pace.counted ? std::numeric_limits<double>::infinity() : 0.2 * s.budget;
    add_new_slices(data, s, closing.anew, within, result);
  }
  result.interval_seconds = lap();
  return result;
}

}  // namespace tacit::detail
