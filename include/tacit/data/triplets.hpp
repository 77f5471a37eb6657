// SPDX-License-Identifier: MIT
#pragma once
// Rating triplets, a line each:  row id, column id, value[, anything else].  Divided by tabs (MovieLens' u.data), commas (ratings.csv), "::"
// (ratings.dat), semicolons or blanks; a first line of which none of the first three cells is a number is a header. Ids become indices:
//   Ids::labels      each different id is a row (column); numeric ids sorted as numbers, others as text; the ids are kept as labels
//   Ids::zero_based  the ids are the indices 0 ... n - 1;   Ids::one_based  they are 1 ... n;   n from the settings or the largest id
// A pair that comes twice is refused, naming both lines. One read of the file, O(m) but for sorting the ids; 10^5 lines take tens of milliseconds.

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "csv.hpp"
#include "file.hpp"

namespace tacit {

enum class Ids { labels, zero_based, one_based };

struct TripletOptions {
  char separator = 0;  ///< 0: found in the first line; ':' stands for "::", ' ' for any run of blanks
  Labels header = Labels::detect;
  Ids ids = Ids::labels;
  Index rows = 0, cols = 0;  ///< sizes for zero- and one-based ids; 0: the largest id decides
};

namespace detail {

/// One column of ids: as integers while all of them are, else as text.
struct IdColumn {
  bool integers = true;
  std::vector<std::int64_t> numbers;
  std::vector<std::string_view> texts;

  /// False where an id turns up that is no integer: the file is then read again, as text.
  bool push(std::string_view cell) {
    if (!integers) return texts.push_back(cell), true;
    std::int64_t number = 0;
    integers = parse_integer(cell, number);
    numbers.push_back(number);
    return integers;
  }
  void clear() {
    numbers.clear();
    texts.clear();
  }
  std::string name(std::size_t k) const { return integers ? std::to_string(numbers[k]) : label_text(texts[k]); }

  /// Indices in the order of the sorted ids, and the ids as labels.
  Entries::Indices rank(std::vector<std::string>& labels) const {
    return integers ? rank_of(numbers, labels, [](std::int64_t id) { return std::to_string(id); }) : rank_of(texts, labels, label_text);
  }

 private:
  template <class Id, class Text>
  static Entries::Indices rank_of(const std::vector<Id>& ids, std::vector<std::string>& labels, Text text) {
    std::unordered_map<Id, std::int32_t> index_of;
    for (const Id& id : ids) index_of.emplace(id, 0);
    std::vector<Id> known;
    known.reserve(index_of.size());
    for (const auto& item : index_of) known.push_back(item.first);
    std::sort(known.begin(), known.end());
    for (const Id& id : known) {
      index_of[id] = static_cast<std::int32_t>(labels.size());
      labels.push_back(text(id));
    }
    Entries::Indices index;
    index.reserve(ids.size());
    for (const Id& id : ids) index.push_back(index_of[id]);
    return index;
  }
};

/// Counting sort, stable: equal keys keep their order.                                                                    O(m + n)
inline void sort_by(const Entries::Indices& key, Index n, std::vector<std::uint32_t>& order) {
  std::vector<std::uint32_t> next(static_cast<std::size_t>(n) + 1, 0), sorted(order.size());
  for (std::int32_t k : key) ++next[static_cast<std::size_t>(k) + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  for (std::uint32_t line : order) sorted[next[static_cast<std::size_t>(key[line])]++] = line;
  order.swap(sorted);
}

/// Ids that are indices already, checked against n (0: the largest decides).
inline Entries::Indices based(const TextFile& file, const IdColumn& ids, Index column, std::int64_t base, Index& n, Index first_line) {
  Entries::Indices index;
  index.reserve(ids.numbers.size());
  const std::int64_t end = n > 0 ? n : INT32_MAX;
  std::int64_t largest = -1;
  for (std::size_t k = 0; k < ids.numbers.size(); ++k) {
    const std::int64_t id = ids.numbers[k] - base;
    if (id < 0 || id >= end)
      file.fail(first_line + static_cast<Index>(k), column,
                sentence("index ", ids.numbers[k], " is out of range, it needs to lie in ", base, " ... ", end - 1 + base));
    largest = std::max(largest, id);
    index.push_back(static_cast<std::int32_t>(id));
  }
  if (n == 0) n = largest + 1;
  return index;
}

}  // namespace detail

inline MatrixFile read_triplets(const std::string& path, const TripletOptions& options = {}) {
  require(options.rows >= 0 && options.cols >= 0, "read_triplets: the sizes are ", options.rows, " x ", options.cols);
  require(options.ids != Ids::labels || (options.rows == 0 && options.cols == 0),
          "read_triplets: sizes are given for zero- and one-based ids; "
          "with Ids::labels the different ids decide");
  detail::TextFile file(path);
  std::vector<std::string_view> cells;
  file.next();
  const char separator = options.separator ? options.separator : detail::find_separator(file.current());
  file.split(separator, cells);
  const std::size_t width = cells.size();
  const Index top_line = file.line();
  if (width < 3)
    file.fail(top_line, sentence("has ", width, width == 1 ? " column" : " columns", ", triplets need three: row, column, value"));
  cells.resize(3);
  const bool header = options.header == Labels::present || (options.header == Labels::detect && detail::is_header(cells));

  detail::IdColumn row_ids, col_ids;
  std::vector<double> values;
  const auto integers_needed = [&](Index column, std::string_view cell) {
    if (options.ids != Ids::labels) file.fail(file.line(), column, "'" + std::string(cell) + "' is not an index");
  };
  for (bool again = true; again;) {  // a second or third time only where ids are found to be text
    again = false;
    file.rewind();
    if (header) file.next();
    row_ids.clear();
    col_ids.clear();
    values.clear();
    while (!again && file.next()) {
      file.split(separator, cells);
      if (cells.size() != width)
        file.fail(file.line(),
                  sentence("has ", cells.size(), cells.size() == 1 ? " column" : " columns", ", line ", top_line, " has ", width));
      for (std::size_t c : {0u, 1u})
        if (cells[c].empty()) file.fail(file.line(), static_cast<Index>(c) + 1, "an id is missing");
      double value = 0;
      const detail::Number status = detail::parse_number(cells[2], value);
      if (status != detail::Number::fine) file.fail_number(status, 3, cells[2]);
      values.push_back(value);
      if (!row_ids.push(cells[0])) integers_needed(1, cells[0]), again = true;
      if (!col_ids.push(cells[1])) integers_needed(2, cells[1]), again = true;
    }
  }
  if (values.empty()) file.fail("holds a header line and no rating");

  const Index first_line = top_line + (header ? 1 : 0);
  std::vector<std::string> row_labels, col_labels;
  Index rows = options.rows, cols = options.cols;
  Entries::Indices row, col;
  if (options.ids == Ids::labels) {
    row = row_ids.rank(row_labels);
    col = col_ids.rank(col_labels);
    rows = static_cast<Index>(row_labels.size());
    cols = static_cast<Index>(col_labels.size());
  } else {
    const std::int64_t base = options.ids == Ids::one_based ? 1 : 0;
    row = detail::based(file, row_ids, 1, base, rows, first_line);
    col = detail::based(file, col_ids, 2, base, cols, first_line);
  }

  std::vector<std::uint32_t> order(values.size());
  std::iota(order.begin(), order.end(), 0u);
  detail::sort_by(col, cols, order);
  detail::sort_by(row, rows, order);
  Entries::Indices sorted_row(order.size()), sorted_col(order.size());
  Vector<double> y(static_cast<Index>(order.size()));
  for (std::size_t k = 0; k < order.size(); ++k) {
    sorted_row[k] = row[order[k]];
    sorted_col[k] = col[order[k]];
    y[static_cast<Index>(k)] = values[order[k]];
    if (k > 0 && sorted_row[k] == sorted_row[k - 1] && sorted_col[k] == sorted_col[k - 1])
      file.fail(first_line + order[k], sentence("row ", row_ids.name(order[k]), ", column ", col_ids.name(order[k]),
                                                " comes a second time, first on line ", first_line + order[k - 1]));
  }
  return {observed<double>(rows, cols, std::move(sorted_row), std::move(sorted_col), std::move(y)), std::move(row_labels),
          std::move(col_labels),
          sentence("triplets, ", detail::separator_name(separator), "-separated, ", header ? "with" : "without", " a header line")};
}

}  // namespace tacit
