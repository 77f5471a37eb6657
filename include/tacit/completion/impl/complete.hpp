// SPDX-License-Identifier: MIT
#pragma once
// How complete() (complete.hpp) goes about it.

#include "../../core/compiled.hpp"
#include "../choose_scaling.hpp"
#include "../complete.hpp"
#include "../local_widths.hpp"
#include "../methods.hpp"
#include "../refit_errors.hpp"
#include "../scaled_method.hpp"

namespace tacit {

namespace detail {

/// complete() of data without constant columns.
TACIT_INLINE CompletionResult complete_varying(const Data<double>& data, const CompletionSettings& s, std::vector<TrainTest<double>> folds);

inline side_by_side::FoldPlan plan_of(const CompletionSettings& s) { return {s.folds, s.repeats, s.budget, s.seed, s.threads, s.pace}; }

/// Entries up to which the average over the posterior is worth its sweeps.
inline constexpr Index averaged_at_most = 10'000'000;

inline std::vector<DeepGrid> grids_of(const CompletionSettings& s, bool ratings, Index entries, double seconds) {
  std::vector<DeepGrid> grids;
  for (Index depth : s.depths) {
    DeepGrid grid;
    grid.depth = depth;
    grid.width = s.width;
    grid.iterations = s.iterations;
    grid.pace = s.pace;
    if (ratings && (depth == 2 || depth == 3)) {  // descents: ratings_grids_of
      if (depth == 2 && entries <= averaged_at_most) {
        grid.by = Simplicity::averaging;
        grid.centres = {Centre::effects, Centre::mean};  // zero means nothing in a rating
        grids.push_back(grid);
      }
      continue;
    }
    if (depth == 2) {
      grid.by = Simplicity::averaging;
      grids.push_back(grid);
    }
    grid.by = depth == 2 ? Simplicity::decay : Simplicity::stopping;
    grids.push_back(grid);
  }
  // The average over the posterior wins most often, and has the larger share; of many entries descents would not come to an end anyway.
  const double descents = (entries > many_entries ? 0.05 : 0.15) / static_cast<double>(s.depths.size());
  for (DeepGrid& grid : grids) grid.seconds = (grid.by == Simplicity::averaging ? (ratings ? 0.45 : 0.35) : descents) * seconds;
  return grids;
}

inline std::vector<RatingsGrid> ratings_grids_of(const CompletionSettings& s, double seconds) {
  std::vector<RatingsGrid> grids;
  for (Index depth : s.depths) {
    if (depth != 2 && depth != 3) continue;
    RatingsGrid grid;
    grid.depth = depth;
    grid.width = s.width;
    grid.seconds = 0.25 / static_cast<double>(s.depths.size()) * seconds;
    grid.threads = s.threads;
    grid.epochs = std::min(grid.epochs, s.iterations);
    grid.pace = s.pace;
    grid.deterministic = s.deterministic;
    grids.push_back(grid);
  }
  return grids;
}

/// The entries outside of these columns.
inline Data<double> without_columns(const Data<double>& data, const std::vector<Index>& columns) {
  std::vector<char> out(static_cast<std::size_t>(data.where.cols()), 0);
  for (const Index j : columns) out[static_cast<std::size_t>(j)] = 1;
  std::vector<Index> kept;
  for (Index k = 0; k < data.count(); ++k)
    if (!out[static_cast<std::size_t>(data.where.col()[k])]) kept.push_back(k);
  return subset(data, kept);
}

/// Puts the constants of these columns into the scales of a fit that has not seen them.
inline void fill_constants(const Data<double>& data, const std::vector<Index>& columns, Scales& scales) {
  if (columns.empty()) return;
  if (scales.col_centre.size() == 0) scales.col_centre.setZero(data.where.cols());
  if (scales.col_scale.size() == 0) scales.col_scale.setOnes(data.where.cols());
  for (const Index j : columns) {
    scales.col_centre[j] = data.y[data.where.by_col()[data.where.col_start()[j]]];
    scales.col_scale[j] = 0;
  }
}

inline Vector<double> scaled_spreads(const Scales& scales, bool by_rows) { return by_rows ? scales.row_scale : scales.col_scale; }

inline std::vector<LineError> line_errors(const Data<double>& data, const CompletionResult& r) {
  const LineMoments m = moments_of(data, !r.lines_are_rows);
  std::vector<LineError> lines(static_cast<std::size_t>(m.mean.size()));
  for (std::size_t k = 0; k < lines.size(); ++k)
    lines[k].line = static_cast<Index>(k), lines[k].spread = m.deviation[static_cast<Index>(k)];
  for (std::size_t k = 0; k < r.tested_at.size(); ++k) {
    LineError& line = lines[static_cast<std::size_t>(r.lines_are_rows ? r.tested_at[k].row : r.tested_at[k].col)];
    line.rmse += r.absolute_errors[k] * r.absolute_errors[k];
    ++line.tested;
  }
  for (LineError& line : lines) line.rmse = line.tested ? std::sqrt(line.rmse / static_cast<double>(line.tested)) : std::nan("");
  return lines;
}

}  // namespace detail

TACIT_INLINE CompletionResult complete(const Data<double>& all, const CompletionSettings& s, std::vector<TrainTest<double>> folds) {
  detail::plan_of(s).check("complete", all.y);
  std::vector<Index> constant = constant_columns(all);
  if (s.holdout.kind == HoldoutKind::listed) constant.clear();  // the list may name entries there
  const Data<double> data = constant.empty() ? all : detail::without_columns(all, constant);
  if (!constant.empty())
    for (auto& fold : folds) fold = {detail::without_columns(fold.train, constant), detail::without_columns(fold.test, constant)};
  CompletionResult result = detail::complete_varying(data, s, std::move(folds));
  detail::fill_constants(all, constant, result.fit.scales);
  for (const Index j : constant)
    if (result.half_widths.known()) result.half_widths.cols.row(j).setZero(), result.half_widths.informative[j] = 0;
  if (!constant.empty()) result.lines = detail::line_errors(all, result);
  result.constant_columns = std::move(constant);
  return result;
}

namespace detail {

/// complete() of data without constant columns.
TACIT_INLINE CompletionResult complete_varying(const Data<double>& data, const CompletionSettings& s,
                                               std::vector<TrainTest<double>> folds) {
  const detail::side_by_side::FoldPlan plan = detail::plan_of(s);
  plan.check("complete", data.y);
  require(!s.depths.empty(), "complete: no depth is given");
  require(s.iterations > 0, "complete: the iterations are ", s.iterations, ", they need to be positive");
  require(s.holdout.kind != HoldoutKind::listed || s.repeats == 1, "complete: a list of entries to hold out cannot be repeated ", s.repeats,
          " times");
  const bool given = !folds.empty();
  if (!given) folds = plan.draw([&](const Folds& of) { return detail::test_parts(data, s.holdout, of); });

  const bool ratings = detail::like_ratings(data.where);
  const double of_a_fold = s.budget * plan.cores() / static_cast<double>(folds.size());  // seconds of all methods together, on all threads
  const ScalingChoice scaling = choose_scaling(data, s.scaling, ratings, s.holdout, std::max(s.validation, 0.1), s.seed, s.pace);
  auto methods =
      detail::methods_of(detail::grids_of(s, ratings, data.count(), of_a_fold),
                         ratings ? detail::ratings_grids_of(s, of_a_fold) : std::vector<RatingsGrid>{}, s.baselines, s.budget, s.pace);
  for (detail::Method& method : methods) method = detail::scaled(std::move(method), scaling.how, scaling.by_rows, scaling.relative);
  // Errors are relative where lines are in different units: in units of each line's spread over all entries.
  const Vector<double> spreads = !scaling.relative
                                     ? Vector<double>()
                                     : scaled_spreads(scales_of(data, scaling.by_rows ? Scaling::rows : Scaling::columns), scaling.by_rows);
  const auto units_of = [&](const Entries& at) {
    Vector<double> units(spreads.size() ? at.count() : 0);
    for (Index k = 0; k < units.size(); ++k) units[k] = spreads[scaling.by_rows ? at[k].row : at[k].col];
    return units;
  };
  auto compared = detail::side_by_side::compare_on_folds(
      "complete", folds, plan, methods,
      [&](const Data<double>& train, std::uint64_t seed) { return detail::validation_part(train, s.holdout, s.validation, seed); },
      [&](const detail::Method& method, double elapsed) {
        const double share = method.share * of_a_fold;
        return s.pace.counted ? share : std::max(std::min(s.budget - elapsed, share), 0.1);
      },
      units_of);

  CompletionResult result;
  result.methods = std::move(compared.methods);
  result.folds = compared.folds;
  result.folds_asked = compared.folds_asked;
  result.tested_y = std::move(compared.tested_y);
  result.tested_z = std::move(compared.tested_z);
  for (const Entries& where : compared.tested)
    for (Index k = 0; k < where.count(); ++k) result.tested_at.push_back(where[k]);
  for (Index k = 0; k < result.tested_y.size(); ++k) result.absolute_errors.push_back(std::abs(result.tested_y[k] - result.tested_z[k]));

  // The closing fit: tuned once more with all folds, then fitted to everything.
  const auto parts = detail::validation_part(data, s.holdout, s.validation, s.seed);
  const detail::Closing closing = methods[compared.winner].close(parts.train, parts.test, data, s.seed, s.refit);
  result.fit = closing.fit;
  result.scaling = scaling.how;
  result.relative_errors = scaling.relative;
  result.lines_are_rows = scaling.by_rows;
  result.column_ratio = scaling.column_ratio;
  result.row_ratio = scaling.row_ratio;
  result.lines = line_errors(data, result);

  HeldOutErrors held;
  if (given || s.holdout.kind != HoldoutKind::entries) {
    std::size_t k = 0;
    for (std::size_t f = 0; f < compared.tested.size(); ++f)
      for (Index c = 0; c < compared.tested[f].count(); ++c, ++k)
        held.add(result.tested_at[k], result.absolute_errors[k], static_cast<Index>(f));
    held.at_random = k;
  } else {
    const double seconds = s.pace.counted ? std::numeric_limits<double>::infinity() : 0.2 * s.budget;
    held = refit_errors(data, s.seed, s.threads, seconds, closing.refitted);
  }
  result.interval_errors.assign(held.error.begin(), held.error.begin() + static_cast<std::ptrdiff_t>(held.at_random));
  result.width = conformal_width(result.interval_errors, s.coverage);
  result.half_widths = LocalWidths(data, result.fit.scales, held, s.coverage).widths();
  return result;
}

}  // namespace detail

}  // namespace tacit
