// SPDX-License-Identifier: MIT
// The job on real data: depth and iteration are chosen on validation entries, errors are those of test entries that nothing else has seen.
#include <iostream>
#include <tacit/data/read.hpp>
#include <tacit/io/csv_writer.hpp>
#include <tacit/io/npy_writer.hpp>
#include <tacit/observation/split.hpp>

#include "report.hpp"
#include "synthetic.hpp"

using namespace tacit;

namespace {

double rmse(const Vector<double>& prediction, const Vector<double>& y) {
  return std::sqrt((prediction - y).squaredNorm() / static_cast<double>(y.size()));
}

/// mean + (row mean - mean) + (column mean - mean), of the training entries; rows and columns without any count as average.
struct Means {
  double mean;
  Vector<double> row, col;  // deviations

  explicit Means(const Data<double>& train)
      : mean(train.y.mean()), row(Vector<double>::Zero(train.where.rows())), col(Vector<double>::Zero(train.where.cols())) {
    Vector<double> rows = row, cols = col;
    for (Index k = 0; k < train.count(); ++k) {
      const auto [i, j] = train.where[k];
      row[i] += train.y[k] - mean, rows[i] += 1;
      col[j] += train.y[k] - mean, cols[j] += 1;
    }
    row = row.cwiseQuotient(rows.cwiseMax(1));
    col = col.cwiseQuotient(cols.cwiseMax(1));
  }
  Vector<double> global(const Entries& at) const { return Vector<double>::Constant(at.count(), mean); }
  Vector<double> additive(const Entries& at) const {
    Vector<double> z(at.count());
    for (Index k = 0; k < z.size(); ++k) z[k] = mean + row[at[k].row] + col[at[k].col];
    return z;
  }
};

}  // namespace

bool data_job(Settings s) {
  ReadOptions options;
  options.mode = s.mode;
  const MatrixFile file = read_observed(s.data, options);
  if (!s.quiet) std::cerr << s.data << ": " << file.format << '\n';
  const Index rows = file.data.where.rows(), cols = file.data.where.cols();
  // Before anything is trained: the completed matrix is formed and written at the end.
  const Shape shape{rows, cols};
  require(shape.size() <= Shape::dense_limit, "matrix_completion: ", s.data, ": the completed matrix, ", shape, ", would have ",
          shape.size(), " entries, more than the ", Shape::dense_limit, " that are formed");
  if (s.width == 0) s.width = std::min<Index>({rows, cols, 100});
  auto parts = split_entries(file.data, {.validation = s.validation, .test = s.test, .seed = s.seed});
  auto &train = parts.train, &validation = parts.validation, &test = parts.test;  // by name: clang 14 captures no structured binding

  Findings report{s,
                  s.provenance(),
                  sentence(s.data, ": ", rows, " x ", cols, ", ", file.data.count(), " observed entries; ", train.count(), " to train, ",
                           validation.count(), " to choose, ", test.count(), " to test"),
                  {},
                  Table({"method", "depth", "iterations", "reason", "train_loss", "best_iteration", "validation_rmse", "test_rmse",
                         "effective_rank", "nuclear_norm", "seconds", "chosen"}),
                  {}};
  report.remarks.insert(report.remarks.end(), file.remarks.begin(), file.remarks.end());
  const auto missing = unobserved(train.where);
  if (!missing.rows.empty())
    report.remarks.push_back(sentence("Warning: rows without a training entry, for which the start is all there is to go by: ",
                                      list_of(missing.rows, file.row_labels)));
  if (!missing.cols.empty())
    report.remarks.push_back(sentence("Warning: columns without a training entry: ", list_of(missing.cols, file.col_labels)));
  for (const std::string& remark : report.remarks) std::cerr << remark << '\n';

  const Means means(train);
  const auto add_baseline = [&](const char* name, const Vector<double>& on_validation, const Vector<double>& on_test) {
    report.summary.add({name, Cell(), Cell(), "closed form", Cell(), Cell(), rmse(on_validation, validation.y), rmse(on_test, test.y),
                        Cell(), Cell(), Cell(), ""});
  };
  // In units of the training entries' spread, around their mean: the start's scale then means the same for every file.
  const double offset = s.center ? means.mean : 0;
  const double spread = std::sqrt((train.y.array() - offset).square().mean());
  require(spread > 0, "matrix_completion: all training entries of ", s.data, " are equal to ", means.mean, ", there is nothing to learn");
  auto scaled = [&](Data<double> part) {
    part.y = (part.y.array() - offset) / spread;
    return part;
  };
  const auto scaled_train = std::make_shared<const Data<double>>(scaled(train));
  const Data<double> scaled_validation = scaled(validation);
  std::vector<Job> jobs;
  for (Index depth : s.depths) jobs.push_back({s, depth, scaled_train, &scaled_validation, nullptr});
  const std::vector<Result> results = run_all(jobs, nullptr, s);
  for (const Result& r : results)
    if (r.interrupted) return false;

  std::size_t winner = 0;
  for (std::size_t k = 1; k < results.size(); ++k)
    if (results[k].validation_rmse < results[winner].validation_rmse) winner = k;
  add_baseline("global mean", means.global(validation.where), means.global(test.where));
  add_baseline("row + column means", means.additive(validation.where), means.additive(test.where));
  for (std::size_t k = 0; k < results.size(); ++k) {
    const Result& r = results[k];
    const auto model = jobs[k].model();
    auto ws = model.workspace(test.where);
    Vector<double> z(test.count());
    model.evaluate(r.theta, test.where, ws, z);
    z = z.array() * spread + offset;
    report.summary.add({sentence("depth ", r.depth), r.depth, r.outcome.iterations,
                        r.outcome.why.empty() ? to_string(r.outcome.reason) : r.outcome.why, r.outcome.loss * spread * spread,
                        r.best_iteration, r.validation_rmse * spread, rmse(z, test.y), r.effective_rank, r.nuclear_norm * spread,
                        r.outcome.seconds, k == winner ? "chosen" : ""});
  }
  const double chosen_rmse = report.summary.numbers("test_rmse")[winner + 2], mean_rmse = report.summary.numbers("test_rmse")[0];
  report.remarks.push_back(sentence("Chosen on validation: depth ", results[winner].depth, " at iteration ", results[winner].best_iteration,
                                    ". Its error on test entries is ", chosen_rmse, ", ", mean_rmse / chosen_rmse,
                                    " times smaller than that of the global mean."));

  // The completed matrix: observed entries as they were read, the chosen model's predictions elsewhere.
  const auto model = jobs[winner].model();
  Matrix<double> W = model.layer(results[winner].theta, 0);
  for (Index l = 1; l < model.depth(); ++l) W = (model.layer(results[winner].theta, l) * W).eval();
  W = (W.array() * spread + offset).matrix();
  for (Index k = 0; k < file.data.count(); ++k) W(file.data.where[k].row, file.data.where[k].col) = file.data.y[k];
  report.results = results;
  conclude(report, [&] {
    write_csv(s.out + "/completed.csv", W, {file.row_labels, file.col_labels}, report.provenance);
    write_npy(s.out + "/completed.npy", W, report.provenance);
    return std::vector<std::string>{"completed.csv", "completed.npy"};
  });
  return true;
}
