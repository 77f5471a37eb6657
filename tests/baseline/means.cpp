// SPDX-License-Identifier: MIT
#include <tacit/baseline/means.hpp>

#include "baseline/example.hpp"
#include "catch.hpp"
#include "thrown.hpp"

#include <Eigen/LU>

using namespace tacit;
using namespace tacit::testing;

namespace {

/// Row 2 and column 3 without entries.
Data<double> gaps() { return observed<double>(3, 4, std::vector<Triplet<double>>{{0, 0, 1}, {0, 1, 3}, {0, 2, 8}, {1, 0, 5}, {1, 2, 7}}); }

}  // namespace

TEST_CASE("row and column means deviate from the mean each by itself, and what is not observed counts as average") {
  const Means fit = row_and_column_means(gaps());
  CHECK(fit.mean == 4.8);
  CHECK_THAT(fit.predict(0, 0), Catch::Matchers::WithinAbs(4.0 + 3.0 - 4.8, 1e-14));
  CHECK_THAT(fit.predict(1, 1), Catch::Matchers::WithinAbs(6.0 + 3.0 - 4.8, 1e-14));
  CHECK_THAT(fit.predict(2, 2), Catch::Matchers::WithinAbs(7.5, 1e-14));
  CHECK_THAT(fit.predict(1, 3), Catch::Matchers::WithinAbs(6.0, 1e-14));
  CHECK(fit.predict(2, 3) == 4.8);
  CHECK(fit.name() == "row + column means");
}

TEST_CASE("additive effects solve the ridge regression on a constant and indicators of rows and columns") {
  const double ridge = GENERATE(0.5, 5.0, 40.0);
  const Matrix<double> W = (additive(14, 9, 1) + 0.3 * normal(14, 9, 3)).array() + 7;
  const Data<double> data = sampled(W, 0.3, 4);
  Matrix<double> X = Matrix<double>::Zero(data.count(), 1 + 14 + 9);
  for (Index k = 0; k < data.count(); ++k) X(k, 0) = X(k, 1 + data.where[k].row) = X(k, 15 + data.where[k].col) = 1;
  Matrix<double> gram = X.transpose() * X;
  gram.diagonal().tail(23).array() += ridge;
  const Vector<double> beta = gram.partialPivLu().solve(X.transpose() * data.y);
  const Means fit = additive_effects(data, {.ridge = ridge});
  CHECK_THAT(fit.mean, Catch::Matchers::WithinAbs(beta[0], 1e-7));
  CHECK((fit.row - beta.segment(1, 14)).cwiseAbs().maxCoeff() < 1e-7);
  CHECK((fit.col - beta.tail(9)).cwiseAbs().maxCoeff() < 1e-7);
}

TEST_CASE("additive effects without a ridge reproduce an additive matrix, which averages of rows and columns do not") {
  const Matrix<double> W = additive(12, 8, 1);
  const Data<double> data = sampled(W, 0.5, 3), all = sampled(W, 2, 1);
  CHECK(detail::rmse(additive_effects(data, {.ridge = 0}).predict(all.where), all.y) < 1e-8);
  CHECK(detail::rmse(row_and_column_means(data).predict(all.where), all.y) > 0.1);
}

TEST_CASE("lines without entries have no effect") {
  const Means fit = additive_effects(gaps());
  CHECK(fit.row[2] == 0);
  CHECK(fit.col[3] == 0);
  CHECK(additive_effects(gaps(), {.ridge = 0}).row[2] == 0);
}

TEST_CASE("the means of equal entries, and of one entry, are this number") {
  const Data<double> one = observed<double>(2, 2, std::vector<Triplet<double>>{{0, 1, 3.5}});
  for (const Means& fit : {global_mean(one), row_and_column_means(one), additive_effects(one), additive_effects(one, {.ridge = 0})})
    for (Index i = 0; i < 2; ++i)
      for (Index j = 0; j < 2; ++j) CHECK(fit.predict(i, j) == 3.5);
}

TEST_CASE("tune_means takes the form with the smallest validation error") {
  const Matrix<double> effects = additive(40, 30, 1), noise = normal(40, 30, 2);
  const Data<double> with = sampled(effects + 0.1 * noise, 0.3, 3), with_too = sampled(effects + 0.1 * normal(40, 30, 5), 0.2, 4);
  const auto tuned = tune_means(with, with_too);
  CHECK(tuned.trials.size() == 9);
  for (const MeansTrial& trial : tuned.trials) CHECK(trial.validation_rmse >= tuned.validation_rmse);
  CHECK(detail::rmse(tuned.fit.predict(with_too.where), with_too.y) == tuned.validation_rmse);
  CHECK(tuned.fit.name().substr(0, 20) == "row + column effects");
  CHECK(tune_means(sampled(noise, 0.3, 3), sampled(normal(40, 30, 6), 0.2, 4), {0}).fit.name() == "global mean");
}

TEST_CASE("means that nothing was fitted for are zero everywhere") {
  CHECK(Means{}.predict(everywhere(2, 3)).norm() == 0);
  const Data<double> left = additive_effects(gaps()).subtracted_from(gaps());
  CHECK((left.y + additive_effects(gaps()).predict(gaps().where) - gaps().y).norm() < 1e-14);
}

TEST_CASE("means refuse weights, negative ridges and other matrices") {
  Data<double> weighted = gaps();
  weighted.weight = Vector<double>::Ones(5);
  CHECK(thrown([&] { global_mean(weighted); }) == "global_mean: the data carry weights, which this baseline does not use; leave them out");
  CHECK(thrown([&] { additive_effects(gaps(), {.ridge = -1}); }) ==
        "additive_effects: the ridge is -1, it needs to be finite and not negative");
  CHECK(thrown([&] { row_and_column_means(gaps()).predict(everywhere(4, 3)); }) ==
        "Means: fitted to a 3 x 4 matrix, asked about entries of a 4 x 3 matrix");
  CHECK(thrown([&] { row_and_column_means(gaps()).predict(3, 0); }) == "Means: (3, 0) lies outside the 3 x 4 matrix (indices start at 0)");
  CHECK(thrown([&] { tune_means(gaps(), sampled(normal(4, 3, 1), 2, 1)); }) ==
        "tune_means: train is 3 x 4, validation 4 x 3; they need to be parts of one matrix");
}
