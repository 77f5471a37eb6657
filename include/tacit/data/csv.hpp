// SPDX-License-Identifier: MIT
#pragma once
// A matrix of numbers with gaps from a text file: comma, semicolon, tab or blanks between the cells; empty, NA, NaN, null or none is missing.
// Lines starting with # at the top are passed over. What is a label is found by these rules, in this order, and can be said instead:
//   header       the first line, if it holds text and either no number or an empty first cell; or if it counts: an empty cell, then 0, 1, 2, ...
//                or 1, 2, 3, ...
//   row labels   the first column, if there is a header whose first cell is empty; or if none of its cells is a number and one is text
// Numeric ids as labels cannot be told from data otherwise: say `.header = Labels::present` or `.row_labels = Labels::present`. Infinities, text among numbers and
// lines of different length are refused with line and column. One read of the file; memory 16 bytes a number beside it.

#include <string>
#include <string_view>
#include <vector>

#include "file.hpp"

namespace tacit {

enum class Labels { detect, absent, present };

struct CsvOptions {
  char separator = 0;  ///< 0: found in the first line; ' ' stands for any run of blanks
  Labels header = Labels::detect, row_labels = Labels::detect;
};

namespace detail {

enum class CellKind { number, missing, text };
inline CellKind kind_of(std::string_view cell) {
  double ignored = 0;
  switch (parse_number(cell, ignored)) {
    case Number::missing:
      return CellKind::missing;
    case Number::not_a_number:
      return CellKind::text;
    default:
      return CellKind::number;  // an infinity is a number that will be refused
  }
}

/// cells[from], cells[from + 1], ... are c, c + 1, ... with c = 0 or 1.
inline bool counts(const std::vector<std::string_view>& cells, std::size_t from) {
  std::int64_t first = 0, value = 0;
  if (from >= cells.size() || !parse_integer(cells[from], first) || first < 0 || first > 1) return false;
  for (std::size_t k = from; k < cells.size(); ++k)
    if (!parse_integer(cells[k], value) || value != first + static_cast<std::int64_t>(k - from)) return false;
  return true;
}

inline bool is_header(const std::vector<std::string_view>& cells) {
  bool text = false, number = false;
  for (std::string_view cell : cells) {
    text |= kind_of(cell) == CellKind::text;
    number |= kind_of(cell) == CellKind::number;
  }
  return text ? !number || cells[0].empty() : cells[0].empty() && counts(cells, 1);
}

}  // namespace detail

inline MatrixFile read_csv(const std::string& path, const CsvOptions& options = {}) {
  using detail::CellKind;
  detail::TextFile file(path);
  std::vector<std::string_view> cells;
  file.next();
  const char separator = options.separator ? options.separator : detail::find_separator(file.current());
  file.split(separator, cells);
  const std::size_t width = cells.size();
  const Index first_line = file.line();
  const bool header = options.header == Labels::present || (options.header == Labels::detect && detail::is_header(cells));
  std::vector<std::string> row_labels, col_labels;
  bool labelled = options.row_labels == Labels::present || (options.row_labels == Labels::detect && header && cells[0].empty());
  if (header)
    for (std::string_view cell : cells) col_labels.push_back(detail::label_text(cell));
  else
    file.rewind();

  if (options.row_labels == Labels::detect && !labelled) {  // one pass over the first column
    bool number = false, text = false;
    while (!number && file.next()) {
      file.split(separator, cells);
      const CellKind kind = detail::kind_of(cells[0]);
      number = kind == CellKind::number;
      text |= kind == CellKind::text;
    }
    labelled = text && !number;
    file.rewind();
    if (header) file.next();
  }
  const std::size_t skip = labelled ? 1 : 0;
  if (header && labelled) col_labels.erase(col_labels.begin());

  Entries::Indices row, col;
  std::vector<double> values;
  std::int32_t i = 0;
  for (; file.next(); ++i) {
    file.split(separator, cells);
    if (cells.size() != width)
      file.fail(file.line(),
                sentence("has ", cells.size(), cells.size() == 1 ? " column" : " columns", ", line ", first_line, " has ", width));
    if (labelled) row_labels.push_back(detail::label_text(cells[0]));
    for (std::size_t c = skip; c < width; ++c) {
      double value = 0;
      const detail::Number status = detail::parse_number(cells[c], value);
      if (status == detail::Number::missing) continue;
      if (status != detail::Number::fine) file.fail_number(status, static_cast<Index>(c) + 1, cells[c]);
      row.push_back(i);
      col.push_back(static_cast<std::int32_t>(c - skip));
      values.push_back(value);
    }
  }
  if (i == 0) file.fail("holds a header line and no row of numbers");
  if (width == skip) file.fail("holds row labels and no column of numbers");
  if (values.empty()) file.fail(sentence("holds no number: all ", i, " x ", width - skip, " cells are missing"));
  const Vector<double> y = Eigen::Map<const Vector<double>>(values.data(), static_cast<Index>(values.size()));
  return {observed<double>(i, static_cast<Index>(width - skip), std::move(row), std::move(col), y), std::move(row_labels),
          std::move(col_labels),
          sentence("matrix, ", detail::separator_name(separator), "-separated, ", header ? "with" : "without", " a header line, ",
                   labelled ? "with" : "without", " row labels")};
}

}  // namespace tacit
