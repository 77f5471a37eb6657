// SPDX-License-Identifier: MIT
// Fitting: the comparison, the choice, the completed file and the report.
#include <iostream>
#include <tacit/completion/complete.hpp>
#include <tacit/data/input_file.hpp>
#include <tacit/data/protocol.hpp>
#include <tacit/io/csv_writer.hpp>
#include <tacit/io/jsonl_writer.hpp>
#include <tacit/io/npy_writer.hpp>

#include "settings.hpp"

using namespace tacit;

namespace {

std::string listed(const std::vector<Index>& items, const std::vector<std::string>& labels) {
  std::string text;
  for (std::size_t k = 0; k < std::min<std::size_t>(items.size(), 10); ++k)
    text += (k ? ", " : "") + (labels.empty() ? std::to_string(items[k]) : labels[static_cast<std::size_t>(items[k])]);
  return text + (items.size() > 10 ? ", ..." : "");
}

Holdout holdout_of(const Settings& s, const MatrixFile& file) {
  if (s.holdout == "entries") return {};
  if (s.holdout == "rows") return {HoldoutKind::rows};
  if (s.holdout == "blocks") return {HoldoutKind::blocks};
  return {HoldoutKind::listed, listed_pairs(s, file)};
}

/// Every gap with its interval, but for more of them than asked for.
void write_all_gaps(const Settings& s, const Predictor& by, const MatrixFile& file, ResultFolder& out, std::vector<std::string>& remarks) {
  const double gaps = count_gaps(file.data.where);
  if (gaps > s.gaps)
    remarks.push_back(sentence("gaps.csv is left out: there are ", gaps, " gaps, more than ", s.gaps,
                               "; --gaps N writes up to N, and --predict FILE the pairs in a file."));
  else if (gaps > 0)
    write_gaps(
        out.path("gaps.csv"), file.data.where, {file.row_labels, file.col_labels}, [&](const Entries& at) { return predicted(s, by, at); },
        by.info.provenance);
}

/// Labels beside the array, whose rows and columns have numbers only.
void write_labels_beside(const MatrixFile& file, ResultFolder& out, const Provenance& provenance) {
  if (!file.row_labels.empty()) write_labels(out.path("completed_rows.csv"), file.row_labels, provenance);
  if (!file.col_labels.empty()) write_labels(out.path("completed_columns.csv"), file.col_labels, provenance);
}

/// The data with the folds of a file, where one is asked for.
Protocol with_protocol(const Settings& s, MatrixFile file) {
  if (!s.test.empty()) return read_test_file(std::move(file), s.test, s.read.triplets);
  if (!s.folds_file.empty()) return read_folds_file(std::move(file), s.folds_file);
  return {std::move(file), {}};
}

}  // namespace

Predictor fit(const Settings& s, ResultFolder& out) {
  InputFile file = read_input(s.data, s.read);
  Protocol protocol = with_protocol(s, std::move(static_cast<MatrixFile&>(file)));
  static_cast<MatrixFile&>(file) = std::move(protocol.file);  // with rows and columns that only a test file knows
  const Index rows = file.data.where.rows(), cols = file.data.where.cols();
  if (!s.quiet) std::cerr << s.data << ": read as: " << file.format << '\n';
  std::vector<std::string> remarks = file.remarks;
  require(rows > 1 && cols > 1, s.data, ": holds a ", rows, " x ", cols, " matrix (", file.format,
          "); a completion needs two rows and two columns at least");
  if (file.kind == FileKind::matrix && file.data.count() == rows * cols)
    remarks.push_back("The table has no gap: completed.csv is the file as it came.");
  const auto missing = unobserved(file.data.where);
  if (!missing.rows.empty())
    remarks.push_back("Warning: rows without any observation, they are filled with the average row: " +
                      listed(missing.rows, file.row_labels));
  if (!missing.cols.empty())
    remarks.push_back("Warning: columns without any observation, they are filled with the average column: " +
                      listed(missing.cols, file.col_labels));
  for (const std::string& remark : remarks) std::cerr << remark << '\n';
  require(file.data.y.maxCoeff() > file.data.y.minCoeff(), "all entries of ", s.data, " are equal to ", file.data.y[0],
          ", there is nothing to learn");

  CompletionSettings how = s.how;
  how.holdout = holdout_of(s, file);
  const CompletionResult result = complete(file.data, how, std::move(protocol.folds));
  const Table table = result.table();
  Provenance provenance = s.provenance();
  provenance.set("interval_width", result.width);
  remarks.push_back(verdict(result));
  if (result.folds < result.folds_asked)
    remarks.push_back(sentence("The budget of ", s.budget, " was over after ", result.folds, " of ", result.folds_asked, " folds."));
  remarks.push_back(sentence("Intervals are made to hold for ", 100 * s.how.coverage,
                             " % of entries that are missing as the held-out ones were (",
                             s.holdout == "entries" ? "at random, and in the pattern of the gaps where they have one" : s.holdout,
                             "). They are wider where a row or column has few entries",
                             result.relative() ? "." : sentence("; one for all would be prediction +- ", rounded(result.width, 4), ".")));
  for (const std::string& remark : scaling_remarks(result, file.col_labels)) remarks.push_back(remark);

  ModelInfo info{result.fit.preprocessing(), file.row_labels, file.col_labels, provenance, result.half_widths};
  info.row_name = file.row_name, info.col_name = file.col_name, info.left_out = file.left_out;
  info.low = s.low(), info.high = s.high();
  const Predictor by{*result.fit.model, result.fit.theta, info, result.width};
  write_json(out.path("summary.json"), table, provenance);
  write_csv(out.path("summary.csv"), table, provenance);

  const std::vector<std::string>& line_labels = result.lines_are_rows ? file.row_labels : file.col_labels;
  write_csv(out.path(result.lines_are_rows ? "rows.csv" : "columns.csv"), line_table(result, line_labels), provenance);
  write_all_gaps(s, by, file, out, remarks);
  if (!file.asked.empty() && s.pairs.empty()) predict_asked(s, by, file.asked, out);
  if (static_cast<double>(rows) * static_cast<double>(cols) <= Shape::dense_limit) {
    Matrix<double> W = predict(by.model, by.theta, by.info.preprocessing);
    if (s.low()) W = W.cwiseMax(*s.low()).cwiseMin(*s.high());
    if (file.kind == FileKind::matrix) write_completed(out.path("completed.csv"), file, W, {.low = s.low(), .high = s.high()}, provenance);
    for (Index k = 0; k < file.data.count(); ++k) W(file.data.where[k].row, file.data.where[k].col) = file.data.y[k];
    write_npy(out.path("completed.npy"), W, provenance);
    write_labels_beside(file, out, provenance);
  } else {
    remarks.push_back(sentence("completed.npy is left out: it would have ", rows, " x ", cols, " entries, more than the ",
                               Shape::dense_limit, " that are formed; --predict FILE predicts the pairs in a file."));
  }

  const double spread = std::sqrt((file.data.y.array() - file.data.y.mean()).square().mean());
  write_report(s, result, {rows, cols, file.data.count(), spread, file.format, remarks, file.row_labels, file.col_labels}, provenance);
  write_provenance(out.path("report.html"), provenance);

  std::cout << table << '\n';
  if (result.relative() && result.lines.size() <= 30) std::cout << line_table(result, line_labels) << '\n';
  for (const std::string& remark : remarks) std::cout << remark << '\n';
  std::cout << "written to " << s.out << ':';
  for (const std::string& name : out.written()) std::cout << ' ' << name;
  std::cout << '\n';
  return by;
}
