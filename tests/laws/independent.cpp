// SPDX-License-Identifier: MIT
// The library against the independent formulation in naive.hpp: value, gradient and the whole Hessian.
#include <tacit/loss/pointwise.hpp>
#include <tacit/model/symmetric_matrix.hpp>

#include <array>

#include "deep_matrices.hpp"
#include "naive.hpp"

using namespace laws;

namespace {

template <class Model, class Loss, class F>
void compare(const Model& model, const auto& independent, const Data<double>& data, const Loss& loss, F&& f) {
  INFO(model);
  const Vector<double> theta = normal<double>(model.parameter_count(), 71, 0.6);
  const Problem problem(model, data, loss);
  auto ws = problem.workspace();
  Vector<double> g(theta.size()), column(theta.size());
  const double value = problem.value_and_gradient(theta, ws, g).objective;

  Matrix<double> y = Matrix<double>::Zero(data.where.rows(), data.where.cols()), w = y;
  for (Index k = 0; k < data.count(); ++k)
    y(data.where[k].row, data.where[k].col) = data.y[k], w(data.where[k].row, data.where[k].col) = data.weight[k];
  const auto expected = naive::objective(independent, theta, [&](Index i, Index j, double z) {
    auto part = f(z, y(i, j), static_cast<double>(data.count()));
    for (double& number : part) number *= w(i, j);
    return part;
  });
  CHECK(std::abs(value - expected.value) <= 1e-13 * std::abs(expected.value));
  check_close(g, expected.gradient, 1e-13);
  for (Index k = 0; k < theta.size(); ++k) {
    problem.hessian_times_linearized(theta, Vector<double>::Unit(theta.size(), k), ws, column);
    if (expected.hessian.col(k).norm() == 0) CHECK(column.norm() == 0);  // a parameter that no observation depends on
    else check_close(column, expected.hessian.col(k), 1e-12);
  }
}

Data<double> targets(Index rows, Index cols, Path path) {
  const Entries at = some_entries(rows, cols).through(path);
  return {at, normal<double>(at.count(), 72), normal<double>(at.count(), 73).cwiseAbs()};
}
std::array<double, 3> mean_square(double z, double y, double m) { return {(z - y) * (z - y) / m, 2 * (z - y) / m, 2 / m}; }
std::array<double, 3> log_cosh(double z, double y, double m) {
  const double t = std::tanh(z - y);
  return {std::log(std::cosh(z - y)) / m, t / m, (1 - t * t) / m};
}

}  // namespace

TEST_CASE("deep matrices equal the naive formulation, Hessian and all") {
  for (const Widths& widths : small_deep_matrices())
    for (const Path path : {Path::per_entry, Path::dense}) {
      const DeepMatrix<double> model(widths);
      compare(model, naive::Deep{widths}, targets(model.rows(), model.cols(), path), MeanSquares{}, mean_square);
    }
  compare(DeepMatrix<double>({4, 2, 5, 3}), naive::Deep{{4, 2, 5, 3}}, targets(3, 4, Path::automatic),
          pointwise([](auto z, auto y) { return logcosh(z - y); }), log_cosh);
}
TEST_CASE("symmetric matrices equal the naive formulation, Hessian and all") {
  for (const auto& [n, r] : {std::pair<Index, Index>{4, 2}, {3, 5}, {1, 1}})
    compare(SymmetricMatrix<double>({.size = n, .width = r}), naive::Symmetric{n, r}, targets(n, n, Path::per_entry), MeanSquares{},
            mean_square);
}
