// SPDX-License-Identifier: MIT
#pragma once
// One cell of a text file as a number, a gap or text, by the rules of its file: decimal commas are read where semicolons or tabs divide the cells, and a lone
// - or ? is a gap where the caller says so. A file writes all its decimals alike: the first one decides, another is refused with both places.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "file.hpp"

namespace tacit::detail {

enum class CellKind { number, missing, text };

class CellReader {
 public:
  explicit CellReader(char separator, bool marks = false) : comma_(separator == ';' || separator == '\t'), marks_(marks) {}

  Number parse(std::string_view cell, double& value) const {
    if (marks_ && (cell == "-" || cell == "?")) return Number::missing;
    const Number status = parse_number(cell, value);
    if (status != Number::not_a_number || !comma_) return status;
    const std::size_t comma = cell.find(',');
    if (comma == std::string_view::npos || cell.find_first_of(",.", comma + 1) != std::string_view::npos || cell.find('.') < comma)
      return status;
    std::string with_point(cell);
    with_point[comma] = '.';
    return parse_number(with_point, value);
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

  /// A cell of the current line, in this column (from 1): false where it is a gap; what is neither a number nor a gap is refused.
  bool read(const TextFile& file, Index column, std::string_view cell, double& value) {
    const Number status = parse(cell, value);
    if (status == Number::fine) return note_decimal(file, column, cell), true;
    if (status == Number::missing) return note_missing(cell), false;
    file.fail_number(status, column, cell);
  }

  /// ',' or '.', whichever the file uses; 0 while no number had decimals or the comma was no choice.
  char decimal() const { return decimal_; }
  /// As in  decimal comma  and  missing spelled NA, -;  empty where there is nothing to say.
  std::string decimals_in_words() const { return decimal_ == ',' ? "decimal comma" : ""; }
  std::string missing_in_words() const {
    std::string words;
    for (const std::string& spelling : missing_)
      words += (words.empty() ? "missing spelled " : ", ") + (spelling.empty() ? "empty" : spelling);
    return words;
  }

 private:
  void note_decimal(const TextFile& file, Index column, std::string_view cell) {
    if (!comma_) return;
    const std::size_t at = cell.find_first_of(",.");
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
  void note_missing(std::string_view cell) {
    if (missing_.size() < 20 && std::find(missing_.begin(), missing_.end(), cell) == missing_.end()) missing_.emplace_back(cell);
  }

  bool comma_, marks_;
  char decimal_ = 0;
  Index first_line_ = 0, first_column_ = 0;
  std::vector<std::string> missing_;
};

}  // namespace tacit::detail
