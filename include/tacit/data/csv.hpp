// SPDX-License-Identifier: MIT
#pragma once
// A matrix of numbers with gaps from a text file: comma, semicolon, tab or blanks between the cells; empty, NA, N/A, NaN, null or none is missing, and
// with `.marks = true` a lone - or ? too. Between semicolons and tabs decimals may be written with a comma, all of a file alike.
// Lines starting with # at the top are passed over. What is a label is found by these rules, in this order, and can be said instead:
//   header       the first line, if it holds text and either no number or an empty first cell; or if it counts: an empty cell, then 0, 1, 2, ...
//                or 1, 2, 3, ...
//   row labels   the first column, if there is a header whose first cell is empty; or if none of its cells is a number and one is text
// Numeric ids as labels cannot be told from data otherwise: say `.header = Labels::present` or `.row_labels = Labels::present`. Infinities, text among
// numbers, lines of different length and labels that come twice are refused with line and column. One read of the file; memory 16 bytes a number beside it.

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cell_reader.hpp"
#include "file.hpp"

namespace tacit {

enum class Labels { detect, absent, present };

struct CsvOptions {
  char separator = 0;  ///< 0: found in the first line; ' ' stands for any run of blanks
  Labels header = Labels::detect, row_labels = Labels::detect;
  bool marks = false;  ///< whether a lone - or ? is a gap; else it is refused
};

namespace detail {

/// A gap of the matrix, and which bytes of the file stand in it: its spelling, without blanks and quotes around it.
struct MissingCell {
  std::int32_t row, col;
  std::size_t offset, length;
};

/// All gaps, and the style of the file into which something could be filled.
struct Gaps {
  std::vector<MissingCell> cells;
  char separator = 0, decimal = 0;
};

/// cells[from], cells[from + 1], ... are c, c + 1, ... with c = 0 or 1.
inline bool counts(const std::vector<std::string_view>& cells, std::size_t from) {
  std::int64_t first = 0, value = 0;
  if (from >= cells.size() || !parse_integer(cells[from], first) || first < 0 || first > 1) return false;
  for (std::size_t k = from; k < cells.size(); ++k)
    if (!parse_integer(cells[k], value) || value != first + static_cast<std::int64_t>(k - from)) return false;
  return true;
}

inline bool is_header(const std::vector<std::string_view>& cells, const CellReader& reader) {
  bool text = false, number = false;
  for (std::string_view cell : cells) {
    text |= reader.kind(cell) == CellKind::text;
    number |= reader.kind(cell) == CellKind::number;
  }
  return text ? !number || cells[0].empty() : cells[0].empty() && counts(cells, 1);
}

/// Refuses the current line, which has another number of cells than the first, with what it looks like.
[[noreturn]] inline void fail_width(const TextFile& file, char separator, const std::vector<std::string_view>& cells, std::size_t width,
                                    Index first_line) {
  std::string guess;
  for (char other : {';', '\t', ','}) {
    if (other == separator || separator == ':' || !guess.empty()) continue;
    std::size_t others = 0;
    bool quoted = false;
    for (char c : file.current()) {
      quoted ^= c == '"';
      others += c == other && !quoted;
    }
    if (others > 0 && others + 1 == width && cells.size() == 1)
      guess =
          sentence("; this line is ", separator_name(other), "-separated, line ", first_line, " ", separator_name(separator), "-separated");
    else if (others > 0 && other != ',' && others + cells.size() == width)
      guess = sentence("; it mixes two separators, ", separator_name(separator), " and ", separator_name(other));
  }
  std::int64_t ignored = 0;
  const auto whole = [&](std::string_view cell) {
    return cell.empty() || parse_integer(cell, ignored) || cell.find_first_not_of("0123456789") == cell.npos;
  };
  if (guess.empty() && separator == ',' && cells.size() > width && std::all_of(cells.begin() + 1, cells.end(), whole))
    guess = "; it looks like decimal commas in a comma-separated file: divide its cells by semicolons, or write decimal points";
  file.fail(file.line(),
            sentence("has ", cells.size(), cells.size() == 1 ? " column" : " columns", ", line ", first_line, " has ", width, guess));
}

/// Refuses a label that comes twice; empty ones name nothing and may. `complain(label, second, first)` gets positions in the list.
template <class Complain>
void require_different(const std::vector<std::string>& labels, Complain complain) {
  std::unordered_map<std::string_view, std::size_t> known;
  for (std::size_t k = 0; k < labels.size(); ++k)
    if (const auto [at, fresh] = known.emplace(labels[k], k); !fresh && !labels[k].empty()) complain(labels[k], k, at->second);
}

/// The matrix in a file; where asked, also its gaps in their order.
inline MatrixFile parse_matrix(TextFile& file, const CsvOptions& options, Gaps* gaps = nullptr) {
  std::vector<std::string_view> cells;
  file.next();
  const char separator = options.separator ? options.separator : find_separator(file.current());
  file.split(separator, cells);
  CellReader reader(separator, options.marks);
  const std::size_t width = cells.size();
  const Index first_line = file.line();
  const bool header = options.header == Labels::present || (options.header == Labels::detect && is_header(cells, reader));
  std::vector<std::string> row_labels, col_labels;
  bool labelled = options.row_labels == Labels::present || (options.row_labels == Labels::detect && header && cells[0].empty());
  if (header)
    for (std::string_view cell : cells) col_labels.push_back(label_text(cell));
  else file.rewind();

  if (options.row_labels == Labels::detect && !labelled) {  // one pass over the first column
    bool number = false, text = false;
    while (!number && file.next()) {
      file.split(separator, cells);
      const CellKind kind = reader.kind(cells[0]);
      number = kind == CellKind::number;
      text |= kind == CellKind::text;
    }
    labelled = text && !number;
    file.rewind();
    if (header) file.next();
  }
  const std::size_t skip = labelled ? 1 : 0;
  if (header && labelled) col_labels.erase(col_labels.begin());

  Entries::Indices row, col;
  std::vector<double> values;
  std::int32_t i = 0;
  for (; file.next(); ++i) {
    file.split(separator, cells);
    if (cells.size() != width) fail_width(file, separator, cells, width, first_line);
    if (labelled) row_labels.push_back(label_text(cells[0]));
    for (std::size_t c = skip; c < width; ++c) {
      double value = 0;
      if (!reader.read(file, static_cast<Index>(c) + 1, cells[c], value)) {
        if (gaps) gaps->cells.push_back({i, static_cast<std::int32_t>(c - skip), file.offset(cells[c]), cells[c].size()});
        continue;
      }
      row.push_back(i);
      col.push_back(static_cast<std::int32_t>(c - skip));
      values.push_back(value);
    }
  }
  if (i == 0) file.fail("holds a header line and no row of numbers");
  if (width == skip) file.fail("holds row labels and no column of numbers");
  if (values.empty()) file.fail(sentence("holds no number: all ", i, " x ", width - skip, " cells are missing"));
  require_different(col_labels, [&](const std::string& label, std::size_t second, std::size_t first) {
    file.fail(first_line, static_cast<Index>(second + skip) + 1,
              sentence("the column label '", label, "' comes a second time, first in column ", first + skip + 1));
  });
  require_different(row_labels, [&](const std::string& label, std::size_t second, std::size_t first) {
    const Index top = first_line + (header ? 1 : 0);
    file.fail(top + static_cast<Index>(second), 1,
              sentence("the row label '", label, "' comes a second time, first on line ", top + static_cast<Index>(first)));
  });
  if (gaps) gaps->separator = separator, gaps->decimal = reader.decimal();
  const auto also = [](const std::string& words) { return words.empty() ? words : ", " + words; };
  const Vector<double> y = Eigen::Map<const Vector<double>>(values.data(), static_cast<Index>(values.size()));
  return {observed<double>(i, static_cast<Index>(width - skip), std::move(row), std::move(col), y), std::move(row_labels),
          std::move(col_labels),
          sentence("matrix, ", separator_name(separator), "-separated", also(reader.decimals_in_words()), ", ", header ? "with" : "without",
                   " a header line, ", labelled ? "with" : "without", " row labels", also(reader.missing_in_words()))};
}

}  // namespace detail

inline MatrixFile read_csv(const std::string& path, const CsvOptions& options = {}) {
  detail::TextFile file(path);
  return detail::parse_matrix(file, options);
}

}  // namespace tacit
