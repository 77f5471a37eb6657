// SPDX-License-Identifier: MIT
#pragma once
// A table as people have it, completed: TableFile is a matrix with gaps (read as csv.hpp says, a lone - ? . or .. being a gap too) together
// with every byte of its file, and write_completed writes these bytes again with predictions in the gaps. What was observed, labels,
// columns of text, quotes, separators, blanks, line ends, Latin-1, a byte-order mark and the final newline stay byte for byte what they
// were.
//
//   const TableFile table = read_table("ratings.csv");   std::cout << table.format;   // table, semicolon-separated, header, first column =
//                                                        labels, ...
//   ... train on table.data, form W ...
//   write_completed("completed.csv", table, W, {.low = 1, .high = 5, .digits = 3});
//
// Memory: the file's bytes, and 24 a gap, beside the matrix; while a fit is made they can be set aside (TableAside).

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../io/atomic_file.hpp"
#include "../io/provenance.hpp"
#include "../io/set_aside.hpp"
#include "../observation/transform.hpp"
#include "csv.hpp"

namespace tacit {

struct TableFile : MatrixFile {
  std::string path;
  std::string bytes = {};  ///< the text as it came (unpacked, where gzip had packed it; as UTF-8, where it was Latin-1)
  std::vector<detail::MissingCell> missing = {};  ///< the gaps by row, then column, each with its place in `bytes`
  char separator = ',';                           ///< as in CsvOptions
  char decimal = 0;  ///< ',' or '.', as the file writes decimals; 0 where none of its numbers has any or where only the point could be
  std::vector<detail::UnitText> units = {};  ///< what stands around the numbers of each column, such as %; empty: nothing anywhere
  bool rows_joined = false;                  ///< rows of equal labels are one row of the data: what one lacks another may have
  Encoding encoding = Encoding::utf8;        ///< of the file, to which the completed one returns
};

namespace detail {

/// The table in a text that has been read; its bytes move out of it.
inline TableFile parse_table(TextFile& file, const std::string& path, const CsvOptions& options) {
  Gaps gaps;
  MatrixFile matrix = parse_matrix(file, options, &gaps);
  const Encoding encoding = file.encoding();
  return {std::move(matrix), path,    file.take_bytes(), std::move(gaps.cells), gaps.separator, gaps.decimal, std::move(gaps.units),
          gaps.rows_joined,  encoding};
}

}  // namespace detail

/// Text and gaps of a table in a temporary file (io/set_aside.hpp) until it is written again: whoever edits the file of the table meanwhile changes nothing.
class TableAside {
 public:
  explicit TableAside(TableFile& table) : bytes_(table.bytes), missing_(table.missing) {}
  void bring_back(TableFile& table) {
    bytes_.bring_back(table.bytes);
    missing_.bring_back(table.missing);
  }

 private:
  SetAside<std::string> bytes_;
  SetAside<std::vector<detail::MissingCell>> missing_;
};

inline TableFile read_table(const std::string& path, const CsvOptions& options = {.marks = true}) {
  detail::TextFile file(path, options.encoding);
  return detail::parse_table(file, path, options);
}

struct CompletedOptions {
  std::optional<double> low = {}, high = {};  ///< predictions are clipped to [low, high]
  std::vector<ColumnRange> ranges = {};       ///< of single columns, instead
  int digits = 6;                             ///< significant digits of predictions, 1 to 17
  char decimal = 0;                           ///< '.' or ','; 0: as the file has it, '.' where it does not show
};

namespace detail {

/// x rounded to significant digits, without an exponent between 1e-6 and 1e15.
inline std::string plain_number(double x, int digits) {
  const std::string short_form = rounded(x, digits);
  double value = 0;
  parse_number(short_form, value);
  const double size = std::abs(value);
  if (value == 0) return "0";
  if (short_form.find('e') == std::string::npos || size < 1e-6 || size >= 1e15) return short_form;
  char buffer[64];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed).ptr};
}

/// What is written into a gap: clipped, rounded (to the bound itself where rounding would leave the range), with the decimal mark asked
/// for.
inline std::string prediction_text(double x, const CompletedOptions& options, char decimal) {
  if (options.low) x = std::max(x, *options.low);
  if (options.high) x = std::min(x, *options.high);
  std::string text = plain_number(x, options.digits);
  double written = 0;
  parse_number(text, written);
  if (options.low && written < *options.low) text = shortest(*options.low);
  if (options.high && written > *options.high) text = shortest(*options.high);
  if (const std::size_t point = text.find('.'); point != std::string::npos) text[point] = decimal;
  return text;
}

/// The entry where another row of the same label has it, else the prediction.
inline double observed_or(const Data<double>& data, const MissingCell& gap, double prediction) {
  const std::int32_t *first = data.where.col() + data.where.row_start()[gap.row],
                     *last = data.where.col() + data.where.row_start()[gap.row + 1];
  const std::int32_t* at = std::lower_bound(first, last, gap.col);
  return at != last && *at == gap.col ? data.y[static_cast<Index>(at - data.where.col())] : prediction;
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
  require(!comma || table.decimal == ',' || table.separator != ',', "write_completed: .decimal is ',', but ", table.path, " is ",
          detail::separator_name(table.separator), "-separated");
  require(path.size() < 3 || path.substr(path.size() - 3) != ".gz", "write_completed: ", path,
          " would be written as plain text; leave .gz off its name");

  AtomicFile file(path);
  const auto write = [&](std::string_view text) { file.write(table.encoding == Encoding::latin1 ? detail::latin1_of_utf8(text) : text); };
  const std::string_view bytes = table.bytes;
  std::string text;  // of a gap
  std::size_t from = 0;
  for (const detail::MissingCell& gap : table.missing) {
    const double x = table.rows_joined ? detail::observed_or(table.data, gap, W(gap.row, gap.col)) : W(gap.row, gap.col);
    require(std::isfinite(x), "write_completed: the prediction for row ", gap.row, ", column ", gap.col, " (from 0) is ", x);
    write(bytes.substr(from, gap.offset - from));
    const bool quote = comma && table.separator == ',' && (gap.offset == 0 || bytes[gap.offset - 1] != '"');
    text = quote ? "\"" : "";
    if (!table.units.empty()) text += table.units[static_cast<std::size_t>(gap.col)].before;
    CompletedOptions of_column = options;
    for (const ColumnRange& range : options.ranges)
      if (range.column == gap.col) of_column.low = range.low, of_column.high = range.high;
    text += detail::prediction_text(x, of_column, comma ? ',' : '.');
    if (!table.units.empty()) text += table.units[static_cast<std::size_t>(gap.col)].after;
    if (quote) text += '"';
    write(text);
    from = gap.offset + gap.length;
  }
  write(bytes.substr(from));
  file.commit();
  write_provenance(path, provenance);
}

}  // namespace tacit
