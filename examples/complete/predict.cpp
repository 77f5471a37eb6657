// SPDX-License-Identifier: MIT
// Predictions of single pairs, and of rows that were not there in training.
#include <iostream>
#include <tacit/model/fold_in.hpp>
#include <tacit/output/csv.hpp>

#include "ids.hpp"
#include "settings.hpp"

using namespace tacit;

Pairs read_pairs(const std::string& path, const Lines& rows, const Lines& cols) {
  detail::TextFile file(path);
  std::vector<std::string_view> cells;
  file.next();
  const char separator = detail::find_separator(file.current());
  Pairs pairs;
  bool first = true;
  do {
    file.split(separator, cells);
    if (cells.size() < 2) file.fail(file.line(), sentence("has ", cells.size(), " column, pairs need two: row, column"));
    const std::string row = detail::label_text(cells[0]), col = detail::label_text(cells[1]);
    const Index i = rows.find(row), j = cols.find(col);
    if (i >= 0 && j >= 0) {
      pairs.known.push_back({row, col, {i, j}});
    } else if (!first || i >= 0 || j >= 0) {
      std::cerr << path << ", line " << file.line() << ": " << (i < 0 ? "row '" + row : "column '" + col) << "' is not known, left out\n";
      ++pairs.unknown;
    }
    first = false;
  } while (file.next());
  require(!pairs.known.empty(), path, ": names no row and column that are known");
  return pairs;
}

void predict_pairs(const Settings& s, const Predictor& by) {
  const Pairs pairs = read_pairs(s.pairs, Lines(by.info.row_labels, by.model.rows()), Lines(by.info.col_labels, by.model.cols()));
  std::map<std::pair<Index, Index>, Index> place;  // a pair may be asked for twice; sorted as Entries are
  for (const Pair& pair : pairs.known) place[{pair.at.row, pair.at.col}] = 0;
  Entries::Indices row, col;
  for (auto& [at, k] : place) {
    k = static_cast<Index>(row.size());
    row.push_back(static_cast<std::int32_t>(at.first));
    col.push_back(static_cast<std::int32_t>(at.second));
  }
  const Vector<double> z =
      predict(by.model, by.theta, by.info.preprocessing, Entries(by.model.rows(), by.model.cols(), std::move(row), std::move(col)));
  Table table({"row", "column", "prediction", "low", "high"});
  for (const Pair& pair : pairs.known) {
    const double x = z[place[{pair.at.row, pair.at.col}]];
    table.add({pair.row, pair.col, s.clipped(x), s.clipped(x - by.half_width(pair.at)), s.clipped(x + by.half_width(pair.at))});
  }
  write_csv(s.out + "/predictions.csv", table, by.info.provenance);
  std::cout << table.rows() << " predictions written to " << s.out << "/predictions.csv";
  if (pairs.unknown) std::cout << ", " << pairs.unknown << " pairs left out";
  std::cout << '\n';
}

void predict_new_rows(const Settings& s, const Predictor& by) {
  const MatrixFile file = read_csv(s.new_rows, {.marks = true});
  require(file.data.where.cols() == by.model.cols(), s.new_rows, ": has ", file.data.where.cols(), " columns, the model has ",
          by.model.cols());
  if (!file.col_labels.empty() && !by.info.col_labels.empty())
    require(file.col_labels == by.info.col_labels, s.new_rows, ": its column labels are not those of the model");
  Matrix<double> rows = FoldIn(by.model, by.theta, by.info.preprocessing, {.from_average = true}).rows(file.data);
  const auto name = [](const std::vector<std::string>& labels, Index k) {
    return labels.empty() ? Cell(k) : Cell(labels[static_cast<std::size_t>(k)]);
  };
  Table intervals({"row", "column", "prediction", "low", "high"});
  for (Index i = 0; i < rows.rows(); ++i) {
    const Index first = file.data.where.row_start()[i], count = file.data.where.row_start()[i + 1] - first;
    if (count == 0)
      std::cerr << "Warning: new row " << (file.row_labels.empty() ? std::to_string(i) : file.row_labels[static_cast<std::size_t>(i)])
                << " has no value, it gets the average row\n";
    const std::vector<Index> seen(file.data.where.col() + first, file.data.where.col() + first + count);
    const Vector<double> half = by.info.half_widths.of_new_row(seen.data(), count);
    for (Index j = 0; j < rows.cols() && by.info.half_widths.known(); ++j)
      if (std::find(seen.begin(), seen.end(), j) == seen.end())
        intervals.add({name(file.row_labels, i), name(by.info.col_labels, j), s.clipped(rows(i, j)), s.clipped(rows(i, j) - half[j]),
                       s.clipped(rows(i, j) + half[j])});
  }
  if (intervals.rows()) write_csv(s.out + "/new_rows_gaps.csv", intervals, by.info.provenance);
  rows = rows.unaryExpr([&](double x) { return s.clipped(x); });
  for (Index k = 0; k < file.data.count(); ++k) rows(file.data.where[k].row, file.data.where[k].col) = file.data.y[k];
  write_csv(s.out + "/new_rows.csv", rows, {file.row_labels, by.info.col_labels}, by.info.provenance);
  std::cout << rows.rows() << " new rows written to " << s.out << "/new_rows.csv\n";
}
