// SPDX-License-Identifier: MIT
#pragma once
// Scales (observation/scales.hpp) from training entries. Of a column: its mean and its standard deviation, a little more where there are few entries,
//   b_j = mean,     c_j = s_j sqrt((n_j + 1) / (n_j - 1)),
// so that a column which looks narrow by chance does not weigh too much. One that has a single value takes its scale from the usual ratio of scale to size.
// Everything is equivariant: a column in other units changes its own numbers alone. Rows in the same way; `both` also divides by a scale for each line of the other
// mode, by alternation (as the scales of softImpute's biScale), shrunk towards 1 as by five entries.
//
// A column is constant where all of its entries are equal and chance does not explain that: in data whose values repeat (ratings) a few equal entries are no sign.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "../observation/scales.hpp"

namespace tacit {

enum class Scaling { automatic, none, columns, rows, both };  ///< both: rows and columns, centred by the mode that has the units

namespace detail {

/// The entries of line k of a mode: their places in y.
struct LinesOf {
  const Entries& where;
  bool by_cols;

  Index count() const { return by_cols ? where.cols() : where.rows(); }
  Index begin(Index k) const { return (by_cols ? where.col_start() : where.row_start())[k]; }
  Index size(Index k) const { return begin(k + 1) - begin(k); }
  Index place(Index s) const { return by_cols ? Index(where.by_col()[s]) : s; }
  Index other(Index s) const { return by_cols ? where.row_by_col()[s] : where.col()[s]; }
};

/// Mean and standard deviation (n - 1) of each line; NaN where there is no entry, a deviation of 0 where there is one or all agree to rounding.
struct LineMoments {
  Vector<double> mean, deviation;
};
inline LineMoments moments_of(const Data<double>& data, bool by_cols) {
  const LinesOf lines{data.where, by_cols};
  LineMoments m{Vector<double>::Constant(lines.count(), std::nan("")), Vector<double>::Constant(lines.count(), std::nan(""))};
  for (Index k = 0; k < lines.count(); ++k) {
    const Index from = lines.begin(k), n = lines.size(k);
    if (n == 0) continue;
    double sum = 0, squares = 0, largest = 0;
    for (Index s = from; s < from + n; ++s) sum += data.y[lines.place(s)];
    const double mean = sum / static_cast<double>(n);
    for (Index s = from; s < from + n; ++s) {
      const double d = data.y[lines.place(s)] - mean;
      squares += d * d;
      largest = std::max(largest, std::abs(d));
    }
    m.mean[k] = mean;
    m.deviation[k] = n > 1 && largest > 1e-13 * std::abs(mean) ? std::sqrt(squares / static_cast<double>(n - 1)) : 0;
  }
  return m;
}
inline double median_of(std::vector<double> x, double otherwise) {
  if (x.empty()) return otherwise;
  const auto middle = x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2);
  std::nth_element(x.begin(), middle, x.end());
  return *middle;
}

/// Centres and scales of one mode.
inline void centre_and_scale(const Data<double>& data, bool by_cols, Vector<double>& centre, Vector<double>& scale) {
  const LinesOf lines{data.where, by_cols};
  const LineMoments m = moments_of(data, by_cols);
  centre = m.mean;
  scale = m.deviation;
  std::vector<double> ratios, centres, scales;
  for (Index k = 0; k < lines.count(); ++k) {
    if (!(scale[k] > 0)) continue;
    const auto n = static_cast<double>(lines.size(k));
    scale[k] *= std::sqrt((n + 1) / (n - 1));
    if (centre[k] != 0) ratios.push_back(scale[k] / std::abs(centre[k]));
    centres.push_back(centre[k]);
    scales.push_back(scale[k]);
  }
  const double ratio = median_of(ratios, 1), usual_centre = median_of(centres, data.y.mean()), usual_scale = median_of(scales, 1);
  for (Index k = 0; k < lines.count(); ++k) {
    if (std::isnan(centre[k])) centre[k] = usual_centre, scale[k] = usual_scale;
    else if (!(scale[k] > 0)) scale[k] = centre[k] != 0 ? ratio * std::abs(centre[k]) : usual_scale;
  }
}

}  // namespace detail

/// `first_by_rows`: of `both`, the mode that centres are taken of.
inline Scales scales_of(const Data<double>& train, Scaling how, bool first_by_rows = false) {
  require(how != Scaling::automatic, "scales_of: which scaling? automatic is chosen by complete()");
  Scales s;
  if (how == Scaling::none) return s;
  const bool by_rows = how == Scaling::rows || (how == Scaling::both && first_by_rows);
  detail::centre_and_scale(train, !by_rows, by_rows ? s.row_centre : s.col_centre, by_rows ? s.row_scale : s.col_scale);
  if (how != Scaling::both) return s;
  s.row_scale = by_rows ? s.row_scale : Vector<double>::Ones(train.where.rows());
  s.col_scale = by_rows ? Vector<double>::Ones(train.where.cols()) : s.col_scale;
  const auto update = [&](bool cols, double ridge) {
    const detail::LinesOf lines{train.where, cols};
    Vector<double>& scale = cols ? s.col_scale : s.row_scale;
    for (Index k = 0; k < lines.count(); ++k) {
      double squares = ridge;
      for (Index q = lines.begin(k); q < lines.begin(k) + lines.size(k); ++q) {
        const Entry at = train.where[lines.place(q)];
        const double d = (train.y[lines.place(q)] - s.centre(at.row, at.col)) / (cols ? s.of_row(at.row) : s.of_col(at.col));
        squares += d * d;
      }
      if (const auto n = static_cast<double>(lines.size(k)); n + ridge > 0 && squares > 0) scale[k] = std::sqrt(squares / (n + ridge));
    }
  };
  for (int sweep = 0; sweep < 10; ++sweep) update(by_rows, 5), update(!by_rows, 0);
  for (Vector<double>* scale : {&s.row_scale, &s.col_scale})  // a line whose entries all lie at the centre
    for (double& x : *scale) x = x > 0 ? x : 1;
  return s;
}

/// How many times the largest spread of a line (with at least five entries, or two where none has five) is the smallest that is not 0.
inline double spread_ratio(const Data<double>& data, bool by_cols) {
  const detail::LineMoments m = detail::moments_of(data, by_cols);
  const detail::LinesOf lines{data.where, by_cols};
  for (const Index least : {5, 2}) {
    double low = std::numeric_limits<double>::infinity(), high = 0;
    for (Index k = 0; k < lines.count(); ++k)
      if (lines.size(k) >= least && m.deviation[k] > 0) low = std::min(low, m.deviation[k]), high = std::max(high, m.deviation[k]);
    if (high > 0) return high / low;
  }
  return 1;
}

/// Columns whose entries are all equal, beyond what chance explains: entries of a column agree by chance with the probability p that two of them do in the columns that
/// are not constant; all n of them would in  columns p^(n - 1)  columns, which is to be below 1/1000.
inline std::vector<Index> constant_columns(const Data<double>& data) {
  const detail::LinesOf lines{data.where, true};
  std::vector<std::pair<Index, Index>> candidates;  // column, entries
  double pairs = 0, equal = 0;
  std::vector<double> sorted;
  for (Index j = 0; j < lines.count(); ++j) {
    const Index n = lines.size(j);
    if (n < 2) continue;
    sorted.clear();
    for (Index s = lines.begin(j); s < lines.begin(j) + n; ++s) sorted.push_back(data.y[lines.place(s)]);
    std::sort(sorted.begin(), sorted.end());
    if (sorted.front() == sorted.back()) {
      candidates.emplace_back(j, n);
      continue;
    }
    for (std::size_t a = 0, b = 0; a < sorted.size(); a = b) {
      while (b < sorted.size() && sorted[b] == sorted[a]) ++b;
      equal += static_cast<double>(b - a) * static_cast<double>(b - a - 1);
    }
    pairs += static_cast<double>(n) * static_cast<double>(n - 1);
  }
  std::vector<Index> constant;
  const double p = pairs > 0 ? equal / pairs : 1;  // of constant columns alone nothing can be said
  for (const auto& [j, n] : candidates)
    if (static_cast<double>(lines.count()) * std::pow(p, static_cast<double>(n - 1)) < 1e-3) constant.push_back(j);
  return constant;
}

}  // namespace tacit
