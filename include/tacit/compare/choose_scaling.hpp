// SPDX-License-Identifier: MIT
#pragma once
// Do columns, or rows, get scales of their own? One decision for all methods of a run, made before them on validation entries, by residuals of a pilot fit in three ways:
//   spread     columns centred and divided by their standard deviation
//   noise      the same, times what the pilot leaves of each column relative to its spread (a noise ratio, shrunk): the weights of maximum likelihood where columns have
//              noise of different sizes; taken if its squared and its absolute relative errors are lower by more than two
//              standard errors, and by more than one whichever single column is left out: a column that is nearly constant does not decide
//   the file   its units; taken only if they lower the plain errors of both by more than three standard errors, and, whichever single column is left out
//              of the errors, by more than two: no one column decides; or if the fit is exact there and not with scales, as of sums of rows and columns. Data of a few levels that columns share, as ratings are, stay in their units unless scales lower
//              their plain errors by more than two
// Errors relative to the spreads of columns are the same whatever the units are, and so are the first two ways: where columns have scales, a column in other units changes
// no other column's prediction beyond rounding (logits of shares ask for a power of ten, choose_transforms.hpp). In the units of the file a column that is multiplied
// by more weighs more, until the plain errors of the others no longer ask for these units. Tables in different units do not come to them: there a fit hangs on the few
// columns with the largest numbers, and predicts even these no better than one that uses all.
// Rows have scales, too, if that lowers the relative errors by more than two standard errors; instead of columns in a table on its side: once every column is divided by the
// median of its |y|, spreads of rows differ by more than 1000 x and rows explain more of the sizes (an analysis of variance on ranks) than columns do. In the units
// of the file, rows have scales if that lowers plain errors by more than two.
// The pilot (scaling_pilot.hpp) takes some seconds at most, of large tables on some rows. Sparse ratings stay as they are unless forced.

#include <numeric>

#include "scaling_pilot.hpp"

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

/// Scales for all of these modes; the one that explains more of the sizes has the centres.
template <IndexedEntries O>
std::vector<Index> by_size_explained(const Data<double, O>& data, std::vector<Index> modes) {
  std::vector<double> explained;
  for (Index n = 0; n < data.where.shape().order(); ++n) explained.push_back(size_explained(data, n));
  std::stable_sort(modes.begin(), modes.end(),
                   [&](Index a, Index b) { return explained[static_cast<std::size_t>(a)] > explained[static_cast<std::size_t>(b)]; });
  return modes;
}

/// Whether units differ from row to row instead of from column to column; the same for columns in other units.
inline bool rows_have_the_units(Data<double> data) {
  std::vector<std::vector<double>> sizes(static_cast<std::size_t>(data.where.cols()));
  for (Index k = 0; k < data.count(); ++k) sizes[static_cast<std::size_t>(data.where.col()[k])].push_back(std::abs(data.y[k]));
  std::vector<double> usual;
  for (auto& size : sizes) {
    const double largest = size.empty() ? 0 : *std::max_element(size.begin(), size.end()), middle = median_of(std::move(size), 1);
    usual.push_back(middle > 0 ? middle : largest > 0 ? largest : 1);
  }
  for (Index k = 0; k < data.count(); ++k) data.y[k] /= usual[static_cast<std::size_t>(data.where.col()[k])];
  return spread_ratio(data, 0) >= 1000 && by_size_explained(data, {1, 0})[0] == 0;
}

/// Whether values come from a few levels, at most twenty, each of which stands in several columns.
inline bool share_levels(const Data<double>& data) {
  struct Level {
    double value;
    Index column;
    bool shared;
  };
  std::vector<Level> levels;
  for (Index k = 0; k < data.count(); ++k) {
    const double y = data.y[k];
    const auto at = std::find_if(levels.begin(), levels.end(), [&](const Level& level) { return level.value == y; });
    if (at == levels.end()) levels.push_back({y, data.where.col()[k], false});
    else at->shared = at->shared || at->column != data.where.col()[k];
    if (levels.size() > 20) return false;
  }
  return std::all_of(levels.begin(), levels.end(), [](const Level& level) { return level.shared; });
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
  choice.by_spread = choice.relative;
  choice.lines = modes.empty() ? data.where.shape().order() - 1 : choice.modes[0];
  return choice;
}

/// `data` without constant columns. `keep_plain`: data that automatic leaves as they are (ratings). `pace`: who may stop it.
inline ScalingChoice choose_scaling(const Data<double>& data, Scaling asked, bool keep_plain, const Holdout& holdout, double validation,
                                    std::uint64_t seed, const Pace& pace = {}) {
  const ScalingChoice plain = asked_scaling(data, asked, {});
  if (asked != Scaling::automatic || keep_plain) return plain;
  const bool by_rows = detail::rows_have_the_units(data);
  const Index lines = by_rows ? 0 : 1;
  ScalingChoice choice = plain;
  choice.lines = lines, choice.modes = {lines}, choice.by_spread = true;
  choice.relative = by_rows || plain.ratios[1] >= 100;
  const detail::ScalingPilot<Entries> pilot(detail::some_rows(data, 200'000, seed), lines, holdout, validation, seed, pace);
  Vector<double> now = pilot.residuals(choice);
  if (!by_rows) {
    ScalingChoice weighted = choice;
    Vector<double> other = now;
    for (int round = 0; round < 2; ++round) weighted.noise = pilot.noise(pilot.relative(other)), other = pilot.residuals(weighted);
    const Vector<double> of_file = pilot.residuals(plain);
    const auto asks_for_file = [&](const Vector<double>& scaled) { return pilot.lower_in_many_lines(of_file, scaled, 3, 2); };
    if (detail::share_levels(data) ? !detail::clearly_better(now, of_file, 2)
                                   : (asks_for_file(now) && asks_for_file(other)) || pilot.exact_only(of_file, now)) {
      ScalingChoice rows = plain;
      rows.modes = {0}, rows.lines = 0;
      return plain.ratios[0] >= 3 && detail::clearly_better(pilot.residuals(rows), of_file, 2) ? rows : plain;
    }
    const Vector<double> by_noise = pilot.relative(other), by_spread = pilot.relative(now);
    if (pilot.lower_in_many_lines(by_noise, by_spread, 2, 1) &&
        pilot.lower_in_many_lines(by_noise.cwiseAbs().cwiseSqrt(), by_spread.cwiseAbs().cwiseSqrt(), 2, 1))
      now = other, choice = weighted;
  }
  ScalingChoice both = choice;
  both.modes = {lines, 1 - lines}, both.noise = {};
  const Vector<double> other = pilot.residuals(both);
  return detail::clearly_better(pilot.relative(other), pilot.relative(now), 2) ? both : choice;
}

}  // namespace tacit
