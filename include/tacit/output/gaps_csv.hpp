// SPDX-License-Identifier: MIT
#pragma once
// Every gap of a matrix with its prediction and interval as CSV, written row by row as they are predicted: memory is that of some 10^5 gaps, whatever their
// number.  write_gaps(path, seen, labels, predict)  asks  predict(at)  for the entries of each chunk, which returns the columns prediction, low and high.

#include <string>
#include <vector>

#include "../io/csv_writer.hpp"
#include "../observation/entries.hpp"

namespace tacit {

/// Predictions at some entries, and where the truth is expected.
struct Predicted {
  Vector<double> prediction, low, high;
};

/// How many entries are not observed; a double, since there may be more than 2^63.
inline double count_gaps(const Entries& seen) {
  return static_cast<double>(seen.rows()) * static_cast<double>(seen.cols()) - static_cast<double>(seen.count());
}

namespace detail {

/// Labels as CSV cells, or numbers from 0 where there are none.
inline std::string csv_label(const std::vector<std::string>& labels, Index k) {
  return csv(labels.empty() ? Cell(k) : Cell(labels[static_cast<std::size_t>(k)]));
}

}  // namespace detail

/// Writes row,column,prediction,low,high and `path`.meta.json.                                     O(rows * cols) beside the predictions
template <class Predict>
void write_gaps(const std::string& path, const Entries& seen, const MatrixLabels& labels, Predict predict,
                const Provenance& provenance = {}, Index chunk = 100'000) {
  AtomicFile file(path);
  file.write("row,column,prediction,low,high\n");
  Entries::Indices row, col;
  std::string lines;
  const auto flush = [&] {
    if (row.empty()) return;
    const Entries at(seen.rows(), seen.cols(), std::move(row), std::move(col));
    row.clear(), col.clear();
    const Predicted z = predict(at);
    lines.clear();
    for (Index k = 0; k < at.count(); ++k) {
      const Entry entry = at[k];
      lines += detail::csv_label(labels.rows, entry.row);
      lines += ',';
      lines += detail::csv_label(labels.cols, entry.col);
      for (const Vector<double>* part : {&z.prediction, &z.low, &z.high}) (lines += ',') += csv((*part)[k]);
      lines += '\n';
    }
    file.write(lines);
  };
  for (Index i = 0; i < seen.rows(); ++i) {
    for (Index j = 0, k = seen.row_start()[i]; j < seen.cols(); ++j) {
      if (k < seen.row_start()[i + 1] && seen.col()[k] == j) {
        ++k;
        continue;
      }
      row.push_back(static_cast<std::int32_t>(i));
      col.push_back(static_cast<std::int32_t>(j));
    }
    if (static_cast<Index>(row.size()) >= chunk) flush();
  }
  flush();
  file.commit();
  write_provenance(path, provenance);
}

/// The labels of rows or columns of an array beside it: index,label, the index from 0.
inline void write_labels(const std::string& path, const std::vector<std::string>& labels, const Provenance& provenance = {}) {
  AtomicFile file(path);
  file.write("index,label\n");
  for (std::size_t k = 0; k < labels.size(); ++k)
    file.write(decimal(static_cast<std::int64_t>(k))).write(",").write(csv(labels[k])).write("\n");
  file.commit();
  write_provenance(path, provenance);
}

}  // namespace tacit
