// SPDX-License-Identifier: MIT
// New rows with features, folded into a fit that has not seen them.
#include <tacit/fit/as_factors.hpp>
#include <tacit/fit/new_rows_from_features.hpp>
#include <tacit/solver/als.hpp>

#include "catch.hpp"
#include "planted_features.hpp"
#include "thrown.hpp"

using namespace tacit;
using planted_features::Planted;

TEST_CASE(
    "new rows with features and few or no entries are predicted from them, better than from the average row; features that say nothing "
    "change nothing") {
  const Planted planted(0.5, 0.2, 2);
  const Index fitted = planted.rows - planted.cold;
  Data<double> data =
      observed<double>(fitted, planted.cols, Entries::Indices(planted.data.where.row(), planted.data.where.row() + planted.data.count()),
                       Entries::Indices(planted.data.where.col(), planted.data.where.col() + planted.data.count()), planted.data.y);
  const DeepFit fit = as_deep(als(data, {.rank = 3, .lambda = 1, .centre = additive_effects(data)}), data.where.shape());
  const FittedFactors factors{{Matrix<double>(fit.model->layer(fit.theta, 0)), Matrix<double>(fit.model->layer(fit.theta, 1))}, fit.centre};
  const double ridge = best_ridge(factors, data, 1);
  const NewRows plain(factors, ridge);
  LineFeatures features{planted.X};
  const NewRowsFromFeatures rows(factors, features, ridge);
  CHECK(rows.told().ridge > 0);
  CHECK(rows.told().count == planted.cold);
  CHECK(rows.told().rmse < 0.7 * rows.told().average_rmse);
  CHECK(rows.share_unknown() < 0.5);

  Random random(7, "entries of new rows");
  double before = 1e300;
  for (const Index known : {0, 2, 30}) {
    double with = 0, without = 0;
    for (Index i = 0; i < planted.cold; ++i) {
      std::vector<Index> cols(static_cast<std::size_t>(planted.cols));
      std::iota(cols.begin(), cols.end(), Index(0));
      random.shuffle(cols);
      cols.resize(static_cast<std::size_t>(known));
      Vector<double> y(known);
      for (Index k = 0; k < known; ++k) y[k] = planted.truth(fitted + i, cols[static_cast<std::size_t>(k)]) + 0.3 * random.normal();
      const Vector<double> truth = planted.truth.row(fitted + i).transpose();
      with += (rows.row(i, cols, y) - truth).squaredNorm(), without += (plain.row(cols, y) - truth).squaredNorm();
    }
    INFO(known << " entries: " << with << " with features, " << without << " without");
    CHECK(with < (known == 0 ? 0.3 : known == 2 ? 0.6 : 1.05) * without);
    CHECK(with < before);
    before = with;
    // The error without entries is the one that is told, on rows held out.
    if (known == 0) CHECK(std::abs(std::sqrt(with / static_cast<double>(planted.cold * planted.cols)) / rows.told().rmse - 1) < 0.3);
  }

  for (double& x : features.values.reshaped()) x = random.normal();
  const NewRowsFromFeatures nothing(factors, features, ridge);
  CHECK(nothing.told().ridge == 0);
  CHECK(nothing.share_unknown() == 1);
  CHECK(nothing.row(0, {1, 5}, Vector<double>::Ones(2)) == plain.row({1, 5}, Vector<double>::Ones(2)));
  features.values.conservativeResize(fitted, Eigen::NoChange);
  CHECK(thrown([&] { NewRowsFromFeatures(factors, features, ridge); }) ==
        "NewRowsFromFeatures: there are features of 120 rows, the fit has 120, and one for each new row has to come");
}
