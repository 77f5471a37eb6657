// SPDX-License-Identifier: MIT
#pragma once
// A table as people have it, completed: TableFile is a matrix with gaps (read as csv.hpp says, a lone - or ? being a gap too) together with every byte of its
// file, and write_completed writes these bytes again with predictions in the gaps. What was observed, labels, quotes, separators, blanks, line ends,
// a byte-order mark and the final newline stay byte for byte what they were.
//
//   const TableFile table = read_table("ratings.csv");   std::cout << table.format;   // matrix, semicolon-separated, decimal comma, with a header line, ...
//   ... train on table.data, form W ...
//   write_completed("completed.csv", table, W, {.low = 1, .high = 5, .digits = 3});
//
// Memory: the file's bytes, and 24 a gap, beside the matrix.

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "../output/provenance.hpp"
#include "csv.hpp"

namespace tacit {

struct TableFile : MatrixFile {
  std::string path;
  std::string bytes;                         ///< the text as it came (unpacked, where gzip had packed it)
  std::vector<detail::MissingCell> missing;  ///< the gaps by row, then column, each with its place in `bytes`
  char separator = ',';                      ///< as in CsvOptions
  char decimal = 0;  ///< ',' or '.', as the file writes decimals; 0 where none of its numbers has any or where only the point could be
};

inline TableFile read_table(const std::string& path, const CsvOptions& options = {.marks = true}) {
  detail::TextFile file(path);
  detail::Gaps gaps;
  MatrixFile matrix = detail::parse_matrix(file, options, &gaps);
  return {std::move(matrix), path, file.take_bytes(), std::move(gaps.cells), gaps.separator, gaps.decimal};
}

struct CompletedOptions {
  std::optional<double> low = {}, high = {};  ///< predictions are clipped to [low, high]
  int digits = 6;                             ///< significant digits of predictions, 1 to 17
  char decimal = 0;                           ///< '.' or ','; 0: as the file has it, '.' where it does not show
};

namespace detail {

/// x rounded to significant digits, without an exponent between 1e-6 and 1e15.
inline std::string plain_number(double x, int digits) {
  const std::string short_form = rounded(x, digits);
  const double value = std::strtod(short_form.c_str(), nullptr), size = std::abs(value);
  if (value == 0) return "0";
  if (short_form.find('e') == std::string::npos || size < 1e-6 || size >= 1e15) return short_form;
  char buffer[64];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed).ptr};
}

/// What is written into a gap: clipped, rounded (to the bound itself where rounding would leave the range), with the decimal mark asked for.
inline std::string prediction_text(double x, const CompletedOptions& options, char decimal) {
  if (options.low) x = std::max(x, *options.low);
  if (options.high) x = std::min(x, *options.high);
  std::string text = plain_number(x, options.digits);
  const double written = std::strtod(text.c_str(), nullptr);
  if (options.low && written < *options.low) text = shortest(*options.low);
  if (options.high && written > *options.high) text = shortest(*options.high);
  if (const std::size_t point = text.find('.'); point != std::string::npos) text[point] = decimal;
  return text;
}

}  // namespace detail

/// The table's file with W_ij in place of every gap (i, j), and what made it in `path`.meta.json.                       O(bytes + gaps)
inline void write_completed(const std::string& path, const TableFile& table, const Matrix<double>& W, const CompletedOptions& options = {},
                            const Provenance& provenance = {}) {
  const Index rows = table.data.where.rows(), cols = table.data.where.cols();
  require(W.rows() == rows && W.cols() == cols, "write_completed: W is ", W.rows(), " x ", W.cols(), ", the table ", table.path, " is ",
          rows, " x ", cols);
  require(options.digits >= 1 && options.digits <= 17, "write_completed: .digits is ", options.digits, ", it needs to lie in 1 ... 17");
  for (const auto& [name, bound] : {std::pair(".low", options.low), std::pair(".high", options.high)})
    require(!bound || std::isfinite(*bound), "write_completed: ", name, " is ", bound.value_or(0), ", it needs to be finite");
  require(!options.low || !options.high || *options.low <= *options.high, "write_completed: the range [", options.low.value_or(0), ", ",
          options.high.value_or(0), "] is empty");
  const bool comma = options.decimal == ',' || (options.decimal == 0 && table.decimal == ',');
  require(options.decimal == 0 || options.decimal == '.' || comma, "write_completed: .decimal is '", options.decimal,
          "', it is '.' or ','");
  require(!comma || table.decimal == ',' || table.separator == ';' || table.separator == '\t', "write_completed: .decimal is ',', but ",
          table.path, " is ", detail::separator_name(table.separator), "-separated");
  require(path.size() < 3 || path.substr(path.size() - 3) != ".gz", "write_completed: ", path,
          " would be written as plain text; leave .gz off its name");

  std::string text;
  text.reserve(table.bytes.size() + 8 * table.missing.size());
  std::size_t from = 0;
  for (const detail::MissingCell& gap : table.missing) {
    const double x = W(gap.row, gap.col);
    require(std::isfinite(x), "write_completed: the prediction for row ", gap.row, ", column ", gap.col, " (from 0) is ", x);
    text.append(table.bytes, from, gap.offset - from);
    text += detail::prediction_text(x, options, comma ? ',' : '.');
    from = gap.offset + gap.length;
  }
  text.append(table.bytes, from);
  write_file(path, text);
  write_provenance(path, provenance);
}

}  // namespace tacit
