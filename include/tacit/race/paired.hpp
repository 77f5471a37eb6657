// SPDX-License-Identifier: MIT
#pragma once
// Paired comparisons over seeds. Runs of one seed share data and start, so what differs between two settings of one factor (two optimizers,
// two depths, two start scales) is compared seed by seed:
//   d_s = mean over matched rows of  ln(b / a)  (positive quantities)  or  b - a,     mean of d with its t interval over the seeds s,
//   p = P(|T_{n-1}| >= (|mean| - ln(1 + least)) / (std / sqrt n)),     least: a ratio that would not matter, 1 % unless said otherwise.
// Many comparisons at once are corrected by Holm's step-down method: p_(k), ascending, becomes  max_{j <= k} min(1, (m - j + 1) p_(j)),
// and those at most alpha are claimed with a chance of at most alpha that one of them is false.                          [Holm 1979]
//
//   for (const PairedDifference& d : paired_differences(table, {.quantity = "end_effective_rank", .a = "gradient_descent", .b = "adam"}))
//     std::cout << d.times() << " (" << d.over.p << ")\n";
// Cost: a pass over the table for each comparison of settings.

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "../core/student_t.hpp"
#include "../io/table.hpp"

namespace tacit {

/// A mean with its t interval, and how far it is from a value.
struct TInterval {
  Index count = 0;
  double mean = std::nan(""), error = std::nan("");  ///< standard error of the mean
  double low = -std::numeric_limits<double>::infinity(), high = std::numeric_limits<double>::infinity();
  double p = 1;  ///< two-sided, of the mean being `null`
};

/// Of fewer than two values the interval is everything, and p = 1. Values that are all the same have an interval of one point.
inline TInterval t_interval(const std::vector<double>& values, double confidence = 0.95, double null = 0) {
  require(confidence > 0 && confidence < 1, "t_interval: the confidence is ", confidence, ", it needs to lie between 0 and 1");
  TInterval out;
  out.count = static_cast<Index>(values.size());
  const auto n = static_cast<double>(values.size());
  if (values.empty()) return out;
  out.mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  if (values.size() < 2) return out;
  double squares = 0;
  for (const double v : values) squares += (v - out.mean) * (v - out.mean);
  out.error = std::sqrt(squares / (n - 1) / n);
  const double half = student_t_quantile(confidence, n - 1) * out.error, off = std::abs(out.mean - null);
  out.low = out.mean - half;
  out.high = out.mean + half;
  // Rounding is no evidence: values that agree to the last digits with `null` do not differ from it.
  double largest = std::abs(null);
  for (const double v : values) largest = std::max(largest, std::abs(v));
  if (off <= 64 * std::numeric_limits<double>::epsilon() * largest) out.p = 1;
  else out.p = out.error > 0 ? student_t_two_sided(off / out.error, n - 1) : 0;
  return out;
}

/// Holm's adjusted p-values, in the order given; a NaN counts as 1.
inline std::vector<double> holm(const std::vector<double>& p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t(0));
  const auto value = [&](std::size_t k) { return std::isnan(p[k]) ? 1.0 : p[k]; };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return value(a) < value(b); });
  std::vector<double> adjusted(p.size());
  double largest = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    largest = std::max(largest, std::min(1.0, static_cast<double>(p.size() - k) * value(order[k])));
    adjusted[order[k]] = largest;
  }
  return adjusted;
}

/// What is compared with what.
struct PairedSettings {
  std::string quantity;                              ///< a column of numbers
  std::string factor = "optimizer", a = {}, b = {};  ///< the column whose values a and b are compared, as text
  std::vector<std::string> match = {"optimizer", "problem", "depth",
                                    "scale"};  ///< rows are matched by these (the factor aside) and by `pair`
  std::vector<std::string> cells = {"problem", "depth",
                                    "scale"};  ///< one result for each combination of these; the other matched columns are averaged over
  std::string pair = "seed";
  std::string where = {};  ///< a column of 0 and 1: only rows with 1 are compared, "reached" for instance
  bool ratios = true;      ///< logarithms, where all values of the cell are positive
  double least = 0.01;     ///< ratios within 1 +- this are no difference, however little the noise: p is that of the nearer end
  double confidence = 0.95;
};

/// b against a in one cell.
struct PairedDifference {
  NamedCells cell;  ///< names and values of PairedSettings::cells
  std::string quantity, factor, a, b;
  bool ratio = false;          ///< differences are those of logarithms
  TInterval over;              ///< over the seeds
  double adjusted = 1;         ///< p after Holm's correction; set by who knows the family
  double least = 0;            ///< of PairedSettings
  Index left_out = 0;          ///< pairs of rows without a value, or not in PairedSettings::where
  std::vector<double> values;  ///< one a seed

  /// exp of the mean, for ratios.
  double times() const { return std::exp(over.mean); }
};

namespace detail {

/// Values of some columns of a row, one text.
inline std::string row_key(const Table& table, Index row, const std::vector<std::string>& columns, const std::string& except) {
  std::string key;
  for (const std::string& column : columns)
    if (column != except) key += table.at(row, column).text() + '\x1f';
  return key;
}
inline double number_or_nan(const Table& table, Index row, const std::string& column) {
  const Cell cell = table.at(row, column);
  return cell.is_text() ? std::nan("") : cell.number();
}

}  // namespace detail

/// One result a cell in which both settings have rows, in the order of the table's rows of a.
inline std::vector<PairedDifference> paired_differences(const Table& table, const PairedSettings& settings) {
  struct Pair {
    std::string seed;
    double a, b;
  };
  struct Group {
    NamedCells cell;
    std::vector<Pair> pairs;
    Index left_out = 0;
  };
  const auto counts = [&](Index r) { return settings.where.empty() || detail::number_or_nan(table, r, settings.where) == 1; };
  std::vector<std::string> exact;  // columns that the table does not have match everything
  for (const std::string& column : settings.match)
    if (table.has(column)) exact.push_back(column);
  exact.push_back(settings.pair);
  std::map<std::string, Index> of_b;
  for (Index r = 0; r < table.rows(); ++r)
    if (table.at(r, settings.factor).text() == settings.b) of_b.emplace(detail::row_key(table, r, exact, settings.factor), r);
  std::vector<Group> groups;
  std::map<std::string, std::size_t> known;
  for (Index r = 0; r < table.rows(); ++r) {
    if (table.at(r, settings.factor).text() != settings.a) continue;
    const auto partner = of_b.find(detail::row_key(table, r, exact, settings.factor));
    if (partner == of_b.end()) continue;
    const auto [at, fresh] = known.emplace(detail::row_key(table, r, settings.cells, settings.factor), groups.size());
    if (fresh) {
      groups.emplace_back();
      for (const std::string& column : settings.cells)
        if (column != settings.factor) groups.back().cell.emplace_back(column, table.at(r, column));
    }
    Group& group = groups[at->second];
    const double a = detail::number_or_nan(table, r, settings.quantity),
                 b = detail::number_or_nan(table, partner->second, settings.quantity);
    if (std::isfinite(a) && std::isfinite(b) && counts(r) && counts(partner->second))
      group.pairs.push_back({table.at(r, settings.pair).text(), a, b});
    else ++group.left_out;
  }
  std::vector<PairedDifference> out;
  for (Group& group : groups) {
    PairedDifference d;
    d.cell = std::move(group.cell);
    d.quantity = settings.quantity, d.factor = settings.factor, d.a = settings.a, d.b = settings.b;
    d.left_out = group.left_out;
    d.least = settings.least;
    d.ratio = settings.ratios && std::all_of(group.pairs.begin(), group.pairs.end(), [](const Pair& p) { return p.a > 0 && p.b > 0; });
    std::vector<std::string> seeds;
    std::vector<std::pair<double, double>> sums;
    for (const Pair& pair : group.pairs) {
      const auto at = static_cast<std::size_t>(std::find(seeds.begin(), seeds.end(), pair.seed) - seeds.begin());
      if (at == seeds.size()) seeds.push_back(pair.seed), sums.emplace_back(0.0, 0.0);
      sums[at].first += d.ratio ? std::log(pair.b) - std::log(pair.a) : pair.b - pair.a;
      sums[at].second += 1;
    }
    for (const auto& [sum, count] : sums) d.values.push_back(sum / count);
    d.over = t_interval(d.values, settings.confidence);
    if (d.ratio && settings.least > 0) {
      const double end = std::log1p(settings.least), mean = d.over.mean;
      d.over.p = std::abs(mean) <= end || d.over.count < 2 ? 1 : t_interval(d.values, settings.confidence, mean > 0 ? end : -end).p;
    }
    out.push_back(std::move(d));
  }
  return out;
}

/// Corrects a family of comparisons.
inline void adjust(std::vector<PairedDifference>& family) {
  std::vector<double> p;
  for (const PairedDifference& d : family) p.push_back(d.over.p);
  const std::vector<double> adjusted = holm(p);
  for (std::size_t k = 0; k < family.size(); ++k) family[k].adjusted = adjusted[k];
}

}  // namespace tacit
