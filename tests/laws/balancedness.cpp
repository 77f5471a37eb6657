// SPDX-License-Identifier: MIT
// Gradient flow conserves W_{l+1}^T W_{l+1} - W_l W_l^T. Gradient descent changes it by O(rate^2) a step, so over a fixed flow time by O(rate):
// a tenth of the rate, a tenth of the drift.
#include "deep_matrices.hpp"

using namespace laws;

namespace {

std::vector<Matrix<double>> defects(const DeepMatrix<double>& model, const Vector<double>& theta) {
  std::vector<Matrix<double>> all;
  for (Index l = 0; l + 1 < model.depth(); ++l) {
    const Matrix<double> below = model.layer(theta, l), above = model.layer(theta, l + 1);
    all.emplace_back(above.transpose() * above - below * below.transpose());
  }
  return all;
}

template <class P>
double drift(const P& problem, Vector<double> theta, double rate, double time) {
  auto ws = problem.workspace();
  Vector<double> g(theta.size());
  const auto before = defects(problem.model(), theta);
  const auto steps = static_cast<Index>(std::lround(time / rate));
  for (Index t = 0; t < steps; ++t) {
    problem.value_and_gradient(theta, ws, g);
    theta -= rate * g;
  }
  const auto after = defects(problem.model(), theta);
  double largest = 0;
  for (std::size_t l = 0; l < before.size(); ++l) largest = std::max(largest, (after[l] - before[l]).norm());
  return largest;
}

}  // namespace

TEST_CASE("the drift of balancedness is proportional to the rate") {
  for (const Widths& widths : {Widths{4, 3, 5}, Widths{4, 3, 3, 5}, Widths{4, 4, 2, 3, 4}}) {
    const DeepMatrix<double> model(widths);
    INFO(model);
    const auto data =
        targets_near(model, some_entries(model.rows(), model.cols()), normal<double>(model.parameter_count(), 81, 0.5), false);
    const Problem problem(model, data, HalfSumOfSquares{});
    const Vector<double> theta = normal<double>(model.parameter_count(), 82, 0.5);
    const double coarse = drift(problem, theta, 1e-3, 0.5), fine = drift(problem, theta, 1e-4, 0.5);
    CHECK(fine > 0);
    CHECK(coarse / fine > 9);
    CHECK(coarse / fine < 11);
  }
}
