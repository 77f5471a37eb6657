// SPDX-License-Identifier: MIT
#pragma once
// MatrixMarket (.mtx), the exchange format of sparse matrices: a first line  %%MatrixMarket matrix coordinate|array real|integer
// general|symmetric, comments that begin with %, a line of sizes, then one entry a line: "i j value" from 1 (coordinate), or the values
// column by column (array). Entries that a coordinate file leaves out are gaps, not zeros; of a symmetric matrix the file holds the lower
// half. Pattern, complex and skew-symmetric matrices are refused. One read of the file, O(m).

#include "file.hpp"

namespace tacit {

namespace detail {

inline bool looks_like_matrix_market(const std::string& path) {
  char magic[14] = {};
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), [](std::FILE* f) { return std::fclose(f); });
  return file && std::fread(magic, 1, 14, file.get()) == 14 && std::string_view(magic, 14) == "%%MatrixMarket";
}

/// Steps to the next line that is neither empty nor a comment and divides it; false at the end.
inline bool next_of_matrix_market(TextFile& file, std::vector<std::string_view>& cells) {
  while (file.next()) {
    if (trimmed(file.current()).empty() || file.current()[0] == '%') continue;
    file.split(' ', cells);
    return true;
  }
  return false;
}

inline std::int64_t whole_of(const TextFile& file, const std::vector<std::string_view>& cells, std::size_t k, std::int64_t low,
                             std::int64_t high) {
  std::int64_t value = 0;
  const Index column = static_cast<Index>(k) + 1;
  if (!parse_integer(cells[k], value)) file.fail(file.line(), column, "'" + std::string(cells[k]) + "' is not a whole number");
  if (value < low || value > high)
    file.fail(file.line(), column, sentence(value, " is out of range, it needs to lie in ", low, " ... ", high));
  return value;
}

}  // namespace detail

inline MatrixFile read_matrix_market(const std::string& path) {
  detail::TextFile file(path);
  std::vector<std::string_view> cells;
  file.next();
  file.split(' ', cells);
  std::vector<std::string> words;
  for (std::string_view cell : cells) words.push_back(detail::lower(cell));
  if (words.size() < 5 || words[0] != "%%matrixmarket" || words[1] != "matrix" || (words[2] != "coordinate" && words[2] != "array"))
    file.fail(1, "is no MatrixMarket header; it needs to read  %%MatrixMarket matrix coordinate real general  or the like");
  if (words[3] != "real" && words[3] != "integer" && words[3] != "double")
    file.fail(1, "holds a " + words[3] + " matrix; real and integer ones are read" +
                     (words[3] == "pattern" ? ", since a pattern has no values to complete" : ""));
  if (words[4] != "general" && words[4] != "symmetric")
    file.fail(1, "holds a " + words[4] + " matrix; general and symmetric ones are read");
  const bool sparse = words[2] == "coordinate", symmetric = words[4] == "symmetric";
  if (!detail::next_of_matrix_market(file, cells)) file.fail("ends before the line of sizes");
  if (cells.size() != (sparse ? 3u : 2u))
    file.fail(file.line(), sentence("has ", cells.size(), " numbers, sizes are ", sparse ? "rows, columns, entries" : "rows, columns"));
  const std::int64_t rows = detail::whole_of(file, cells, 0, 1, INT32_MAX), cols = detail::whole_of(file, cells, 1, 1, INT32_MAX);
  if (symmetric && rows != cols) file.fail(file.line(), sentence("a symmetric matrix cannot be ", rows, " x ", cols));
  if (!sparse && static_cast<double>(rows) * static_cast<double>(cols) > INT32_MAX)
    file.fail(file.line(), sentence("an array of ", rows, " x ", cols, " is too large"));
  const std::int64_t count = sparse ? detail::whole_of(file, cells, 2, 1, INT32_MAX) : symmetric ? rows * (rows + 1) / 2 : rows * cols;

  Entries::Indices row, col;
  std::vector<double> values;
  std::int64_t i = 0, j = 0, read = 0;  // of an array: where the next value belongs
  for (; detail::next_of_matrix_market(file, cells); ++read) {
    const std::size_t width = sparse ? 3 : 1;
    if (cells.size() != width) file.fail(file.line(), sentence("has ", cells.size(), " numbers, an entry has ", width));
    if (read == count) file.fail(file.line(), sentence("is entry ", read + 1, ", the line of sizes says ", count));
    double value = 0;
    if (const detail::Number status = detail::parse_number(cells.back(), value); status == detail::Number::missing) value = std::nan("");
    else if (status != detail::Number::fine) file.fail_number(status, static_cast<Index>(width), cells.back());
    if (sparse) {
      i = detail::whole_of(file, cells, 0, 1, rows) - 1;
      j = detail::whole_of(file, cells, 1, 1, cols) - 1;
    }
    if (!std::isnan(value))
      for (int half = 0; half < (symmetric && i != j ? 2 : 1); ++half) {
        row.push_back(static_cast<std::int32_t>(half ? j : i));
        col.push_back(static_cast<std::int32_t>(half ? i : j));
        values.push_back(value);
      }
    if (!sparse && ++i == rows) ++j, i = symmetric ? j : 0;
  }
  if (read < count) file.fail(sentence("ends after ", read, " of ", count, " entries"));
  if (values.empty()) file.fail("holds no number");
  const Vector<double> y = Eigen::Map<const Vector<double>>(values.data(), static_cast<Index>(values.size()));
  try {
    return {observed<double>(rows, cols, std::move(row), std::move(col), y),
            {},
            {},
            sentence("MatrixMarket ", words[2], ", ", rows, " x ", cols, symmetric ? ", symmetric" : "",
                     sparse ? ", entries that are not listed are gaps" : "")};
  } catch (const std::invalid_argument& error) {  // an entry twice
    file.fail(error.what());
  }
}

}  // namespace tacit
