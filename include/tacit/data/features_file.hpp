// SPDX-License-Identifier: MIT
#pragma once
// Features of the rows, or columns, of a matrix from a table:  ids in the first column, as the matrix calls its lines (their numbers from 0 where it has no labels), then a
// feature a column. What a column is:
//   numbers      all of its cells are numbers or gaps, and its name is none of a code (zip_code): one feature
//   categories   all others: a feature of 0 and 1 for each of its values; values that come once, and those beyond the fifty most frequent, share one
// Gaps of numbers become the mean, of categories a feature row of zeros. Features are standardised; those that are constant are left out. A first line whose first cell is an
// id of the matrix is no header. Lines of the matrix that the file does not name are average; ids that the matrix does not have are counted and passed over; a file of
// which no id is known, ids that come twice, and features of which there are more than a thousand are refused.                                O(bytes)

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "../observation/line_features.hpp"
#include "cell_reader.hpp"
#include "label_index.hpp"
#include "label_names.hpp"
#include "rating_columns.hpp"

namespace tacit {

struct FeaturesFile {
  LineFeatures features;
  std::string format;                     ///< how the file was read
  std::vector<std::string> remarks = {};  ///< what a reader needs to know: ids without features, unknown ids, gaps
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

/// Columns of known lines, standardised, side by side.
class FeatureColumns {
 public:
  FeatureColumns(Index lines, std::vector<Index> line_of) : lines_(lines), line_of_(std::move(line_of)) {}

  LineFeatures features;
  Index gaps = 0, constant = 0;

  /// x: of each line of the file, NaN for a gap.
  void add(std::string name, const std::vector<double>& x) {
    double sum = 0, squares = 0, count = 0;
    const auto each = [&](auto&& use) {
      for (std::size_t k = 0; k < x.size(); ++k)
        if (!std::isnan(x[k])) use(k);
    };
    each([&](std::size_t k) { sum += x[k], ++count; });
    gaps += static_cast<Index>(x.size()) - static_cast<Index>(count);
    const double mean = count > 0 ? sum / count : 0;
    each([&](std::size_t k) { squares += (x[k] - mean) * (x[k] - mean); });
    const double deviation = count > 0 ? std::sqrt(squares / count) : 0;
    if (!(deviation > 1e-12 * std::abs(mean))) return void(++constant);
    Vector<double> column = Vector<double>::Zero(lines_);
    each([&](std::size_t k) { column[line_of_[k]] = (x[k] - mean) / deviation; });
    columns_.push_back(std::move(column));
    features.names.push_back(std::move(name));
  }
  Index count() const { return static_cast<Index>(columns_.size()); }
  void finish() {
    features.values.resize(lines_, count());
    for (std::size_t c = 0; c < columns_.size(); ++c) features.values.col(static_cast<Index>(c)) = columns_[c];
  }

 private:
  Index lines_;
  std::vector<Index> line_of_;
  std::vector<Vector<double>> columns_;
};

}  // namespace detail

/// `what` the lines are: row, column.
inline FeaturesFile read_features(const std::string& path, const LabelIndex& lines, const std::string& what) {
  detail::TextFile file(path);
  std::vector<std::string_view> cells;
  file.next();
  const char separator = file.separator();
  file.split(separator, cells);
  const std::size_t width = cells.size();
  const Index top_line = file.line();
  if (width < 2) file.fail(top_line, sentence("has one column; features need two: the ids of the ", what, "s, and a feature"));
  std::vector<std::string> names = detail::label_texts(cells);
  const bool header = lines.find(names[0]) < 0;
  if (!header) {
    file.rewind();
    for (std::size_t c = 0; c < width; ++c) names[c] = sentence("column ", c + 1);
  }
  std::vector<std::vector<std::string>> texts(width);
  std::vector<std::vector<double>> numbers(width);
  std::vector<bool> is_text(width, false);
  for (std::size_t c = 1; c < width; ++c) is_text[c] = header && detail::names_codes(names[c]);
  std::vector<Index> line_of, first_line(static_cast<std::size_t>(lines.count()), 0);
  detail::CellReader reader(separator, true);
  std::size_t unknown = 0;
  std::string example;
  while (file.next()) {
    file.split(separator, cells);
    if (cells.size() != width)
      file.fail(file.line(), sentence("has ", cells.size(), cells.size() == 1 ? " column" : " columns", ", the first line has ", width));
    const std::string id = detail::label_text(cells[0]);
    const Index line = lines.find(id);
    if (line < 0) {
      if (unknown++ == 0) example = id;
      continue;
    }
    Index& first = first_line[static_cast<std::size_t>(line)];
    if (first > 0) file.fail(file.line(), sentence("the ", what, " '", id, "' has features already, on line ", first));
    first = file.line();
    line_of.push_back(line);
    for (std::size_t c = 1; c < width; ++c) {
      double value = std::nan("");
      const detail::CellKind kind = reader.kind(cells[c]);
      if (kind == detail::CellKind::text) is_text[c] = true;
      else if (kind == detail::CellKind::number && !is_text[c] && !reader.read(file, static_cast<Index>(c) + 1, cells[c], value))
        value = std::nan("");
      numbers[c].push_back(value);
      texts[c].push_back(kind == detail::CellKind::missing ? std::string() : detail::label_text(cells[c]));
    }
  }
  if (line_of.empty())
    file.fail(sentence("names no ", what, " of the data", unknown > 0 ? "; its first id is '" + example + "'" : std::string(),
                       lines.labels().empty() ? sentence(", the ", what, "s have no labels and are called 0 to ", lines.count() - 1)
                                              : ", the first " + what + " of the data is called '" + lines.labels()[0] + "'"));
  detail::FeatureColumns columns(lines.count(), line_of);
  Index words = 0;
  for (std::size_t c = 1; c < width; ++c) {
    if (!is_text[c]) {
      columns.add(names[c], numbers[c]);
      continue;
    }
    ++words;
    std::vector<std::string> categories = detail::categories_of(texts[c]);
    for (const std::string& category : categories) {
      std::vector<double> x;
      for (const std::string& text : texts[c]) x.push_back(text == category ? 1 : 0);
      columns.add(names[c] + " = " + category, x);
    }
    std::sort(categories.begin(), categories.end());
    std::vector<double> others;
    for (const std::string& text : texts[c])
      others.push_back(!text.empty() && !std::binary_search(categories.begin(), categories.end(), text) ? 1 : 0);
    columns.add(names[c] + " = others", others);
    if (columns.count() > detail::most_features) break;
  }
  if (columns.count() == 0) file.fail(sentence("holds no feature that differs between the ", what, "s"));
  if (columns.count() > detail::most_features)
    file.fail(sentence("makes more than ", detail::most_features, " features; leave columns out that say little"));
  columns.finish();
  const auto known = static_cast<Index>(line_of.size());
  FeaturesFile read{
      std::move(columns.features),
      sentence("features of ", what, "s, ", detail::separator_name(separator), "-separated, ", header ? "header" : "no header", ", ",
               static_cast<Index>(width) - 1 - words, width - 1 - static_cast<std::size_t>(words) == 1 ? " column" : " columns",
               " of numbers and ", words, " of categories: ", columns.count(), columns.count() == 1 ? " feature" : " features")};
  if (known < lines.count())
    read.remarks.push_back(sentence("Of the ", lines.count(), ' ', what, "s, ", lines.count() - known, " have no features in ", path,
                                    " and count as average there."));
  if (unknown > 0)
    read.remarks.push_back(sentence(path, ": ", unknown, unknown == 1 ? " line is of an id" : " lines are of ids", " that no ", what,
                                    " of the data has ('", example, "'), and passed over."));
  if (columns.gaps > 0)
    read.remarks.push_back(
        sentence(path, ": ", columns.gaps, columns.gaps == 1 ? " gap counts" : " gaps count", " as the mean of the feature."));
  return read;
}

}  // namespace tacit
