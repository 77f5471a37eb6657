// SPDX-License-Identifier: MIT
#include "report.hpp"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <tacit/io/csv_writer.hpp>
#include <tacit/io/jsonl_writer.hpp>
#include <tacit/output/report.hpp>

namespace {

using tacit::sentence;

/// A gnuplot script for two panels side by side; CSV files are read by column name.
std::string gnuplot_script(const Findings& f) {
  const bool synthetic = f.settings.data.empty();
  const auto column_of = [&](const std::string& column) {
    std::string curves;
    for (const Result& r : f.results)
      curves += sentence(curves.empty() ? "plot " : ", \\\n     ", "'depth-", r.depth, ".csv' using 'iteration':'", column,
                         "' with lines lw 2 title 'depth ", r.depth, "'");
    return curves;
  };
  // Drawn flat, as far as the longest run: what there is to compare with.
  const auto level = [&](double value, const char* name, const char* style) {
    return sentence(", \\\n     ", value, " with lines lw 1.5 ", style, " title '", name, "'");
  };
  std::string script =
      "# gnuplot figure.gp\n"
      "set terminal pngcairo size 1500,620 font 'Sans,13'\nset output 'figure.png'\nset datafile separator ','\n"
      "set xlabel 'iteration'\nset grid\nset logscale y\nset key below\nset multiplot layout 1,2\n";
  script += synthetic ? "set title 'Error over all entries'\nset format y '10^{%T}'\nset ylabel 'relative error (1)'\n"
                      : "set title 'Error on validation entries'\nset ylabel 'RMSE (training standard deviations)'\n";
  const char* convex = "dt 4 lc 'gray30'";
  const bool compared = synthetic && f.settings.baseline;  // the baseline is the last row
  script += column_of(synthetic ? "relative_error" : "validation_rmse");
  if (compared) script += level(f.summary.numbers("relative_error").back(), "minimum nuclear norm", convex);
  script +=
      "\nset title 'Effective rank'\nset format y '%g'\nset ytics add (1, 2, 3, 5, 10, 20, 50, 100)\nset yrange [1:*]\n"
      "set ylabel 'effective rank (1)'\n" +
      column_of("effective_rank");
  if (compared) script += level(f.summary.numbers("effective_rank").back(), "minimum nuclear norm", convex);
  if (synthetic) script += level(f.summary.numbers("truth_effective_rank").front(), "truth", "dt 2 lc 'black'");
  return script + "\nunset multiplot\n";
}

}  // namespace

std::vector<std::string> Findings::write() const {
  const std::string folder = settings.out + '/';
  std::vector<std::string> files{"summary.json", "summary.csv"};
  tacit::write_json(folder + files[0], summary, provenance);
  tacit::write_csv(folder + files[1], summary, provenance);
  for (const Result& r : results) {
    files.push_back(sentence("depth-", r.depth, ".csv"));
    tacit::write_csv(folder + files.back(), r.trajectory, provenance);
  }

  tacit::Report report(settings.data.empty() ? "Matrix completion by depth" : "Completion of " + settings.data);
  report.text(headline).table(summary, "Every method, none left out");
  for (const std::string& remark : remarks) report.text(remark);
  const bool synthetic = settings.data.empty();
  const auto chart = [&](const char* title, const char* y_label, const char* column, bool log_y) {
    std::vector<tacit::Series> series;
    for (const Result& r : results) {
      series.push_back({sentence("depth ", r.depth), r.trajectory.numbers("iteration"), r.trajectory.numbers(column)});
    }
    report.chart({.title = title, .x_label = "iteration", .y_label = y_label, .log_y = log_y}, series);
  };
  if (synthetic) chart("Error over all entries", "relative error (1)", "relative_error", true);
  else chart("Error on validation entries", "RMSE (training standard deviations)", "validation_rmse", true);
  chart("Training loss", synthetic ? "mean square (1)" : "mean square (training variances)", "loss", true);
  chart("Effective rank", "effective rank (1)", "effective_rank", true);
  for (const Result& r : results) {
    if (!std::isfinite(r.effective_rank)) continue;  // too large for spectra along the run
    std::vector<tacit::Series> series;
    for (int k = 1; k <= 10 && r.trajectory.has(sentence("sigma_", k)); ++k)
      series.push_back({sentence("sigma ", k), r.trajectory.numbers("iteration"), r.trajectory.numbers(sentence("sigma_", k))});
    report.chart({.title = sentence("Largest singular values, depth ", r.depth),
                  .x_label = "iteration",
                  .y_label = synthetic ? "singular value (1)" : "singular value (training standard deviations)"},
                 series);
  }
  report.settings(provenance).write(folder + "report.html");
  files.emplace_back("report.html");

  tacit::write_file(folder + "figure.gp", gnuplot_script(*this));
  files.emplace_back("figure.gp");
  std::string quoted = "'";
  for (char c : std::filesystem::absolute(settings.out).string()) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  if (std::system(("cd " + quoted + "' && command -v gnuplot >/dev/null 2>&1 && gnuplot figure.gp 2>/dev/null").c_str()) == 0)
    files.emplace_back("figure.png");
  return files;
}
