// SPDX-License-Identifier: MIT
#pragma once
// A matrix of numbers with gaps from a text file: comma, semicolon, tab, pipe or blanks between the cells; empty, NA, N/A, NaN, null or
// none is missing, with `.marks = true` a lone - ? . or .. too, and what `.missing` names. Which columns are data, which line is a header,
// what is a label and which mark stands before decimals is decided on the whole file, by rules that stand, with the option that overrides
// each, in the README:
//   lines        file.hpp, table_lines.hpp      numbers      number_style.hpp, cell_reader.hpp
//   header       table_header.hpp               columns      table_roles.hpp
// Infinities, text among numbers, lines of different length and labels that come twice are refused with line and column. One pass over the
// file, a second one where the first shows that 8,322 is 8322. Memory beside the text: 8 bytes a cell, 16 a number.

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "csv_options.hpp"
#include "table_order.hpp"
#include "table_remarks.hpp"

namespace tacit {

namespace detail {

/// Text around the numbers of a column: % behind them.
struct UnitText {
  std::string before, after;
};

/// All gaps, and the style of the file into which something could be filled.
struct Gaps {
  std::vector<MissingCell> cells;
  char separator = 0, decimal = 0;
  std::vector<UnitText> units;  ///< of the data columns; empty: none has any
  bool rows_joined = false;     ///< some rows of the file are one row of the data
};

/// Refuses a label that comes twice; empty ones name nothing and may. `complain(label, second, first)` gets positions in the list.
template <class Complain>
void require_different(const std::vector<std::string>& labels, Complain complain) {
  std::unordered_map<std::string_view, std::size_t> known;
  for (std::size_t k = 0; k < labels.size(); ++k)
    if (const auto [at, fresh] = known.emplace(labels[k], k); !fresh && !labels[k].empty()) complain(labels[k], k, at->second);
}

/// The place of a number with these marks in a data column, for an error.
inline std::string place_of_marks(TableScan& scan, const TableRoles& roles, Marks marks, Index& line, Index& column) {
  std::vector<std::string_view> cells;
  to_table(scan.file, scan.separator, scan.top, cells);
  do {
    scan.file.split(scan.separator, cells);
    if (cells.size() != scan.width || (roles.header && scan.file.line() == scan.lines[0])) continue;
    for (std::size_t c : roles.data) {
      std::uint16_t seen = 0;
      double ignored = 0;
      std::string_view number, unit;
      bool in_front = false;
      if (scan.columns[c].units && unit_of(cells[c], number, unit, in_front)) cells[c] = number;
      if (scan.reader.parse(cells[c], ignored, seen, true) != Number::fine || !(seen & marks)) continue;
      line = scan.file.line();
      column = static_cast<Index>(c) + 1;
      return std::string(cells[c]);
    }
  } while (scan.file.next());
  return "";
}
[[noreturn]] inline void fail_marks(TableScan& scan, const TableRoles& roles, std::array<Marks, 2> against) {
  const auto words = [](Marks m) {
    return m == point          ? "a decimal point"
           : m == comma        ? "a decimal comma"
           : m == points       ? "points between thousands"
           : m == commas       ? "commas between thousands"
           : m == commas_point ? "commas between thousands and a decimal point"
                               : "points between thousands and a decimal comma";
  };
  Index line[2], column[2];
  std::string cell[2];
  for (std::size_t k : {0u, 1u}) cell[k] = place_of_marks(scan, roles, against[k], line[k], column[k]);
  const std::size_t later = line[0] > line[1] || (line[0] == line[1] && column[0] > column[1]) ? 0 : 1;
  scan.file.fail(line[later], column[later],
                 sentence("'", cell[later], "' has ", words(against[later]), ", line ", line[1 - later], ", column ", column[1 - later],
                          " has ", words(against[1 - later])));
}

/// Settles how the file writes numbers, reading it once more where that changes them.
inline NumberStyle settle_style(TableScan& scan, TableRoles& roles, const CsvOptions& options) {
  const auto seen_in_data = [&] {
    std::uint16_t seen = 0;
    for (std::size_t c : roles.data) seen = static_cast<std::uint16_t>(seen | scan.columns[c].marks);
    return seen;
  };
  constexpr unsigned with_comma = comma | comma_or_thousands | commas | commas_point | points_comma;
  if (options.decimal) {
    NumberStyle style{options.decimal, 0};
    if (seen_in_data() & (options.decimal == '.' ? comma_or_thousands | commas | commas_point : point_or_thousands | points | points_comma))
      style.thousands = options.decimal == '.' ? ',' : '.';
    return style;
  }
  if (!scan.watches_points() && (seen_in_data() & with_comma)) {
    scan.watch_points();
    roles = RoleFinder(scan, options).find();
  }
  const std::uint16_t seen = seen_in_data();
  std::array<Marks, 2> against{};
  const NumberStyle style = decide(seen, &against);
  if (against[0]) fail_marks(scan, roles, against);
  const bool again = seen & (style.decimal == ',' ? point_or_thousands : comma_or_thousands);
  if (!again) return style;
  Index line = 0, column = 0;
  const std::string cell = place_of_marks(scan, roles, style.decimal == ',' ? point_or_thousands : comma_or_thousands, line, column);
  scan.read_again(style);
  roles = RoleFinder(scan, options).find();
  const bool proved = seen & (style.decimal == ',' ? points | points_comma : commas | commas_point | point);
  std::string digits = cell;
  std::erase(digits, style.thousands);
  if (!proved && line)
    roles.remarks.push_back(sentence("'", cell, "' (line ", line, ", column ", column, ") is read as ", digits, ", since every ",
                                     style.thousands == ',' ? "comma" : "point",
                                     " stands before three digits; if decimals are meant, say --decimal ",
                                     style.thousands == ',' ? "comma" : "point", "."));
  return style;
}

/// For each row of the data the rows of the file that it is made of: rows with equal labels are joined, or told apart, as asked for.
inline std::vector<std::int32_t> join_rows(const TableScan& scan, TableRoles& roles, RowsAgain how, Index& joined) {
  const std::size_t top = roles.header ? 1 : 0, count = scan.lines.size() - top;
  std::vector<std::int32_t> target(count);
  if (roles.labels_differ || surely_different(roles.label_texts)) {
    std::iota(target.begin(), target.end(), 0);
    return target;
  }
  std::vector<std::string> labels;
  std::unordered_map<std::string, std::size_t> known;
  std::unordered_map<std::string, Index> times;
  for (std::size_t k = 0; k < count; ++k) {
    std::string label = roles.label_texts.empty() ? "" : roles.label_texts[k];
    const auto [at, fresh] = label.empty() ? std::pair(known.end(), true) : known.emplace(label, labels.size());
    if (!fresh) {
      if (how == RowsAgain::refuse) {
        std::size_t first = 0;
        while (roles.label_texts[first] != label) ++first;
        scan.file.fail(scan.lines[top + k], static_cast<Index>(roles.labels[0]) + 1,
                       sentence("the row label '", label, "' comes a second time, first on line ", scan.lines[top + first],
                                "; say what to do with such rows: --duplicates keep, last or mean"));
      }
      ++joined;
      if (how != RowsAgain::keep) {
        target[k] = static_cast<std::int32_t>(at->second);
        continue;
      }
      const Index time = ++times[label];
      label += sentence(" (", time + 1, ")");
    }
    target[k] = static_cast<std::int32_t>(labels.size());
    labels.push_back(std::move(label));
  }
  if (!roles.label_texts.empty()) roles.label_texts = std::move(labels);
  return target;
}

/// The matrix in a file; where asked, also its gaps in their order.
inline MatrixFile parse_matrix(TextFile& file, const CsvOptions& options, Gaps* gaps = nullptr) {
  require(options.decimal == 0 || options.decimal == '.' || options.decimal == ',', "read_csv: .decimal is '", options.decimal,
          "', it is '.' or ','");
  TableScan scan(file, options, gaps != nullptr);
  TableRoles roles = RoleFinder(scan, options).find();
  const NumberStyle style = settle_style(scan, roles, options);
  const Index top = roles.header ? 1 : 0, file_rows = scan.rows() - top;
  const auto cols = static_cast<Index>(roles.data.size());
  std::vector<std::string> col_labels;
  if (roles.header) {
    for (std::size_t c : roles.data) {
      std::string_view cell = scan.first[c];
      if (c == 0 && cell.substr(0, 1) == "#") cell = cell.substr(std::min(cell.find_first_not_of("# "), cell.size()));
      col_labels.push_back(label_text(cell));
    }
    require_different(col_labels, [&](const std::string& label, std::size_t second, std::size_t first) {
      file.fail(scan.lines[0], static_cast<Index>(roles.data[second]) + 1,
                sentence("the column label '", label, "' comes a second time, first in column ", roles.data[first] + 1));
    });
  }
  Index joined = 0;
  const std::vector<std::int32_t> target = join_rows(scan, roles, options.duplicates, joined);
  const bool merges = joined > 0 && options.duplicates != RowsAgain::keep;
  if (joined)
    roles.remarks.push_back(sentence("Rows whose label came before (", joined, ") ",
                                     options.duplicates == RowsAgain::keep   ? "are kept as rows of their own, called 'label (2)'."
                                     : options.duplicates == RowsAgain::last ? "replace what the earlier ones hold."
                                                                             : "are averaged with the earlier ones."));
  Index rows = file_rows;
  if (merges) {  // into the first row of each label; rows move up
    std::vector<std::vector<std::size_t>> members(static_cast<std::size_t>(*std::max_element(target.begin(), target.end())) + 1);
    for (std::size_t k = 0; k < target.size(); ++k) members[static_cast<std::size_t>(target[k])].push_back(k);
    for (std::size_t r = 0; r < members.size(); ++r)
      for (std::size_t c = 0; c < scan.width; ++c) {
        double sum = 0, last = TableScan::none, count = 0;
        for (std::size_t k : members[r])
          if (const double x = scan.at(static_cast<Index>(k) + top, c); !std::isnan(x)) sum += x, last = x, ++count;
        scan.values[(r + static_cast<std::size_t>(top)) * scan.width + c] =
            count == 0 || options.duplicates == RowsAgain::last ? last : sum / count;
      }
    rows = static_cast<Index>(members.size());
    // What stands below counts as missing; the scan keeps its size, since remarks look at all of it.
    std::fill(scan.values.begin() + (rows + top) * static_cast<std::ptrdiff_t>(scan.width), scan.values.end(), TableScan::none);
  }

  std::size_t seen = 0;
  for (Index i = 0; i < rows; ++i)
    for (std::size_t c : roles.data) seen += !std::isnan(scan.at(i + top, c));
  if (seen == 0) file.fail(sentence("holds no number: all ", rows, " x ", cols, " cells are missing"));
  Entries::Indices row, col;
  row.reserve(seen);
  col.reserve(seen);
  Vector<double> y(static_cast<Index>(seen));
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j)
      if (const double x = scan.at(i + top, roles.data[static_cast<std::size_t>(j)]); !std::isnan(x)) {
        y[static_cast<Index>(row.size())] = x;
        row.push_back(static_cast<std::int32_t>(i));
        col.push_back(static_cast<std::int32_t>(j));
      }
  remark_on_sentinels(scan, roles, roles.remarks);
  remark_on_readings(scan, roles, roles.remarks);
  if (gaps) {
    std::vector<std::int32_t> place(scan.width, -1);
    for (Index j = 0; j < cols; ++j) place[roles.data[static_cast<std::size_t>(j)]] = static_cast<std::int32_t>(j);
    gaps->separator = scan.separator;
    gaps->decimal = style.decimal;
    gaps->rows_joined = merges;
    std::size_t kept = 0;
    for (const MissingCell gap : scan.gaps) {
      const std::int32_t j = place[static_cast<std::size_t>(gap.col)];
      if (j >= 0) scan.gaps[kept++] = {target[static_cast<std::size_t>(gap.row - top)], j, gap.offset, gap.length};
    }
    scan.gaps.resize(kept);
    gaps->cells = std::move(scan.gaps);
    for (std::size_t c : roles.data)
      if (scan.columns[c].units) gaps->units.resize(roles.data.size());
    for (std::size_t j = 0; j < gaps->units.size(); ++j)
      if (const ColumnCount& n = scan.columns[roles.data[j]]; n.units)
        (n.unit_in_front ? gaps->units[j].before : gaps->units[j].after) = n.unit;
  }
  std::string format = table_in_words(scan, roles, style);
  std::vector<LineOrder> order = order_in(scan, roles, col_labels, !merges);
  scan.values = {};
  MatrixFile read{observed<double>(rows, cols, std::move(row), std::move(col), std::move(y)), std::move(roles.label_texts),
                  std::move(col_labels), std::move(format), std::move(roles.remarks)};
  read.order = std::move(order);
  if (roles.header && !roles.labels.empty()) read.row_name = label_text(scan.first[roles.labels[0]]);
  if (roles.header)
    for (const std::vector<std::size_t>* columns : {&roles.labels, &roles.carried})
      for (std::size_t c : *columns)
        if (columns == &roles.carried || c != roles.labels[0]) read.left_out.push_back(label_text(scan.first[c]));
  return read;
}

}  // namespace detail

inline MatrixFile read_csv(const std::string& path, const CsvOptions& options = {}) {
  detail::TextFile file(path, options.encoding);
  return detail::parse_matrix(file, options);
}

}  // namespace tacit
