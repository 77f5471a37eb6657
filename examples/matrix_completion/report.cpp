// SPDX-License-Identifier: MIT
#include "report.hpp"

#include <cstdlib>
#include <filesystem>
#include <tacit/output/csv.hpp>
#include <tacit/output/jsonl.hpp>
#include <tacit/output/report.hpp>

namespace {

using tacit::sentence;

/// A gnuplot script for two panels side by side; CSV files are read by column name.
std::string gnuplot_script(const Findings& f) {
  const bool synthetic = f.settings.data.empty();
  std::string script =
      "# gnuplot figure.gp\n"
      "set terminal pngcairo size 1500,620 font 'Sans,13'\nset output 'figure.png'\nset datafile separator ','\n"
      "set xlabel 'iteration'\nset grid\nset key bottom right\nset multiplot layout 1,2\n";
  script += synthetic ? "set title 'Error over all entries'\nset logscale y\nset format y '10^{%T}'\nset ylabel 'relative error (1)'\nplot "
                      : "set title 'Error on validation entries'\nset logscale y\nset ylabel 'RMSE (training standard deviations)'\nplot ";
  const std::string column = synthetic ? "relative_error" : "validation_rmse";
  const char* separator = "";
  for (const Result& r : f.results) {
    script +=
        separator + sentence("'depth-", r.depth, ".csv' using 'iteration':'", column, "' with lines lw 2 title 'depth ", r.depth, "'");
    separator = ", \\\n     ";
  }
  script +=
      "\nset title 'Effective rank'\nunset logscale y\nset format y '%g'\nset yrange [0:20]\nset ylabel 'effective rank (1)'\nset key top "
      "right\nplot ";
  separator = "";
  for (const Result& r : f.results) {
    script +=
        separator + sentence("'depth-", r.depth, ".csv' using 'iteration':'effective_rank' with lines lw 2 title 'depth ", r.depth, "'");
    separator = ", \\\n     ";
  }
  if (synthetic && f.summary.rows() > 0)
    script += separator + sentence(f.summary.numbers("truth_effective_rank").front(), " with lines lw 1 dt 2 lc 'black' title 'truth'");
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
  if (synthetic)
    chart("Error over all entries", "relative error (1)", "relative_error", true);
  else
    chart("Error on validation entries", "RMSE (training standard deviations)", "validation_rmse", true);
  chart("Training loss", "mean square", "loss", true);
  chart("Effective rank", "effective rank (1)", "effective_rank", false);
  for (const Result& r : results) {
    std::vector<tacit::Series> series;
    for (int k = 1; k <= 10 && r.trajectory.has(sentence("sigma_", k)); ++k)
      series.push_back({sentence("sigma ", k), r.trajectory.numbers("iteration"), r.trajectory.numbers(sentence("sigma_", k))});
    report.chart({.title = sentence("Largest singular values, depth ", r.depth), .x_label = "iteration", .y_label = "singular value"},
                 series);
  }
  report.settings(provenance).write(folder + "report.html");
  files.emplace_back("report.html");

  tacit::write_file(folder + "figure.gp", gnuplot_script(*this));
  files.emplace_back("figure.gp");
  std::string quoted = "'";
  for (char c : std::filesystem::absolute(settings.out).string()) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  if (std::system(("cd " + quoted + "' && command -v gnuplot >/dev/null 2>&1 && gnuplot figure.gp").c_str()) == 0)
    files.emplace_back("figure.png");
  return files;
}
