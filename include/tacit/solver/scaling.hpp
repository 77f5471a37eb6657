// SPDX-License-Identifier: MIT
#pragma once
// Scales (observation/centre.hpp) from training entries. Of a line (column, row, slice): its mean and its standard deviation, a little more where there are few entries,
//   a_i = mean,     r_i = s_i sqrt((n_i + 1) / (n_i - 1)),
// so that a line which looks narrow by chance does not weigh too much. One that has a single value takes its scale from the usual ratio of scale to size.
// Everything is equivariant: a line in other units changes its own numbers alone. With several modes the first one has the centres, and all are divided by a scale for
// each line, by alternation (as the scales of softImpute's biScale), those of the further modes shrunk towards 1 as by five entries.
//
// A column is constant where all of its entries are equal and chance does not explain that: in data whose values repeat (ratings) a few equal entries are no sign.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "../observation/centre.hpp"

namespace tacit {

struct ScalingChoice {
  std::vector<Index> modes = {};  ///< whose lines have scales, centres those of the first; empty: data as they are
  bool by_spread = false;         ///< errors are judged relative to the spread of each line, whatever its units
  bool relative = false;          ///< and told so: lines are in different units
  Index lines = 1;  ///< the mode whose lines are told apart: the first that has scales, else columns, of a tensor the last mode
  std::vector<double> ratios = {};         ///< of each mode: the largest spread of a line over the smallest
  std::vector<Transform> transforms = {};  ///< of the columns of a matrix; empty: none
  Vector<double> noise = {};               ///< scales of the lines of the first mode are multiplied by these; empty: 1
};

enum class Scaling { automatic, none, columns, rows, both };  ///< both: rows and columns, centred by the mode that has the units

namespace detail {

/// Number, mean and standard deviation (n - 1) of the entries of each line; NaN where there is none, a deviation of 0 where there is one or all agree to rounding.
struct LineMoments {
  Vector<double> count, mean, deviation;
};
template <IndexedEntries O>
LineMoments moments_of(const Data<double, O>& data, Index mode) {
  const Index lines = data.where.shape()[mode];
  const std::int32_t* line = data.where.mode(mode);
  LineMoments m{Vector<double>::Zero(lines), Vector<double>::Zero(lines), Vector<double>::Zero(lines)};
  for (Index k = 0; k < data.count(); ++k) m.count[line[k]] += 1, m.mean[line[k]] += data.y[k];
  m.mean.array() /= m.count.array();  // NaN without entries
  Vector<double> squares = Vector<double>::Zero(lines), largest = squares;
  for (Index k = 0; k < data.count(); ++k) {
    const double d = data.y[k] - m.mean[line[k]];
    squares[line[k]] += d * d;
    largest[line[k]] = std::max(largest[line[k]], std::abs(d));
  }
  for (Index i = 0; i < lines; ++i)
    m.deviation[i] = m.count[i] == 0                                              ? std::nan("")
                     : m.count[i] > 1 && largest[i] > 1e-13 * std::abs(m.mean[i]) ? std::sqrt(squares[i] / (m.count[i] - 1))
                                                                                  : 0;
  return m;
}
inline double median_of(std::vector<double> x, double otherwise) {
  if (x.empty()) return otherwise;
  const auto middle = x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2);
  std::nth_element(x.begin(), middle, x.end());
  return *middle;
}

/// Centres and scales of one mode.
template <IndexedEntries O>
void centre_and_scale(const Data<double, O>& data, Index mode, Vector<double>& centre, Vector<double>& scale) {
  const LineMoments m = moments_of(data, mode);
  centre = m.mean;
  scale = m.deviation;
  std::vector<double> ratios, centres, scales;
  for (Index k = 0; k < centre.size(); ++k) {
    if (!(scale[k] > 0)) continue;
    scale[k] *= std::sqrt((m.count[k] + 1) / (m.count[k] - 1));
    if (centre[k] != 0) ratios.push_back(scale[k] / std::abs(centre[k]));
    centres.push_back(centre[k]);
    scales.push_back(scale[k]);
  }
  const double ratio = median_of(ratios, 1), usual_centre = median_of(centres, data.y.mean()), usual_scale = median_of(scales, 1);
  for (Index k = 0; k < centre.size(); ++k) {
    if (std::isnan(centre[k])) centre[k] = usual_centre, scale[k] = usual_scale;
    else if (!(scale[k] > 0)) scale[k] = centre[k] != 0 ? ratio * std::abs(centre[k]) : usual_scale;
  }
}

}  // namespace detail

/// Scales for the lines of these modes, centres for those of the first.
template <IndexedEntries O>
Scales scales_of(const Data<double, O>& train, const std::vector<Index>& modes) {
  Scales s;
  if (modes.empty()) return s;
  const Shape& shape = train.where.shape();
  for (const Index n : modes) require(n >= 0 && n < shape.order(), "scales_of: mode ", n, " is asked for, the data are ", shape);
  s.centre.resize(static_cast<std::size_t>(shape.order()));
  s.scale = s.centre;
  const auto of = [](ModeVectors& list, Index n) -> Vector<double>& { return list[static_cast<std::size_t>(n)]; };
  detail::centre_and_scale(train, modes[0], of(s.centre, modes[0]), of(s.scale, modes[0]));
  if (modes.size() == 1) return s;
  for (std::size_t k = 1; k < modes.size(); ++k) of(s.scale, modes[k]) = Vector<double>::Ones(shape[modes[k]]);
  const auto update = [&](Index mode, double ridge) {
    Vector<double>& scale = of(s.scale, mode);
    Vector<double> squares = Vector<double>::Constant(scale.size(), ridge), count = Vector<double>::Constant(scale.size(), ridge);
    const std::int32_t* line = train.where.mode(mode);
    for (Index k = 0; k < train.count(); ++k) {
      double others = 1;
      for (const Index n : modes)
        if (n != mode) others *= s.scale_of(n, train.where.mode(n)[k]);
      const double d = (train.y[k] - s.unit(train.where, k).centre) / others;
      squares[line[k]] += d * d, count[line[k]] += 1;
    }
    for (Index i = 0; i < scale.size(); ++i)
      if (count[i] > 0 && squares[i] > 0) scale[i] = std::sqrt(squares[i] / count[i]);
  };
  for (int sweep = 0; sweep < 10; ++sweep) {
    for (std::size_t k = 1; k < modes.size(); ++k) update(modes[k], 5);
    update(modes[0], 0);
  }
  for (Vector<double>& scale : s.scale)  // a line whose entries all lie at the centre
    for (double& x : scale) x = x > 0 ? x : 1;
  return s;
}

/// The same of data by their transforms, which it then holds, too.
inline Scales scales_of(const Data<double>& train, const std::vector<Index>& modes, const std::vector<Transform>& transforms) {
  if (transforms.empty()) return scales_of(train, modes);
  Scales scales = scales_of(Scales{.transforms = transforms}.taken_off(train), modes);
  scales.transforms = transforms;
  return scales;
}

/// Scales and transforms as they were chosen, from these entries.
template <IndexedEntries O>
Scales scales_of(const Data<double, O>& train, const ScalingChoice& choice) {
  Scales scales = [&] {
    if constexpr (std::is_same_v<O, Entries>) return scales_of(train, choice.modes, choice.transforms);
    else return scales_of(train, choice.modes);
  }();
  if (choice.noise.size()) scales.scale[static_cast<std::size_t>(choice.modes[0])].array() *= choice.noise.array();
  return scales;
}

/// What errors of methods are divided by: the spread of the line, and where errors are not told so, of that in units of its root mean square over all entries.
class ErrorUnits {
 public:
  template <IndexedEntries O>
  ErrorUnits(const Data<double, O>& data, const ScalingChoice& choice) : mode_(choice.lines) {
    if (!choice.by_spread) return;
    spread_ = detail::of_mode(scales_of(data, std::vector<Index>{mode_}).scale, mode_);
    if (!choice.relative) spread_ /= std::sqrt(at(data.where).squaredNorm() / static_cast<double>(data.count()));
  }
  /// Empty: 1.
  template <IndexedEntries O>
  Vector<double> at(const O& where) const {
    Vector<double> units(spread_.size() ? where.count() : 0);
    for (Index k = 0; k < units.size(); ++k) units[k] = spread_[where.mode(mode_)[k]];
    return units;
  }

 private:
  Index mode_;
  Vector<double> spread_ = {};
};

/// How many times the largest spread of a line (with at least five entries, or two where none has five) is the smallest that is not 0.
template <IndexedEntries O>
double spread_ratio(const Data<double, O>& data, Index mode) {
  const detail::LineMoments m = detail::moments_of(data, mode);
  for (const double least : {5.0, 2.0}) {
    double low = std::numeric_limits<double>::infinity(), high = 0;
    for (Index k = 0; k < m.mean.size(); ++k)
      if (m.count[k] >= least && m.deviation[k] > 0) low = std::min(low, m.deviation[k]), high = std::max(high, m.deviation[k]);
    if (high > 0) return high / low;
  }
  return 1;
}

/// Columns whose entries are all equal, beyond what chance explains: entries of a column agree by chance with the probability p that two of them do in the columns that
/// are not constant; all n of them would in  columns p^(n - 1)  columns, which is to be below 1/1000.
inline std::vector<Index> constant_columns(const Data<double>& data) {
  const Entries& where = data.where;
  const std::vector<std::uint32_t> by_col = detail::sorted_by(static_cast<std::size_t>(data.count()), where.cols(),
                                                              [&](std::size_t k) { return where.col()[k]; });  // of no use afterwards
  std::vector<std::pair<Index, Index>> candidates;                                                             // column, entries
  double pairs = 0, equal = 0;
  std::vector<double> sorted;
  for (Index j = 0; j < where.cols(); ++j) {
    const Index n = where.col_start()[j + 1] - where.col_start()[j];
    if (n < 2) continue;
    sorted.clear();
    for (Index s = where.col_start()[j]; s < where.col_start()[j + 1]; ++s) sorted.push_back(data.y[by_col[static_cast<std::size_t>(s)]]);
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
    if (static_cast<double>(where.cols()) * std::pow(p, static_cast<double>(n - 1)) < 1e-3) constant.push_back(j);
  return constant;
}

}  // namespace tacit
