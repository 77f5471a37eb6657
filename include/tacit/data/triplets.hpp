// SPDX-License-Identifier: MIT
#pragma once
// Ratings as triplets, a line each:  user, item, rating[, anything else], in this order or in the order that a header or the caller says
// (rating_columns.hpp). Divided by tabs (MovieLens' u.data), commas (ratings.csv), "::" (ratings.dat), semicolons or blanks; a first line of which none of
// the three cells is a number is a header. Ids become indices:
//   Ids::labels      each different id is a row (column); numeric ids sorted as numbers, others as text; the ids are kept as labels
//   Ids::zero_based  the ids are the indices 0 ... n - 1;   Ids::one_based  they are 1 ... n;   n from the settings or the largest id
// A pair that comes twice is refused, naming both lines, or taken as .duplicates says. A line without a rating (empty, NA, ...) is a pair that is asked for:
// MatrixFile::asked. Between semicolons and tabs values may have decimal commas. One read of the file, O(m) but for sorting the different ids. Memory at
// the peak: the text and 16 bytes a line, or 40 bytes a line while sorting; what stays is 24 bytes a line.

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "csv.hpp"
#include "id_column.hpp"
#include "matrix_file.hpp"
#include "rating_columns.hpp"

namespace tacit {

enum class Ids { labels, zero_based, one_based };

/// What becomes of a pair that is rated several times: an error, the rating that comes last in the file, or the mean of all.
enum class Duplicates { refuse, last, mean };

struct TripletOptions {
  char separator = 0;  ///< 0: found in the first line; ':' stands for "::", ' ' for any run of blanks
  Labels header = Labels::detect;
  Ids ids = Ids::labels;
  Index rows = 0, cols = 0;               ///< sizes for zero- and one-based ids; 0: the largest id decides
  std::vector<std::string> columns = {};  ///< user, item and rating by name or by number from 1; empty: by the header, or the first three
  Duplicates duplicates = Duplicates::refuse;
  std::vector<std::string> missing = {};  ///< further spellings of ratings that are not there, as in CsvOptions
  char decimal = 0;                       ///< '.' or ','; 0: each number as it shows itself, all of a file alike
};

namespace detail {

/// Ratings in the order of Entries of which equal neighbours become one; how many went. y is NaN where a line has no rating, and a rating beats none.
inline Index merge_duplicates(Duplicates how, Entries::Indices& row, Entries::Indices& col, Vector<double>& y) {
  std::size_t kept = 0;
  double count = 0;
  for (std::size_t s = 0; s < row.size(); ++s) {
    const double value = y[static_cast<Index>(s)];
    if (s > 0 && row[s] == row[kept - 1] && col[s] == col[kept - 1]) {
      double& known = y[static_cast<Index>(kept) - 1];
      if (std::isnan(value)) continue;
      count += 1;
      if (std::isnan(known) || how == Duplicates::last) known = value;
      else known += (value - known) / count;
      continue;
    }
    row[kept] = row[s], col[kept] = col[s], y[static_cast<Index>(kept)] = value;
    count = std::isnan(value) ? 0 : 1;
    ++kept;
  }
  const auto gone = static_cast<Index>(row.size() - kept);
  row.resize(kept), col.resize(kept);
  y.conservativeResize(static_cast<Index>(kept));
  return gone;
}

/// Takes the pairs without a rating out.
inline std::vector<Entry> take_asked(Entries::Indices& row, Entries::Indices& col, Vector<double>& y) {
  std::vector<Entry> asked;
  std::size_t kept = 0;
  for (std::size_t s = 0; s < row.size(); ++s) {
    const double value = y[static_cast<Index>(s)];
    if (std::isnan(value)) asked.push_back({row[s], col[s]});
    else row[kept] = row[s], col[kept] = col[s], y[static_cast<Index>(kept++)] = value;
  }
  row.resize(kept), col.resize(kept);
  y.conservativeResize(static_cast<Index>(kept));
  return asked;
}

inline MatrixFile parse_triplets(TextFile& file, const TripletOptions& options) {
  std::vector<std::string_view> cells;
  file.next();
  const char separator = options.separator ? options.separator : file.separator();
  file.split(separator, cells);
  CellReader reader(separator);
  if (!options.missing.empty() || options.decimal)
    reader = CellReader(separator, CellOptions{.missing = options.missing, .decimal = options.decimal});
  const std::size_t width = cells.size();
  const Index top_line = file.line();
  if (width < 3)
    file.fail(top_line, sentence("has ", width, width == 1 ? " column" : " columns", ", triplets need three: row, column, value"));
  const RatingColumns columns = rating_columns(file, cells, reader, options.header, options.columns);
  const bool header = columns.header;
  const std::string_view top = file.current();
  if (!header) file.rewind();

  const bool labels = options.ids == Ids::labels;
  const std::int64_t base = options.ids == Ids::one_based ? 1 : 0;
  const std::size_t lines = file.count_lines();
  IdColumn row_ids(labels ? lines : 0), col_ids(labels ? lines : 0);
  IndexColumn row_indices(labels ? 0 : lines, base, options.rows), col_indices(labels ? 0 : lines, base, options.cols);
  Vector<double> y(static_cast<Index>(lines));
  const Index first_line = top_line + (header ? 1 : 0);
  std::vector<Index> line_of;  // of each rating, from the first that does not stand where one line a rating would put it
  Index m = 0, unrated = 0, in_step = 0;
  const auto number_of = [](std::size_t c) { return static_cast<Index>(c) + 1; };
  for (; file.next(); ++m) {
    file.split(separator, cells);
    while (cells.size() == 1 && cells[0].empty() && file.next()) file.split(separator, cells);  // empty lines
    if (cells.size() != width) fail_width(file, separator, cells, width, top_line);
    for (std::size_t c : {columns.row, columns.col})
      if (cells[c].empty()) file.fail(file.line(), number_of(c), "an id is missing");
    if (header && file.current() == top) file.fail(file.line(), sentence("the header of line ", top_line, " comes a second time"));
    if (line_of.empty() && file.line() == first_line + m) in_step = m + 1;
    else line_of.push_back(file.line());
    if (!reader.read(file, number_of(columns.value), cells[columns.value], y[m])) {
      y[m] = std::numeric_limits<double>::quiet_NaN();
      ++unrated;
    }
    if (labels) {
      row_ids.push(cells[columns.row]);
      col_ids.push(cells[columns.col]);
    } else {
      row_indices.push(file, number_of(columns.row), cells[columns.row]);
      col_indices.push(file, number_of(columns.col), cells[columns.col]);
    }
  }
  if (m == 0) file.fail("holds a header line and no rating");
  if (m == unrated) file.fail(sentence("holds no rating: all ", m, " are missing"));
  y.conservativeResize(m);

  std::vector<std::string> row_labels, col_labels;
  Entries::Indices row = labels ? row_ids.rank(row_labels) : row_indices.take(),
                   col = labels ? col_ids.rank(col_labels) : col_indices.take();
  file.take_bytes();  // ids are labels by now: the sort has the text's memory to itself
  const Index rows = labels ? static_cast<Index>(row_labels.size()) : row_indices.size();
  const Index cols = labels ? static_cast<Index>(col_labels.size()) : col_indices.size();
  Index merged = 0;
  {
    const std::vector<std::uint32_t> order = sort_entries(rows, cols, row, col);
    const auto name = [&](const std::vector<std::string>& names, std::int32_t k) {
      return labels ? names[static_cast<std::size_t>(k)] : std::to_string(k + base);
    };
    const auto line = [&](std::uint32_t k) { return k < in_step ? first_line + k : line_of[static_cast<std::size_t>(k - in_step)]; };
    if (options.duplicates == Duplicates::refuse)
      for (std::size_t s = 1; s < order.size(); ++s)
        if (row[s] == row[s - 1] && col[s] == col[s - 1])
          file.fail(line(order[s]), sentence("row ", name(row_labels, row[s]), ", column ", name(col_labels, col[s]),
                                             " comes a second time, first on line ", line(order[s - 1]),
                                             "; --duplicates last or mean takes one rating of each pair (.duplicates in a program)"));
    if (!order.empty()) reorder(order, y);
    if (!order.empty() && options.duplicates != Duplicates::refuse) merged = merge_duplicates(options.duplicates, row, col, y);
  }
  std::vector<Entry> asked;
  if (unrated > 0) asked = take_asked(row, col, y);

  std::string format = sentence("ratings, ", separator_name(separator), "-separated, ");
  if (const std::string decimals = reader.decimals_in_words(); !decimals.empty()) format += decimals + ", ";
  format += (header ? "header, " : "no header, ") + in_words(columns, width);
  if (merged > 0)
    format += sentence(", ", merged, merged == 1 ? " rating" : " ratings",
                       " given again: ", options.duplicates == Duplicates::last ? "the last one counts" : "their mean counts");
  if (!asked.empty()) format += sentence(", ", asked.size(), asked.size() == 1 ? " pair" : " pairs", " without a rating, to be predicted");
  MatrixFile read{observed<double>(rows, cols, std::move(row), std::move(col), std::move(y)), std::move(row_labels), std::move(col_labels),
                  std::move(format)};
  if (header) read.row_name = columns.names[columns.row], read.col_name = columns.names[columns.col];
  read.asked = std::move(asked);
  return read;
}

inline void check(const TripletOptions& options) {
  require(options.rows >= 0 && options.cols >= 0, "read_triplets: the sizes are ", options.rows, " x ", options.cols);
  require(options.ids != Ids::labels || (options.rows == 0 && options.cols == 0),
          "read_triplets: sizes are given for zero- and one-based ids; "
          "with Ids::labels the different ids decide");
}

}  // namespace detail

inline MatrixFile read_triplets(const std::string& path, const TripletOptions& options = {}) {
  detail::check(options);
  detail::TextFile file(path);
  return detail::parse_triplets(file, options);
}

}  // namespace tacit
