// SPDX-License-Identifier: MIT
#pragma once
// One pass over the lines of a table, before anything is decided about it: the numbers of all cells, and per column what else there is
// (gaps, text, TRUE and FALSE, percents, values below a limit of detection). What is a header, a label or data is decided on whole columns
// then, in table_roles.hpp, so that a number costs no more than its reading. Memory: 8 bytes a cell, 16 a line, 24 a gap where gaps are
// asked for.

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cell_reader.hpp"
#include "csv_options.hpp"
#include "table_lines.hpp"

namespace tacit::detail {

/// A gap of the matrix, and which bytes of the file stand in it: its spelling, without blanks and quotes around it.
struct MissingCell {
  std::int32_t row, col;
  std::size_t offset, length;
};

struct Place {
  Index line = 0;  ///< 0: nowhere
  std::string_view cell = {};
};

/// What a column holds beside plain numbers, and where that is seen first.
struct ColumnCount {
  Index missing = 0, units = 0, booleans = 0, text = 0, limits = 0, not_finite = 0;
  Index begun_as_number = 0;  ///< of the texts
  std::uint16_t marks = 0;    ///< of its numbers
  std::uint32_t spelled = 0;  ///< a bit for each spelling of its gaps
  std::string unit = {};      ///< "%", or "$" in front
  bool unit_in_front = false;
  bool all_empty = true;  ///< its gaps are spelled by nothing at all
  bool zero_led = false;  ///< a number begins with a zero before another digit: 00501
  Place first_text = {}, first_limit = {}, first_not_finite = {}, first_unit = {};
  Number status = Number::fine;                                ///< of what is not finite
  std::vector<std::pair<std::string_view, Index>> texts = {};  ///< up to four different texts, with how often each comes
};

/// A cell that is a number with a unit: 45%, $12, 48.86°.
inline bool unit_of(std::string_view cell, std::string_view& number, std::string_view& unit, bool& in_front) {
  for (std::string_view mark : {"%", "\xE2\x80\xB0", "$", "\xE2\x82\xAC", "\xC2\xA3", "\xC2\xA5", "\xC2\xB0"}) {
    if (cell.size() <= mark.size()) continue;
    in_front = cell.substr(0, mark.size()) == mark;
    if (!in_front && cell.substr(cell.size() - mark.size()) != mark) continue;
    number = trimmed(in_front ? cell.substr(mark.size()) : cell.substr(0, cell.size() - mark.size()));
    unit = in_front ? cell.substr(0, cell.find(number)) : cell.substr(number.size());
    return !number.empty();
  }
  return false;
}

/// 00501, but not 0, 0.5 or 0,5.
inline bool begins_with_zero(std::string_view cell) { return cell.size() > 1 && cell[0] == '0' && cell[1] >= '0' && cell[1] <= '9'; }

class TableScan {
 public:
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();

  TableScan(TextFile& text, const CsvOptions& options, bool keep_gaps)
      : file(text), separator(options.separator ? options.separator : text.separator()),
        reader(separator, {.marks = options.marks, .missing = options.missing, .decimal = options.decimal}), keep_gaps_(keep_gaps),
        watch_points_(separator != ',' && options.decimal == 0 && text.holds(',')) {
    top = find_table(text, separator);
    read();
  }

  /// Once more, with the style of numbers that the pass before has shown.
  void read_again(NumberStyle style) {
    reader.settle(style);
    read();
  }
  /// Numbers with points are looked at, too: after a pass that met commas in quotes.
  void watch_points() {
    watch_points_ = true;
    read();
  }
  bool watches_points() const { return watch_points_; }

  /// The first line is one of the rows.
  void take_first() {
    std::vector<MissingCell> below = std::move(gaps);
    gaps.clear();
    for (std::size_t c = 0; c < width; ++c) values[c] = value_of(0, c, lines[0], first[c]);
    gaps.insert(gaps.end(), below.begin(), below.end());
  }

  /// Lines of separators only at the end are no rows.
  void drop_empty_tail() {
    const std::size_t tail = empty_tail_;
    if (tail == 0 || tail + 1 >= lines.size()) return;
    lines.resize(lines.size() - tail);
    ids.resize(lines.size());
    values.resize(lines.size() * width);
    while (!gaps.empty() && gaps.back().row >= static_cast<std::int32_t>(lines.size())) gaps.pop_back();
    for (ColumnCount& column : columns) column.missing -= static_cast<Index>(tail);
    passed_over += static_cast<Index>(tail);
    empty_tail_ = 0;
  }

  Index rows() const { return static_cast<Index>(lines.size()); }  ///< of all, the first line being one
  Index numbers(std::size_t c, Index of_rows) const {
    const ColumnCount& n = columns[c];
    return of_rows - n.missing - n.units - n.booleans - n.text - n.limits - n.not_finite;
  }
  double at(Index row, std::size_t c) const { return values[static_cast<std::size_t>(row) * width + c]; }

  TextFile& file;
  char separator;
  CellReader reader;
  TableTop top;
  std::size_t width = 0;
  std::vector<std::string_view> first;  ///< the first line's cells
  std::vector<double> values;           ///< of all rows; those of the first line are not there unless it is taken
  std::vector<std::string_view> ids;    ///< the first cell of each row
  std::vector<std::int32_t> lines;      ///< on which each row begins
  std::vector<ColumnCount> columns;
  std::vector<MissingCell> gaps;
  std::vector<std::string> spellings;  ///< of gaps
  Index passed_over = 0;               ///< empty lines and comments between the rows

 private:
  void read() {
    to_table(file, separator, top, first);
    width = first.size();
    columns.assign(width, {});
    values.clear();
    ids.clear();
    lines.clear();
    gaps.clear();
    passed_over = 0;
    empty_tail_ = 0;
    const std::size_t count = file.count_lines();
    values.reserve(std::min((count + 1) * width, file.size() + width + 1));
    lines.reserve(count + 1);
    ids.reserve(count + 1);
    values.assign(width, none);
    lines.push_back(static_cast<std::int32_t>(file.line()));
    ids.push_back(first[0]);
    for (double ignored = 0; std::string_view cell : first)  // listed in the order of the file, should the first line be data
      if (reader.parse(cell, ignored) == Number::missing) spelling_bit(cell);
    std::vector<std::string_view> cells;
    std::int32_t row = 1;
    Index note_below = 0;
    while (file.next()) {
      const auto line = static_cast<std::int32_t>(file.line());
      file.split(separator, cells);
      if (cells.size() != width || (cells[0].empty() && columns[0].text > 0 && width > 1)) {
        if (is_passed_over(cells)) {
          ++passed_over;
          continue;
        }
        if (cells.size() == 1 && width > 2 && !begins_as_number(cells[0]) && find_separator(file.current()) == ' ') {
          if (!note_below) note_below = line;
          ++passed_over;
          continue;
        }
        if (cells.size() != width) fail_width(file, separator, cells, width, lines[0]);
      }
      if (note_below) file.fail(note_below, sentence("has 1 column, line ", lines[0], " has ", width));
      lines.push_back(line);
      ids.push_back(cells[0]);
      empty_tail_ = cells[0].empty() && width > 1 && is_passed_over(cells) ? empty_tail_ + 1 : 0;
      for (std::size_t c = 0; c < width; ++c) {
        double value = 0;
        ColumnCount& column = columns[c];
        const Number status = reader.parse(cells[c], value, column.marks, watch_points_);
        if (begins_with_zero(cells[c])) column.zero_led = true;
        values.push_back(status == Number::fine ? value : other_value(status, row, c, line, cells[c]));
      }
      ++row;
    }
  }

  /// Lines that hold nothing, or separators only under row labels, and comments.
  bool is_passed_over(const std::vector<std::string_view>& cells) const {
    if (cells.size() != width && width > 1 && trimmed(file.current()).substr(0, 1) == "#") return true;
    if (cells.size() == 1 && width > 1) return cells[0].empty();
    return cells.size() == width && std::all_of(cells.begin(), cells.end(), [](std::string_view cell) { return cell.empty(); });
  }

  double value_of(std::int32_t row, std::size_t c, Index line, std::string_view cell) {
    double value = 0;
    if (begins_with_zero(cell)) columns[c].zero_led = true;
    const Number status = reader.parse(cell, value, columns[c].marks, watch_points_);
    return status == Number::fine ? value : other_value(status, row, c, line, cell);
  }

  [[gnu::noinline]] double other_value(Number status, std::int32_t row, std::size_t c, Index line, std::string_view cell) {
    ColumnCount& column = columns[c];
    const auto note = [&](Place& place) {
      if (!place.line) place = {line, cell};
    };
    if (status == Number::missing) {
      ++column.missing;
      column.all_empty = column.all_empty && cell.empty();
      column.spelled |= spelling_bit(cell);
      if (keep_gaps_) gaps.push_back({row, static_cast<std::int32_t>(c), file.offset(cell), cell.size()});
      return none;
    }
    if (status != Number::not_a_number) {
      ++column.not_finite;
      if (!column.first_not_finite.line) column.status = status;
      note(column.first_not_finite);
      return none;
    }
    double value = 0;
    std::string_view number, unit;
    bool in_front = false;
    if (cell.size() == 4 || cell.size() == 5)
      if (const std::string word = lower(cell); word == "true" || word == "false") {
        ++column.booleans;
        note(column.first_text);
        note_text(column, cell);
        return word == "true" ? 1 : 0;
      }
    if (unit_of(cell, number, unit, in_front) && reader.parse(number, value, column.marks) == Number::fine &&
        (column.units == 0 || (column.unit == unit && column.unit_in_front == in_front))) {
      ++column.units;
      column.unit = unit;
      column.unit_in_front = in_front;
      note(column.first_unit);
      return value;
    }
    const std::string_view behind = trimmed(cell.substr(std::min(cell.find_first_not_of("<>=~"), cell.size())));
    if ((cell[0] == '<' || cell[0] == '>') && reader.parse(behind, value) == Number::fine) {
      ++column.limits;
      note(column.first_limit);
      return none;
    }
    ++column.text;
    column.begun_as_number += begins_as_number(cell);
    note(column.first_text);
    note_text(column, cell);
    return none;
  }

  static void note_text(ColumnCount& column, std::string_view cell) {
    for (auto& [text, count] : column.texts)
      if (text == cell) {
        ++count;
        return;
      }
    if (column.texts.size() < 4) column.texts.emplace_back(cell, 1);
  }
  std::uint32_t spelling_bit(std::string_view cell) {
    std::size_t k = 0;
    while (k < spellings.size() && spellings[k] != cell) ++k;
    if (k == spellings.size()) {
      if (k == 31) return 0;
      spellings.emplace_back(cell);
    }
    return std::uint32_t(1) << k;
  }

  bool keep_gaps_, watch_points_;
  std::size_t empty_tail_ = 0;
};

}  // namespace tacit::detail
