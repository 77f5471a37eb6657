// SPDX-License-Identifier: MIT
// The report: the table of methods, one panel a mode with the curves of the fitted model and the errors slice by slice, and the worst predictions.
#include <tacit/output/report.hpp>

#include "settings.hpp"

using namespace tacit;

namespace {

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

/// What a reader asks first: errors and differences beside the names, settings last.
Table methods_in_short(const TensorCompletionResult& result) {
  Table table({"method", "chosen", "rmse", "+-", "worse than chosen by", "+- ", "seconds", "settings in the first fold"});
  for (const MethodResult& m : result.methods) {
    const auto digits = [](double x, int n) { return std::stod(rounded(x, n)); };
    table.add({m.name, m.chosen ? "yes" : "", digits(m.rmse, 4), digits(m.standard_error, 2), digits(m.difference, 3),
               digits(m.difference_error, 2), digits(m.seconds, 3), m.settings});
  }
  return table;
}

/// Root mean square of the held-out errors in every slice of a mode; slices without any leave gaps.
Series slice_errors(const TensorCompletionResult& result, Index mode, Index size) {
  Vector<double> sum = Vector<double>::Zero(size), count = sum;
  Index k = 0;
  for (const TensorEntries& where : result.tested)
    for (Index s = 0; s < where.count(); ++s, ++k) {
      const double error = result.tested_z[k] - result.tested_y[k];
      sum[where.mode(mode)[s]] += error * error, count[where.mode(mode)[s]] += 1;
    }
  Series errors{"slice", {}, {}};
  for (Index i = 0; i < size; ++i) errors.x.push_back(static_cast<double>(i)), errors.y.push_back(std::sqrt(sum[i] / count[i]));
  return errors;
}

Table worst_entries(const TensorCompletionResult& result) {
  std::vector<std::string> columns;
  const Index order = result.tested.front().shape().order();
  for (Index n = 0; n < order; ++n) columns.push_back(sentence("mode ", n + 1));
  for (const char* name : {"observed", "predicted", "error"}) columns.emplace_back(name);
  Table table(columns);
  const Vector<double> errors = (result.tested_z - result.tested_y).cwiseAbs();
  std::vector<Index> worst(static_cast<std::size_t>(errors.size()));
  std::iota(worst.begin(), worst.end(), Index(0));
  const std::size_t shown = std::min<std::size_t>(10, worst.size());
  std::partial_sort(worst.begin(), worst.begin() + static_cast<std::ptrdiff_t>(shown), worst.end(),
                    [&](Index a, Index b) { return errors[a] > errors[b]; });
  for (std::size_t q = 0; q < shown; ++q) {
    Index at = worst[q];
    std::size_t fold = 0;
    while (at >= result.tested[fold].count()) at -= result.tested[fold++].count();
    std::vector<Cell> row;
    for (Index n = 0; n < order; ++n) row.emplace_back(static_cast<std::int64_t>(result.tested[fold].mode(n)[at]));
    const double y = result.tested_y[worst[q]], z = result.tested_z[worst[q]];
    for (const double value : {y, z, z - y}) row.emplace_back(value);
    table.add(row);
  }
  return table;
}

}  // namespace

std::string components_in_words(const TensorFit& fit) {
  const TensorKind kind = fit.model->spec().kind;
  if (kind != TensorKind::cp && kind != TensorKind::deep_cp) return "";
  std::vector<Matrix<double>> factors;
  for (Index n = 0; n < fit.model->order(); ++n) factors.push_back(fit.model->mode_factor(fit.theta, n));
  const Vector<double> sizes = sizes_of(factors, true)[0];
  const Index alive = (sizes.array() > vanished * sizes.maxCoeff()).count();
  return alive < sizes.size() ? sentence(" All but ", alive, " of its ", sizes.size(),
                                         " components have vanished: they are below a thousandth of the largest.")
                              : "";
}

void write_report(const std::string& path, const Settings& s, const TensorFile& file, const TensorCompletionResult& result,
                  const std::vector<std::string>& remarks, const Provenance& provenance) {
  const TensorEntries& where = file.data.where;
  const Shape& shape = where.shape();
  Report report("Completion of " + (s.data.empty() ? std::string("a synthetic tensor") : s.data));
  report.text(
      sentence(shape, ", ", where.count(), " observed entries (", rounded(100 * where.density(), 3), " %). ", result.folds,
               " folds: every method was tuned on validation entries of the other folds and tested on entries that nothing had seen."));
  for (const std::string& remark : remarks) report.text(remark);
  report.table(methods_in_short(result),
               sentence("Every method on ", result.folds, " folds: root mean square errors on held-out entries in units of the data, +- ",
                        "standard errors; differences are paired"));
  const bool components = result.fit.model->spec().kind == TensorKind::cp || result.fit.model->spec().kind == TensorKind::deep_cp;
  std::vector<Matrix<double>> factors;
  for (Index n = 0; n < shape.order(); ++n) factors.push_back(result.fit.model->mode_factor(result.fit.theta, n));
  const auto sizes = sizes_of(factors, components);
  const double overall = std::sqrt((result.tested_z - result.tested_y).squaredNorm() / static_cast<double>(result.tested_y.size()));
  for (Index n = 0; n < shape.order(); ++n) {
    report.heading(sentence("Mode ", n + 1, ": ", shape[n], " slices"));
    const auto m = static_cast<std::size_t>(n);
    const auto curves = curves_of(factors[m], sizes[m], components ? "component" : "curve");
    if (result.fit.unfolded && result.fit.mode != n)
      report.text(sentence(result.fit.name(), " leaves this mode as it is: its patterns are those of mode ", result.fit.mode + 1, "."));
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
  report.heading("Residuals");
  std::vector<double> sorted, share;
  {
    Vector<double> errors = (result.tested_z - result.tested_y).cwiseAbs();
    std::sort(errors.data(), errors.data() + errors.size());
    for (Index k = 0; k < errors.size(); k += std::max<Index>(1, errors.size() / 400)) {
      share.push_back(100 * (static_cast<double>(k) + 0.5) / static_cast<double>(errors.size()));
      sorted.push_back(errors[k]);
    }
  }
  report.chart(
      {.title = "Absolute errors on held-out entries", .x_label = "share of entries (%)", .y_label = "error at most (units of the data)"},
      {{result.chosen().name, share, sorted}});
  report.table(worst_entries(result), "The ten entries that were predicted worst while held out; indices from 0");
  Table trials({"settings", "entries", "validation_rmse"});
  for (const TensorTrial& t : result.trials) trials.add({t.settings, t.observations, t.validation_rmse});
  report.table(trials, "What the closing fit tried, in this order");
  report.settings(provenance).write(path);
}
