// SPDX-License-Identifier: MIT
#pragma once
// Whether a text file holds ratings (a line each: user, item, rating) or a table (a line each row of numbers). Under a header its names decide:
//   user, item and rating named     ratings, unless the ids are numbers with decimals
//   two of them named               ratings if a single other column is left for the third and ids come several times; a user and an item beside several
//                                   others are refused where ids come several times (which column is the rating?), and beside none, too
//   only the rating named           ratings if two other columns are left, both of text, in which ids come several times
//   none of them named              ratings, if three columns are a long table: two of text, codes or parts of a date, in which words come several
//                                   times and pairs never, and numbers; else a table
// Without a header: "::" divides ratings; three columns, or four of which the last holds times, are ratings if the first two hold ids whose pairs hardly
// ever repeat, the third numbers without a gap, and either both ids are text, or few values come (at most 20, or a tenth of the lines), or pairs would have
// to repeat by chance if they were not ids of ratings; all else is a table. The first 5000 lines are looked at. Whatever is decided is said in
// MatrixFile::format, and can be said instead (FileKind, .columns).

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "label_names.hpp"
#include "rating_columns.hpp"

namespace tacit::detail {

/// What three columns hold in the first lines of a file.
struct TripletSample {
  double lines = 0, rows = 0, cols = 0, values = 0;   ///< lines, and how many different ones
  double repeated = 0, text_rows = 0, text_cols = 0;  ///< pairs that came before; ids that are text
  bool ids = true, decimals = false;                  ///< whether both ids are ids; whether one of them is a number with decimals
  bool numbers = true, gaps = false;                  ///< whether values are numbers or gaps; whether some are gaps
  bool times = true;                                  ///< whether the last column holds times: whole numbers from 10^8 on, or text

  /// How many pairs would repeat if both columns were drawn at random.
  double repeats_by_chance() const {
    const double cells = rows * cols;
    return cells == 0 ? 0 : lines + cells * std::expm1(-lines / cells);
  }
  bool pairs_differ() const { return 10 * repeated < lines; }
  bool come_again(double different) const { return lines < 10 || 10 * different <= 8 * lines; }
};

/// An id: a whole number, digits with leading zeros, or text.
inline bool is_id(std::string_view cell, const CellReader& reader) {
  std::int64_t ignored = 0;
  return parse_integer(cell, ignored) || (!cell.empty() && cell.find_first_not_of("0123456789") == std::string_view::npos) ||
         reader.kind(cell) == CellKind::text;
}

/// Reads on from the current place; the file needs to be rewound afterwards.
inline TripletSample sample_triplets(TextFile& file, char separator, const CellReader& reader, std::size_t row, std::size_t col,
                                     std::size_t value) {
  TripletSample sample;
  std::vector<std::string_view> cells;
  std::unordered_set<std::string_view> rows, cols, values;
  std::unordered_set<std::string> pairs;
  const std::size_t widest = std::max({row, col, value});
  while (sample.lines < 5000 && file.next()) {
    file.split(separator, cells);
    if (cells.size() <= widest) break;  // the reader will refuse it
    const CellKind kind = reader.kind(cells[value]);
    sample.ids &= is_id(cells[row], reader) && is_id(cells[col], reader);
    for (std::string_view id : {cells[row], cells[col]})
      if (double number = 0; reader.parse(id, number) == Number::fine) sample.decimals |= number != std::floor(number);
    sample.numbers &= kind != CellKind::text;
    sample.gaps |= kind == CellKind::missing;
    std::int64_t time = 0;
    sample.times &= parse_integer(cells.back(), time) ? time >= 100'000'000 : reader.kind(cells.back()) == CellKind::text;
    rows.insert(cells[row]), cols.insert(cells[col]), values.insert(cells[value]);
    std::string pair(cells[row]);
    sample.repeated += !pairs.insert((pair += '\n') += cells[col]).second;
    sample.text_rows += reader.kind(cells[row]) == CellKind::text;
    sample.text_cols += reader.kind(cells[col]) == CellKind::text;
    ++sample.lines;
  }
  sample.rows = static_cast<double>(rows.size());
  sample.cols = static_cast<double>(cols.size());
  sample.values = static_cast<double>(values.size());
  return sample;
}

/// Three columns: two that name lines together and each several times (text, codes, parts of a date), and a number: one cell a line of the
/// table of the first by the second. Read as a table it would have a single column.
inline bool is_long_table(TextFile& file, char separator, const CellReader& reader, const std::vector<std::string>& names) {
  if (names.size() != 3) return false;
  const TripletSample s = sample_triplets(file, separator, reader, 0, 1, 2);
  const auto tells = [&](std::size_t c, double texts) { return texts == s.lines || names_calendar(names[c]) || names_codes(names[c]); };
  return s.lines >= 4 && s.ids && !s.decimals && s.numbers && s.repeated == 0 && 5 * s.rows <= 4 * s.lines && 5 * s.cols <= 4 * s.lines &&
         tells(0, s.text_rows) && tells(1, s.text_cols);
}

/// The file's first line is a header with these names.
inline bool names_say_ratings(TextFile& file, char separator, const CellReader& reader, const std::vector<std::string>& names) {
  const NamedColumns named = columns_by_name(names);
  const std::size_t known = static_cast<std::size_t>(named.row.has_value() + named.col.has_value() + named.value.has_value());
  if (known == 0) return is_long_table(file, separator, reader, names);
  if (known == 1 && !named.value) return false;
  if (known == 2 && named.row && named.col && named.others.empty())
    file.fail(file.line(),
              "names users and items and no rating: pairs alone leave nothing to complete; add a column of values, or say --kind table");
  if (known + named.others.size() < 3) return false;
  RatingColumns columns;
  std::size_t next = 0;
  columns.row = named.row ? *named.row : named.others[next++];
  columns.col = named.col ? *named.col : named.others[next++];
  columns.value = named.value ? *named.value : named.others[next++];
  const TripletSample sample = sample_triplets(file, separator, reader, columns.row, columns.col, columns.value);
  const bool come_again = sample.come_again(sample.rows) && sample.come_again(sample.cols);
  if (known == 3) return !sample.decimals;
  if (!sample.ids) return false;
  const bool single = next == named.others.size();  // nothing else could be what is not named
  if (known == 1) return single && come_again && sample.numbers && sample.text_rows == sample.lines && sample.text_cols == sample.lines;
  if (named.value) return single && come_again && sample.numbers && sample.pairs_differ();
  if (!sample.come_again(std::min(sample.rows, sample.cols)) || !sample.pairs_differ()) return false;
  if (!single && come_again)
    file.fail(file.line() - static_cast<Index>(sample.lines),
              sentence("'", names[columns.row], "' names users and '", names[columns.col],
                       "' items, but no column is named as the rating: say which by --columns ", names[columns.row], ",",
                       names[columns.col], ",RATING, or --kind table"));
  return single && sample.numbers;
}

inline bool numbers_say_ratings(const TripletSample& s, std::size_t width) {
  if (s.lines == 0 || !s.ids || !s.numbers || s.gaps || !s.pairs_differ()) return false;
  if (s.lines < 10) return true;  // too few to tell
  if (width == 4 && !s.times) return false;
  const double chance = s.repeats_by_chance();
  if (chance >= 5 && 2 * s.repeated > chance) return false;  // as often as any two columns of numbers
  if (s.text_rows == s.lines && s.text_cols == s.lines) return true;
  if (s.text_rows > 0 && !s.come_again(s.rows)) return false;  // labels
  if (s.text_cols > 0 && !s.come_again(s.cols)) return false;
  return s.values <= std::max(20.0, s.lines / 10) || (chance >= 5 && 5 * s.repeated <= chance);
}

/// Reads the first lines of a file, which needs to be rewound afterwards.
inline bool looks_like_ratings(TextFile& file, char separator, Labels header) {
  file.next();
  if (!separator) separator = file.separator();
  std::vector<std::string_view> cells;
  file.split(separator, cells);
  if (separator == ':') return cells.size() >= 3;
  const CellReader reader(separator);
  const std::vector<std::string> names = label_texts(cells);
  bool all_text = true;
  for (std::size_t c = 0; c < cells.size(); ++c) all_text &= reader.kind(cells[c]) == CellKind::text || is_index_name(names[c]);
  if (header == Labels::present || (header == Labels::detect && all_text && cells.size() > 1))
    return names_say_ratings(file, separator, reader, names);
  if (cells.size() < 3 || cells.size() > 4 || cells[0].empty()) return false;
  file.rewind();
  return numbers_say_ratings(sample_triplets(file, separator, reader, 0, 1, 2), cells.size());
}

/// What might be meant otherwise of a file that was taken for a table; empty: nothing. The file needs to be rewound before and afterwards.
inline std::string remark_on_table(TextFile& file, char separator) {
  file.next();
  if (!separator) separator = file.separator();
  std::vector<std::string_view> cells;
  file.split(separator, cells);
  if (cells.size() < 3) return {};
  const CellReader reader(separator);
  const std::vector<std::string> names = label_texts(cells);
  const NamedColumns named = columns_by_name(names);
  if (const auto id = named.row ? named.row : named.col; named.value && id) {
    const TripletSample sample = sample_triplets(file, separator, reader, *id, *id, *named.value);
    if (sample.lines >= 10 && 2 * sample.rows <= sample.lines)
      return sentence("The header names ", named.row ? "a user" : "an item", " ('", names[*id], "', several times) and a rating ('",
                      names[*named.value], "'): if each line is a rating, say --columns ",
                      named.row ? names[*id] + ",ITEM," : "USER," + names[*id] + ",", names[*named.value], ".");
    return {};
  }
  const TripletSample sample = sample_triplets(file, separator, reader, 0, 1, 2);
  const double chance = sample.repeats_by_chance();
  if (!sample.ids || chance < 5 || 5 * sample.repeated > chance) return {};
  if (!sample.come_again(sample.rows) || !sample.come_again(sample.cols)) return {};  // labels
  for (std::size_t c : {0u, 1u})
    if (cells.size() > 3 && name_of_column(names[c]).names == Naming::time) return {};  // rows of a place and a time
  return sentence(
      "Pairs of the first two columns hardly ever repeat, as those of users and items: if each line is a rating, say --columns 1,2,",
      cells.size() == 3 ? "3." : "RATING.");
}

}  // namespace tacit::detail
