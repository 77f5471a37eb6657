// SPDX-License-Identifier: MIT
#pragma once
// complete() of a matrix: constant columns apart, the others with scales.

#include <optional>

#include "../../core/compiled.hpp"
#include "../choose_transforms.hpp"
#include "../complete.hpp"
#include "compare.hpp"
#include "methods.hpp"

namespace tacit {

namespace detail {

/// The entries outside of these columns.
inline Data<double> without_columns(const Data<double>& data, const std::vector<Index>& columns) {
  std::vector<char> out(static_cast<std::size_t>(data.where.cols()), 0);
  for (const Index j : columns) out[static_cast<std::size_t>(j)] = 1;
  std::vector<bool> kept(static_cast<std::size_t>(data.count()));
  for (Index k = 0; k < data.count(); ++k) kept[static_cast<std::size_t>(k)] = !out[static_cast<std::size_t>(data.where.col()[k])];
  return part_of("complete", data, kept, true, "varying");
}

/// Puts the constants of these columns into the scales of a fit that has not seen them.
inline void fill_constants(const Data<double>& data, const std::vector<Index>& columns, Scales& scales) {
  if (columns.empty()) return;
  scales.centre.resize(2);
  scales.scale.resize(2);
  if (scales.centre[1].size() == 0) scales.centre[1].setZero(data.where.cols());
  if (scales.scale[1].size() == 0) scales.scale[1].setOnes(data.where.cols());
  Vector<double> first = Vector<double>::Zero(data.where.cols());  // any entry of each column
  for (Index k = 0; k < data.count(); ++k) first[data.where.col()[k]] = data.y[k];
  for (const Index j : columns) {
    scales.centre[1][j] = first[j];
    scales.scale[1][j] = 0;
  }
}

}  // namespace detail

TACIT_INLINE CompletionResult complete(const Data<double>& all, const CompletionSettings& asked, std::vector<TrainTest<double>> folds) {
  CompletionSettings s = asked;
  // Of large data the closing fit and its intervals take about as long as the folds do, and so have their part of the budget.
  if (!s.pace.counted && all.count() > detail::side_by_side_at_most) s.budget *= 0.45;
  const detail::FoldPlan plan = detail::plan_of(s);
  plan.check("complete", all.y);
  std::vector<Index> constant = constant_columns(all);
  if (s.holdout.kind == HoldoutKind::listed) constant.clear();  // the list may name entries there
  std::optional<Data<double>> without;
  if (!constant.empty()) without = detail::without_columns(all, constant);
  const Data<double>& data = without ? *without : all;
  if (!constant.empty())
    for (auto& fold : folds) fold = {detail::without_columns(fold.train, constant), detail::without_columns(fold.test, constant)};
  plan.check("complete", data.y);
  require(!s.depths.empty(), "complete: no depth is given");
  s.features.rows.check("complete", "rows", all.where.rows());
  s.features.columns.check("complete", "columns", all.where.cols());
  require(s.iterations > 0, "complete: the iterations are ", s.iterations, ", they need to be positive");
  require(s.holdout.kind != HoldoutKind::listed || s.repeats == 1, "complete: a list of entries to hold out cannot be repeated ", s.repeats,
          " times");
  const std::size_t count = !folds.empty() ? folds.size()
                            : s.holdout.kind == HoldoutKind::listed
                                ? 1
                                : static_cast<std::size_t>(s.folds) * static_cast<std::size_t>(s.repeats);
  const bool ratings = detail::like_ratings(data.where);
  const double validation = std::max(s.validation, 0.1);
  ScalingChoice scaling = choose_scaling(data, s.scaling, ratings, s.holdout, validation, s.seed, s.pace);
  TransformSettings transform = s.transform;
  std::erase_if(transform.columns,
                [&](const auto& column) { return std::find(constant.begin(), constant.end(), column.first) != constant.end(); });
  if (s.scaling == Scaling::none && transform.all == TransformSettings::Which::automatic) transform.all = TransformSettings::Which::none;
  choose_transforms(data, transform, scaling, ratings, s.holdout, validation, s.seed, s.pace);
  s.clip = s.clip && scaling.modes.empty();  // the range of the data has no meaning in units that differ from line to line
  CompletionResult result = detail::compared(data, s, std::move(folds), scaling,
                                             detail::estimators_of(s, data, s.budget * plan.cores() / static_cast<double>(count)));
  detail::fill_constants(all, constant, result.fit.centre.lines);
  for (const Index j : constant)
    if (result.half_widths.known()) result.half_widths.lines[1].row(j).setZero(), result.half_widths.informative[1][j] = 0;
  if (!constant.empty()) result.lines = detail::line_errors(all, result);
  result.constant_columns = std::move(constant);
  return result;
}

}  // namespace tacit
