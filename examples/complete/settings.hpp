// SPDX-License-Identifier: MIT
#pragma once
// What `complete` can be asked for.

#include <optional>
#include <string>
#include <tacit/completion/completion_result.hpp>
#include <tacit/data/read.hpp>
#include <tacit/io/provenance.hpp>
#include <tacit/output/gaps_csv.hpp>
#include <tacit/output/model_files.hpp>
#include <tacit/output/result_folder.hpp>
#include <vector>

struct Settings {
  std::string data, out = "completed", save, load, pairs, new_rows, test, folds_file, holdout = "entries";
  std::string budget = "60s";
  double gaps = 1e7;  // gaps.csv is written for no more
  std::vector<double> range;
  std::string scale = "auto";
  bool quiet = false;
  tacit::ReadOptions read{.csv = {.marks = true}};
  tacit::CompletionSettings how;

  std::optional<double> low() const { return range.empty() ? std::optional<double>() : range[0]; }
  std::optional<double> high() const { return range.empty() ? std::optional<double>() : range[1]; }
  double clipped(double x) const { return range.empty() ? x : std::clamp(x, range[0], range[1]); }
  tacit::Provenance provenance() const {
    tacit::Provenance p;
    p.program = "complete";
    p.seed = how.seed;
    p.set("data", data)
        .set("mode", read.mode)
        .set("folds", how.folds)
        .set("repeats", how.repeats)
        .set("validation", how.validation)
        .set("budget", budget)
        .set("holdout", holdout);
    std::string depths;
    for (Eigen::Index d : how.depths) depths += (depths.empty() ? "" : " ") + std::to_string(d);
    p.set("depths", depths).set("width", how.width).set("interval", how.coverage).set("refit", how.refit ? "yes" : "no");
    if (scale != "auto") p.set("scale", scale);
    if (!test.empty()) p.set("test", test);
    if (!folds_file.empty()) p.set("folds_file", folds_file);
    if (!how.deterministic) p.set("deterministic", "no");
    std::string columns;
    for (const std::string& name : read.triplets.columns) columns += (columns.empty() ? "" : ",") + name;
    if (!columns.empty()) p.set("columns", columns);
    if (read.triplets.duplicates != tacit::Duplicates::refuse)
      p.set("duplicates", read.triplets.duplicates == tacit::Duplicates::last ? "last" : "mean");
    if (!range.empty()) p.set("low", range[0]).set("high", range[1]);
    return p;
  }
};

/// A fitted or loaded model with everything that predictions need.
struct Predictor {
  tacit::DeepMatrix<double> model;
  tacit::Vector<double> theta;
  tacit::ModelInfo info;
  double width = 0;  // half an interval of a model that was saved without half-widths by place; 0: not known
  double half_width(const tacit::Entry& at) const { return info.half_widths.known() ? info.half_widths.at(at.row, at.col) : width; }
};

/// What the report shows beside the result itself.
struct Told {
  Eigen::Index rows = 0, cols = 0, observed = 0;
  double spread = 0;  ///< standard deviation of the observed entries
  std::string format;
  std::vector<std::string> remarks, row_labels, col_labels;
};
/// Which method won and by how much, in words.
std::string verdict(const tacit::CompletionResult& result);
/// Errors of the chosen method by column (or row), in the units of the file and relative to its spread.
tacit::Table line_table(const tacit::CompletionResult& result, const std::vector<std::string>& labels);
/// What a reader needs to know of units and constant columns; empty where columns are alike.
std::vector<std::string> scaling_remarks(const tacit::CompletionResult& result, const std::vector<std::string>& col_labels);
/// report.html: what was done in words, all methods, calibration, residuals, singular values, the worst cells.
void write_report(const Settings& settings, const tacit::CompletionResult& result, const Told& told, const tacit::Provenance& provenance);

/// All names that the program writes into the folder of its results, beside their provenance.
inline const std::vector<std::string> result_names{
    "summary.json",          "summary.csv",     "report.html",  "gaps.csv",          "completed.csv", "completed.npy", "completed_rows.csv",
    "completed_columns.csv", "predictions.csv", "new_rows.csv", "new_rows_gaps.csv", "rows.csv",      "columns.csv"};

/// Predictions with their intervals, clipped to the range.
tacit::Predicted predicted(const Settings& settings, const Predictor& by, const tacit::Entries& at);

/// Fits everything, writes summary, report and the completed file.
Predictor fit(const Settings& settings, tacit::ResultFolder& out);
/// Rows and columns to predict, by label or index, to out/predictions.csv, a line each; those of unknown ids stay empty, and are told.
void predict_pairs(const Settings& settings, const Predictor& by, tacit::ResultFolder& out);
/// Pairs that the data asked for by a line without a rating, to out/predictions.csv.
void predict_asked(const Settings& settings, const Predictor& by, const std::vector<tacit::Entry>& asked, tacit::ResultFolder& out);
/// New rows folded in, to out/new_rows.csv.
void predict_new_rows(const Settings& settings, const Predictor& by, tacit::ResultFolder& out);
/// Pairs of a file that are to be held out; those that are not known are told.
std::vector<tacit::Entry> listed_pairs(const Settings& settings, const tacit::MatrixFile& file);
