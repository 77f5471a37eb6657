// SPDX-License-Identifier: MIT
// Predictions of single pairs, and of rows that were not there in training.
#include <iostream>
#include <map>
#include <tacit/data/csv.hpp>
#include <tacit/model/fold_in.hpp>
#include <tacit/output/csv.hpp>

#include "settings.hpp"

using namespace tacit;

namespace {

double clipped(const Settings& s, double x) { return s.low() ? std::clamp(x, *s.low(), *s.high()) : x; }

/// Labels, or the indices themselves where there are none, to indices.
class Ids {
 public:
  Ids(const std::vector<std::string>& labels, Index count) : labelled_(!labels.empty()), count_(count) {
    for (std::size_t k = 0; k < labels.size(); ++k) known_[labels[k]] = static_cast<Index>(k);
  }
  /// -1: not known.
  Index find(const std::string& text) const {
    if (labelled_) {
      const auto at = known_.find(text);
      return at == known_.end() ? -1 : at->second;
    }
    std::int64_t index = -1;
    return detail::parse_integer(text, index) && index >= 0 && index < count_ ? static_cast<Index>(index) : -1;
  }

 private:
  bool labelled_;
  Index count_;
  std::map<std::string, Index> known_;
};

}  // namespace

void predict_pairs(const Settings& s, const Predictor& by) {
  const Ids rows(by.info.row_labels, by.model.rows()), cols(by.info.col_labels, by.model.cols());
  detail::TextFile file(s.pairs);
  std::vector<std::string_view> cells;
  file.next();
  const char separator = detail::find_separator(file.current());
  Table table({"row", "column", "prediction", "low", "high"});
  Index unknown = 0;
  bool first = true;
  do {
    file.split(separator, cells);
    if (cells.size() < 2) file.fail(file.line(), sentence("has ", cells.size(), " column, pairs need two: row, column"));
    const std::string row = detail::label_text(cells[0]), col = detail::label_text(cells[1]);
    const Index i = rows.find(row), j = cols.find(col);
    if (i < 0 || j < 0) {
      if (!first) std::cerr << s.pairs << ", line " << file.line() << ": " << (i < 0 ? "row '" + row : "column '" + col) << "' is not known, left out\n", ++unknown;
      first = false;  // a first line that names nothing known is a header
      continue;
    }
    first = false;
    const Entries at(by.model.rows(), by.model.cols(), {static_cast<std::int32_t>(i)}, {static_cast<std::int32_t>(j)});
    const double z = predict(by.model, by.theta, by.info.preprocessing, at)[0];
    table.add({row, col, clipped(s, z), clipped(s, z - by.width), clipped(s, z + by.width)});
  } while (file.next());
  require(table.rows() > 0, s.pairs, ": names no row and column that the model knows");
  write_csv(s.out + "/predictions.csv", table, by.info.provenance);
  std::cout << table.rows() << " predictions written to " << s.out << "/predictions.csv";
  if (unknown) std::cout << ", " << unknown << " pairs left out";
  std::cout << '\n';
}

void predict_new_rows(const Settings& s, const Predictor& by) {
  const MatrixFile file = read_csv(s.new_rows, {.marks = true});
  require(file.data.where.cols() == by.model.cols(), s.new_rows, ": has ", file.data.where.cols(), " columns, the model has ", by.model.cols());
  if (!file.col_labels.empty() && !by.info.col_labels.empty())
    require(file.col_labels == by.info.col_labels, s.new_rows, ": its column labels are not those of the model");
  Matrix<double> rows = FoldIn(by.model, by.theta, by.info.preprocessing).rows(file.data);
  rows = rows.unaryExpr([&](double x) { return clipped(s, x); });
  for (Index k = 0; k < file.data.count(); ++k) rows(file.data.where[k].row, file.data.where[k].col) = file.data.y[k];
  write_csv(s.out + "/new_rows.csv", rows, {file.row_labels, by.info.col_labels}, by.info.provenance);
  std::cout << rows.rows() << " new rows written to " << s.out << "/new_rows.csv\n";
}
