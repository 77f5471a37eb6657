// SPDX-License-Identifier: MIT
// The report for people: what was done, which method won and by how much, how far the predictions can be trusted, and where they fail.
#include <numeric>
#include <tacit/completion/conformal.hpp>
#include <tacit/core/random.hpp>
#include <tacit/hook/spectrum.hpp>
#include <tacit/output/report.hpp>

#include "settings.hpp"

using namespace tacit;

namespace {

std::string holdout_in_words(const Settings& s) {
  if (s.holdout == "entries") return "entries drawn at random";
  if (s.holdout == "rows") return "whole rows drawn at random";
  if (s.holdout == "blocks") return "blocks of rows and columns drawn at random";
  return "the entries listed in " + s.holdout;
}

/// Widths from one half of the tested entries, drawn at random, coverage counted on the other.
void add_calibration(Report& report, std::vector<double> errors, std::uint64_t seed) {
  Random(seed, "calibration").shuffle(errors);
  const std::size_t half = errors.size() / 2;
  if (half < 20) return;
  const std::vector<double> one(errors.begin(), errors.begin() + static_cast<std::ptrdiff_t>(half)),
      other(errors.begin() + static_cast<std::ptrdiff_t>(half), errors.end());
  std::vector<double> asked, found;
  for (int c = 5; c <= 95; c += 5) {
    const double width = conformal_width(one, c / 100.0);
    asked.push_back(c);
    found.push_back(100.0 * static_cast<double>(std::count_if(other.begin(), other.end(), [&](double e) { return e <= width; })) /
                    static_cast<double>(other.size()));
  }
  report.text(
      "Intervals of every coverage were made from one half of held-out entries and counted on the other half. On the straight line they "
      "hold as often as they promise.");
  report.chart({.title = "Calibration of intervals", .x_label = "promised coverage (%)", .y_label = "found coverage (%)"},
               {{"found", asked, found, true}, {"ideal", {0, 100}, {0, 100}}});
}

void add_residuals(Report& report, const CompletionResult& r) {
  std::vector<double> at, value;
  const Index step = std::max<Index>(1, r.tested_y.size() / 1500);
  for (Index k = 0; k < r.tested_y.size(); k += step) at.push_back(r.tested_z[k]), value.push_back(r.tested_y[k] - r.tested_z[k]);
  const double low = *std::min_element(at.begin(), at.end()), high = *std::max_element(at.begin(), at.end());
  report.text(sentence(
      "Each point is a held-out entry", step > 1 ? sentence(" (one of ", step, ")") : std::string(),
      ". Points above the middle were predicted too low. A slope or a funnel would say that errors depend on the size of the value."));
  std::vector<Series> series{{"held-out entries", at, value, true}};
  if (std::isfinite(r.width)) {
    series.push_back({"interval, upper end", {low, high}, {r.width, r.width}});
    series.push_back({"interval, lower end", {low, high}, {-r.width, -r.width}});
  }
  report.chart({.title = "Residuals", .x_label = "predicted", .y_label = "observed - predicted"}, series);
}

void add_singular_values(Report& report, const DeepFit& fit) {
  Matrix<double> right = fit.model->layer(fit.theta, 0);
  const Matrix<double> left = fit.model->layer(fit.theta, fit.model->depth() - 1);
  for (Index l = 1; l + 1 < fit.model->depth(); ++l) right = detail::product(Matrix<double>(fit.model->layer(fit.theta, l)), right);
  SpectrumWorkspace<double> ws;
  Vector<double> sigma;
  singular_values_of_product<double>(left, right, ws, sigma);
  std::vector<double> index, value;
  for (Index k = 0; k < std::min<Index>(sigma.size(), 100) && sigma[k] > 1e-6 * sigma[0]; ++k)
    index.push_back(static_cast<double>(k + 1)), value.push_back(fit.scale * sigma[k]);
  if (value.empty()) return;
  report.text(sentence("How many patterns the rows and columns share, and how strong each is",
                       fit.choice.centre == Centre::none ? std::string() : " beside the " + fit.centre.form, "."));
  report.chart({.title = "Singular values of the completed matrix without its centre",
                .x_label = "number",
                .y_label = "singular value",
                .log_y = value.back() < 0.1 * value[0]},
               {{"", index, value}});
}

void add_worst(Report& report, const CompletionResult& r, const Told& told) {
  Table worst({"row", "column", "observed", "predicted", "error"});
  std::vector<std::size_t> order(r.absolute_errors.size());
  std::iota(order.begin(), order.end(), std::size_t(0));
  const std::size_t count = std::min<std::size_t>(10, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    [&](std::size_t a, std::size_t b) { return r.absolute_errors[a] > r.absolute_errors[b]; });
  const auto label = [](const std::vector<std::string>& labels, Index i) {
    return labels.empty() ? std::to_string(i) : labels[static_cast<std::size_t>(i)];
  };
  for (std::size_t q = 0; q < count; ++q) {
    const auto k = static_cast<Index>(order[q]);
    const Entry at = r.tested_at[order[q]];
    const double y = r.tested_y[k], z = r.tested_z[k];
    worst.add({label(told.row_labels, at.row), label(told.col_labels, at.col), rounded(y, 5), rounded(z, 5), rounded(z - y, 4)});
  }
  report.table(worst, "The ten entries that were predicted worst while held out: worth a look, they may be mistakes in the data");
}

}  // namespace

Table line_table(const CompletionResult& r, const std::vector<std::string>& labels) {
  Table table({r.lines_are_rows ? "row" : "column", "spread", "tested", "rmse", "relative_rmse", "half_width"});
  for (const LineError& line : r.lines) {
    std::vector<double> half;
    const Index others = r.lines_are_rows ? r.half_widths.cols.rows() : r.half_widths.rows.rows();
    for (Index k = 0; k < others; k += std::max<Index>(1, others / 1000))
      half.push_back(r.lines_are_rows ? r.half_widths.at(line.line, k) : r.half_widths.at(k, line.line));
    table.add({labels.empty() ? Cell(line.line) : Cell(labels[static_cast<std::size_t>(line.line)]), rounded(line.spread, 4), line.tested,
               rounded(line.rmse, 4), rounded(line.relative(), 4), rounded(detail::median_of(half, 0), 4)});
  }
  return table;
}

std::vector<std::string> scaling_remarks(const CompletionResult& r, const std::vector<std::string>& col_labels) {
  std::vector<std::string> remarks;
  const double ratio = r.lines_are_rows ? r.row_ratio : r.column_ratio;
  const char* lines = r.lines_are_rows ? "rows" : "columns";
  if (ratio > 10)
    remarks.push_back(sentence("Warning: the spreads of ", lines, " differ by a factor of ", rounded(ratio, 3),
                               r.relative() ? ", as if they were in different units."
                                            : "; they were taken for one unit all the same (--scale columns would not)."));
  if (r.scaling != Scaling::none)
    remarks.push_back(sentence(
        "Scales were taken off ", r.scaling == Scaling::both ? "rows and columns" : lines, " (--scale none would not)",
        r.relative() ? sentence(": errors of methods are relative to the spread of each ", r.lines_are_rows ? "row" : "column",
                                "; in the units of the file they stand in ", lines, ".csv.")
                     : std::string(", which lowers the error of a first fit clearly; spreads alone would not have asked for it.")));
  if (!r.constant_columns.empty()) {
    std::string names;
    for (std::size_t k = 0; k < std::min<std::size_t>(r.constant_columns.size(), 10); ++k)
      names += (k ? ", " : "") +
               (col_labels.empty() ? std::to_string(r.constant_columns[k]) : col_labels[static_cast<std::size_t>(r.constant_columns[k])]);
    remarks.push_back("Constant columns are filled with their constant and left out of everything else: " + names +
                      (r.constant_columns.size() > 10 ? ", ..." : "") + ".");
  }
  return remarks;
}

std::string verdict(const CompletionResult& r) {
  const MethodResult& chosen = r.chosen();
  std::string text =
      sentence("Chosen by its validation error: ", chosen.name, " (", chosen.settings, "), with an error of ", rounded(chosen.rmse, 4),
               std::isfinite(chosen.standard_error) ? sentence(" +- ", rounded(chosen.standard_error, 2)) : std::string(),
               r.relative() ? (r.lines_are_rows ? " spreads of a row" : " spreads of a column") : "", " on entries it has not seen.");
  const MethodResult* rival = nullptr;
  for (const MethodResult& m : r.methods)
    if (!m.ours && std::isfinite(m.rmse) && (!rival || m.rmse < rival->rmse)) rival = &m;
  if (!rival) return text;
  text += sentence(" The best of the others, ", rival->name, ", has ", rounded(rival->rmse, 4));
  if (!std::isfinite(rival->difference_error)) return text + "; one fold does not tell whether that is chance.";
  const double half = half_interval(rival->difference_error, r.folds), low = rival->difference - half, high = rival->difference + half;
  return text + sentence(": ",
                         low > 0    ? "worse, beyond what chance would explain"
                         : high < 0 ? "better, beyond what chance would explain"
                                    : "a difference that chance may explain",
                         " (paired difference ", rounded(rival->difference, 2), ", 95 % interval ", rounded(low, 2), " to ",
                         rounded(high, 2), r.folds == 1 ? ", from the entries of the one fold there was time for)." : ").");
}

void write_report(const Settings& s, const CompletionResult& r, const Told& told, const Provenance& provenance) {
  const MethodResult& chosen = r.chosen();
  Report report("Completion of " + s.data);
  report.text(sentence(
      "The file was read as: ", told.format, ". It has ", told.rows, " rows and ", told.cols, " columns; ", told.observed,
      " entries are observed, ",
      rounded(100 * static_cast<double>(told.observed) / (static_cast<double>(told.rows) * static_cast<double>(told.cols)), 3), " %."));
  report.text(sentence(
      "What was done: ", holdout_in_words(s), " were held out, ", r.folds, r.folds == 1 ? " time" : " times",
      "; on what was left every method chose its settings by a further ", rounded(100 * s.how.validation, 3),
      " % set aside, and was then tested on the held-out entries, which nothing had seen. The method of ours with the lowest error on the "
      "entries set aside was then ",
      s.how.refit ? "fitted once more to everything, and filled the gaps." : "fitted once more to a training part, and filled the gaps."));
  const double spread = r.relative() ? 1 : told.spread;  // errors are then in spreads of their column
  report.text(
      sentence("A typical error of ", rounded(chosen.rmse, 3), " stands against a spread of the data of ", rounded(spread, 3),
               r.relative() ? (r.lines_are_rows ? ", both in units of each row's spread" : ", both in units of each column's spread") : "",
               ": the completion explains ", rounded(100 * std::max(0.0, 1 - chosen.rmse * chosen.rmse / (spread * spread)), 3),
               " % of the variance of entries it has not seen."));
  for (const std::string& remark : told.remarks) report.text(remark);
  Table errors({"method", "error (RMSE)", "\u00b1", "difference to the chosen", "\u00b1 ", "chosen"}),
      settings({"method", "settings (first fold)", "seconds"});
  for (const MethodResult& m : r.methods) {
    const auto number = [](double x, int digits) { return std::isfinite(x) ? Cell(rounded(x, digits)) : Cell("\u2013"); };
    errors.add({m.name, number(m.rmse, 4), number(m.standard_error, 2), m.chosen ? Cell("") : number(m.difference, 3),
                m.chosen ? Cell("") : number(m.difference_error, 2), m.chosen ? "yes" : ""});
    settings.add({m.name, m.settings, rounded(m.seconds, 3)});
  }
  report.heading("The methods")
      .table(errors, sentence("Root mean square errors on held-out entries; \u00b1 are standard errors over ", r.folds,
                              " folds, of differences within folds"));
  if (r.relative() && r.lines.size() <= 100)
    report.table(
        line_table(r, r.lines_are_rows ? told.row_labels : told.col_labels),
        "Errors of the chosen method in the units of the file, and relative to the spread of each line; half_width: of a typical interval");
  report.heading("How far to trust it");
  add_calibration(report, r.interval_errors, s.how.seed);
  add_residuals(report, r);
  add_worst(report, r, told);
  report.heading("What was found");
  add_singular_values(report, r.fit);
  report.table(settings, "Settings that each method chose, and seconds of all folds together");
  report.settings(provenance).write(s.out + "/report.html");
}
