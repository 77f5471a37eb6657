// SPDX-License-Identifier: MIT
#pragma once
// Whether the first line of a table is a header, by the columns below it. In the columns of numbers the first line
//   holds words           a header, if its first cell is a word or empty and its numbers, if any, are whole and different
//   holds numbers only    a header, if its first cell is empty, or a word above row labels, and the numbers look like labels: in even steps
//                         or years, or outside of what the columns hold, or whole where the rows have decimals; and no tenth of the rows
//                         has numbers of that kind. Whole numbers, all different, are enough where the first cell names the labels: id,
//                         name, ..., or without the digits that all labels have
// An empty first cell and 0, 1, 2, ... or 1, 2, 3, ... are a header whatever stands below, as pandas writes a plain frame.

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "label_names.hpp"
#include "table_scan.hpp"

namespace tacit::detail {

/// cells[from], cells[from + 1], ... are c, c + 1, ... with c = 0 or 1.
inline bool counts(const std::vector<std::string_view>& cells, std::size_t from) {
  std::int64_t first = 0, value = 0;
  if (from >= cells.size() || !parse_integer(cells[from], first) || first < 0 || first > 1) return false;
  for (std::size_t k = from; k < cells.size(); ++k)
    if (!parse_integer(cells[k], value) || value != first + static_cast<std::int64_t>(k - from)) return false;
  return true;
}

/// The header of files that are no tables (ratings, coordinates): text and either no number or an empty first cell, or an empty cell and
/// counting.
inline bool is_header(const std::vector<std::string_view>& cells, const CellReader& reader) {
  bool text = false, number = false;
  for (std::string_view cell : cells) {
    text |= reader.kind(cell) == CellKind::text;
    number |= reader.kind(cell) == CellKind::number;
  }
  return text ? !number || cells[0].empty() : cells[0].empty() && counts(cells, 1);
}

inline bool is_whole(double x) { return std::abs(x) < 1e15 && x == std::floor(x); }
inline bool are_whole(const std::vector<double>& x) { return std::all_of(x.begin(), x.end(), is_whole); }
inline bool are_different(std::vector<double> x) {
  std::sort(x.begin(), x.end());
  return std::adjacent_find(x.begin(), x.end()) == x.end();
}
/// Three numbers or more in equal steps, or two in a step of one.
inline bool in_even_steps(const std::vector<double>& x) {
  if (x.size() < 2) return false;
  const double step = x[1] - x[0];
  if (step == 0 || (x.size() == 2 && std::abs(step) != 1)) return false;
  for (std::size_t k = 1; k < x.size(); ++k)
    if (!(std::abs(x[k] - x[k - 1] - step) <= 1e-6 * std::abs(step))) return false;
  return true;
}
inline bool are_years(const std::vector<double>& x) {
  for (std::size_t k = 0; k < x.size(); ++k)
    if (!is_whole(x[k]) || x[k] < 1000 || x[k] > 2999 || (k > 0 && (x[k] - x[k - 1]) * (x[1] - x[0]) <= 0)) return false;
  return x.size() > 1;
}

/// What a cell of the first line is to the column below it: 10% and <18 are names above plain numbers.
inline CellKind kind_above(const TableScan& scan, std::size_t c) {
  const CellKind kind = scan.reader.kind(scan.first[c]);
  if (kind != CellKind::text) return kind;
  std::string_view number, unit;
  bool in_front = false;
  const std::string word = lower(scan.first[c]);
  const ColumnCount& below = scan.columns[c];
  const bool plain = below.units + below.limits == 0 && scan.numbers(c, scan.rows() - 1) > 0;
  const bool limit = word[0] == '<' || word[0] == '>',
             with_unit = unit_of(scan.first[c], number, unit, in_front) && scan.reader.kind(number) == CellKind::number;
  const bool of_numbers = word == "true" || word == "false" || ((limit || with_unit) && !plain);
  return of_numbers ? CellKind::number : CellKind::text;
}
inline bool is_word(std::string_view cell) {
  return std::any_of(cell.begin(), cell.end(),
                     [](char c) { return (lower(c) >= 'a' && lower(c) <= 'z') || static_cast<unsigned char>(c) > 127; });
}

/// Whether the first cell is the name of the labels below it: a usual one, or without a digit where all labels have digits.
inline bool corner_names_labels(const TableScan& scan) {
  const auto has_digit = [](std::string_view cell) { return cell.find_first_of("0123456789") != cell.npos; };
  return names_ids(scan.first[0]) ||
         (!has_digit(scan.first[0]) && scan.rows() > 3 && std::all_of(scan.ids.begin() + 1, scan.ids.end(), has_digit));
}

/// Whether the numbers of the first line, in these columns, are labels rather than data.
inline bool look_like_labels(const TableScan& scan, const std::vector<std::size_t>& at, bool& rows_are_alike, bool& different) {
  std::vector<double> x;
  for (std::size_t c : at) {
    double value = 0;
    if (scan.reader.parse(scan.first[c], value) != Number::fine) return false;
    x.push_back(value);
  }
  const bool even = in_even_steps(x), years = are_years(x), whole = are_whole(x);
  if (x.empty() || !are_different(x)) return false;
  different = whole;
  const double size = static_cast<double>(x.size());
  double filled = 0, alike = 0, cells = 0, whole_cells = 0, outside = 0, largest = 0, smallest = std::abs(x[0]);
  std::vector<double> row;
  for (Index i = 1; i < std::min<Index>(scan.rows(), 500); ++i) {
    row.clear();
    for (std::size_t c : at)
      if (!std::isnan(scan.at(i, c))) row.push_back(scan.at(i, c));
    filled += !row.empty();
    cells += static_cast<double>(row.size());
    whole_cells += static_cast<double>(std::count_if(row.begin(), row.end(), is_whole));
    alike += row.size() == x.size() && (years ? are_years(row) : even && in_even_steps(row));
  }
  for (std::size_t k = 0; k < at.size(); ++k) {
    double low = x[k] + 1, high = x[k] - 1;
    for (Index i = 1; i < scan.rows(); ++i)
      if (const double y = scan.at(i, at[k]); !std::isnan(y)) {
        low = low > high ? y : std::min(low, y);
        high = std::max(high, y);
        largest = std::max(largest, std::abs(y));
      }
    outside += x[k] < low || x[k] > high;
    smallest = std::min(smallest, std::abs(x[k]));
  }
  // Were the line one more row, it would have whole numbers only, or lie outside of all others, with these probabilities.
  const double by_chance = std::pow((whole_cells + 1) / (cells + 2), size), outside_by_chance = std::pow(2 / (filled + 1), outside);
  const bool decimals_below = whole && by_chance < 0.02, apart = 10 * outside >= 9 * size;
  rows_are_alike = 10 * alike > filled;
  if (rows_are_alike || filled == 0) return false;
  if (x.size() == 1) return whole && x[0] >= 1000 && x[0] < 3000 && filled >= 3 && (apart || by_chance < 0.3);  // one year
  if (years) return x.size() >= 5 || apart || decimals_below;
  if (even && x[1] > x[0]) return x.size() >= 5 || (filled >= 3 && (apart || decimals_below));
  const bool far = apart && (outside_by_chance < 1e-3 || smallest > 5 * largest);
  return x.size() >= 3 && whole ? far || decimals_below : x.size() >= 5 && std::is_sorted(x.begin(), x.end()) && far;
}

/// Whether the first line is a header; `numeric[c]`: column c holds numbers, or nothing, below it. What only an option can tell is refused
/// or remarked.
inline bool first_is_header(const TableScan& scan, const std::vector<bool>& numeric, std::vector<std::string>& remarks) {
  const std::vector<std::string_view>& first = scan.first;
  std::vector<std::size_t> words, numbers;
  bool any_text = false, any_numeric = false;
  for (std::size_t c = 0; c < scan.width; ++c) {
    const CellKind kind = kind_above(scan, c);
    any_text |= kind == CellKind::text;
    if (!numeric[c] || (c == 0 && first[0].empty())) continue;
    any_numeric = true;
    if (kind == CellKind::text) words.push_back(c);
    if (kind == CellKind::number) numbers.push_back(c);
  }
  if (scan.rows() == 1 && !words.empty() && !numbers.empty() && kind_above(scan, 0) != CellKind::text)
    scan.file.fail(scan.lines[0], static_cast<Index>(words[0]) + 1, TextFile::why_no_number(Number::not_a_number, first[words[0]]));
  if (!any_numeric || scan.rows() == 1) return any_text && numbers.empty();
  const bool corner = first[0].empty() || (is_word(first[0]) && kind_above(scan, 0) == CellKind::text);
  bool alike = false, different = false;
  if (!words.empty()) {
    if (numbers.empty()) return true;
    std::vector<double> x;
    for (std::size_t c : numbers)
      if (double value = 0; scan.reader.parse(first[c], value) == Number::fine) x.push_back(value);
    const bool ids = words.size() >= numbers.size() || first[0].empty() ? are_whole(x) && are_different(x)
                                                                        : look_like_labels(scan, numbers, alike, different);
    if (corner && ids && x.size() == numbers.size()) return true;
    scan.file.fail(scan.lines[0], static_cast<Index>(words[0]) + 1,
                   TextFile::why_no_number(Number::not_a_number, first[words[0]]) +
                       sentence("; if line ", scan.lines[0], " is a header, say --header yes"));
  }
  const bool above_labels = corner && !numeric[0] && !first[0].empty();
  if (numbers.empty()) return above_labels && corner_names_labels(scan);
  if (first[0].empty() && counts(first, 1)) return true;
  const bool labels = look_like_labels(scan, numbers, alike, different);
  if ((corner && (!numeric[0] || first[0].empty()) && labels) || (above_labels && different && !alike && corner_names_labels(scan)))
    return true;
  if (numbers.size() >= 3 && !alike && (labels || (above_labels && different)))
    remarks.push_back(sentence("Line ", scan.lines[0], " begins ", first[0], ", ", first[1], ", ", first[2],
                               " and is read as data; if it is a header, say --header yes."));
  return false;
}

}  // namespace tacit::detail
