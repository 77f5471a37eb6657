// SPDX-License-Identifier: MIT
#pragma once
// CSV as RFC 4180 has it, but with \n: a header line, comma-separated cells, text quoted where it needs to be. Numbers keep their shortest exact
// form; NaN and missing are empty cells, infinities inf and -inf: pandas.read_csv and numpy.genfromtxt(delimiter=",", names=True) read them as they
// are. What made the file goes into `path`.meta.json (provenance.hpp).

#include <cmath>
#include <string>
#include <vector>

#include "atomic_file.hpp"
#include "provenance.hpp"
#include "table.hpp"

namespace tacit {

/// One cell of a CSV file.
inline std::string csv(const Cell& cell) {
  if (cell.is_missing()) return "";
  std::string text = cell.text();
  if (!cell.is_text() || text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

inline void write_csv(const std::string& path, const Table& table, const Provenance& provenance = {}) {
  require(table.cols() > 0, "write_csv: the table for ", path, " has no columns");
  AtomicFile file(path);
  for (Index c = 0; c < table.cols(); ++c) file.write(c ? "," : "").write(csv(table.name(c)));
  file.write("\n");
  for (Index r = 0; r < table.rows(); ++r) {
    for (Index c = 0; c < table.cols(); ++c) file.write(c ? "," : "").write(csv(table.at(r, c)));
    file.write("\n");
  }
  file.commit();
  write_provenance(path, provenance);
}

/// Labels of a matrix file; either may be empty.
struct MatrixLabels {
  std::vector<std::string> rows = {}, cols = {};
};

/// A matrix, NaN as an empty cell. With labels it has a header line and a first column of row labels, as pandas writes a frame and as
/// read_csv (data/csv.hpp) reads it back (numeric column labels with `.header = Labels::present`); without, it is numbers only.
template <class Derived>
void write_csv(const std::string& path, const Eigen::MatrixBase<Derived>& W, const MatrixLabels& labels = {},
               const Provenance& provenance = {}) {
  require(labels.rows.empty() || static_cast<Index>(labels.rows.size()) == W.rows(), "write_csv: got ", labels.rows.size(),
          " row labels for ", W.rows(), " rows");
  require(labels.cols.empty() || static_cast<Index>(labels.cols.size()) == W.cols(), "write_csv: got ", labels.cols.size(),
          " column labels for ", W.cols(), " columns");
  const auto& dense = W.derived().eval();
  const auto label = [](const std::vector<std::string>& names, Index k) {
    return csv(names.empty() ? Cell(k) : Cell(names[static_cast<std::size_t>(k)]));
  };
  const bool labelled = !labels.rows.empty() || !labels.cols.empty();
  AtomicFile file(path);
  if (labelled) {
    for (Index j = 0; j < W.cols(); ++j) file.write(",").write(label(labels.cols, j));
    file.write("\n");
  }
  for (Index i = 0; i < W.rows(); ++i) {
    if (labelled) file.write(label(labels.rows, i)).write(",");
    for (Index j = 0; j < W.cols(); ++j) file.write(j ? "," : "").write(csv(static_cast<double>(dense(i, j))));
    file.write("\n");
  }
  file.commit();
  write_provenance(path, provenance);
}

}  // namespace tacit
