// SPDX-License-Identifier: MIT
#include <tacit/core/random.hpp>
#include <tacit/solver/means.hpp>

#include "catch.hpp"
#include "solver/example.hpp"
#include "thrown.hpp"

#include <Eigen/LU>

using namespace tacit;
using namespace tacit::testing;

namespace {

/// Row 2 and column 3 without entries.
Data<double> gaps() { return observed<double>(3, 4, std::vector<Triplet<double>>{{0, 0, 1}, {0, 1, 3}, {0, 2, 8}, {1, 0, 5}, {1, 2, 7}}); }

/// 2 + b_0(i) + b_1(j) + b_2(k) on a 4 x 3 x 2 tensor; effects of every mode sum to 0.
double additive_entry(Index i, Index j, Index k) {
  return 2 + static_cast<double>(2 * i - 3) + 0.5 * static_cast<double>(j - 1) + (k ? 0.25 : -0.25);
}
Data<double, TensorEntries> additive_data(bool gaps, double noise = 0) {
  Random random(1, "noise");
  std::vector<TensorEntries::Indices> index(3);
  std::vector<double> y;
  for (std::int32_t i = 0; i < 4; ++i)
    for (std::int32_t j = 0; j < 3; ++j)
      for (std::int32_t k = 0; k < 2; ++k) {
        if (gaps && (i + 2 * j + k) % 5 == 0) continue;
        index[0].push_back(i), index[1].push_back(j), index[2].push_back(k);
        y.push_back(additive_entry(i, j, k) + noise * random.normal());
      }
  return observed<double>({4, 3, 2}, index, Eigen::Map<const Vector<double>>(y.data(), static_cast<Index>(y.size())));
}

}  // namespace

TEST_CASE("row and column means deviate from the mean each by itself, and what is not observed counts as average") {
  const Centre fit = line_means(gaps());
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
  const Centre fit = additive_effects(data, {.ridge = ridge});
  CHECK_THAT(fit.mean, Catch::Matchers::WithinAbs(beta[0], 1e-7));
  CHECK((fit.effects[0] - beta.segment(1, 14)).cwiseAbs().maxCoeff() < 1e-7);
  CHECK((fit.effects[1] - beta.tail(9)).cwiseAbs().maxCoeff() < 1e-7);
}

TEST_CASE("additive effects without a ridge reproduce an additive matrix, which averages of rows and columns do not") {
  const Matrix<double> W = additive(12, 8, 1);
  const Data<double> data = sampled(W, 0.5, 3), all = sampled(W, 2, 1);
  CHECK(detail::rmse(additive_effects(data, {.ridge = 0}).predict(all.where), all.y) < 1e-8);
  CHECK(detail::rmse(line_means(data).predict(all.where), all.y) > 0.1);
}

TEST_CASE("lines without entries have no effect") {
  const Centre fit = additive_effects(gaps());
  CHECK(fit.effects[0][2] == 0);
  CHECK(fit.effects[1][3] == 0);
  CHECK(additive_effects(gaps(), {.ridge = 0}).effects[0][2] == 0);
}

TEST_CASE("the means of equal entries, and of one entry, are this number") {
  const Data<double> one = observed<double>(2, 2, std::vector<Triplet<double>>{{0, 1, 3.5}});
  for (const Centre& fit : {global_mean(one), line_means(one), additive_effects(one), additive_effects(one, {.ridge = 0})})
    for (Index i = 0; i < 2; ++i)
      for (Index j = 0; j < 2; ++j) CHECK(fit.predict(i, j) == 3.5);
}

TEST_CASE("tune_means takes the form with the smallest validation error") {
  const Matrix<double> effects = additive(40, 30, 1), noise = normal(40, 30, 2);
  const Data<double> with = sampled(effects + 0.1 * noise, 0.3, 3), with_too = sampled(effects + 0.1 * normal(40, 30, 5), 0.2, 4);
  const auto tuned = tune_means(with, with_too);
  CHECK(tuned.trials.size() == 9);
  for (const Trial& trial : tuned.trials) CHECK(trial.validation_rmse >= tuned.validation_rmse);
  CHECK(detail::rmse(tuned.fit.predict(with_too.where), with_too.y) == tuned.validation_rmse);
  CHECK(tuned.fit.name().substr(0, 20) == "row + column effects");
  CHECK(tune_means(sampled(noise, 0.3, 3), sampled(normal(40, 30, 6), 0.2, 4), {0}).fit.name() == "global mean");
}

TEST_CASE("means that nothing was fitted for are zero everywhere") {
  CHECK(Centre{}.predict(everywhere(2, 3)).norm() == 0);
  const Data<double> left = additive_effects(gaps()).subtracted_from(gaps());
  CHECK((left.y + additive_effects(gaps()).predict(gaps().where) - gaps().y).norm() < 1e-14);
}

TEST_CASE("means refuse weights, negative ridges and other matrices") {
  Data<double> weighted = gaps();
  weighted.weight = Vector<double>::Ones(5);
  CHECK(thrown([&] { global_mean(weighted); }) == "global_mean: the data carry weights, which this baseline does not use; leave them out");
  CHECK(thrown([&] { additive_effects(gaps(), {.ridge = -1}); }) ==
        "additive_effects: the ridge is -1, it needs to be finite and not negative");
  CHECK(thrown([&] { line_means(gaps()).predict(everywhere(4, 3)); }) == "Centre: has 3 effects of mode 0, the data are 4 x 3");
  CHECK(thrown([&] { line_means(gaps()).predict(3, 0); }) == "Centre: (3, 0) lies outside the 3 x 4 matrix (indices start at 0)");
  CHECK(thrown([&] { tune_means(gaps(), sampled(normal(4, 3, 1), 2, 1)); }) ==
        "tune_means: train is 3 x 4, validation 4 x 3; they need to be parts of one matrix");
}

TEST_CASE("effects of every mode explain an additive tensor wholly, also where entries are missing") {
  const auto all = additive_data(false), some = additive_data(true);
  const Centre fit = additive_effects(some, {.ridge = 0, .tolerance = 1e-12});
  CHECK((fit.predict(all.where) - all.y).cwiseAbs().maxCoeff() < 1e-9);
  CHECK((line_means(all).predict(all.where) - all.y).cwiseAbs().maxCoeff() < 1e-12);  // balanced: the averages are the effects
  CHECK((line_means(some).predict(all.where) - all.y).cwiseAbs().maxCoeff() > 0.1);   // not so with gaps
  CHECK(global_mean(all).predict(all.where) == Vector<double>::Constant(24, all.y.mean()));
  const Vector<double> dense = fit.put_back(Vector<double>::Zero(24), Shape{4, 3, 2});
  CHECK(std::abs(dense[1 + 4 * (2 + 3 * 1)] - additive_entry(1, 2, 1)) < 1e-9);
  CHECK(fit.subtracted_from(all).y.cwiseAbs().maxCoeff() < 1e-9);
}

TEST_CASE("the ridge's minimum is where its slope vanishes, up to the shift that the mean takes") {
  const auto data = additive_data(true, 0.5);
  const double ridge = 2;
  const Centre fit = additive_effects(data, {.ridge = ridge, .tolerance = 1e-13});
  const Vector<double> residual = data.y - fit.predict(data.where);
  CHECK(std::abs(residual.sum()) < 1e-9);
  for (Index n = 0; n < 3; ++n) {
    Vector<double> sum = Vector<double>::Zero(data.where.shape()[n]);
    for (Index k = 0; k < residual.size(); ++k) sum[data.where.mode(n)[k]] += residual[k];
    CHECK((sum - ridge * fit.effects[static_cast<std::size_t>(n)]).cwiseAbs().maxCoeff() < 1e-9);
  }
}

TEST_CASE("a slice without entries counts as average") {
  const auto data = observed<double>({3, 2}, {{0, 0, 2}, {0, 1, 0}}, Vector<double>::LinSpaced(3, 1, 3));
  for (const Centre& fit : {line_means(data), additive_effects(data)}) CHECK(fit.effects[0][1] == 0);
}

TEST_CASE("the best means are chosen on validation entries, every trial is listed") {
  const auto train = additive_data(true), all = additive_data(false);
  const auto tuned = tune_means(train, all);
  CHECK(tuned.fit.name() == "effects of every mode, ridge 0");
  CHECK(tuned.trials.size() == 9);
  CHECK(tuned.validation_rmse < 1e-3);
}

TEST_CASE("effects of another tensor are refused") {
  const auto data = additive_data(false);
  CHECK(thrown([&] { additive_effects(data).check("who", {4, 3}); }) == "who: has effects of 3 modes, the data are 4 x 3");
  CHECK(thrown([&] { additive_effects(data).check("who", {4, 2, 2}); }) == "who: has 3 effects of mode 1, the data are 4 x 2 x 2");
  CHECK(thrown([&] { additive_effects(data, {.ridge = -1}); }) ==
        "additive_effects: the ridge is -1, it needs to be finite and not negative");
}
