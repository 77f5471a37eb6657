// SPDX-License-Identifier: MIT
// Fitting: the comparison, the choice, the completed file and the report.
#include <iostream>
#include <tacit/data/protocol.hpp>
#include <tacit/data/read.hpp>
#include <tacit/data/table.hpp>
#include <tacit/hook/spectrum.hpp>
#include <tacit/output/csv.hpp>
#include <tacit/output/jsonl.hpp>
#include <tacit/output/npy.hpp>
#include <tacit/output/report.hpp>

#include "settings.hpp"

using namespace tacit;

namespace {

std::string listed(const std::vector<Index>& items, const std::vector<std::string>& labels) {
  std::string text;
  for (std::size_t k = 0; k < std::min<std::size_t>(items.size(), 10); ++k)
    text += (k ? ", " : "") + (labels.empty() ? std::to_string(items[k]) : labels[static_cast<std::size_t>(items[k])]);
  return text + (items.size() > 10 ? ", ..." : "");
}

/// Which method won and by how much, in words.
std::string verdict(const CompletionResult& r) {
  const MethodResult& chosen = r.chosen();
  std::string text = sentence("Chosen by its validation error: ", chosen.name, " (", chosen.settings, "), with an error of ", rounded(chosen.rmse, 4),
                              " +- ", rounded(chosen.standard_error, 2), " on entries it has not seen.");
  const MethodResult* rival = nullptr;
  for (const MethodResult& m : r.methods)
    if (!m.ours && (!rival || m.rmse < rival->rmse)) rival = &m;
  if (!rival) return text;
  const double low = rival->difference - 2 * rival->difference_error, high = rival->difference + 2 * rival->difference_error;
  text += sentence(" The best of the others, ", rival->name, ", has ", rounded(rival->rmse, 4), ": ",
                   low > 0 ? "worse, beyond what chance would explain" : high < 0 ? "better, beyond what chance would explain" : "a difference that chance may explain",
                   " (paired difference ", rounded(rival->difference, 2), " +- ", rounded(rival->difference_error, 2), ").");
  return text;
}

/// The data with the folds of a file, where one is asked for.
Protocol with_protocol(const Settings& s, MatrixFile file) {
  if (!s.test.empty()) return read_test_file(std::move(file), s.test);
  if (!s.folds_file.empty()) return read_folds_file(std::move(file), s.folds_file);
  return {std::move(file), {}};
}
std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
  return text;
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
    remarks.push_back("Warning: rows without any observation, which are predicted by column averages alone: " + listed(missing.rows, file.row_labels));
  if (!missing.cols.empty())
    remarks.push_back("Warning: columns without any observation, which are predicted by row averages alone: " + listed(missing.cols, file.col_labels));
  for (const std::string& remark : remarks) std::cerr << remark << '\n';
  require(file.data.y.maxCoeff() > file.data.y.minCoeff(), "all entries of ", s.data, " are equal to ", file.data.y[0], ", there is nothing to learn");

  const CompletionResult result = complete(file.data, s.how, std::move(protocol.folds));
  if (!result.left_out.empty()) remarks.push_back(sentence("Left out, since one fold of them would take longer than the budget of ", s.budget, ": ", joined(result.left_out), "."));
  const Table table = result.table();
  Provenance provenance = s.provenance();
  provenance.set("interval_width", result.width);
  remarks.push_back(verdict(result));
  if (result.folds < result.folds_asked)
    remarks.push_back(sentence("The budget of ", s.budget, " was over after ", result.folds, " of ", result.folds_asked, " folds."));
  remarks.push_back(sentence("Intervals: prediction +- ", rounded(result.width, 4), " holds for ", 100 * s.how.coverage,
                             " % of entries that are missing as randomly as the folds were drawn; nothing is promised where gaps have a pattern."));

  const Predictor by{*result.fit.model, result.fit.theta, {result.fit.preprocessing(), file.row_labels, file.col_labels, provenance}, result.width};
  std::vector<std::string> files{"summary.json", "summary.csv", "report.html"};
  const std::string folder = s.out + '/';
  write_json(folder + files[0], table, provenance);
  write_csv(folder + files[1], table, provenance);

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

  Report report("Completion of " + s.data);
  report.text(sentence(rows, " x ", cols, ", ", file.data.count(), " observed entries (", rounded(100 * file.data.where.density(), 3), " %). ",
                       result.folds, " folds: every method was tuned on validation entries of the other folds and tested on entries that nothing had seen."));
  for (const std::string& remark : remarks) report.text(remark);
  report.table(table, "Every method; errors are root mean squares, +- standard errors over folds");
  {  // of n intervals of each width, how many hold: asked for against found
    std::vector<double> asked, found, sorted = result.absolute_errors;
    std::sort(sorted.begin(), sorted.end());
    const std::size_t half = sorted.size() / 2;
    std::vector<double> odd, even;  // widths from one half of the tested entries, coverage counted on the other
    for (std::size_t k = 0; k < result.absolute_errors.size(); ++k) (k % 2 ? odd : even).push_back(result.absolute_errors[k]);
    for (int c = 5; c <= 95 && half > 20; c += 5) {
      const double width = conformal_width(odd, c / 100.0);
      asked.push_back(c);
      found.push_back(100.0 * static_cast<double>(std::count_if(even.begin(), even.end(), [&](double e) { return e <= width; })) / static_cast<double>(even.size()));
    }
    if (!asked.empty())
      report.chart({.title = "Calibration of intervals", .x_label = "asked coverage (%)", .y_label = "found coverage (%)"},
                   {{"found, on the other half", asked, found}, {"ideal", asked, asked}});
    std::vector<double> at, value;
    for (std::size_t k = 0; k < sorted.size(); k += std::max<std::size_t>(1, sorted.size() / 400)) {
      at.push_back(100 * (static_cast<double>(k) + 0.5) / static_cast<double>(sorted.size()));
      value.push_back(sorted[k]);
    }
    report.chart({.title = "Absolute errors on held-out entries", .x_label = "share of entries (%)", .y_label = "error at most (units of the data)"}, {{"chosen method", at, value}});
  }
  if (dense) {
    SpectrumWorkspace<double> ws;
    Vector<double> sigma;
    singular_values(predict(by.model, by.theta, by.info.preprocessing), ws, sigma);
    std::vector<double> index, value;
    for (Index k = 0; k < std::min<Index>(sigma.size(), 100); ++k) index.push_back(static_cast<double>(k + 1)), value.push_back(std::max(sigma[k], 1e-12 * sigma[0]));
    report.chart({.title = "Singular values of the predictions", .x_label = "number", .y_label = "singular value (units of the data)", .log_y = true}, {{"predictions", index, value}});
  }
  {  // the ten entries that the other folds predicted worst
    Table worst({"row", "column", "observed", "predicted", "error"});
    std::vector<std::size_t> order(result.absolute_errors.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(10, order.size())), order.end(),
                      [&](std::size_t a, std::size_t b) { return result.absolute_errors[a] > result.absolute_errors[b]; });
    for (std::size_t q = 0; q < std::min<std::size_t>(10, order.size()); ++q) {
      const auto k = static_cast<Index>(order[q]);
      const Entry at = result.tested_at[order[q]];
      const auto label = [](const std::vector<std::string>& labels, Index i) { return labels.empty() ? std::to_string(i) : labels[static_cast<std::size_t>(i)]; };
      worst.add({label(file.row_labels, at.row), label(file.col_labels, at.col), result.tested_y[k], result.tested_z[k], result.tested_z[k] - result.tested_y[k]});
    }
    report.table(worst, "The ten entries that were predicted worst while held out");
  }
  report.settings(provenance).write(folder + files[2]);

  std::cout << table << '\n';
  for (const std::string& remark : remarks) std::cout << remark << '\n';
  std::cout << "written to " << s.out << ':';
  for (const std::string& name : files) std::cout << ' ' << name;
  std::cout << '\n';
  return by;
}
