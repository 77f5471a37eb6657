// SPDX-License-Identifier: MIT
#pragma once
// One cell of a text file as a number, a gap or text, by the rules of its file. A gap is what parse_number says, the spellings that the
// caller names (numbers among them by their value: -200 also stands for -200.0), and where the caller says so a lone - ? . or .. too.
// Decimals and thousands are written as number_style.hpp says; until the style is settled each number is read as its marks show, an
// ambiguous one as decimals.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "file.hpp"
#include "number_style.hpp"

namespace tacit::detail {

enum class CellKind { number, missing, text };

struct CellOptions {
  bool marks = false;                     ///< whether a lone - ? . or .. is a gap
  std::vector<std::string> missing = {};  ///< further spellings of gaps, in any case
  char decimal = 0;                       ///< '.' or ','; 0: found
};

class CellReader {
 public:
  explicit CellReader(char separator, bool marks = false) : CellReader(separator, CellOptions{.marks = marks}) {
    commas_ = separator == ';' || separator == '\t' || separator == '|';  // elsewhere numbers have points
  }
  CellReader(char separator, const CellOptions& options) : commas_(separator != ':'), marks_(options.marks) {
    style_.decimal = options.decimal;
    for (const std::string& spelling : options.missing) {
      double value = 0;
      const std::string text = lower(trimmed(spelling));
      if (parse_number(text, value) == Number::fine) missing_numbers_.push_back(value);
      missing_texts_.push_back(text);
    }
  }

  /// The style that all numbers of the file have together; then ambiguous ones are read by it.
  void settle(NumberStyle style) { style_ = style; }
  const NumberStyle& style() const { return style_; }

  Number parse(std::string_view cell, double& value) const {
    std::uint16_t ignored = 0;
    return parse(cell, value, ignored);
  }
  /// The same; what the marks of the number show is joined to `seen`, for numbers with points only if they are watched.
  Number parse(std::string_view cell, double& value, std::uint16_t& seen, bool watch_points = false) const {
    const Number status = parse_number(cell, value);
    if (status == Number::missing) return status;
    if (status != Number::fine) return parse_other(cell, value, seen, status);
    if (style_.decimal == ',' && cell.find('.') != cell.npos) return parse_other(cell, value, seen, Number::not_a_number);
    if (watch_points && !(seen & point) && cell.find('.') != cell.npos) seen = static_cast<std::uint16_t>(seen | marks_of(cell));
    return missing_numbers_.empty() || std::find(missing_numbers_.begin(), missing_numbers_.end(), value) == missing_numbers_.end()
               ? Number::fine
               : Number::missing;
  }
  CellKind kind(std::string_view cell) const {
    double ignored = 0;
    switch (parse(cell, ignored)) {
      case Number::missing:
        return CellKind::missing;
      case Number::not_a_number:
        return CellKind::text;
      default:
        return CellKind::number;  // an infinity is a number that will be refused
    }
  }

  /// A cell of the current line, in this column (from 1): false where it is a gap; what is neither a number nor a gap is refused, and so
  /// are decimals that are written in two ways, with both places.
  bool read(const TextFile& file, Index column, std::string_view cell, double& value) {
    const Number status = parse(cell, value);
    if (status == Number::fine) return note_decimal(file, column, cell), true;
    if (status == Number::missing) return note_missing(cell), false;
    file.fail_number(status, column, cell);
  }

  /// ',' or '.', whichever the file uses; 0 while no number had decimals or the comma was no choice.
  char decimal() const { return style_.decimal ? style_.decimal : decimal_; }
  /// As in  decimal comma, thousands divided by points  and  missing spelled NA, -;  empty where there is nothing to say.
  std::string decimals_in_words() const {
    std::string words = decimal() == ',' ? "decimal comma" : "";
    if (style_.thousands)
      words += std::string(words.empty() ? "" : ", ") + (style_.thousands == ',' ? "commas" : "points") + " between thousands";
    return words;
  }
  std::string missing_in_words() const {
    std::string words;
    for (const std::string& spelling : missing_)
      words += (words.empty() ? "missing spelled " : ", ") + (spelling.empty() ? "empty" : spelling);
    return words;
  }
  void note_missing(std::string_view cell) {
    if (missing_.size() < 20 && std::find(missing_.begin(), missing_.end(), cell) == missing_.end()) missing_.emplace_back(cell);
  }

 private:
  /// What is no plain number: a gap, or a number with commas or other marks.
  Number parse_other(std::string_view cell, double& value, std::uint16_t& seen, Number status) const {
    if (marks_ && (cell == "-" || cell == "?" || cell == "." || cell == "..")) return Number::missing;
    if (!missing_texts_.empty() && std::find(missing_texts_.begin(), missing_texts_.end(), lower(cell)) != missing_texts_.end())
      return Number::missing;
    if (status != Number::not_a_number || !commas_) return status;
    unsigned kinds = 0;
    int comma_count = 0;
    for (char c : cell) {
      kinds |= kind_of_byte(c);
      comma_count += c == ',';
    }
    if (kinds & other_byte) return status;
    std::string own, text;
    if (kinds & between_groups) {
      if (!cleaned(cell, own)) return status;
      cell = own;
    } else if (comma_count == 1 && (seen & comma) && style_.decimal != '.' && missing_numbers_.empty() && cell.size() < 40 &&
               !(kinds & a_point)) {
      char buffer[40];  // one more of the numbers with a decimal comma
      std::replace_copy(cell.begin(), cell.end(), buffer, ',', '.');
      return parse_number({buffer, cell.size()}, value);
    }
    const Marks marks = marks_of(cell);
    if (marks == no_number || !with_point(cell, marks, style_, text)) return status;
    seen = static_cast<std::uint16_t>(seen | marks);
    const Number found = parse_number(text, value);
    return found == Number::fine && std::find(missing_numbers_.begin(), missing_numbers_.end(), value) != missing_numbers_.end()
               ? Number::missing
               : found;
  }
  static constexpr unsigned other_byte = 1, between_groups = 2, a_point = 4;
  static unsigned kind_of_byte(char c) {
    if ((c >= '0' && c <= '9') || c == ',' || c == '-' || c == '+' || c == 'e' || c == 'E') return 0;
    return c == '.' ? a_point : c == ' ' || c == '\'' || static_cast<unsigned char>(c) >= 128 ? between_groups : other_byte;
  }
  void note_decimal(const TextFile& file, Index column, std::string_view cell) {
    if (!commas_ || style_.decimal) return;
    const std::size_t at = cell.find_last_of(",.");
    if (at == std::string_view::npos) return;
    if (decimal_ == 0) {
      decimal_ = cell[at];
      first_line_ = file.line();
      first_column_ = column;
    }
    if (decimal_ != cell[at])
      file.fail(file.line(), column,
                sentence("'", cell, "' has a decimal ", cell[at] == ',' ? "comma" : "point", ", line ", first_line_, ", column ",
                         first_column_, " has a decimal ", decimal_ == ',' ? "comma" : "point"));
  }

  bool commas_, marks_;
  NumberStyle style_;
  std::vector<double> missing_numbers_;
  std::vector<std::string> missing_texts_;
  char decimal_ = 0;
  Index first_line_ = 0, first_column_ = 0;
  std::vector<std::string> missing_;
};

}  // namespace tacit::detail
