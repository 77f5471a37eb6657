// SPDX-License-Identifier: MIT
#pragma once
// Do columns, or rows, get scales of their own? One decision for all methods of a run, made before them on validation entries:
//   spreads of lines within 3 x of one another       data as they are
//   within 100 x                                     data as they are, unless scales lower the plain error of a pilot fit by more than two standard errors;
//                                                    methods are then still judged by their plain errors
//   beyond that                                      columns are in different units and get scales; rows instead where their spreads differ by more than 1000 x and they
//                                                    explain more of the sizes (an analysis of variance on ranks of |y|); both modes if that lowers the relative
//                                                    error of the pilot by more than its standard error
// The pilot is the average over the posterior at widths 2 and 6, on additive effects, some seconds at most. Ratings stay as they are unless forced.

#include <numeric>

#include "../core/budget.hpp"
#include "../observation/split.hpp"
#include "holdout.hpp"
#include "impl/deep_fit.hpp"
#include "posterior_mean.hpp"
#include "scaling.hpp"

namespace tacit {

struct ScalingChoice {
  Scaling how = Scaling::none;
  bool by_rows = false;                    ///< the mode that centres are taken of
  bool relative = false;                   ///< lines are in different units: errors are judged and told relative to the spread of each
  double column_ratio = 1, row_ratio = 1;  ///< of the largest and the smallest spread
};

namespace detail {

/// How much of the sizes of entries a mode explains: variance of ranks of |y| between lines over that within, by degrees of freedom.
inline double size_explained(const Data<double>& data, bool by_cols) {
  const Index m = data.count();
  std::vector<Index> order(static_cast<std::size_t>(m));
  std::iota(order.begin(), order.end(), Index(0));
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return std::abs(data.y[a]) < std::abs(data.y[b]); });
  Vector<double> rank(m);
  for (Index s = 0; s < m; ++s) rank[order[static_cast<std::size_t>(s)]] = static_cast<double>(s) - 0.5 * static_cast<double>(m - 1);
  const LinesOf lines{data.where, by_cols};
  double between = 0, used = 0;
  for (Index k = 0; k < lines.count(); ++k) {
    double sum = 0;
    for (Index s = lines.begin(k); s < lines.begin(k) + lines.size(k); ++s) sum += rank[lines.place(s)];
    if (lines.size(k) > 0) between += sum * sum / static_cast<double>(lines.size(k)), ++used;
  }
  const double within = rank.squaredNorm() - between, rest = static_cast<double>(m) - used;
  return used > 1 && rest > 0 ? between / (used - 1) / std::max(within / rest, 1e-300) : 0;
}

/// Residuals on validation entries, in the units of the data.
inline Vector<double> pilot_residuals(const Data<double>& train, const Data<double>& validation, const Scales& scales, std::uint64_t seed,
                                      const Pace& pace) {
  const Standardised on(scales.taken_off(train), additive_effects(scales.taken_off(train), {.tolerance = 1e-6}));
  const Vector<double> target = scales.taken_off(validation).y - on.centre.predict(validation.where);
  Vector<double> z, best = target;
  double least = target.squaredNorm();
  const Index most = std::min(train.where.rows(), train.where.cols());
  for (const Index width : {2, 6}) {
    if (on.scale == 0 || width > most || (width > 2 && train.count() > 1'000'000)) continue;
    PosteriorMean posterior(*on.data, width, seed);
    for (int sweep = 0; sweep < 25; ++sweep) {
      pace.ask();
      posterior.sweep();
      product_at(posterior.At(), posterior.Bt(), validation.where, z);
      if (const double error = (target - on.scale * z).squaredNorm(); error < least) least = error, best = target - on.scale * z;
    }
  }
  for (Index k = 0; k < best.size(); ++k) best[k] *= scales.scale(validation.where[k].row, validation.where[k].col);
  return best;
}

/// Is `other` better than `now` by more than so many standard errors of the difference of squares?
inline bool clearly_better(const Vector<double>& other, const Vector<double>& now, double errors) {
  const Vector<double> gain = now.cwiseAbs2() - other.cwiseAbs2();
  const auto n = static_cast<double>(gain.size());
  return n > 1 && gain.mean() > errors * std::sqrt((gain.array() - gain.mean()).square().sum() / (n - 1) / n);
}

}  // namespace detail

/// `data` without constant columns. `keep_plain`: data that automatic leaves as they are (ratings). `pace`: who may stop it.
inline ScalingChoice choose_scaling(const Data<double>& data, Scaling asked, bool keep_plain, const Holdout& holdout, double validation,
                                    std::uint64_t seed, const Pace& pace = {}) {
  ScalingChoice choice{asked, false, asked != Scaling::none, spread_ratio(data, true), spread_ratio(data, false)};
  const double widest = std::max(choice.column_ratio, choice.row_ratio);
  const auto rows_explain = [&] { return detail::size_explained(data, false) > detail::size_explained(data, true); };
  if (asked != Scaling::automatic) {
    choice.by_rows = asked == Scaling::rows || (asked == Scaling::both && rows_explain());
    return choice;
  }
  choice.how = Scaling::none;
  choice.relative = false;
  if (keep_plain || widest < 3) return choice;
  const auto parts = detail::validation_part(data, holdout, validation, seed);
  const auto residuals = [&](Scaling how, bool by_rows) {
    return detail::pilot_residuals(parts.train, parts.test, scales_of(parts.train, how, by_rows), seed, pace);
  };
  choice.by_rows = choice.row_ratio >= 1000 && rows_explain();
  choice.relative = choice.by_rows || choice.column_ratio >= 100;
  if (!choice.relative) {
    Vector<double> now = residuals(Scaling::none, false);
    const auto attempt = [&](Scaling how, bool by_rows) {
      const Vector<double> other = residuals(how, by_rows);
      if (detail::clearly_better(other, now, 2)) now = other, choice.how = how, choice.by_rows = by_rows;
    };
    if (choice.column_ratio >= 3) attempt(Scaling::columns, false);
    if (choice.row_ratio >= 3) attempt(Scaling::rows, true);
    return choice;
  }
  choice.how = choice.by_rows ? Scaling::rows : Scaling::columns;
  const Scales of_one = scales_of(parts.train, choice.how);
  Vector<double> one = residuals(choice.how, choice.by_rows), both = residuals(Scaling::both, choice.by_rows);
  for (Vector<double>* x : {&one, &both})
    for (Index k = 0; k < x->size(); ++k) (*x)[k] /= of_one.scale(parts.test.where[k].row, parts.test.where[k].col);
  if (detail::clearly_better(both, one, 1)) choice.how = Scaling::both;
  return choice;
}

}  // namespace tacit
