// SPDX-License-Identifier: MIT
#pragma once
// Which column of a file of triplets is the row id (user), the column id (item) and the value (rating), and which are left out. In this order:
//   1. the caller's three names or numbers (from 1): .columns = {"user", "item", "rating"};
//   2. a header whose names say so (column_names.hpp), in any order and among any number of others; of several that name the same, the better name
//      ("userId" before "user" before "user name"), then the first; two that are equally good are refused, since nobody could tell;
//   3. what is not named: the columns in their order, but never one named as a time, nor an index without a name, as pandas writes it.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cell_reader.hpp"
#include "column_names.hpp"
#include "csv.hpp"

namespace tacit {

namespace detail {

/// Positions of the three columns, from 0; the header's names are empty where there is none.
struct RatingColumns {
  std::size_t row = 0, col = 1, value = 2;
  bool header = false;
  std::vector<std::string> names = {};
};

/// What a header says: columns that are named, and those that could be anything.
struct NamedColumns {
  std::optional<std::size_t> row, col, value;
  std::vector<std::size_t> others;           ///< neither named nor a time nor an index
  std::string ambiguous_row, ambiguous_col;  ///< both names, where two are equally good
};

/// A column that pandas and others write in front: without a name, or called Unnamed: 0 or index.
inline bool is_index_name(std::string_view name) { return name.empty() || name.starts_with("Unnamed: ") || name == "index"; }

inline NamedColumns columns_by_name(const std::vector<std::string>& names) {
  NamedColumns found;
  int row_rank = 9, col_rank = 9, value_rank = 9;
  const auto take = [&](std::size_t c, int rank, std::optional<std::size_t>& place, int& best, std::string* ambiguous) {
    if (ambiguous && place && rank == best) *ambiguous = sentence("'", names[*place], "' and '", names[c], "'");
    if (rank >= best) return;
    place = c, best = rank;
    if (ambiguous) ambiguous->clear();
  };
  for (std::size_t c = 0; c < names.size(); ++c) {
    const ColumnName name = name_of_column(names[c]);
    switch (name.names) {
      case Naming::row:
        take(c, name.rank, found.row, row_rank, &found.ambiguous_row);
        break;
      case Naming::col:
        take(c, name.rank, found.col, col_rank, &found.ambiguous_col);
        break;
      case Naming::value:
        take(c, name.rank, found.value, value_rank, nullptr);
        break;
      case Naming::time:
        break;
      case Naming::nothing:
        if (!is_index_name(names[c])) found.others.push_back(c);
    }
  }
  return found;
}

inline std::vector<std::string> label_texts(const std::vector<std::string_view>& cells) {
  std::vector<std::string> texts;
  for (std::string_view cell : cells) texts.push_back(label_text(cell));
  return texts;
}

/// The position of a column that was asked for by its name or its number from 1.
inline std::size_t asked_column(const TextFile& file, const std::string& asked, const std::vector<std::string>& names) {
  const auto at = std::find(names.begin(), names.end(), asked);
  if (at != names.end()) return static_cast<std::size_t>(at - names.begin());
  std::int64_t number = 0;
  if (parse_integer(asked, number) && number >= 1 && number <= static_cast<std::int64_t>(names.size()))
    return static_cast<std::size_t>(number) - 1;
  std::string known;
  for (const std::string& name : names) known += (known.empty() ? "'" : ", '") + name + "'";
  file.fail(file.line(), sentence("there is no column '", asked, "'; this line has ", known, ", and numbers go from 1 to ", names.size()));
}

inline RatingColumns asked_columns(const TextFile& file, const std::vector<std::string_view>& cells, const CellReader& reader,
                                   Labels header, const std::vector<std::string>& asked) {
  require(asked.size() == 3, "the columns of ratings are three: user, item, rating; got ", asked.size());
  RatingColumns columns;
  columns.names = label_texts(cells);
  columns.row = asked_column(file, asked[0], columns.names);
  columns.col = asked_column(file, asked[1], columns.names);
  columns.value = asked_column(file, asked[2], columns.names);
  require(columns.row != columns.col && columns.col != columns.value && columns.row != columns.value,
          "the columns of ratings are three different ones, got ", asked[0], ", ", asked[1], ", ", asked[2]);
  columns.header = header == Labels::present || (header == Labels::detect && reader.kind(cells[columns.value]) == CellKind::text);
  return columns;
}

/// The columns of a file that is known to hold triplets; `cells` are those of its first line.
inline RatingColumns rating_columns(const TextFile& file, const std::vector<std::string_view>& cells, const CellReader& reader,
                                    Labels header, const std::vector<std::string>& asked) {
  RatingColumns columns;
  if (!asked.empty()) {
    columns = asked_columns(file, cells, reader, header, asked);
  } else {
    columns.names = label_texts(cells);
    const NamedColumns named = columns_by_name(columns.names);
    std::optional<std::size_t> row = named.row, col = named.col, value = named.value;
    std::vector<std::size_t> free = named.others;
    if (free.size() < static_cast<std::size_t>(!row + !col + !value)) row = col = value = {}, free = {0, 1, 2};
    std::size_t next = 0;
    for (std::optional<std::size_t>* place : {&row, &col, &value})
      if (!*place) *place = free[next++];
    const std::vector<std::string_view> three{cells[*row], cells[*col], cells[*value]};
    const bool names_two = named.row && named.col && reader.kind(cells[*value]) == CellKind::text;
    columns.header = header == Labels::present || (header == Labels::detect && (names_two || is_header(three, reader)));
    if (columns.header) {
      columns.row = *row, columns.col = *col, columns.value = *value;
      for (const auto& [what, both] : {std::pair("users (rows)", named.ambiguous_row), std::pair("items (columns)", named.ambiguous_col)})
        if (!both.empty())
          file.fail(file.line(), sentence("the columns ", both, " both name ", what,
                                          "; say which by --columns USER,ITEM,RATING (.columns in a program)"));
    }
  }
  if (!columns.header) columns.names.clear();
  return columns;
}

/// As in  user = 'userId', item = 'movieId', rating = 'rating', 'timestamp' left out.
inline std::string in_words(const RatingColumns& columns, std::size_t width) {
  const auto name = [&](std::size_t c) { return columns.names.empty() ? sentence("column ", c + 1) : "'" + columns.names[c] + "'"; };
  std::string words = "user = " + name(columns.row) + ", item = " + name(columns.col) + ", rating = " + name(columns.value), left_out;
  for (std::size_t c = 0; c < width; ++c)
    if (c != columns.row && c != columns.col && c != columns.value) left_out += (left_out.empty() ? "" : ", ") + name(c);
  return words + (left_out.empty() ? "" : ", " + left_out + " left out");
}

}  // namespace detail
}  // namespace tacit
