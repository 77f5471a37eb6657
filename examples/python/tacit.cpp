// SPDX-License-Identifier: MIT
// Tacit from Python, through pybind11: three names, no logic of their own.
//   completed, low, high, report = tacit.complete(X)      X: numpy array, NaN where nothing is known; report: a dict, the table of methods in it
//   columns = tacit.run(X, widths=[100, 100, 100, 100])   trajectories of a training run: a dict of arrays, and "reason", why it ended
//   columns = tacit.run(X, widths=[...], optimizer="adam({.rate = 1e-3})")     by any optimizer of tacit.optimizers()
//   tacit.Completer().fit_transform(X)                    the first as an object with fit and transform
#include <pybind11/eigen.h>
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <tacit/completion/complete.hpp>
#include <tacit/hook/spectrum.hpp>
#include <tacit/optimizer/named_optimizers.hpp>
#include <tacit/output/model_files.hpp>
#include <tacit/tacit.hpp>

namespace py = pybind11;
using namespace tacit;

namespace {

using Array = Matrix<double>;

Data<double> seen_of(const Array& X) {
  for (Index j = 0; j < X.cols(); ++j)
    for (Index i = 0; i < X.rows(); ++i)
      require(!std::isinf(X(i, j)), "tacit: X[", i, ", ", j, "] is infinite; NaN marks what is not known");
  return observed(X);
}

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

/// Completes matrices; what it fitted stays with it.
class Completer {
 public:
  explicit Completer(CompletionSettings settings) : settings_(std::move(settings)) {}

  Completer& fit(const Array& X) {
    const Data<double> data = seen_of(X);
    result_ = [&] {
      py::gil_scoped_release others_may_run;
      return tacit::complete(data, settings_);
    }();
    return *this;
  }
  /// Known entries as they are, the others predicted; X of the shape that was fitted.
  Array transform(const Array& X) const {
    require(result_.fit.model != nullptr, "Completer: fit comes before transform");
    const Array W = tacit::predict(*result_.fit.model, result_.fit.theta, result_.fit.preprocessing());
    require(X.rows() == W.rows() && X.cols() == W.cols(), "Completer: X is ", X.rows(), " x ", X.cols(), ", fitted was ", W.rows(), " x ",
            W.cols());
    return X.array().isNaN().select(W, X);
  }
  Array fit_transform(const Array& X) { return fit(X).transform(X); }
  /// Half the width of an interval of the asked coverage; 0 where an entry is known.
  Array half_widths(const Array& X) const { return X.array().isNaN().select(Array::Constant(X.rows(), X.cols(), result_.width), 0.0); }
  py::dict report() const {
    py::dict report;
    report["version"] = version;
    report["chosen"] = result_.chosen().name;
    report["rmse"] = result_.chosen().rmse;
    report["standard_error"] = result_.chosen().standard_error;
    report["settings"] = result_.fit.settings();
    report["coverage"] = settings_.coverage;
    report["half_width"] = result_.width;
    report["folds"] = result_.folds;
    report["methods"] = rows_of(result_.table());
    return report;
  }

 private:
  CompletionSettings settings_;
  CompletionResult result_;
};

Completer completer(Index folds, double budget, std::vector<Index> depths, Index width, double coverage, bool baselines, std::uint64_t seed,
                    int threads) {
  CompletionSettings s;
  s.folds = folds, s.budget = budget, s.depths = std::move(depths), s.width = width, s.coverage = coverage, s.baselines = baselines,
  s.seed = seed, s.threads = threads;
  return Completer(s);
}
py::tuple completed(const Array& X, Index folds, double budget, std::vector<Index> depths, Index width, double coverage, bool baselines,
                    std::uint64_t seed, int threads) {
  Completer by = completer(folds, budget, std::move(depths), width, coverage, baselines, seed, threads);
  const Array W = by.fit_transform(X), half = by.half_widths(X);
  return py::make_tuple(W, Array(W - half), Array(W + half), by.report());
}

py::dict run(const Array& X, const std::vector<Index>& widths, double rate, const std::string& optimizer, Index iterations, Index every,
             double product_scale, double stop, std::uint64_t seed) {
  const DeepMatrix<double> model(widths);
  const Problem problem(model, seen_of(X), MeanSquares{});
  Vector<double> theta = model.near_zero({.product_scale = product_scale, .seed = seed});
  Trajectory history(loss, gradient_norm, effective_rank, nuclear_norm, singular_values(10));
  const auto outcome = [&] {
    py::gil_scoped_release others_may_run;
    const auto chosen = optimizer.empty() ? any_optimizer<double>(group_rmsprop({.rate = rate})) : AnyOptimizer<double>(optimizer);
    return train(problem, theta, chosen, {.iterations = iterations}, tacit::every(every, history), stop_when(loss_below(stop)));
  }();
  py::dict columns;
  for (const std::string& name : history.names()) {
    const std::vector<double> values = history.column(name);
    columns[py::str(name)] = py::array(static_cast<py::ssize_t>(values.size()), values.data());
  }
  columns["reason"] = sentence(outcome);
  return columns;
}

}  // namespace

PYBIND11_MODULE(tacit, m) {
  m.doc() = "Deep matrix factorizations: completion of matrices with gaps, and trajectories of training.";
  m.attr("__version__") = version;
  const auto with_settings = [](auto&& define) {
    define(py::kw_only(), py::arg("folds") = 5, py::arg("budget") = 60.0, py::arg("depths") = std::vector<Index>{2, 3},
           py::arg("width") = 0, py::arg("coverage") = 0.9, py::arg("baselines") = true, py::arg("seed") = 1, py::arg("threads") = 0);
  };
  with_settings(
      [&](auto... args) { m.def("complete", &completed, "(completed, low, high, report) of an array with NaN", py::arg("X"), args...); });
  m.def("run", &run, "dict of trajectories of a training run on the entries of X that are not NaN", py::arg("X"), py::kw_only(),
        py::arg("widths"), py::arg("rate") = 1e-3, py::arg("optimizer") = "", py::arg("iterations") = 40'000, py::arg("every") = 100,
        py::arg("product_scale") = 1e-3, py::arg("stop") = 1e-6, py::arg("seed") = 1);
  m.def("optimizers", &optimizer_names, "the names that run(optimizer=...) takes");
  py::class_<Completer> type(m, "Completer", "fit and transform, as scikit-learn has them");
  with_settings([&](auto... args) { type.def(py::init(&completer), args...); });
  type.def("fit", &Completer::fit, py::arg("X"), py::return_value_policy::reference).def("transform", &Completer::transform, py::arg("X"));
  type.def("fit_transform", &Completer::fit_transform, py::arg("X")).def_property_readonly("report_", &Completer::report);
}
