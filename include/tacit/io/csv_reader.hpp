// SPDX-License-Identifier: MIT
#pragma once
// A CSV file as a Table: what csv_writer.hpp writes (trajectories, sweeps), read back. The first line holds the names of the columns; a
// column is of integers, numbers or text as its cells need, an empty cell is missing. Numbers come back bit for bit. Separators, quotes and
// line ends are found as text_file.hpp says. Tables with gaps to be completed are read by data/table.hpp.
//
//   const Table history = read_csv_table("history.csv");     find_stages(history)

#include <limits>

#include "parse_number.hpp"
#include "table.hpp"
#include "text_file.hpp"

namespace tacit {

inline Table read_csv_table(const std::string& path) {
  detail::TextFile file(path);
  const char separator = file.separator();
  std::vector<std::string_view> cells;
  file.next();
  file.split(separator, cells);
  const std::vector<std::string> names(cells.begin(), cells.end());
  Table table(names);
  std::vector<Cell> row;
  while (file.next()) {
    file.split(separator, cells);
    if (cells.size() != names.size())
      file.fail(file.line(), sentence("has ", cells.size(), " cells, the header names ", names.size(), " columns"));
    row.clear();
    for (const std::string_view cell : cells) {
      const std::string_view text = detail::trimmed(cell);
      std::int64_t integer = 0;
      double number = 0;
      const detail::Number kind = detail::parse_number(text, number);
      if (detail::parse_integer(text, integer)) row.emplace_back(integer);
      else if (kind == detail::Number::fine) row.emplace_back(number);
      else if (kind == detail::Number::infinite) row.emplace_back((text[0] == '-' ? -1 : 1) * std::numeric_limits<double>::infinity());
      else if (kind == detail::Number::missing) row.emplace_back();
      else row.emplace_back(std::string(cell));
    }
    table.add(row);
  }
  return table;
}

}  // namespace tacit
