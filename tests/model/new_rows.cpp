// SPDX-License-Identifier: MIT
// New rows by ridge regression: with a ridge that is chosen, and from the average row, which one without entries is.
#include <tacit/data/low_rank.hpp>
#include <tacit/model/new_rows.hpp>

#include "catch.hpp"

using namespace tacit;

namespace {

Matrix<double> normal(Index rows, Index cols, std::uint64_t seed) {
  Random random(seed, "factors");
  Matrix<double> X(rows, cols);
  for (double& x : X.reshaped()) x = random.normal();
  return X;
}
/// Data of all rows of W, with noise, of which each entry is seen with probability 0.6.
Data<double> seen_of(const Matrix<double>& W, double noise) {
  Random random(7, "seen");
  Entries::Indices row, col;
  std::vector<double> y;
  for (Index i = 0; i < W.rows(); ++i)
    for (Index j = 0; j < W.cols(); ++j)
      if (random.uniform() < 0.6)
        row.push_back(static_cast<std::int32_t>(i)), col.push_back(static_cast<std::int32_t>(j)),
            y.push_back(W(i, j) + noise * random.normal());
  return observed<double>(W.rows(), W.cols(), row, col, Eigen::Map<const Vector<double>>(y.data(), static_cast<Index>(y.size())));
}

}  // namespace

TEST_CASE("a row of the same factors is found from a few exact entries, with effects as well; one without entries is the average") {
  for (const bool effects : {false, true}) {
    Centre centre{"test", 3, {}, 2};
    if (effects) centre.effects = {normal(30, 1, 4), normal(20, 1, 5)};
    const FittedFactors of{{normal(2, 20, 1), normal(30, 2, 2)}, centre};
    const Vector<double> w = normal(2, 1, 3);
    Vector<double> truth = (2 * (of.factors[0].transpose() * w)).array() + 3 + (effects ? 1.7 : 0.0);
    if (effects) truth += centre.effects[1];
    const std::vector<Index> at{1, 4, 6, 9, 15};
    Vector<double> y(5);
    for (Index k = 0; k < 5; ++k) y[k] = truth[at[static_cast<std::size_t>(k)]];
    CHECK((NewRows(of, 1e-9).row(at, y) - truth).norm() < 1e-5);
    CHECK((NewRows(of, 10).row(at, y) - truth).norm() > 0.1);
    Vector<double> average = (2 * (of.factors[0].transpose() * of.factors[1].colwise().mean().transpose())).array() + 3;
    if (effects) average += centre.effects[1] + Vector<double>::Constant(20, centre.effects[0].mean());
    CHECK((NewRows(of, 0.1).row({}, Vector<double>()) - average).norm() < 1e-12 * average.norm());
  }
}

TEST_CASE("the ridge is small for exact rows and large for noisy ones") {
  const FittedFactors of{{normal(4, 12, 1), normal(60, 4, 2)}, {}};
  const Matrix<double> W = of.factors[1] * of.factors[0];
  const double exact = best_ridge(of, seen_of(W, 0), 1), noisy = best_ridge(of, seen_of(W, 4), 1);
  CHECK(exact == 1e-3);
  CHECK(noisy >= 1);
}
