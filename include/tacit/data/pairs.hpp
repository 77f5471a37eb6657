// SPDX-License-Identifier: MIT
#pragma once
// Pairs of a row and a column, a line each, as people write them who want predictions: read_pairs keeps every line, in its order, whether its ids are known
// or not. Which columns hold them, in this order:
//   1. a header that names both, in any order and among others: by the names that the model was trained with (.row_name, .col_name), else by names that
//      are known for users and items (column_names.hpp);
//   2. a header that names one of them beside a single other column: that is the other one;
//   3. else the first two. Without a header the first line is a pair like all others. A first line is a header if its names are known, or if it has words
//      where all ids are numbers; one of known ids never is. `.header` says it instead.                                             O(bytes)

#include <string>
#include <vector>

#include "first_line.hpp"
#include "label_index.hpp"
#include "rating_columns.hpp"

namespace tacit {

/// One line: ids as written, and where they stand; -1: not known.
struct AskedPair {
  std::string row, col;
  Index line = 0, i = -1, j = -1;
  bool known() const { return i >= 0 && j >= 0; }
};

struct PairsFile {
  std::vector<AskedPair> pairs;
  Index unknown = 0;   ///< how many of them are not known
  std::string format;  ///< how the file was read, for people to check
};

struct PairsOptions {
  std::string row_name = {}, col_name = {};  ///< of the columns that the model was trained on
  Labels header = Labels::detect;
};

namespace detail {

struct PairColumns {
  std::size_t row = 0, col = 1;
  bool header = false;
};

inline bool begins_with_digit(std::string_view text) {
  while (!text.empty() && (text[0] == '-' || text[0] == '+' || text[0] == '.')) text.remove_prefix(1);
  return !text.empty() && text[0] >= '0' && text[0] <= '9';
}
inline bool same_name(const std::string& a, const std::string& b) {
  return !a.empty() && a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

inline PairColumns pair_columns(const TextFile& file, const std::vector<std::string>& names, const LabelIndex& rows, const LabelIndex& cols,
                                const PairsOptions& options) {
  if (options.header == Labels::absent || (options.header == Labels::detect && rows.find(names[0]) >= 0 && cols.find(names[1]) >= 0))
    return {};
  const NamedColumns named = columns_by_name(names);
  std::optional<std::size_t> row = named.row, col = named.col;
  for (std::size_t c = names.size(); c-- > 0;) {
    if (same_name(names[c], options.row_name)) row = c;
    if (same_name(names[c], options.col_name)) col = c;
  }
  if (row && col && *row != *col) return {*row, *col, true};
  if (row || col) {  // one of them; the other is the only one left, if there is just one
    std::size_t others = 0, other = 0;
    for (std::size_t c = 0; c < names.size(); ++c)
      if (c != (row ? *row : *col) && !is_index_name(names[c]) && name_of_column(names[c]).names == Naming::nothing) other = c, ++others;
    if (others == 1) return row ? PairColumns{*row, other, true} : PairColumns{other, *col, true};
    if (options.header == Labels::present || names.size() > 2)
      file.fail(file.line(), sentence("its header names the ", row ? "row" : "column", " ids ('", names[row ? *row : *col],
                                      "') and not the ", row ? "column" : "row", " ids: call them '",
                                      row ? (options.col_name.empty() ? "item" : options.col_name)
                                          : (options.row_name.empty() ? "user" : options.row_name),
                                      "', or say --header no where it is no header"));
  }
  const auto word = [&](std::size_t c) {
    return name_of_column(names[c]).names != Naming::nothing || (!names[c].empty() && !begins_with_digit(names[c]));
  };
  const bool header = options.header == Labels::present || (rows.all_numbers() && cols.all_numbers() && word(0) && word(1));
  return {0, 1, header};
}

}  // namespace detail

inline PairsFile read_pairs(const std::string& path, const LabelIndex& rows, const LabelIndex& cols, const PairsOptions& options = {}) {
  detail::TextFile file(path);
  const detail::FirstLine first(file);
  if (first.width() < 2) file.fail(first.line, "has one column, pairs need two: row, column");
  const detail::PairColumns columns = detail::pair_columns(file, first.names, rows, cols, options);
  PairsFile read;
  if (!columns.header) file.rewind();
  for (std::vector<std::string_view> cells; detail::next_filled(file, first.separator, cells);) {
    if (cells.size() <= std::max(columns.row, columns.col)) detail::fail_width(file, first.separator, cells, first.width(), first.line);
    AskedPair pair{detail::label_text(cells[columns.row]), detail::label_text(cells[columns.col]), file.line()};
    pair.i = rows.find(pair.row);
    pair.j = cols.find(pair.col);
    read.unknown += !pair.known();
    read.pairs.push_back(std::move(pair));
  }
  if (read.pairs.empty()) file.fail("holds a header line and no pair");
  const auto name = [&](std::size_t c) { return columns.header ? "'" + first.names[c] + "'" : sentence("column ", c + 1); };
  read.format = sentence("pairs, ", detail::separator_name(first.separator), "-separated, ", columns.header ? "header" : "no header",
                         ", row = ", name(columns.row), ", column = ", name(columns.col));
  return read;
}

/// Why a pair is not known, as in  line 3: row '3.0' is not known (3 is).
inline std::string unknown_in_words(const AskedPair& pair, const LabelIndex& rows, const LabelIndex& cols) {
  std::string words = sentence("line ", pair.line, ":");
  const auto add = [&](const char* what, const std::string& id, const LabelIndex& among) {
    const std::string meant = among.meant(id);
    words += sentence(words.back() == ':' ? " " : ", ", what, " '", id, "' is not known");
    if (!meant.empty()) words += " ('" + meant + "' is: ids are compared as they are written)";
  };
  if (pair.i < 0) add("row", pair.row, rows);
  if (pair.j < 0) add("column", pair.col, cols);
  return words;
}

}  // namespace tacit
