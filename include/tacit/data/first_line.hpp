// SPDX-License-Identifier: MIT
#pragma once
// How the small files beside the data begin (pairs, features, new rows): what divides their cells, and the cells of the first line, which name the columns or are a row
// already. Empty lines are passed over, as in tables.

#include <string>
#include <string_view>
#include <vector>

#include "rating_columns.hpp"
#include "table_lines.hpp"

namespace tacit::detail {

struct FirstLine {
  char separator;
  Index line = 0;  ///< of the file, from 1
  std::vector<std::string_view> cells = {};
  std::vector<std::string> names = {};  ///< the cells without quotes

  /// Reads it; file.rewind() goes back before it, where it is no header.
  explicit FirstLine(TextFile& file) : separator(file.separator()) {
    next_filled(file, separator, cells);
    line = file.line();
    names = label_texts(cells);
  }
  std::size_t width() const { return cells.size(); }
};

}  // namespace tacit::detail
