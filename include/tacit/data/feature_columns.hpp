// SPDX-License-Identifier: MIT
#pragma once
// Features of the rows, or columns, of a matrix (LineFeatures) out of columns of a table:
//   numbers      one feature; gaps become the mean
//   categories   a feature of 0 and 1 for each of their values; values that come once, and those beyond the fifty most frequent, share one; a gap is a row of zeros
// Features are standardised over the lines that the table names, those that are constant are left out; lines that it does not name are average.
// More than a thousand features, or none, are refused.                            O(lines x features)

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "../observation/line_features.hpp"

namespace tacit {

/// A column of a table, an item for each of its lines.
struct FeatureColumn {
  std::string name;
  bool categories = false;              ///< whether words are meant, else numbers
  std::vector<double> numbers = {};     ///< NaN: a gap
  std::vector<std::string> words = {};  ///< empty: a gap
};

struct FeaturesOfColumns {
  LineFeatures features;
  Index gaps = 0;            ///< of numbers, that became the mean
  std::string refused = {};  ///< why there are no features, as the end of a sentence; empty: there are
};

namespace detail {

inline constexpr std::size_t most_categories = 50;
inline constexpr Index most_features = 1000;

/// The values of a column of words that have a feature of their own: those that come more than once, the most frequent first.
inline std::vector<std::string> categories_of(const std::vector<std::string>& cells) {
  std::map<std::string, Index> count;
  for (const std::string& cell : cells)
    if (!cell.empty()) ++count[cell];
  std::vector<std::pair<std::string, Index>> order(count.begin(), count.end());
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<std::string> kept;
  for (const auto& [word, times] : order)
    if (times > 1 && kept.size() < most_categories) kept.push_back(word);
  return kept;
}

/// Features of some lines, standardised, side by side.
class StandardisedFeatures {
 public:
  StandardisedFeatures(Index lines, const std::vector<Index>& line_of) : lines_(lines), line_of_(line_of) {}

  Index gaps = 0;

  /// x: of each line of the table, NaN for a gap.
  void add(std::string name, const std::vector<double>& x) {
    double sum = 0, squares = 0, count = 0, scale = 0;
    const auto each = [&](auto&& use) {
      for (std::size_t k = 0; k < x.size(); ++k)
        if (!std::isnan(x[k])) use(k);
    };
    each([&](std::size_t k) { scale = std::max(scale, std::abs(x[k])); });
    each(
        [&](std::size_t k) { sum += x[k] / scale, ++count; });  // of multiples of the largest: squares of large numbers do not fit a double
    gaps += static_cast<Index>(x.size()) - static_cast<Index>(count);
    if (!(scale > 0)) return;
    const double mean = sum / count;
    each([&](std::size_t k) { squares += (x[k] / scale - mean) * (x[k] / scale - mean); });
    const double deviation = std::sqrt(squares / count);
    if (!(deviation > 1e-12 * std::abs(mean))) return;  // constant
    Vector<double> column = Vector<double>::Zero(lines_);
    each([&](std::size_t k) { column[line_of_[k]] = (x[k] / scale - mean) / deviation; });
    columns_.push_back(std::move(column));
    names_.push_back(std::move(name));
  }
  Index count() const { return static_cast<Index>(columns_.size()); }
  LineFeatures take() {
    LineFeatures features{Matrix<double>(lines_, count()), std::move(names_)};
    for (std::size_t c = 0; c < columns_.size(); ++c) features.values.col(static_cast<Index>(c)) = columns_[c];
    return features;
  }

 private:
  Index lines_;
  const std::vector<Index>& line_of_;
  std::vector<Vector<double>> columns_;
  std::vector<std::string> names_;
};

}  // namespace detail

/// line_of: the line of the matrix, of `lines` in all, that each item of the columns belongs to, all different. `what` the lines are: row, column.
inline FeaturesOfColumns features_of(const std::vector<FeatureColumn>& columns, const std::vector<Index>& line_of, Index lines,
                                     const std::string& what) {
  detail::StandardisedFeatures made(lines, line_of);
  for (const FeatureColumn& column : columns) {
    if (made.count() > detail::most_features) break;
    if (!column.categories) {
      made.add(column.name, column.numbers);
      continue;
    }
    std::vector<std::string> categories = detail::categories_of(column.words);
    const auto indicator = [&](const std::string& value, auto&& holds) {
      std::vector<double> x;
      for (const std::string& word : column.words) x.push_back(holds(word) ? 1 : 0);
      made.add(column.name + " = " + value, x);
    };
    for (const std::string& category : categories) indicator(category, [&](const std::string& word) { return word == category; });
    std::sort(categories.begin(), categories.end());
    indicator("others",
              [&](const std::string& word) { return !word.empty() && !std::binary_search(categories.begin(), categories.end(), word); });
  }
  if (made.count() == 0) return {{}, made.gaps, "holds no feature that differs between the " + what + "s"};
  if (made.count() > detail::most_features)
    return {{}, made.gaps, sentence("makes more than ", detail::most_features, " features; leave columns out that say little")};
  return {made.take(), made.gaps};
}

}  // namespace tacit
