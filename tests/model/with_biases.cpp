// SPDX-License-Identifier: MIT
#include <tacit/loss/squares.hpp>
#include <tacit/model/deep_matrix.hpp>
#include <tacit/model/with_biases.hpp>

#include "../laws/laws.hpp"

using namespace laws;

TEST_CASE("objectives of models with biases have the derivatives that they claim, through entries and the whole matrix") {
  for (const auto& widths : {std::vector<Index>{4, 2, 5}, std::vector<Index>{3, 2, 2, 6}, std::vector<Index>{5, 3}}) {
    const WithBiases model(DeepMatrix<double>{widths});
    const Index rows = widths.back(), cols = widths.front();
    const Vector<double> theta = normal<double>(model.parameter_count(), 3, 0.5);
    objective_is_smooth(Problem(model, targets_near(model, AllEntries(rows, cols), theta, false), MeanSquares{}), theta);
    objective_is_smooth(Problem(model, targets_near(model, some_entries(rows, cols), theta, true), MeanSquares{}), theta);
  }
}

TEST_CASE("biases are added once to every entry of their row and column") {
  const WithBiases model(DeepMatrix<double>({3, 2, 4}));
  CHECK(model.parameter_count() == 1 + 4 + 3 + 14);
  Vector<double> theta = model.start(model.factors().near_zero({.entry_std = 1, .seed = 2}));
  CHECK(theta.head(8).isZero(0));
  CHECK(model.factors(theta) == theta.tail(14));
  theta[0] = 10, theta.segment(1, 4) << 1, 2, 3, 4, theta.segment(5, 3) << 0.1, 0.2, 0.3;
  const AllEntries at(4, 3);
  auto ws = model.workspace(at);
  Vector<double> z(12), w(12);
  model.evaluate(theta, at, ws, z);
  model.factors().evaluate(model.factors(theta), at, ws, w);
  for (Index j = 0; j < 3; ++j)
    for (Index i = 0; i < 4; ++i) {
      const auto whole = static_cast<double>(i + 1), tenths = 0.1 * static_cast<double>(j + 1);
      CHECK_THAT(z[i + 4 * j] - w[i + 4 * j], Catch::Matchers::WithinAbs(10 + whole + tenths, 1e-12));
    }
}
