// SPDX-License-Identifier: MIT
#include <tacit/data/random_entries.hpp>
#include <tacit/fit/ratings_fit.hpp>
#include <tacit/observation/split.hpp>
#include <tacit/output/model_files.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

/// 3 + b_i + c_j + rank 2 + noise of 0.5: 12,000 ratings to train on and 2000 apart.
TrainTest<double> planted_ratings(std::uint64_t seed, double noise = 0.5) {
  Random random(seed, "planted");
  const auto normal = [&](Index n) { return Vector<double>(Vector<double>::NullaryExpr(n, [&](Index) { return random.normal(); })); };
  const Vector<double> b = normal(200), c = normal(150), u = normal(200), v = normal(150), s = normal(200), t = normal(150);
  Entries where = random_entries(200, 150, 14'000, random);
  Vector<double> y(where.count());
  for (Index k = 0; k < y.size(); ++k) {
    const auto [i, j] = where[k];
    y[k] = 3 + 0.6 * b[i] + 0.6 * c[j] + 0.6 * (u[i] * v[j] + s[i] * t[j]) + noise * random.normal();
  }
  return hold_out_entries(Data<double>(std::move(where), std::move(y)), {.test = 2.0 / 14});
}
template <class Fit>
double error_on(const Data<double>& test, const Fit& fit) {
  return detail::rmse(fit.predict(test.where), test.y);
}

}  // namespace

TEST_CASE("planted biases and factors are found again, and the width that was planted is chosen") {
  const auto data = planted_ratings(1);
  const auto parts = hold_out_entries(data.train, {.test = 0.1});
  for (Index depth : {2, 3}) {
    const RatingsGrid grid{.depth = depth, .width = depth == 2 ? 0 : 4, .widest = 8};
    const auto tuned = tune_ratings(parts.train, parts.test, grid);
    if (depth == 2) CHECK(tuned.fit.choice.width == 2);
    // (2 + 1) (200 + 150) numbers from 12,000 ratings of noise 0.5: an error of sqrt(1 + 1050 / 12000) = 1.04 times the noise is what can be had
    CHECK(error_on(data.test, tuned.fit) < 1.08 * 0.5);
    const RatingsFit fit = refit(tuned.fit, data.train, grid);
    CHECK(error_on(data.test, fit) < 1.065 * 0.5);
    CHECK(error_on(data.test, fit) < error_on(data.test, tuned.fit));
    CHECK(tuned.trials.size() > 5);
    for (const RatingsTrial& trial : tuned.trials) CHECK(trial.validation_rmse >= tuned.validation_rmse);
  }
}

TEST_CASE("the search gives the same fit on one thread and on two") {
  const auto data = planted_ratings(2);
  const auto parts = hold_out_entries(data.train, {.test = 0.1});
  const auto one = tune_ratings(parts.train, parts.test, {.widest = 4, .threads = 1}),
             two = tune_ratings(parts.train, parts.test, {.widest = 4, .threads = 2});
  CHECK(one.fit.deep.theta == two.fit.deep.theta);
  CHECK(one.fit.deep.centre.effects == two.fit.deep.centre.effects);
  CHECK(one.validation_rmse == two.validation_rmse);
}

TEST_CASE("a fit with trained biases predicts the same bytes after a save and a load") {
  const auto data = planted_ratings(3);
  const DeepFit fit = tune_ratings(data.train, data.test, {.width = 3}).fit.deep;
  const scratch::Folder folder;
  save_model(folder / "model", *fit.model, fit.theta, {.centre = fit.centre});
  const SavedModel<double> saved = load_model(folder / "model");
  CHECK(saved.predict(data.test.where) == predict(*fit.model, fit.theta, fit.centre, data.test.where));
  CHECK((saved.predict(data.test.where) - fit.predict(data.test.where)).cwiseAbs().maxCoeff() == 0);
}

TEST_CASE("equal ratings are predicted as they are; what cannot be is refused") {
  auto data = planted_ratings(4);
  data.train.y.setConstant(2.5);
  data.test.y.setConstant(2.5);
  const auto tuned = tune_ratings(data.train, data.test);
  CHECK(tuned.validation_rmse == 0);
  CHECK(tuned.fit.predict(data.test.where) == data.test.y);
  CHECK(refit(tuned.fit, data.train, {}).predict(data.test.where) == data.test.y);
  CHECK(thrown([&] { tune_ratings(data.train, data.test, {.depth = 4}); }) ==
        "tune_ratings: the depth is 4, rating by rating it can be 2 or 3");
  CHECK(thrown([&] { tune_ratings(data.train, data.test, {.rate = 0}); }) ==
        "tune_ratings: the rate is 0, it needs to be positive and finite");
}
