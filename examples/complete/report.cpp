// SPDX-License-Identifier: MIT
// The report for people: what was done, which method won and by how much, how far the predictions can be trusted, where they fail, and what was found.
#include <numeric>
#include <tacit/compare/conformal.hpp>
#include <tacit/core/random.hpp>
#include <tacit/hook/spectrum.hpp>
#include <tacit/output/report.hpp>

#include "settings.hpp"

using namespace tacit;

namespace {

std::string holdout_in_words(const Settings& s, const Holdout& how, bool given) {
  if (given) return "the entries of " + (s.test.empty() ? s.folds_file : s.test);
  switch (how.kind) {
    case HoldoutKind::entries:
      return "entries drawn at random";
    case HoldoutKind::slices:
      return s.holdout == "rows" || s.holdout == "columns" ? "whole " + s.holdout + " drawn at random"
                                                           : sentence("whole slices of mode ", how.mode + 1, " drawn at random");
    case HoldoutKind::fibres:
      return sentence("whole fibres of mode ", how.mode + 1, " drawn at random");
    case HoldoutKind::runs:
      return sentence("runs along mode ", how.mode + 1, " drawn at random");
    case HoldoutKind::blocks:
      return "blocks of lines of every mode drawn at random";
    default:
      return "the entries listed in " + s.holdout;
  }
}

void add_calibration(Report& report, const std::vector<std::array<double, 2>>& calibration) {
  if (calibration.empty()) return;
  std::vector<double> asked, found;
  for (const auto& [promised, held] : calibration) asked.push_back(100 * promised), found.push_back(100 * held);
  report.text(
      "Intervals of every coverage, by place as those in gaps.csv, were made from one half of held-out entries and counted on the other "
      "half. On the "
      "straight line they hold as often as they promise.");
  report.chart({.title = "Calibration of intervals", .x_label = "promised coverage (%)", .y_label = "found coverage (%)"},
               {{"found", asked, found, true}, {"ideal", {0, 100}, {0, 100}}});
}

template <class O>
void add_residuals(Report& report, const CompletionResultOf<O>& r) {
  std::vector<double> at, value;
  const Index step = std::max<Index>(1, r.tested_y.size() / 1500);
  for (Index k = 0; k < r.tested_y.size(); k += step) at.push_back(r.tested_z[k]), value.push_back(r.tested_y[k] - r.tested_z[k]);
  const double low = *std::min_element(at.begin(), at.end()), high = *std::max_element(at.begin(), at.end());
  report.text(sentence(
      "Each point is a held-out entry", step > 1 ? sentence(" (one of ", step, ")") : std::string(),
      ". Points above the middle were predicted too low. A slope or a funnel would say that errors depend on the size of the value."));
  std::vector<Series> series{{"held-out entries", at, value, true}};
  if (std::isfinite(r.width) && r.fit.centre.lines.transforms.empty()) {
    series.push_back({"interval, upper end", {low, high}, {r.width, r.width}});
    series.push_back({"interval, lower end", {low, high}, {-r.width, -r.width}});
  }
  report.chart({.title = "Residuals", .x_label = "predicted", .y_label = "observed - predicted"}, series);
}

/// How many patterns rows and columns share.
void add_found(Report& report, const CompletionResult& r) {
  const DeepFit& fit = r.fit;
  Matrix<double> right = fit.model->layer(fit.theta, 0);
  const Matrix<double> left = fit.model->layer(fit.theta, fit.model->depth() - 1);
  for (Index l = 1; l + 1 < fit.model->depth(); ++l) right = detail::product(Matrix<double>(fit.model->layer(fit.theta, l)), right);
  SpectrumWorkspace<double> ws;
  Vector<double> sigma;
  singular_values_of_product<double>(left, right, ws, sigma);
  std::vector<double> index, value;
  for (Index k = 0; k < std::min<Index>(sigma.size(), 100) && sigma[k] > 1e-6 * sigma[0]; ++k)
    index.push_back(static_cast<double>(k + 1)), value.push_back(fit.centre.scale * sigma[k]);
  if (value.empty()) return;
  report.text(sentence("How many patterns the rows and columns share, and how strong each is",
                       fit.choice.centre == Centring::none ? std::string() : " beside the " + fit.centre.form, "."));
  report.chart({.title = "Singular values of the completed matrix without its centre",
                .x_label = "number",
                .y_label = "singular value",
                .log_y = value.back() < 0.1 * value[0]},
               {{"", index, value}});
}

constexpr double vanished = 1e-3;  // of the largest: curves of unit norm would show components that W does not

/// Sizes of the columns of every mode's factor; of CP, of whole components: a curve then has its number and its colour in all panels.
std::vector<Vector<double>> sizes_of(const std::vector<Matrix<double>>& factors, bool components) {
  std::vector<Vector<double>> sizes;
  for (const Matrix<double>& factor : factors) sizes.push_back(factor.colwise().norm().transpose());
  if (!components) return sizes;
  Vector<double> product = sizes[0];
  for (std::size_t n = 1; n < sizes.size(); ++n) product = product.cwiseProduct(sizes[n]);
  return std::vector<Vector<double>>(sizes.size(), product);
}

/// The largest curves of a mode, at most eight, each with norm 1 and its largest entry positive.
std::vector<Series> curves_of(const Matrix<double>& factor, const Vector<double>& sizes, const char* what) {
  std::vector<Index> order(static_cast<std::size_t>(factor.cols()));
  std::iota(order.begin(), order.end(), Index(0));
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return sizes[a] > sizes[b]; });
  std::vector<Series> series;
  for (std::size_t q = 0; q < std::min<std::size_t>(8, order.size()) && sizes[order[q]] > vanished * sizes[order[0]]; ++q) {
    const Vector<double> column = factor.col(order[q]);
    Index peak = 0;
    if (!(column.cwiseAbs().maxCoeff(&peak) > 0)) continue;
    const double norm = column[peak] > 0 ? column.norm() : -column.norm();
    Series one{sentence(what, " ", order[q] + 1, ", size ", rounded(sizes[order[q]], 3)), {}, {}};
    for (Index i = 0; i < column.size(); ++i) one.x.push_back(static_cast<double>(i)), one.y.push_back(column[i] / norm);
    series.push_back(std::move(one));
  }
  return series;
}

/// Root mean square of the held-out errors in every slice of a mode; slices without any leave gaps.
Series slice_errors(const TensorCompletionResult& result, Index mode, Index size) {
  Vector<double> sum = Vector<double>::Zero(size), count = sum;
  for (Index k = 0; k < result.tested_y.size(); ++k) {
    const double error = result.tested_z[k] - result.tested_y[k];
    sum[result.tested_at.mode(mode)[k]] += error * error, count[result.tested_at.mode(mode)[k]] += 1;
  }
  Series errors{"slice", {}, {}};
  for (Index i = 0; i < size; ++i) errors.x.push_back(static_cast<double>(i)), errors.y.push_back(std::sqrt(sum[i] / count[i]));
  return errors;
}

/// A panel a mode: the curves of the fitted model, and the errors slice by slice.
void add_found(Report& report, const TensorCompletionResult& result) {
  const Shape& shape = result.fit.model->shape();
  const TensorKind kind = result.fit.model->spec().kind;
  const std::vector<bool>& rows = result.fit.rows;
  const bool components = kind == TensorKind::cp || kind == TensorKind::deep_cp;
  std::vector<Matrix<double>> factors;
  for (Index n = 0; n < shape.order(); ++n) factors.push_back(result.fit.model->mode_factor(result.fit.theta, n));
  const auto sizes = sizes_of(factors, components);
  const double overall = std::sqrt((result.tested_z - result.tested_y).squaredNorm() / static_cast<double>(result.tested_y.size()));
  for (Index n = 0; n < shape.order(); ++n) {
    report.heading(sentence("Mode ", n + 1, ": ", shape[n], " slices"));
    const auto m = static_cast<std::size_t>(n);
    const auto curves = curves_of(factors[m], sizes[m], components ? "component" : "curve");
    if (result.fit.leaves(n))
      report.text(sentence(result.fit.name(), " leaves this mode as it is: its patterns are those of ",
                           kind == TensorKind::tucker ? sentence("mode ", 1 + (std::find(rows.begin(), rows.end(), true) - rows.begin()))
                                                      : std::string("combinations of modes"),
                           "."));
    else if (curves.empty()) report.text("The fit has no patterns in this mode: it is " + result.fit.settings() + ".");
    else
      report.chart({.title = sentence(result.fit.name(), " fitted to everything: ",
                                      components ? "its largest components in" : "the largest curves of", " this mode"),
                    .x_label = sentence("index of mode ", n + 1),
                    .y_label = "entry of the unit vector"},
                   curves);
    const Series errors = slice_errors(result, n, shape[n]);
    report.chart({.title = sentence(result.chosen().name, ": errors on held-out entries, slice by slice"),
                  .x_label = sentence("slice of mode ", n + 1),
                  .y_label = "root mean square (units of the data)"},
                 {errors, {"all slices together", {0, static_cast<double>(shape[n] - 1)}, {overall, overall}}});
  }
  Table trials({"settings", "entries", "validation_rmse"});
  for (const TensorTrial& trial : result.trials) trials.add({trial.settings, trial.observations, trial.validation_rmse});
  if (!result.trials.empty()) report.table(trials, "What the closing fit tried, in this order");
}

template <class O>
void add_worst(Report& report, const CompletionResultOf<O>& r, const PlaceNames& names) {
  const Index order = r.tested_at.shape().order();
  std::vector<std::string> columns;
  for (Index n = 0; n < order; ++n) columns.push_back(is_tensor<O> ? sentence("mode ", n + 1) : n == 0 ? "row" : "column");
  for (const char* name : {"observed", "predicted", "error"}) columns.emplace_back(name);
  Table worst(columns);
  std::vector<std::size_t> by_error(r.absolute_errors.size());
  std::iota(by_error.begin(), by_error.end(), std::size_t(0));
  const std::size_t count = std::min<std::size_t>(10, by_error.size());
  std::partial_sort(by_error.begin(), by_error.begin() + static_cast<std::ptrdiff_t>(count), by_error.end(),
                    [&](std::size_t a, std::size_t b) { return r.absolute_errors[a] > r.absolute_errors[b]; });
  for (std::size_t q = 0; q < count; ++q) {
    const auto k = static_cast<Index>(by_error[q]);
    std::vector<Cell> row;
    for (Index n = 0; n < order; ++n) row.emplace_back(names.text(n, r.tested_at.mode(n)[k]));
    for (const std::string& number : {rounded(r.tested_y[k], 5), rounded(r.tested_z[k], 5), rounded(r.tested_z[k] - r.tested_y[k], 4)})
      row.emplace_back(number);
    worst.add(row);
  }
  report.table(worst, "The ten entries that were predicted worst while held out: worth a look, they may be mistakes in the data");
}

}  // namespace

std::string components_in_words(const TensorFit& fit) {
  const TensorKind kind = fit.model->spec().kind;
  if (kind != TensorKind::cp && kind != TensorKind::deep_cp) return "";
  std::vector<Matrix<double>> factors;
  for (Index n = 0; n < fit.model->order(); ++n) factors.push_back(fit.model->mode_factor(fit.theta, n));
  const Vector<double> sizes = sizes_of(factors, true)[0];
  if (!(sizes.maxCoeff() > 0)) return "";  // means alone
  const Index alive = (sizes.array() > vanished * sizes.maxCoeff()).count();
  return alive < sizes.size() ? sentence(" All but ", alive, " of its ", sizes.size(),
                                         " components have vanished: they are below a thousandth of the largest.")
                              : "";
}

template <class O>
Table line_table(const CompletionResultOf<O>& r, const PlaceNames& names) {
  Table table({line_word(r), "spread", "tested", "rmse", "relative_rmse", "half_width"});
  const Index mode = r.scaling.lines, order = r.tested_at.shape().order();
  Random random(1, "typical intervals");
  for (const LineError& line : r.lines) {
    std::vector<double> half;
    std::vector<Index> at(static_cast<std::size_t>(order), line.line);
    const auto add = [&] { half.push_back(r.half_widths.at([&](Index n) { return at[static_cast<std::size_t>(n)]; })); };
    const Index others = order == 2 && r.half_widths.known() ? r.half_widths.lines[static_cast<std::size_t>(1 - mode)].rows() : 0;
    for (Index k = 0; k < others; k += std::max<Index>(1, others / 1000)) at[static_cast<std::size_t>(1 - mode)] = k, add();
    for (int k = 0; k < 1000 && order > 2; ++k) {  // at random places
      for (Index n = 0; n < order; ++n)
        if (n != mode)
          at[static_cast<std::size_t>(n)] = static_cast<Index>(random.below(static_cast<std::uint64_t>(r.tested_at.shape()[n])));
      add();
    }
    double typical = tacit::detail::median_of(half, 0);
    if (const Transform* by = mode == 1 ? r.fit.centre.lines.transform_of(line.line) : nullptr) {  // around the middle of the column
      const auto [low, high] = r.fit.centre.lines.interval(by->predicted(r.fit.centre.lines.centre_of(1, line.line)), typical, line.line);
      typical = (high - low) / 2;
    }
    table.add({names.text(mode, line.line), rounded(line.spread, 4), line.tested, rounded(line.rmse, 4), rounded(line.relative(), 4),
               rounded(typical, 4)});
  }
  return table;
}

template <class O>
std::vector<std::string> scaling_remarks(const CompletionResultOf<O>& r, const PlaceNames& names) {
  std::vector<std::string> remarks;
  const double ratio = r.scaling.ratios[static_cast<std::size_t>(r.scaling.lines)];
  const std::string line = line_word(r), lines = is_tensor<O> ? sentence("slices of mode ", r.scaling.lines + 1) : line + "s";
  if (ratio > 10)
    remarks.push_back(
        sentence("Warning: the spreads of ", lines, " differ by a factor of ", rounded(ratio, 3),
                 r.relative() ? ", as if they were in different units."
                              : sentence("; they were taken for one unit all the same (--scale ",
                                         is_tensor<O> ? std::to_string(r.scaling.lines + 1) : std::string("columns"), " would not).")));
  if (!r.scaling.modes.empty())
    remarks.push_back(sentence("Scales were taken off ",
                               r.scaling.modes.size() == 1 ? lines
                               : is_tensor<O>              ? "slices of several modes"
                                                           : "rows and columns",
                               " (--scale none would not)",
                               r.scaling.noise.size() ? ", their spreads times what a first fit leaves of each" : "",
                               r.relative()          ? sentence(": errors of methods are relative to the spread of each ", line,
                                                                "; in the units of the file they stand in ", line, "s.csv.")
                               : r.scaling.by_spread ? sentence(": errors of methods weigh all ", lines,
                                                                " alike, by their spreads in units of the usual one; in the "
                                                                "units of the file they stand in ",
                                                                line, "s.csv.")
                                                     : std::string(", which lowers the error of a first fit clearly.")));
  if (!r.constant_columns.empty()) {
    std::string columns;
    for (std::size_t k = 0; k < std::min<std::size_t>(r.constant_columns.size(), 10); ++k)
      columns += (k ? ", " : "") + names.text(1, r.constant_columns[k]);
    remarks.push_back("Constant columns are filled with their constant and left out of everything else: " + columns +
                      (r.constant_columns.size() > 10 ? ", ..." : "") + ".");
  }
  return remarks;
}

template <class O>
std::string verdict(const CompletionResultOf<O>& r) {
  const MethodResult& chosen = r.chosen();
  std::string text = sentence(
      chosen.ours
          ? "Chosen by its validation error: "
          : "Chosen because its error on the held-out folds is lower than that of this program's own best method, beyond what chance would "
            "explain: ",
      chosen.name, " (", chosen.settings, "), with an error of ", rounded(chosen.rmse, 4),
      std::isfinite(chosen.standard_error) ? sentence(" +- ", rounded(chosen.standard_error, 2)) : std::string(),
      r.relative() ? " spreads of a " + line_word(r) : std::string(), " on entries it has not seen.");
  const MethodResult* rival = nullptr;
  for (const MethodResult& m : r.methods)
    if (m.ours != chosen.ours && std::isfinite(m.rmse) && !m.left_out &&
        (!rival || (chosen.ours ? m.rmse < rival->rmse : m.validation_rmse < rival->validation_rmse)))
      rival = &m;
  if (!rival) return text;
  text += sentence(chosen.ours ? " The best of the others, " : " This program's own best method by validation, ", rival->name, ", has ",
                   rounded(rival->rmse, 4));
  if (!std::isfinite(rival->difference_error)) return text + "; one fold does not tell whether that is chance.";
  const double half = half_interval(rival->difference_error, r.folds), low = rival->difference - half, high = rival->difference + half;
  return text + sentence(": ",
                         low > 0    ? "worse, beyond what chance would explain"
                         : high < 0 ? "better, beyond what chance would explain"
                                    : "a difference that chance may explain",
                         " (paired difference ", rounded(rival->difference, 2), ", 95 % interval ", rounded(low, 2), " to ",
                         rounded(high, 2), r.folds == 1 ? ", from the entries of the one fold there was time for)." : ").");
}

template <class O>
void write_report(const std::string& path, const Settings& s, const Input<O>& input, const CompletionResultOf<O>& r,
                  const std::vector<std::string>& remarks, const Provenance& provenance) {
  const MethodResult& chosen = r.chosen();
  const Data<double, O>& data = input.data;
  Report report("Completion of " + (s.data.empty() ? std::string("a synthetic tensor") : s.data));
  report.text(sentence("The file was read as: ", input.format, ". It is a ", data.where.shape(), is_tensor<O> ? " tensor; " : " matrix; ",
                       data.count(), " entries are observed, ", rounded(100 * data.where.density(), 3), " %."));
  report.text(sentence(
      "What was done: ", holdout_in_words(s, input.holdout, !s.test.empty() || !s.folds_file.empty()), " were held out, ", r.folds,
      r.folds == 1 ? " time" : " times", "; on what was left every method chose its settings by a further ",
      rounded(100 * s.how.validation, 3),
      " % set aside, and was then tested on the held-out entries, which nothing had seen. The method of ours with the lowest error on the "
      "entries set aside, or another one that can be saved where that is better on the held-out entries beyond chance, was "
      "then ",
      s.how.refit ? "fitted once more to everything, and filled the gaps." : "fitted once more to a training part, and filled the gaps."));
  if (!chosen.ours)
    report.text("The chosen method, " + chosen.name +
                ", won by its error on the held-out entries themselves, so that the error told here is a little too low.");
  const double spread = r.spread;
  report.text(sentence("A typical error of ", rounded(chosen.rmse, 3), " stands against a spread of the data of ", rounded(spread, 3),
                       r.relative() ? ", both in units of each " + line_word(r) + "'s spread" : "", ": the completion explains ",
                       rounded(100 * std::max(0.0, 1 - chosen.rmse * chosen.rmse / (spread * spread)), 3),
                       " % of the variance of entries it has not seen."));
  for (const std::string& remark : remarks) report.text(remark);
  Table errors({"method", "error (RMSE)", "\u00b1", "difference to the chosen", "\u00b1 ", "chosen"}),
      settings({"method", "settings (first fold)", "seconds"});
  for (const MethodResult& m : r.methods) {
    const auto number = [](double x, int digits) { return std::isfinite(x) ? Cell(rounded(x, digits)) : Cell("\u2013"); };
    errors.add({m.name, number(m.rmse, 4), number(m.standard_error, 2), m.chosen ? Cell("") : number(m.difference, 3),
                m.chosen ? Cell("") : number(m.difference_error, 2), m.chosen ? "yes" : ""});
    settings.add({m.name, m.settings, rounded(m.seconds, 3)});
  }
  report.heading("The methods")
      .table(errors, "Root mean square errors on held-out entries; \u00b1 are standard errors " +
                         (r.folds == 1 ? std::string("over the entries of one fold")
                                       : sentence("over ", r.folds, " folds, of differences within folds")));
  if (r.relative() && r.lines.size() <= 100)
    report.table(
        line_table(r, input.names),
        "Errors of the chosen method in the units of the file, and relative to the spread of each line; half_width: of a typical interval");
  report.heading("How far to trust it");
  add_calibration(report, r.calibration);
  add_residuals(report, r);
  add_worst(report, r, input.names);
  report.heading("What was found");
  add_found(report, r);
  report.table(settings, "Settings that each method chose, and seconds of all folds together");
  report.settings(provenance).write(path);
}

#define TACIT_EACH_ORDER(O)                                                                                      \
  template Table line_table(const CompletionResultOf<O>&, const PlaceNames&);                                    \
  template std::vector<std::string> scaling_remarks(const CompletionResultOf<O>&, const PlaceNames&);            \
  template std::string verdict(const CompletionResultOf<O>&);                                                    \
  template void write_report(const std::string&, const Settings&, const Input<O>&, const CompletionResultOf<O>&, \
                             const std::vector<std::string>&, const Provenance&);
TACIT_EACH_ORDER(Entries)
TACIT_EACH_ORDER(TensorEntries)
