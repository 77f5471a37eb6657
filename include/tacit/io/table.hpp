// SPDX-License-Identifier: MIT
#pragma once
// Table: named columns of equal length, what trajectories and sweeps turn into and what CSV, JSON and the report are written from. A column
// holds integers, numbers or text; it widens by itself (integer -> number -> text) when a cell needs it. A missing cell is NaN, or empty
// text, and turns a column of integers into one of numbers. 8 bytes a cell (text: a std::string); rows print aligned, what is missing as -.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "../core/check.hpp"
#include "../core/scalar.hpp"
#include "number.hpp"

namespace tacit {

/// One value: an integer, a number, text, or missing. Converts from every arithmetic type and from text.
class Cell {
 public:
  Cell() : value_(std::nan("")) {}
  template <class T>
  requires std::is_arithmetic_v<T> Cell(T number) {  // NOLINT(google-explicit-constructor): rows are written as lists of values
    if constexpr (std::is_floating_point_v<T>) value_ = static_cast<double>(number);
    else if (std::in_range<std::int64_t>(+number)) value_ = static_cast<std::int64_t>(number);
    else value_ = std::to_string(number);  // a seed above 2^63 keeps all its digits
  }
  Cell(std::string text) : value_(std::move(text)) {}         // NOLINT(google-explicit-constructor)
  Cell(std::string_view text) : value_(std::string(text)) {}  // NOLINT(google-explicit-constructor)
  Cell(const char* text) : value_(std::string(text)) {}       // NOLINT(google-explicit-constructor)

  bool is_integer() const { return std::holds_alternative<std::int64_t>(value_); }
  bool is_text() const { return std::holds_alternative<std::string>(value_); }
  bool is_missing() const { return value_.index() == 0 && std::isnan(std::get<double>(value_)); }
  /// The value of an integer or number; throws for text.
  double number() const {
    require(!is_text(), "Table: '", text(), "' is text where a number is due");
    return is_integer() ? static_cast<double>(std::get<std::int64_t>(value_)) : std::get<double>(value_);
  }
  /// Every kind as text; numbers by their shortest exact form.
  std::string text() const {
    if (is_text()) return std::get<std::string>(value_);
    return is_integer() ? decimal(std::get<std::int64_t>(value_)) : shortest(std::get<double>(value_));
  }
  const std::variant<double, std::int64_t, std::string>& value() const { return value_; }

 private:
  std::variant<double, std::int64_t, std::string> value_;
};

using NamedCells = std::vector<std::pair<std::string, Cell>>;

class Table {
 public:
  Table() = default;
  explicit Table(const std::vector<std::string>& names) {
    for (const std::string& name : names) add_column(name, std::vector<double>());
    for (Column& column : columns_) column.cells = Integers();  // the narrowest kind: the first cell decides
  }

  Index rows() const { return rows_; }
  Index cols() const { return static_cast<Index>(columns_.size()); }
  const std::string& name(Index col) const { return columns_[static_cast<std::size_t>(col)].name; }
  bool has(std::string_view name) const { return find(name) < columns_.size(); }
  bool is_text(Index col) const { return std::holds_alternative<Texts>(columns_[static_cast<std::size_t>(col)].cells); }

  Cell at(Index row, Index col) const {
    return std::visit([&](const auto& cells) { return Cell(cells[static_cast<std::size_t>(row)]); },
                      columns_[static_cast<std::size_t>(col)].cells);
  }
  Cell at(Index row, std::string_view name) const { return at(row, index(name)); }
  /// A whole column of numbers; throws where it holds text.
  std::vector<double> numbers(std::string_view name) const {
    const Column& column = columns_[static_cast<std::size_t>(index(name))];
    require(!std::holds_alternative<Texts>(column.cells), "Table: column '", name, "' holds text where numbers are due");
    return std::visit(
        [](const auto& cells) {
          if constexpr (std::is_same_v<std::decay_t<decltype(cells)>, Texts>) return std::vector<double>();
          else return std::vector<double>(cells.begin(), cells.end());
        },
        column.cells);
  }

  /// One more row, a cell per column.
  Table& add(const std::vector<Cell>& row) {
    require(row.size() == columns_.size(), "Table: got ", row.size(), " cells for ", columns_.size(), " columns");
    for (std::size_t c = 0; c < row.size(); ++c) columns_[c].push(row[c], static_cast<std::size_t>(rows_));
    ++rows_;
    return *this;
  }
  Table& add(std::initializer_list<Cell> row) { return add(std::vector<Cell>(row)); }

  /// One more column, as long as the others; `values` is any sequence of arithmetic type or of text.
  template <class Sequence>
  Table& add_column(std::string name, const Sequence& values) {
    using T = std::decay_t<decltype(*std::begin(values))>;
    using Kept =
        std::conditional_t<std::is_floating_point_v<T>, double, std::conditional_t<std::is_integral_v<T>, std::int64_t, std::string>>;
    require(!has(name), "Table: two columns are called '", name, "'");
    std::vector<Kept> cells(std::begin(values), std::end(values));
    require(columns_.empty() || static_cast<Index>(cells.size()) == rows_, "Table: column '", name, "' has ", cells.size(),
            " cells, the table has ", rows_, " rows");
    rows_ = static_cast<Index>(cells.size());
    columns_.push_back({std::move(name), std::move(cells)});
    return *this;
  }

  /// The rows of another table below these, matched by column name, with the same `settings` in front of each: the long table of a sweep.
  /// What one of the two tables does not have is missing in its rows.
  Table& append(const Table& more, const NamedCells& settings = {}) {
    const auto old = static_cast<std::size_t>(rows_), total = old + static_cast<std::size_t>(more.rows_);
    for (const auto& [name, cell] : settings) {
      require(!more.has(name), "Table: '", name, "' is a column of the appended table and one of the settings");
      Column& column = columns_[ensure(name)];
      while (column.size() < total) column.push(cell, column.size());
    }
    for (const Column& source : more.columns_) {
      Column& column = columns_[ensure(source.name)];
      column.append(source);
    }
    for (Column& column : columns_)
      while (column.size() < total) column.push(Cell(), column.size());
    rows_ = static_cast<Index>(total);
    return *this;
  }

  /// Aligned columns, numbers rounded to six digits. Of more than 60 rows the first and last 20 are printed; print(out) prints all.
  friend std::ostream& operator<<(std::ostream& out, const Table& table) {
    if (table.rows_ <= 60) table.print_rows(out, table.rows_, table.rows_);
    else table.print_rows(out, 20, table.rows_ - 20);
    return out;
  }
  /// Every row, as operator<< prints them.
  void print(std::ostream& out) const { print_rows(out, rows_, rows_); }

 private:
  /// The rows before `head` and from `tail` on.
  void print_rows(std::ostream& out, Index head, Index tail) const {
    const Table& table = *this;
    std::vector<std::vector<std::string>> shown(static_cast<std::size_t>(table.cols()));
    std::vector<std::size_t> width;
    for (Index c = 0; c < table.cols(); ++c) {
      auto& texts = shown[static_cast<std::size_t>(c)];
      texts.push_back(table.name(c));
      for (Index r = 0; r < table.rows_; ++r) {
        if (r >= head && r < tail) continue;
        const Cell cell = table.at(r, c);
        texts.push_back(cell.is_missing() ? "-" : cell.is_integer() || cell.is_text() ? cell.text() : rounded(cell.number()));
      }
      std::size_t widest = 0;
      for (const std::string& text : texts) widest = std::max(widest, letters(text));
      width.push_back(widest);
    }
    for (std::size_t r = 0; !shown.empty() && r < shown.front().size(); ++r) {
      if (r == static_cast<std::size_t>(head) + 1 && head < tail)
        out << "... " << tail - head << " more rows; print(out) prints all, write_csv(path, table) saves them ...\n";
      std::string line;
      for (std::size_t c = 0; c < shown.size(); ++c) {
        const std::string pad(width[c] - letters(shown[c][r]), ' ');
        if (c > 0) line += "  ";
        line += table.is_text(static_cast<Index>(c)) ? shown[c][r] + pad : pad + shown[c][r];
      }
      out << line.substr(0, line.find_last_not_of(' ') + 1) << '\n';
    }
  }

  using Integers = std::vector<std::int64_t>;
  using Numbers = std::vector<double>;
  using Texts = std::vector<std::string>;

  struct Column {
    std::string name;
    std::variant<Integers, Numbers, Texts> cells;

    std::size_t size() const {
      return std::visit([](const auto& items) { return items.size(); }, cells);
    }
    /// Widens to the kind of `cell` where needed; `count` cells are there already.
    void push(const Cell& cell, std::size_t count) {
      if (cell.is_text() && !std::holds_alternative<Texts>(cells)) to_text(count);
      if (!cell.is_text() && !cell.is_integer() && std::holds_alternative<Integers>(cells)) to_numbers();
      if (auto* integers = std::get_if<Integers>(&cells)) integers->push_back(std::get<std::int64_t>(cell.value()));
      else if (auto* numbers = std::get_if<Numbers>(&cells)) numbers->push_back(cell.number());
      else std::get<Texts>(cells).push_back(cell.is_missing() ? "" : cell.text());
    }
    void append(const Column& other) {
      if (cells.index() == other.cells.index()) {
        std::visit(
            [&](auto& items) {
              const auto& more = std::get<std::decay_t<decltype(items)>>(other.cells);
              items.insert(items.end(), more.begin(), more.end());
            },
            cells);
        return;
      }
      std::visit(
          [&](const auto& items) {
            for (const auto& item : items) push(Cell(item), size());
          },
          other.cells);
    }
    void to_numbers() {
      const Integers old = std::get<Integers>(cells);
      cells = Numbers(old.begin(), old.end());
    }
    void to_text(std::size_t count) {
      Texts texts;
      std::visit(
          [&](const auto& items) {
            for (std::size_t k = 0; k < count; ++k) {
              const Cell cell(items[k]);
              texts.push_back(cell.is_missing() ? "" : cell.text());
            }
          },
          cells);
      cells = std::move(texts);
    }
  };

  std::size_t find(std::string_view name) const {
    std::size_t c = 0;
    while (c < columns_.size() && columns_[c].name != name) ++c;
    return c;
  }
  Index index(std::string_view name) const {
    const std::size_t c = find(name);
    if (c == columns_.size()) {
      std::string known;
      for (const Column& column : columns_) known += (known.empty() ? "" : ", ") + column.name;
      require(false, "Table: there is no column '", name, "'; there are ", known.empty() ? "none" : known);
    }
    return static_cast<Index>(c);
  }
  /// The column of that name, made (missing in all rows so far) where there is none.
  std::size_t ensure(const std::string& name) {
    const std::size_t c = find(name);
    if (c == columns_.size()) {
      Column column{name, Integers()};
      for (Index r = 0; r < rows_; ++r) column.push(Cell(), static_cast<std::size_t>(r));
      columns_.push_back(std::move(column));
    }
    return c;
  }
  /// Characters of UTF-8 text, for alignment.
  static std::size_t letters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
  }

  std::vector<Column> columns_;
  Index rows_ = 0;
};

}  // namespace tacit
