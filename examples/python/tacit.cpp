// SPDX-License-Identifier: MIT
// The compiled half of the Python package tacit (tacit/__init__.py is what people see), through pybind11: arrays of doubles in which NaN is a gap.
//   state, report = _tacit.fit(X, ...)          a dict of arrays and numbers that hold the fit, so that it can be pickled; a dict for people
//   _tacit.predict(state, X, row_of)            whole rows: that row of the fit, or, where row_of is -1, the row folded in
//   _tacit.intervals(state, X, completed, row_of)      both ends of their intervals, around these predictions
//   _tacit.run(X, widths=[...], ...)            trajectories of a training run; _tacit.optimizers(): the names it takes
#include <pybind11/eigen.h>
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <tacit/compare/complete.hpp>
#include <tacit/data/feature_columns.hpp>
#include <tacit/data/label_order.hpp>
#include <tacit/hook/spectrum.hpp>
#include <tacit/model/new_rows.hpp>
#include <tacit/optimizer/named_optimizers.hpp>
#include <tacit/solver/interpolation.hpp>
#include <tacit/tacit.hpp>

#include "interruptible.hpp"

namespace py = pybind11;
using namespace tacit;

namespace {

using Array = Matrix<double>;

py::object value_of(const Cell& cell) {
  if (cell.is_text()) return py::str(cell.text());
  if (cell.is_integer()) return py::int_(static_cast<long long>(cell.number()));
  return py::float_(cell.number());
}
py::list rows_of(const Table& table) {
  py::list rows;
  for (Index i = 0; i < table.rows(); ++i) {
    py::dict row;
    for (Index j = 0; j < table.cols(); ++j) row[py::str(table.name(j))] = value_of(table.at(i, j));
    rows.append(row);
  }
  return rows;
}

FittedFactors factors_of(const DeepFit& fit) {
  FittedFactors of{{}, fit.centre.with_positive_scale()};
  for (Index l = 0; l < fit.model->depth(); ++l) of.factors.push_back(fit.model->layer(fit.theta, l));
  return of;
}
py::dict state_of(const FittedFactors& of, double ridge, double half_width, const HalfWidths& by_place) {
  py::dict state;
  state["factors"] = of.factors;
  state["offset"] = of.centre.mean;
  state["scale"] = of.centre.scale;
  state["row_effects"] = of.centre.effects_of(0);
  state["col_effects"] = of.centre.effects_of(1);
  std::vector<Vector<double>> scales;
  for (const ModeVectors* list : {&of.centre.lines.centre, &of.centre.lines.scale})
    for (Index n = 0; n < 2; ++n) scales.push_back(detail::of_mode(*list, n));
  state["scales"] = scales;
  py::list transforms;  // an item a column, or none at all
  for (const Transform& by : of.centre.lines.transforms)
    transforms.append(py::make_tuple(static_cast<int>(by.kind), by.unit, by.low, by.high, by.shift));
  state["transforms"] = transforms;
  state["half_widths"] = py::make_tuple(by_place.coverage, by_place.lines.at(0), by_place.lines.at(1), by_place.informative.at(1),
                                        by_place.fresh.at(0).halving, by_place.fresh.at(0).typical, by_place.kinds.kind,
                                        by_place.kinds.factor, by_place.kinds.few);
  state["ridge"] = ridge;
  state["half_width"] = half_width;
  state["version"] = version;
  return state;
}
Scales scales_in(const py::dict& state) {
  const auto of = state["scales"].cast<std::vector<Vector<double>>>();
  Scales scales{{of.at(0), of.at(1)}, {of.at(2), of.at(3)}, {}};
  for (const py::handle& item : state["transforms"].cast<py::list>()) {
    const auto by = item.cast<std::tuple<int, double, double, double, double>>();
    scales.transforms.push_back(
        {static_cast<TransformKind>(std::get<0>(by)), std::get<1>(by), std::get<2>(by), std::get<3>(by), std::get<4>(by)});
  }
  return scales;
}
HalfWidths half_widths_in(const py::dict& state) {
  const auto of = state["half_widths"].cast<py::tuple>();
  return {of[0].cast<double>(),
          {of[1].cast<Matrix<double>>(), of[2].cast<Matrix<double>>()},
          {{}, of[3].cast<Vector<double>>()},
          {{of[4].cast<double>(), of[5].cast<Vector<double>>()}},
          {of[6].cast<KindFactors::Table>(), of[7].cast<Matrix<double>>(), of[8].cast<double>()}};
}
FittedFactors factors_in(const py::dict& state) {
  return {state["factors"].cast<std::vector<Matrix<double>>>(),
          {"saved",
           state["offset"].cast<double>(),
           {state["row_effects"].cast<Vector<double>>(), state["col_effects"].cast<Vector<double>>()},
           state["scale"].cast<double>(),
           scales_in(state)}};
}

TransformSettings transform_in(int all, const std::vector<std::pair<Index, int>>& columns,
                               const std::vector<std::tuple<Index, double, double>>& ranges) {
  TransformSettings of{static_cast<TransformSettings::Which>(all), {}, {}};
  for (const auto& [column, kind] : columns) of.columns.emplace_back(column, static_cast<TransformKind>(kind));
  for (const auto& [column, low, high] : ranges) of.ranges.push_back({column, low, high});
  return of;
}

/// Columns of the features of rows, or columns: (name, numbers) or (name, words); and the line of X that each of their items belongs to.
LineFeatures features_in(const py::handle& given, Index lines, const std::string& what) {
  const auto [columns, line_of] = given.cast<std::pair<py::list, std::vector<Index>>>();
  std::vector<FeatureColumn> all;
  for (const py::handle& one : columns) {
    const auto [name, cells] = one.cast<std::pair<std::string, py::list>>();
    const bool words = !cells.empty() && py::isinstance<py::str>(cells[0]);
    all.push_back({name, words});
    if (words) all.back().words = cells.cast<std::vector<std::string>>();
    else all.back().numbers = cells.cast<std::vector<double>>();
  }
  if (all.empty()) return {};
  FeaturesOfColumns made = features_of(all, line_of, lines, what);
  require(made.refused.empty(), "Completer.fit: ", what, "_features ", made.refused);
  return std::move(made.features);
}

/// Modes whose order means something: all that are asked for, and those found by labels where neighbours are alike. A dict each for the report.
std::vector<LineOrder> ordered_in(const py::handle& given, const Data<double>& data, py::list& told) {
  std::vector<LineOrder> used;
  for (const py::handle& one : given) {
    const auto [mode, at, found] = one.cast<std::tuple<Index, std::vector<double>, std::string>>();
    LineOrder order{mode, at, found};
    const double ratio = neighbour_ratio(data, order);
    const bool take = found.empty() || ratio < alike_below;
    using namespace py::literals;
    told.append(py::dict("mode"_a = mode == 0 ? "rows" : "columns", "found"_a = found.empty() ? "asked for" : found,
                         "neighbour_ratio"_a = ratio, "used"_a = take));
    if (take) used.push_back(std::move(order));
  }
  return used;
}

py::tuple fit(const Array& X, const py::kwargs& asked) {
  struct Fitted {
    CompletionResult result;
    FittedFactors factors;
    double ridge;
  };
  const auto take = [&](const char* name, auto& into) { into = asked[name].cast<std::decay_t<decltype(into)>>(); };
  CompletionSettings s;
  take("folds", s.folds), take("budget", s.budget), take("counted", s.pace.counted), take("iterations", s.iterations);
  take("depths", s.depths), take("width", s.width), take("coverage", s.coverage), take("seed", s.seed), take("threads", s.threads);
  take("baselines", s.baselines), take("stack", s.stack), take("race", s.race);
  s.clip = false;
  s.scaling = static_cast<Scaling>(asked["scaling"].cast<int>());
  s.transform = transform_in(asked["transform"].cast<int>(), asked["transforms"].cast<std::vector<std::pair<Index, int>>>(),
                             asked["ranges"].cast<std::vector<std::tuple<Index, double, double>>>());
  const auto features = asked["features"].cast<std::vector<py::object>>();
  s.features = {features_in(features.at(0), X.rows(), "row"), features_in(features.at(1), X.cols(), "column")};
  const Data<double> data = observed(X);
  py::list ordered;
  s.ordered = ordered_in(asked["ordered"], data, ordered);
  const Fitted fitted = from_python::interruptible([data, s](const std::function<bool()>& stop) -> Fitted {
    CompletionSettings stopped = s;
    stopped.pace.stop = stop;
    CompletionResult result = complete(data, stopped);
    FittedFactors factors = factors_of(result.fit);
    const double ridge = best_ridge(factors, data, s.seed);
    return {std::move(result), std::move(factors), ridge};
  });
  const CompletionResult& result = fitted.result;
  py::dict report;
  report["version"] = version;
  report["chosen"] = result.chosen().name;
  report["rmse"] = result.chosen().rmse;
  report["standard_error"] = result.chosen().standard_error;
  report["settings"] = result.fit.settings();
  report["iterations"] = std::accumulate(result.fit.choice.steps.begin(), result.fit.choice.steps.end(), Index(0));
  report["coverage"] = s.coverage;
  report["half_width"] = result.width;
  report["folds"] = result.folds;
  report["new_rows_ridge"] = fitted.ridge;
  report["ordered"] = ordered;
  report["row_features"] = s.features.rows.names;
  report["column_features"] = s.features.columns.names;
  py::list cold;
  for (const ColdLines& lines : result.cold_lines) {
    using namespace py::literals;
    cold.append(py::dict("mode"_a = lines.mode == 0 ? "rows" : "columns", "count"_a = lines.count, "from_features"_a = lines.ridge > 0,
                         "rmse"_a = lines.rmse, "average_rmse"_a = lines.average_rmse));
  }
  report["without_entries"] = cold;
  report["methods"] = rows_of(result.table());
  py::dict fitted_by;
  for (std::size_t j = 0; j < result.fit.centre.lines.transforms.size(); ++j)
    if (const Transform& by = result.fit.centre.lines.transforms[j]; by.kind != TransformKind::none)
      fitted_by[py::int_(j)] = std::string(name_of(by.kind)) + (by.shift != 0 ? ", smeared" : "");
  report["transforms"] = fitted_by;
  return py::make_tuple(state_of(fitted.factors, fitted.ridge, result.width, result.half_widths), report);
}

void check_rows(const Array& X, const std::vector<Index>& row_of, Index rows, Index cols) {
  require(X.cols() == cols, "tacit: X has ", X.cols(), " columns, the fit has ", cols);
  require(static_cast<Index>(row_of.size()) == X.rows(), "tacit: ", row_of.size(), " places for ", X.rows(), " rows");
  for (const Index i : row_of) require(i >= -1 && i < rows, "tacit: row ", i, " of the fit is asked for, there are 0 to ", rows - 1);
}
Array predict(const py::dict& state, const Array& X, const std::vector<Index>& row_of) {
  const FittedFactors of = factors_in(state);
  check_rows(X, row_of, of.rows(), of.cols());
  const Matrix<double> basis = of.basis(), last = of.factors.back().transpose();
  const NewRows fold(of, state["ridge"].cast<double>());
  Array W(X.rows(), X.cols());
  for (Index k = 0; k < X.rows(); ++k) {  // one at a time: the same bits whatever other rows are asked for
    if (const Index i = row_of[static_cast<std::size_t>(k)]; i >= 0) {
      const Vector<double> w = basis.transpose() * last.col(i);
      for (Index j = 0; j < W.cols(); ++j) W(k, j) = of.centre.put_back(w[j], i, j);
      continue;
    }
    std::vector<Index> cols;
    for (Index j = 0; j < X.cols(); ++j)
      if (!std::isnan(X(k, j))) cols.push_back(j);
    Vector<double> y(static_cast<Index>(cols.size()));
    for (std::size_t s = 0; s < cols.size(); ++s) y[static_cast<Index>(s)] = X(k, cols[s]);
    W.row(k) = fold.row(cols, y);
  }
  return W;
}
py::tuple intervals(const py::dict& state, const Array& X, const Array& completed, const std::vector<Index>& row_of) {
  const FittedFactors of = factors_in(state);
  check_rows(X, row_of, of.rows(), of.cols());
  check_rows(completed, row_of, of.rows(), of.cols());
  const HalfWidths by_place = half_widths_in(state);
  Array low(X.rows(), X.cols()), high = low;
  for (Index k = 0; k < X.rows(); ++k) {
    const Index i = row_of[static_cast<std::size_t>(k)];
    std::vector<Index> seen;
    for (Index j = 0; i < 0 && j < X.cols(); ++j)
      if (!std::isnan(X(k, j))) seen.push_back(j);
    const Vector<double> fresh = i < 0 ? by_place.of_new_row(seen.data(), static_cast<Index>(seen.size())) : Vector<double>();
    for (Index j = 0; j < X.cols(); ++j) {
      const double half = !by_place.known() ? state["half_width"].cast<double>() : i < 0 ? fresh[j] : by_place.at(i, j);
      std::tie(low(k, j), high(k, j)) = of.centre.lines.interval(completed(k, j), half, j);
    }
  }
  return py::make_tuple(low, high);
}

py::dict run(const Array& X, const std::vector<Index>& widths, double rate, const std::string& optimizer, Index iterations, Index every,
             double product_scale, double stop_at, std::uint64_t seed) {
  struct Done {
    std::vector<std::pair<std::string, std::vector<double>>> columns;
    std::string reason;
  };
  const Done done = from_python::interruptible([=, data = observed(X)](const std::function<bool()>& stop) -> Done {
    const DeepMatrix<double> model(widths);
    const Problem problem(model, data, MeanSquares{});
    Vector<double> theta = model.near_zero({.product_scale = product_scale, .seed = seed});
    Trajectory history(loss, gradient_norm, effective_rank, nuclear_norm, singular_values(10));
    const auto chosen = optimizer.empty() ? any_optimizer<double>(group_rmsprop({.rate = rate})) : AnyOptimizer<double>(optimizer);
    const Pace pace{.stop = stop};
    const auto outcome = train(problem, theta, chosen, {.iterations = iterations}, tacit::every(every, history),
                               stop_when(loss_below(stop_at)), [&](const auto&) { pace.ask(); });
    Done columns{{}, sentence(outcome)};
    for (const std::string& name : history.names()) columns.columns.push_back({name, history.column(name)});
    return columns;
  });
  py::dict columns;
  for (const auto& [name, values] : done.columns)
    columns[py::str(name)] = py::array(static_cast<py::ssize_t>(values.size()), values.data());
  columns["reason"] = done.reason;
  return columns;
}

}  // namespace

PYBIND11_MODULE(_tacit, m) {
  m.doc() = "The compiled half of tacit.";
  m.attr("__version__") = version;
  m.def("fit", &fit, "X and all settings, as _completer.py has them.");
  m.def("order_of_labels", [](const std::vector<std::string>& labels, const std::string& called) -> py::object {
    const auto order = order_of_labels(labels, called);
    return order ? py::object(py::make_tuple(order->found, order->at)) : py::none();
  });
  m.def("predict", &predict, py::arg("state"), py::arg("X"), py::arg("row_of"));
  m.def("intervals", &intervals, py::arg("state"), py::arg("X"), py::arg("completed"), py::arg("row_of"));
  m.def("run", &run, py::arg("X"), py::kw_only(), py::arg("widths"), py::arg("rate"), py::arg("optimizer"), py::arg("iterations"),
        py::arg("every"), py::arg("product_scale"), py::arg("stop"), py::arg("seed"));
  m.def("optimizers", &optimizer_names, "The names that run(optimizer=...) takes.");
  py::module_::import("atexit").attr("register")(py::cpp_function([] {
    py::gil_scoped_release others_may_run;
    from_python::stragglers().join();
  }));
}
