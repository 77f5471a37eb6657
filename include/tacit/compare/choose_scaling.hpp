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
#include "../solver/posterior_mean.hpp"
#include "../solver/scaling.hpp"
#include "../solver/standardised.hpp"
#include "holdout.hpp"

namespace tacit {

namespace detail {

/// How much of the sizes of entries a mode explains: variance of ranks of |y| between lines over that within, by degrees of freedom.
template <IndexedEntries O>
double size_explained(const Data<double, O>& data, Index mode) {
  const Index m = data.count();
  std::vector<Index> order(static_cast<std::size_t>(m));
  std::iota(order.begin(), order.end(), Index(0));
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return std::abs(data.y[a]) < std::abs(data.y[b]); });
  Vector<double> rank(m);
  for (Index s = 0; s < m; ++s) rank[order[static_cast<std::size_t>(s)]] = static_cast<double>(s) - 0.5 * static_cast<double>(m - 1);
  Vector<double> sum = Vector<double>::Zero(data.where.shape()[mode]), count = sum;
  for (Index k = 0; k < m; ++k) sum[data.where.mode(mode)[k]] += rank[k], count[data.where.mode(mode)[k]] += 1;
  double between = 0, used = 0;
  for (Index k = 0; k < sum.size(); ++k)
    if (count[k] > 0) between += sum[k] * sum[k] / count[k], ++used;
  const double within = rank.squaredNorm() - between, rest = static_cast<double>(m) - used;
  return used > 1 && rest > 0 ? between / (used - 1) / std::max(within / rest, 1e-300) : 0;
}

/// Residuals of the pilot on validation entries, in the units of the scales.
inline Vector<double> pilot_residuals(const Data<double>& train, const Data<double>& validation, const Scales& scales, std::uint64_t seed,
                                      const Pace& pace) {
  const Standardised on(scales.taken_off(train), additive_effects(scales.taken_off(train), {.tolerance = 1e-6}));
  const Vector<double> target = scales.taken_off(validation).y - on.centre.predict(validation.where);
  Vector<double> z, best = target;
  double least = target.squaredNorm();
  const Index most = std::min(train.where.rows(), train.where.cols());
  for (const Index width : {2, 6}) {
    if (on.empty() || width > most || (width > 2 && train.count() > 1'000'000)) continue;
    PosteriorMean posterior(*on.data, width, seed);
    for (int sweep = 0; sweep < 25; ++sweep) {
      posterior.sweep(pace);
      product_at(posterior.At(), posterior.Bt(), validation.where, z);
      if (const double error = (target - on.centre.scale * z).squaredNorm(); error < least)
        least = error, best = target - on.centre.scale * z;
    }
  }
  return best;
}

/// Scales for all of these modes; the one that explains more of the sizes has the centres.
template <IndexedEntries O>
std::vector<Index> by_size_explained(const Data<double, O>& data, std::vector<Index> modes) {
  std::vector<double> explained;
  for (Index n = 0; n < data.where.shape().order(); ++n) explained.push_back(size_explained(data, n));
  std::stable_sort(modes.begin(), modes.end(),
                   [&](Index a, Index b) { return explained[static_cast<std::size_t>(a)] > explained[static_cast<std::size_t>(b)]; });
  return modes;
}

}  // namespace detail

/// What was asked for, of data of any order; automatic is `none`.
template <IndexedEntries O>
ScalingChoice asked_scaling(const Data<double, O>& data, Scaling asked, std::vector<Index> modes) {
  ScalingChoice choice;
  for (Index n = 0; n < data.where.shape().order(); ++n) choice.ratios.push_back(spread_ratio(data, n));
  if (modes.empty() && asked == Scaling::columns) modes = {1};
  if (modes.empty() && asked == Scaling::rows) modes = {0};
  if (modes.empty() && asked == Scaling::both) modes = {1, 0};
  choice.modes = modes.size() > 1 ? detail::by_size_explained(data, modes) : modes;
  choice.relative = !modes.empty();
  choice.lines = modes.empty() ? data.where.shape().order() - 1 : choice.modes[0];
  return choice;
}

/// `data` without constant columns. `keep_plain`: data that automatic leaves as they are (ratings). `pace`: who may stop it.
inline ScalingChoice choose_scaling(const Data<double>& data, Scaling asked, bool keep_plain, const Holdout& holdout, double validation,
                                    std::uint64_t seed, const Pace& pace = {}) {
  ScalingChoice choice = asked_scaling(data, asked, {});
  const double columns = choice.ratios[1], rows = choice.ratios[0];
  if (asked != Scaling::automatic || keep_plain || std::max(columns, rows) < 3) return choice;
  const auto parts = detail::validation_part(data, holdout, validation, seed);
  const auto residuals = [&](const std::vector<Index>& modes) {
    const Scales scales = scales_of(parts.train, modes);
    Vector<double> residual = detail::pilot_residuals(parts.train, parts.test, scales, seed, pace);
    for (Index k = 0; k < residual.size(); ++k) residual[k] *= scales.unit(parts.test.where, k).scale;
    return residual;
  };
  const bool by_rows = rows >= 1000 && detail::by_size_explained(data, {1, 0})[0] == 0;
  choice.relative = by_rows || columns >= 100;
  if (!choice.relative) {
    Vector<double> now = residuals({});
    const auto attempt = [&](Index mode) {
      const Vector<double> other = residuals({mode});
      if (detail::clearly_better(other, now, 2)) now = other, choice.modes = {mode}, choice.lines = mode;
    };
    if (columns >= 3) attempt(1);
    if (rows >= 3) attempt(0);
    return choice;
  }
  choice.lines = by_rows ? 0 : 1;
  choice.modes = {choice.lines};
  const std::vector<Index> two{choice.lines, 1 - choice.lines};
  const Scales of_one = scales_of(parts.train, choice.modes);
  Vector<double> one = residuals(choice.modes), both = residuals(two);
  for (Vector<double>* x : {&one, &both})
    for (Index k = 0; k < x->size(); ++k) (*x)[k] /= of_one.unit(parts.test.where, k).scale;
  if (detail::clearly_better(both, one, 1)) choice.modes = two;
  return choice;
}

}  // namespace tacit
