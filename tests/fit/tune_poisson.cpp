// SPDX-License-Identifier: MIT
// Poisson factors tuned on validation entries, against Gaussian ones, and as a fit that is saved.
#include <tacit/data/low_rank.hpp>
#include <tacit/fit/as_factors.hpp>
#include <tacit/fit/tune_als.hpp>
#include <tacit/output/model_files.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;

namespace {

/// Counts whose log means are of rank 2 (means between 0.5 and 5 mostly), in parts to train, validate and test.
struct Counts {
  Data<double> train, validation, test;
};
Counts counts_of(std::uint64_t seed) {
  Random random(seed, "counts");
  const Index rows = 80, cols = 40;
  Matrix<double> A(rows, 2), B(cols, 2), Y(rows, cols);
  for (Matrix<double>* X : {&A, &B})
    for (double& x : X->reshaped()) x = random.normal();
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j) {
      double product = random.uniform();
      const double stop = std::exp(-std::exp(0.45 + 0.45 * A.row(i).dot(B.row(j))));
      Y(i, j) = 0;
      while (product > stop) product *= random.uniform(), ++Y(i, j);
    }
  const auto parts = hold_out_entries(observed(Y), {.test = 0.2, .seed = seed});
  auto inner = hold_out_entries(parts.train, {.test = 0.15, .seed = seed});
  return {std::move(inner.train), std::move(inner.test), parts.test};
}
double loss_of_means(const Vector<double>& mean, const Vector<double>& y) {
  return detail::poisson_loss(mean.array().max(0.02).log().matrix(), y);
}

}  // namespace

TEST_CASE("on log-linear counts Poisson factors have lower errors and a lower deviance than least squares") {
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    const Counts counts = counts_of(seed);
    const auto poisson = tune_poisson(counts.train, counts.validation);
    const auto gaussian = tune_als(counts.train, counts.validation, {.ranks = {2, 4}});
    INFO(poisson.fit.name());
    CHECK(poisson.fit.rank() >= 1);
    const Vector<double> mean = poisson.fit.predict(counts.test.where), other = gaussian.fit.predict(counts.test.where);
    CHECK(detail::rmse(mean, counts.test.y) < detail::rmse(other, counts.test.y));
    CHECK(loss_of_means(mean, counts.test.y) < loss_of_means(other, counts.test.y));
    const auto again = refit(poisson.fit, counts.train, PoissonGrid{});
    CHECK((again.predict(counts.test.where) - mean).norm() < 0.2 * mean.norm());
  }
}

TEST_CASE("of counts without patterns the means of Poisson factors are closer to the truth than those of rows and columns") {
  Random random(1, "no pattern");
  Matrix<double> Y(60, 30);
  for (double& x : Y.reshaped()) {
    double product = random.uniform();
    x = 0;
    while (product > std::exp(-2.0)) product *= random.uniform(), ++x;
  }
  const auto parts = hold_out_entries(observed(Y), {.test = 0.2, .seed = 1});
  const auto tuned = tune_poisson(parts.train, parts.test);
  const Vector<double> truth = Vector<double>::Constant(parts.test.count(), 2);
  CHECK(detail::rmse(tuned.fit.predict(parts.test.where), truth) < detail::rmse(line_means(parts.train).predict(parts.test.where), truth));
}

TEST_CASE("Poisson factors are saved as factors with the transform of counts, and their intervals end at 0") {
  const Counts counts = counts_of(3);
  const auto fit = tune_poisson(counts.train, counts.validation).fit;
  const DeepFit deep = as_deep(fit, counts.train.where.shape());
  CHECK((deep.predict(counts.test.where) - fit.predict(counts.test.where)).cwiseAbs().maxCoeff() < 1e-10);
  scratch::Folder folder;
  save_model(folder / "model", *deep.model, deep.theta, {.centre = deep.centre});
  const auto saved = load_model(folder / "model");
  CHECK(saved.predict() == predict(*deep.model, deep.theta, deep.centre));
  const Scales& lines = saved.info.centre.lines;
  REQUIRE(lines.transform_of(5));
  CHECK(lines.transform_of(5)->kind == TransformKind::count);
  CHECK(lines.error(4, 1, 5) == 2);
  CHECK(lines.interval(1, 2, 5) == std::pair{0.0, 4.0});
  CHECK(lines.interval(0.25, 3, 5) == std::pair{0.0, 4.0});
}
