// SPDX-License-Identifier: MIT
#pragma once
// Where the table begins in its file, and lines that do not fit. A table begins at its first line that is not empty; titles above it (up to
// ten lines, all with fewer cells and without numbers, above at least three lines of equal width) are passed over; and a first line with
// one cell less than all lines below (at least three) is a header without a corner, as R's write.table leaves it, or without an end where
// all of those end in a separator. Below the table, lines of a single cell without a number are passed over: notes and sources.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "matrix_file.hpp"

namespace tacit::detail {

struct TableTop {
  Index lines_above = 0;   ///< lines that are not empty and no part of the table
  bool no_end = false;     ///< the header has one cell less than the rows, which all end in a separator
  bool no_corner = false;  ///< the header has one cell less than the rows
};

/// Refuses the current line, which has another number of cells than the first, with what it looks like.
[[noreturn]] inline void fail_width(const TextFile& file, char separator, const std::vector<std::string_view>& cells, std::size_t width,
                                    Index first_line) {
  std::string guess;
  for (char other : {';', '\t', ','}) {
    if (other == separator || separator == ':' || !guess.empty()) continue;
    std::size_t others = 0;
    bool quoted = false;
    for (char c : file.current()) {
      quoted ^= c == '"';
      others += c == other && !quoted;
    }
    if (others > 0 && others + 1 == width && cells.size() == 1)
      guess =
          sentence("; this line is ", separator_name(other), "-separated, line ", first_line, " ", separator_name(separator), "-separated");
    else if (others > 0 && other != ',' && others + cells.size() == width)
      guess = sentence("; it mixes two separators, ", separator_name(separator), " and ", separator_name(other));
  }
  std::int64_t ignored = 0;
  const auto whole = [&](std::string_view cell) {
    return cell.empty() || parse_integer(cell, ignored) || cell.find_first_not_of("0123456789") == cell.npos;
  };
  if (guess.empty() && separator == ',' && cells.size() > width && std::all_of(cells.begin() + 1, cells.end(), whole))
    guess = "; it looks like decimal commas in a comma-separated file: divide its cells by semicolons, or write decimal points";
  if (const std::string_view mark = trimmed(file.current()).substr(0, 1); mark == "%" || mark == "@")
    guess =
        "; lines that begin with % or @ are those of ARFF: write the names of its attributes as one line above its data, and take out the "
        "rest";
  file.fail(file.line(),
            sentence("has ", cells.size(), cells.size() == 1 ? " column" : " columns", ", line ", first_line, " has ", width, guess));
}

/// Steps to the next line that is not empty and divides it; false at the end.
inline bool next_filled(TextFile& file, char separator, std::vector<std::string_view>& cells) {
  while (file.next()) {
    if (trimmed(file.current()).empty()) continue;
    file.split(separator, cells);
    return true;
  }
  return false;
}

inline TableTop find_table(TextFile& file, char separator) {
  struct Line {
    std::size_t width;
    bool numbers, all_words, empty_end;
    std::size_t filled = 0;
    bool corner = false;  ///< the first cell is empty and all others are not
  };
  std::vector<Line> lines;
  std::vector<std::string_view> cells;
  file.rewind();
  std::vector<std::string_view> firsts;
  while (lines.size() < 16 && next_filled(file, separator, cells)) {
    double ignored = 0;
    Line line{cells.size(), false, true, cells.back().empty()};
    for (std::string_view cell : cells) {
      line.numbers |= parse_number(cell, ignored) == Number::fine;
      line.all_words &= !begins_as_number(cell) && !cell.empty();
      line.filled += !cell.empty();
    }
    line.corner = cells[0].empty() && line.filled + 1 == line.width;
    lines.push_back(line);
    firsts.push_back(cells[0]);
    if (lines.size() == 2 && lines[0].width == lines[1].width && lines[0].width > 3 && 2 * lines[0].filled > lines[0].width)
      break;  // the usual case
  }
  TableTop top;
  // Titles that a spreadsheet has filled up with separators.
  std::size_t padded = 0;
  while (padded < lines.size() && 2 * lines[padded].filled <= lines[padded].width && lines[padded].width > 2) ++padded;
  if (padded > 0 && padded <= 10 && padded + 2 < lines.size() && lines[padded].width == lines[0].width &&
      lines[padded + 1].width == lines[0].width &&
      (lines[padded].all_words || (lines[padded].corner && lines[0].filled == 1 && !lines[0].numbers && !firsts[0].empty()))) {
    top.lines_above = static_cast<Index>(padded);
    return top;
  }
  if (lines.size() < 3) return top;
  std::size_t from = lines.size() - 1;
  while (from > 0 && lines[from - 1].width == lines.back().width) --from;
  const std::size_t width = lines.back().width, equal = lines.size() - from;
  if (from == 0 || equal < 3) return top;
  const auto counts_up = [&] {
    std::int64_t a = 0, b = 0;
    return parse_integer(firsts[from], a) && parse_integer(firsts[from + 1], b) && b == a + 1;
  };
  const bool empty_ends =
      std::all_of(lines.begin() + static_cast<std::ptrdiff_t>(from), lines.end(), [](const Line& line) { return line.empty_end; });
  if (lines[from - 1].width + 1 == width && empty_ends && width > 2) {
    top.no_end = true;
    --from;
  } else if (lines[from - 1].width + 1 == width && lines[from - 1].all_words && (!begins_as_number(firsts[from]) || counts_up())) {
    top.no_corner = true;
    --from;
  }
  for (std::size_t k = 0; k < from; ++k)
    if (lines[k].width >= width || lines[k].numbers) return {};
  if (from > 10) return {};
  top.lines_above = static_cast<Index>(from);
  return top;
}

/// Steps to the table's first line and divides it; a corner that is left out is put in, empty; 'single' quotes around all cells are taken off.
inline void to_table(TextFile& file, char separator, const TableTop& top, std::vector<std::string_view>& first) {
  file.rewind();
  for (Index k = 0; k <= top.lines_above; ++k) next_filled(file, separator, first);
  if (top.no_end) first.push_back(first.back().substr(first.back().size()));
  const auto in_single_quotes = [](std::string_view cell) { return cell.size() > 2 && cell.front() == '\'' && cell.back() == '\''; };
  if (first.size() > 1 && std::all_of(first.begin(), first.end(), in_single_quotes))
    for (std::string_view& cell : first) cell = cell.substr(1, cell.size() - 2);
  if (top.no_corner) first.insert(first.begin(), first[0].substr(0, 0));
}

}  // namespace tacit::detail
