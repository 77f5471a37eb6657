// SPDX-License-Identifier: MIT
// Regressions of columns on one another: curved relations are found, the terms are chosen on validation entries, linear tables stay linear.
#include <tacit/observation/split.hpp>
#include <tacit/solver/column_regression.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;

namespace {

/// Columns t, s and f(t, s) + noise, in units of their own; a tenth of the last is missing.
template <class F>
Data<double> table(const F& f, std::int32_t rows = 200) {
  Random random(1, "columns");
  Entries::Indices row, col;
  std::vector<double> y;
  for (std::int32_t i = 0; i < rows; ++i) {
    const double t = random.normal(), s = random.normal(), x[] = {100 + 10 * t, s, f(t, s) + 0.05 * random.normal()};
    for (std::int32_t j = 0; j < 3; ++j)
      if (j < 2 || random.uniform() < 0.9) row.push_back(i), col.push_back(j), y.push_back(x[j]);
  }
  return observed<double>(rows, 3, row, col, Eigen::Map<const Vector<double>>(y.data(), static_cast<Index>(y.size())));
}
/// A fifth of the last column to test on.
TrainTest<double> parts_of(const Data<double>& data) {
  std::vector<Index> part(static_cast<std::size_t>(data.count()));
  for (Index k = 0; k < data.count(); ++k) part[static_cast<std::size_t>(k)] = data.where[k].col == 2 && data.where[k].row % 5 == 0;
  return {tacit::detail::part_of("parts", data, part, 0, "train"), tacit::detail::part_of("parts", data, part, 1, "test")};
}
double error_of(const ColumnRegressions& fit, const Data<double>& at) { return tacit::detail::rmse(fit.predict(at.where), at.y); }

}  // namespace

TEST_CASE("a column that is the square, or the product, of others is predicted by regressions with such terms alone") {
  const auto square = [](double t, double) { return std::pow(std::clamp(t, -2.5, 2.5), 2); };
  const auto product = [](double t, double s) { return std::clamp(t, -2.5, 2.5) * std::clamp(s, -2.5, 2.5); };
  const auto parts = parts_of(table(square));
  CHECK(error_of(column_regressions(parts.train, {.terms = RegressionTerms::linear}), parts.test) > 0.8);
  CHECK(error_of(column_regressions(parts.train, {.terms = RegressionTerms::squares, .ridge = 1}), parts.test) < 0.3);
  const auto others = parts_of(table(product));
  CHECK(error_of(column_regressions(others.train, {.terms = RegressionTerms::squares}), others.test) > 0.7);
  const auto tuned =
      tune_column_regressions(others.train, others.test, {RegressionTerms::linear, RegressionTerms::squares, RegressionTerms::products});
  CHECK(tuned.fit.terms == RegressionTerms::products);
  CHECK(tuned.trials.size() == 5);
  CHECK(tuned.fit.name().find("with squares and products, ridge ") == 0);
}

TEST_CASE("a linear table: curves gain nothing, and predictions stay within the range of their column") {
  const auto parts = parts_of(table([](double t, double s) { return t - s; }));
  const auto linear = column_regressions(parts.train, {.terms = RegressionTerms::linear, .ridge = 1});
  CHECK(error_of(linear, parts.test) <
        1.1 * error_of(column_regressions(parts.train, {.terms = RegressionTerms::products, .ridge = 1}), parts.test));
  for (Index j = 0; j < 3; ++j) {
    double low = 1e300, high = -1e300;
    for (Index k = 0; k < parts.train.count(); ++k)
      if (parts.train.where[k].col == j) low = std::min(low, parts.train.y[k]), high = std::max(high, parts.train.y[k]);
    CHECK(linear.table.col(j).minCoeff() >= low - 1e-12);
    CHECK(linear.table.col(j).maxCoeff() <= high + 1e-12);
  }
  CHECK(scratch::error_of([&] { column_regressions(parts.train, {.ridge = 0}); }) ==
        "column_regressions: ridge 0 and rounds 3 need to be positive");
}

TEST_CASE("a column that is a step of another: trees find it, and are chosen") {
  const auto parts = parts_of(table([](double t, double) { return std::sin(5 * t) > 0 ? 1.0 : -1.0; }, 600));
  const auto tuned = tune_column_regressions(parts.train, parts.test);
  CHECK(are_trees(tuned.fit.terms));
  CHECK(error_of(tuned.fit, parts.test) <
        0.9 * error_of(column_regressions(parts.train, {.terms = RegressionTerms::products}), parts.test));
  CHECK(tuned.fit.name().find(" trees a column") != std::string::npos);
}

TEST_CASE("of few rows averaged trees predict a curved column better than boosted ones, and are chosen on validation entries") {
  const auto curved = [](double t, double s) { return std::sin(2 * t) * std::cos(2 * s); };
  const auto parts = parts_of(table(curved, 150));
  const auto boosted = column_regressions(parts.train, {.terms = RegressionTerms::trees});
  const auto averaged = column_regressions(parts.train, {.terms = RegressionTerms::averaged_trees});
  CHECK(error_of(averaged, parts.test) < 0.9 * error_of(boosted, parts.test));
  CHECK(averaged.name() == "100 averaged trees a column");
  const auto tuned = tune_column_regressions(parts.train, parts.test);
  CHECK(tuned.fit.terms == RegressionTerms::averaged_trees);
  CHECK(tuned.trials.size() == 5);  // trees have no ridge
  CHECK(refit(tuned.fit, parts.train).table == averaged.table);
}

TEST_CASE("the units of a column change no other column's predictions") {
  Data<double> data = table([](double t, double s) { return t * s; });
  const Matrix<double> before = column_regressions(data, {.terms = RegressionTerms::products}).table;
  for (Index k = 0; k < data.count(); ++k)
    if (data.where[k].col == 0) data.y[k] *= 1e6;
  const Matrix<double> after = column_regressions(data, {.terms = RegressionTerms::products}).table;
  CHECK((after.rightCols(2) - before.rightCols(2)).cwiseAbs().maxCoeff() < 1e-6);
  CHECK((after.col(0) - 1e6 * before.col(0)).cwiseAbs().maxCoeff() < 1e-6 * after.col(0).cwiseAbs().maxCoeff());
}
