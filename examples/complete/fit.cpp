// SPDX-License-Identifier: MIT
// Fitting: the comparison, the choice, the completed file and the report.
#include <iostream>
#include <tacit/completion/complete.hpp>
#include <tacit/data/protocol.hpp>
#include <tacit/data/read.hpp>
#include <tacit/data/table.hpp>
#include <tacit/output/csv.hpp>
#include <tacit/output/jsonl.hpp>
#include <tacit/output/npy.hpp>

#include "ids.hpp"
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
  Holdout listed{HoldoutKind::listed};
  for (const Pair& pair :
       read_pairs(s.holdout, Lines(file.row_labels, file.data.where.rows()), Lines(file.col_labels, file.data.where.cols())).known)
    listed.list.push_back(pair.at);
  return listed;
}

/// Every gap with its interval, up to a million of them.
void write_gaps(const Settings& s, const Predictor& by, const MatrixFile& file, std::vector<std::string>& files,
                const Provenance& provenance) {
  const Entries& seen = file.data.where;
  const double gaps = static_cast<double>(seen.rows()) * static_cast<double>(seen.cols()) - static_cast<double>(seen.count());
  if (gaps == 0 || gaps > 1e6) return;
  Entries::Indices row, col;
  for (Index i = 0; i < seen.rows(); ++i)
    for (Index j = 0, k = seen.row_start()[i]; j < seen.cols(); ++j) {
      if (k < seen.row_start()[i + 1] && seen.col()[k] == j) ++k;
      else row.push_back(static_cast<std::int32_t>(i)), col.push_back(static_cast<std::int32_t>(j));
    }
  const Entries at(seen.rows(), seen.cols(), std::move(row), std::move(col));
  const Vector<double> z = predict(by.model, by.theta, by.info.preprocessing, at);
  const auto name = [](const std::vector<std::string>& labels, Index k) {
    return labels.empty() ? Cell(k) : Cell(labels[static_cast<std::size_t>(k)]);
  };
  Table table({"row", "column", "prediction", "low", "high"});
  for (Index k = 0; k < at.count(); ++k)
    table.add({name(file.row_labels, at[k].row), name(file.col_labels, at[k].col), s.clipped(z[k]), s.clipped(z[k] - by.half_width(at[k])),
               s.clipped(z[k] + by.half_width(at[k]))});
  write_csv(s.out + "/gaps.csv", table, provenance);
  files.emplace_back("gaps.csv");
}

/// The data with the folds of a file, where one is asked for.
Protocol with_protocol(const Settings& s, MatrixFile file) {
  if (!s.test.empty()) return read_test_file(std::move(file), s.test);
  if (!s.folds_file.empty()) return read_folds_file(std::move(file), s.folds_file);
  return {std::move(file), {}};
}

}  // namespace

Predictor fit(const Settings& s) {
  ReadOptions options;
  options.mode = s.mode;
  options.csv.marks = true;
  const bool npy = detail::looks_like_npy(s.data);
  Protocol protocol = with_protocol(s, read_observed(s.data, options));
  const MatrixFile& file = protocol.file;
  const bool is_table = !npy && file.format.rfind("matrix", 0) == 0;
  const Index rows = file.data.where.rows(), cols = file.data.where.cols();
  if (!s.quiet) std::cerr << s.data << ": " << file.format << '\n';
  std::vector<std::string> remarks;
  const auto missing = unobserved(file.data.where);
  if (!missing.rows.empty())
    remarks.push_back("Warning: rows without any observation, their predictions are the averages of others, or 0: " +
                      listed(missing.rows, file.row_labels));
  if (!missing.cols.empty())
    remarks.push_back("Warning: columns without any observation, their predictions are the averages of others, or 0: " +
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

  const Predictor by{*result.fit.model,
                     result.fit.theta,
                     {result.fit.preprocessing(), file.row_labels, file.col_labels, provenance, result.half_widths},
                     result.width};
  std::vector<std::string> files{"summary.json", "summary.csv", "report.html"};
  const std::string folder = s.out + '/';
  write_json(folder + files[0], table, provenance);
  write_csv(folder + files[1], table, provenance);

  const std::vector<std::string>& line_labels = result.lines_are_rows ? file.row_labels : file.col_labels;
  write_csv(folder + (result.lines_are_rows ? "rows.csv" : "columns.csv"), line_table(result, line_labels), provenance);
  files.emplace_back(result.lines_are_rows ? "rows.csv" : "columns.csv");
  write_gaps(s, by, file, files, provenance);
  const bool dense = static_cast<double>(rows) * static_cast<double>(cols) <= Shape::dense_limit;
  if (dense) {
    Matrix<double> W = predict(by.model, by.theta, by.info.preprocessing);
    if (s.low()) W = W.cwiseMax(*s.low()).cwiseMin(*s.high());
    if (is_table) {
      const TableFile original = read_table(s.data);
      write_completed(folder + "completed.csv", original, W, {.low = s.low(), .high = s.high()}, provenance);
      files.emplace_back("completed.csv");
    }
    for (Index k = 0; k < file.data.count(); ++k) W(file.data.where[k].row, file.data.where[k].col) = file.data.y[k];
    write_npy(folder + "completed.npy", W, provenance);
    files.emplace_back("completed.npy");
  }

  const double spread = std::sqrt((file.data.y.array() - file.data.y.mean()).square().mean());
  write_report(s, result, {rows, cols, file.data.count(), spread, file.format, remarks, file.row_labels, file.col_labels}, provenance);

  std::cout << table << '\n';
  if (result.relative() && result.lines.size() <= 30) std::cout << line_table(result, line_labels) << '\n';
  for (const std::string& remark : remarks) std::cout << remark << '\n';
  std::cout << "written to " << s.out << ':';
  for (const std::string& name : files) std::cout << ' ' << name;
  std::cout << '\n';
  return by;
}
