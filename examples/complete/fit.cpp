// SPDX-License-Identifier: MIT
// Fitting: the comparison, the choice, the completed file and the report.
#include <iostream>
#include <tacit/compare/complete.hpp>
#include <tacit/compare/other_tools.hpp>
#include <tacit/io/csv_writer.hpp>
#include <tacit/io/jsonl_writer.hpp>
#include <tacit/io/npy_writer.hpp>
#include <tacit/model/new_rows.hpp>
#include <tuple>

#include "memory.hpp"
#include "settings.hpp"

using namespace tacit;

Provenance Settings::provenance(bool tensor) const {
  Provenance p;
  p.program = program;
  p.seed = how.seed;
  p.set("data", data.empty() ? "synthetic" : data);
  if (tensor) p.set("model", model).set("rank", rank).set("depth", depth);
  else p.set("mode", read.mode);
  p.set("folds", how.folds).set("repeats", how.repeats).set("validation", how.validation);
  p.set("budget", budget.empty() ? (tensor ? "180s" : "60s") : budget).set("holdout", holdout);
  if (!tensor) {
    std::string depths;
    for (Index d : how.depths) depths += (depths.empty() ? "" : " ") + std::to_string(d);
    p.set("depths", depths).set("width", how.width);
  }
  p.set("interval", how.coverage).set("refit", how.refit ? "yes" : "no");
  if (scale != "auto") p.set("scale", scale);
  if (transform != "auto") p.set("transform", transform);
  for (const auto& [name, kind] : column_transforms) p.set("transform of " + name, name_of(kind));
  if (!row_features.empty()) p.set("row_features", row_features);
  if (!column_features.empty()) p.set("column_features", column_features);
  if (ordered != "auto") p.set("ordered", ordered);
  if (!test.empty()) p.set("test", test);
  if (!folds_file.empty()) p.set("folds_file", folds_file);
  if (!how.deterministic) p.set("deterministic", "no");
  std::string columns;
  for (const std::string& name : read.triplets.columns) columns += (columns.empty() ? "" : ",") + name;
  if (!columns.empty()) p.set("columns", columns);
  if (read.triplets.duplicates != Duplicates::refuse) p.set("duplicates", read.triplets.duplicates == Duplicates::last ? "last" : "mean");
  return p;
}

namespace {

/// The completed matrix or tensor, clipped, observed entries as they are: completed.csv of a table, completed.npy of all.
void write_all(const Input<Entries>& input, const Predictor<Entries>& by, ResultFolder& out) {
  Matrix<double> W = predict(by.model, by.theta, by.info.centre);
  for (Index j = 0; j < W.cols(); ++j)
    for (double& x : W.col(j)) x = by.clipped(x, j);
  if (input.file->kind == FileKind::matrix)
    write_completed(out.path("completed.csv"), *input.file, W, {.low = by.info.low, .high = by.info.high, .ranges = by.info.ranges},
                    by.info.provenance);
  for (Index k = 0; k < input.data.count(); ++k) W(input.data.where[k].row, input.data.where[k].col) = input.data.y[k];
  write_npy(out.path("completed.npy"), W, by.info.provenance);
  if (!by.info.row_labels.empty()) write_labels(out.path("completed_rows.csv"), by.info.row_labels, by.info.provenance);
  if (!by.info.col_labels.empty()) write_labels(out.path("completed_columns.csv"), by.info.col_labels, by.info.provenance);
}
void write_all(const Input<TensorEntries>& input, const Predictor<TensorEntries>& by, ResultFolder& out) {
  Tensor<double> all = predict(by.model, by.theta, by.info.centre);
  for (double& x : all.values) x = by.clipped(x, 0);
  for (Index k = 0; k < input.data.count(); ++k) {
    Index at = 0;
    for (Index n = all.order(); n-- > 0;) at = at * all.shape[n] + input.data.where.mode(n)[k];
    all.values[at] = input.data.y[k];
  }
  write_npy(out.path("completed.npy"), all, by.info.provenance);
}

/// Of rows or columns without entries that have features.
std::string in_words(const ColdLines& lines) {
  const std::string line = lines.mode == 0 ? "row" : "column";
  return sentence(lines.ridge > 0 ? "Predicted from their features: " : "Features do not help with ", "the ", lines.count, ' ', line,
                  "s without any observation",
                  lines.ridge > 0 ? ", not as the average " + line : ", which are predicted as the average " + line, ". On ", line,
                  "s held out, in the units of the fit, features have an error of ", rounded(lines.rmse, 3), ", the average ", line, " ",
                  rounded(lines.average_rmse, 3), ".");
}

std::string missing_in_words(const Settings& s, bool tensor) {
  return s.holdout != "entries" ? s.holdout : tensor ? "at random" : "at random, and in the pattern of the gaps where they have one";
}

}  // namespace

template <class O>
Predictor<O> fit(const Settings& s, Input<O> input, ResultFolder& out) {
  const Shape shape = input.data.where.shape();
  const Data<double, O>& data = input.data;
  std::vector<std::string> remarks = input.remarks;
  for (const std::string& remark : remarks) std::cerr << remark << '\n';
  require(data.y.maxCoeff() > data.y.minCoeff(), "all entries of ", s.data.empty() ? "the data" : s.data, " are equal to ", data.y[0],
          ", there is nothing to learn");
  if constexpr (!is_tensor<O>) {
    Index k = 0;
    const double largest = data.y.cwiseAbs().maxCoeff(&k);
    require(largest <= 1e140, s.data, ": row ", input.names.text(0, data.where[k].row), ", column ", input.names.text(1, data.where[k].col),
            " holds ", data.y[k],
            ", whose square does not fit a double; give that column in other units, or leave it out by --text-columns");
  }
  CompletionSettings how = s.how;
  how.holdout = input.holdout;
  how.features = std::move(input.features);
  how.ordered = input.ordered;
  if (is_tensor<O> && s.budget.empty()) how.budget = 180;
  ModelInfo info{.provenance = s.provenance(is_tensor<O>)};
  if constexpr (!is_tensor<O>) {
    const InputFile& file = *input.file;
    info.row_labels = file.row_labels, info.col_labels = file.col_labels;
    info.row_name = file.row_name, info.col_name = file.col_name, info.left_out = file.left_out;
  }
  set_ranges(s, info, shape);
  how.transform = transforms_of(s, info, shape);

  std::optional<TableAside> aside;
  if (input.file) aside.emplace(*input.file);
  CompletionResultOf<O> result = [&] {
    try {
      return complete(data, how, std::move(input.folds));
    } catch (const std::invalid_argument& refused) {  // of these data
      const std::string what = refused.what(), who = "complete: ";
      if (what.rfind(who, 0) != 0) throw;
      throw std::invalid_argument((s.data.empty() ? "the data" : s.data) + ": " + what.substr(who.size()));
    }
  }();
  give_back_small_buffers();
  if constexpr (!is_tensor<O>)
    if (s.range.empty() && s.column_ranges.empty() && result.fit.range) std::tie(info.low, info.high) = *result.fit.range;
  const auto unfolding = [](const MethodResult& m) { return m.name == "best unfolding"; };
  if (is_tensor<O> && how.baselines && std::none_of(result.methods.begin(), result.methods.end(), unfolding))
    remarks.push_back(sentence("No unfolding was completed: none of the ", shape, " tensor has at most 10^7 rows and columns."));
  const Table table = result.table();
  info.provenance.set("interval_width", result.width);
  if constexpr (is_tensor<O>) {
    info.provenance.set("index_base", input.names.base);
    keep_slice_ridges(result.slice_ridges, info.provenance);
  }
  if constexpr (!is_tensor<O>)
    if (!s.row_features.empty()) {  // for new rows with features
      FittedFactors factors{{}, result.fit.centre.with_positive_scale()};
      for (Index l = 0; l < result.fit.model->depth(); ++l) factors.factors.push_back(result.fit.model->layer(result.fit.theta, l));
      info.provenance.set("ridge_of_new_rows", best_ridge(factors, data, s.how.seed));
    }
  info.centre = result.fit.centre.with_positive_scale(), info.half_widths = result.half_widths;
  const Provenance& provenance = info.provenance;
  remarks.push_back(verdict(result));
  if (std::string other = another_tool(result.methods, result.folds, result.spread); !other.empty()) remarks.push_back(std::move(other));
  if (std::string better = better_but_not_chosen(result.methods, result.folds); !better.empty()) remarks.push_back(std::move(better));
  for (const ColdLines& lines : result.cold_lines) remarks.push_back(in_words(lines));
  if constexpr (!is_tensor<O>)
    if (const Unobserved missing = unobserved(data.where); result.cold_lines.empty() && !how.features.none())
      for (const auto& [line, lines, mode] : {std::tuple("Rows", &missing.rows, 0), std::tuple("Columns", &missing.cols, 1)})
        if (!lines->empty() && result.fit.from_features[static_cast<std::size_t>(mode)] && !how.features.of(mode).none())
          remarks.push_back(std::string(line) +
                            " without any observation are predicted from their features, by the method that was chosen.");
  if (result.chosen().kind == MethodKind::stack)
    remarks.push_back(sentence("Each member of the stack was tuned once more and fitted to everything, which took ",
                               rounded(result.closing_seconds, 2), " s beside the budget; with --no-stack it is not compared."));
  if constexpr (is_tensor<O>)
    remarks.push_back("Fitted to everything: " + (result.chosen().kind == MethodKind::stack ? "stack of " : result.fit.name() + ", ") +
                      result.fit.settings() + "." + components_in_words(result.fit));
  if (result.folds < result.folds_asked)
    remarks.push_back(sentence("The budget of ", s.budget.empty() ? (is_tensor<O> ? "180s" : "60s") : s.budget.c_str(), " was over after ",
                               result.folds, " of ", result.folds_asked, " folds."));
  if (!s.quiet)
    std::cerr << "the comparison took " << rounded(result.fold_seconds, 2) << " s, as --budget bounds it; on top came the closing fit, "
              << rounded(result.closing_seconds, 2) << " s, and its intervals, " << rounded(result.interval_seconds, 2) << " s\n";
  if (result.compared_rows > 0)
    remarks.push_back(
        sentence("Methods were compared on ", result.compared_rows, " of the ", shape[0],
                 " rows, in windows drawn at random, and the chosen one fitted to all; --compare-entries 0 compares on all."));
  remarks.push_back(sentence("Intervals are made to hold for ", 100 * how.coverage,
                             " % of entries that are missing as the held-out ones were (", missing_in_words(s, is_tensor<O>),
                             "). They are wider where a ", is_tensor<O> ? "slice" : "row or column", " has few entries",
                             result.relative() || !result.fit.centre.lines.transforms.empty()
                                 ? std::string(".")
                                 : sentence("; one for all would be prediction +- ", rounded(result.width, 4), ".")));
  for (const std::string& remark : scaling_remarks(result, input.names)) remarks.push_back(remark);
  if constexpr (!is_tensor<O>)
    for (const std::string& remark : transform_remarks(result, input.names)) remarks.push_back(remark);
  if (result.validated_in_runs)
    remarks.push_back("Gaps come in runs along the order, and so does a part of the entries that settings and methods are chosen on.");
  const double gaps = count_gaps(data.where);
  if (gaps > s.gaps)
    remarks.push_back(sentence("gaps.csv is left out: there are ", gaps, " gaps, more than ", s.gaps,
                               "; --gaps N writes up to N, and --predict FILE the ", is_tensor<O> ? "entries" : "pairs", " in a file."));
  const bool dense = shape.size() <= Shape::dense_limit;
  if (!dense)
    remarks.push_back(sentence("completed.npy is left out: it would have ", shape, " entries, more than the ", Shape::dense_limit,
                               " that are formed; --predict FILE predicts the ", is_tensor<O> ? "entries" : "pairs", " in a file."));
  std::cout << table << '\n';  // first: a full disk costs no result
  if (result.relative() && result.lines.size() <= 30) std::cout << line_table(result, input.names) << '\n';
  for (std::size_t k = input.remarks.size(); k < remarks.size(); ++k) std::cout << remarks[k] << '\n';  // the others came first
  std::cout.flush();

  write_json(out.path("summary.json"), table, provenance);
  write_csv(out.path("summary.csv"), table, provenance);
  write_csv(out.path(line_word(result) + "s.csv"), line_table(result, input.names), provenance);
  write_report(out.path("report.html"), s, input, result, remarks, provenance);
  write_provenance(out.path("report.html"), provenance);
  Predictor<O> by{*result.fit.model, std::move(result.fit.theta), info, result.width, input.names.base};
  if (gaps > 0 && gaps <= s.gaps)
    write_gaps(
        out.path("gaps.csv"), data.where, input.names, [&](const O& at) { return predicted(by, at); }, provenance);
  if constexpr (!is_tensor<O>)
    if (!input.file->asked.empty() && s.pairs.empty()) predict_asked(s, by, input.file->asked, out);
  give_back_small_buffers();
  if (aside && dense) aside->bring_back(*input.file);
  if (dense) write_all(input, by, out);
  std::cout << "written to " << s.out << ':';
  for (const std::string& name : out.written()) std::cout << ' ' << name;
  std::cout << (is_tensor<O> ? " model\n" : "\n");
  return by;
}

template Predictor<Entries> fit(const Settings&, Input<Entries>, ResultFolder&);
template Predictor<TensorEntries> fit(const Settings&, Input<TensorEntries>, ResultFolder&);
