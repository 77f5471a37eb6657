// SPDX-License-Identifier: MIT
// Predictions of single pairs, and of rows that were not there in training.
#include <iostream>
#include <map>
#include <tacit/data/new_rows.hpp>
#include <tacit/data/pairs.hpp>
#include <tacit/io/csv_writer.hpp>
#include <tacit/model/fold_in.hpp>

#include "settings.hpp"

using namespace tacit;

namespace {

constexpr std::size_t told_at_most = 20;  // of what is unknown, one by one

/// Each unknown pair on std::cerr, up to some.
void tell_unknown(const std::string& path, const PairsFile& file, const LabelIndex& rows, const LabelIndex& cols) {
  std::size_t told = 0;
  for (const AskedPair& pair : file.pairs)
    if (!pair.known() && told++ < told_at_most) std::cerr << path << ", " << unknown_in_words(pair, rows, cols) << '\n';
  if (told > told_at_most) std::cerr << path << ": and " << told - told_at_most << " more pairs of which an id is not known\n";
}

/// The entries sorted, as Entries are, without those that come twice; place[k] is where at[k] went.
Entries sorted(const Predictor& by, const std::vector<Entry>& at, std::vector<Index>& place) {
  std::map<std::pair<Index, Index>, Index> order;
  for (const Entry& entry : at) order[{entry.row, entry.col}] = 0;
  Entries::Indices row, col;
  for (auto& [entry, k] : order) {
    k = static_cast<Index>(row.size());
    row.push_back(static_cast<std::int32_t>(entry.first));
    col.push_back(static_cast<std::int32_t>(entry.second));
  }
  for (const Entry& entry : at) place.push_back(order[{entry.row, entry.col}]);
  return Entries(by.model.rows(), by.model.cols(), std::move(row), std::move(col));
}

/// A header that the options say applies to the data, where there are some.
Labels header_of_requests(const Settings& s) { return s.load.empty() ? Labels::detect : s.read.csv.header; }

}  // namespace

Predicted predicted(const Settings& s, const Predictor& by, const Entries& at) {
  Predicted z{predict(by.model, by.theta, by.info.preprocessing, at), {}, {}};
  z.low = z.high = z.prediction;
  for (Index k = 0; k < at.count(); ++k) {
    const double half = by.half_width(at[k]);
    z.low[k] = s.clipped(z.prediction[k] - half);
    z.high[k] = s.clipped(z.prediction[k] + half);
    z.prediction[k] = s.clipped(z.prediction[k]);
  }
  return z;
}

std::vector<Entry> listed_pairs(const Settings& s, const MatrixFile& file) {
  const LabelIndex rows(file.row_labels, file.data.where.rows()), cols(file.col_labels, file.data.where.cols());
  const PairsFile pairs = read_pairs(s.holdout, rows, cols, {.row_name = file.row_name, .col_name = file.col_name});
  tell_unknown(s.holdout, pairs, rows, cols);
  std::vector<Entry> listed;
  for (const AskedPair& pair : pairs.pairs)
    if (pair.known()) listed.push_back({pair.i, pair.j});
  require(!listed.empty(), s.holdout, ": names no row and column that are known");
  return listed;
}

void predict_asked(const Settings& s, const Predictor& by, const std::vector<Entry>& asked, ResultFolder& out) {
  std::vector<Index> place;
  const Predicted z = predicted(s, by, sorted(by, asked, place));
  AtomicFile file(out.path("predictions.csv"));
  file.write("row,column,prediction,low,high\n");
  for (std::size_t k = 0; k < asked.size(); ++k) {
    file.write(detail::csv_label(by.info.row_labels, asked[k].row) + "," + detail::csv_label(by.info.col_labels, asked[k].col));
    for (const Vector<double>* part : {&z.prediction, &z.low, &z.high}) file.write("," + csv((*part)[place[k]]));
    file.write("\n");
  }
  file.commit();
  write_provenance(s.out + "/predictions.csv", by.info.provenance);
  std::cout << asked.size() << (asked.size() == 1 ? " pair" : " pairs") << " without a rating predicted in " << s.out
            << "/predictions.csv\n";
}

void predict_pairs(const Settings& s, const Predictor& by, ResultFolder& out) {
  const LabelIndex rows(by.info.row_labels, by.model.rows()), cols(by.info.col_labels, by.model.cols());
  const PairsFile pairs =
      read_pairs(s.pairs, rows, cols, {.row_name = by.info.row_name, .col_name = by.info.col_name, .header = header_of_requests(s)});
  if (!s.quiet) std::cerr << s.pairs << ": read as: " << pairs.format << '\n';
  tell_unknown(s.pairs, pairs, rows, cols);
  std::vector<Entry> known;
  for (const AskedPair& pair : pairs.pairs)
    if (pair.known()) known.push_back({pair.i, pair.j});
  std::vector<Index> place;
  Predicted z;
  if (!known.empty()) z = predicted(s, by, sorted(by, known, place));
  AtomicFile file(out.path("predictions.csv"));
  file.write("row,column,prediction,low,high\n");
  std::size_t next = 0;
  for (const AskedPair& pair : pairs.pairs) {
    file.write(csv(pair.row) + "," + csv(pair.col));
    for (const Vector<double>* part : {&z.prediction, &z.low, &z.high}) file.write(pair.known() ? "," + csv((*part)[place[next]]) : ",");
    next += pair.known();
    file.write("\n");
  }
  file.commit();
  write_provenance(s.out + "/predictions.csv", by.info.provenance);
  std::cout << known.size() << " predictions written to " << s.out << "/predictions.csv";
  if (pairs.unknown) std::cout << ", " << pairs.unknown << (pairs.unknown == 1 ? " line" : " lines") << " of unknown ids left empty";
  std::cout << '\n';
  require(!known.empty(), s.pairs, ": names no row and column that are known");
}

void predict_new_rows(const Settings& s, const Predictor& by, ResultFolder& out) {
  const LabelIndex cols(by.info.col_labels, by.model.cols());
  const MatrixFile file = read_new_rows(s.new_rows, cols,
                                        {.row_name = by.info.row_name,
                                         .left_out = by.info.left_out,
                                         .header = header_of_requests(s),
                                         .duplicates = s.read.triplets.duplicates});
  if (!s.quiet) std::cerr << s.new_rows << ": read as: " << file.format << '\n';
  Matrix<double> rows = FoldIn(by.model, by.theta, by.info.preprocessing, {.from_average = true}).rows(file.data);
  if (const std::vector<Index> empty = unobserved(file.data.where).rows; !empty.empty()) {
    std::string names;
    for (std::size_t k = 0; k < std::min<std::size_t>(empty.size(), told_at_most); ++k)
      names += (k ? ", " : "") + (file.row_labels.empty() ? std::to_string(empty[k]) : file.row_labels[static_cast<std::size_t>(empty[k])]);
    std::cerr << "Warning: new rows without any value are predicted as the average row: " << names
              << (empty.size() > told_at_most ? ", ..." : "") << '\n';
  }
  if (by.info.half_widths.known()) {
    AtomicFile gaps(out.path("new_rows_gaps.csv"));
    gaps.write("row,column,prediction,low,high\n");
    for (Index i = 0; i < rows.rows(); ++i) {
      const Index first = file.data.where.row_start()[i], count = file.data.where.row_start()[i + 1] - first;
      const std::vector<Index> seen(file.data.where.col() + first, file.data.where.col() + first + count);
      const Vector<double> half = by.info.half_widths.of_new_row(seen.data(), count);
      for (Index j = 0; j < rows.cols(); ++j) {
        if (std::find(seen.begin(), seen.end(), j) != seen.end()) continue;
        gaps.write(detail::csv_label(file.row_labels, i) + "," + detail::csv_label(by.info.col_labels, j));
        for (double x : {rows(i, j), rows(i, j) - half[j], rows(i, j) + half[j]}) gaps.write("," + csv(s.clipped(x)));
        gaps.write("\n");
      }
    }
    gaps.commit();
    write_provenance(s.out + "/new_rows_gaps.csv", by.info.provenance);
  }
  rows = rows.unaryExpr([&](double x) { return s.clipped(x); });
  for (Index k = 0; k < file.data.count(); ++k) rows(file.data.where[k].row, file.data.where[k].col) = file.data.y[k];
  write_csv(out.path("new_rows.csv"), rows, {file.row_labels, by.info.col_labels}, by.info.provenance);
  std::cout << rows.rows() << " new rows written to " << s.out << "/new_rows.csv\n";
}
