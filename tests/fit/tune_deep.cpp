// SPDX-License-Identifier: MIT
#include <tacit/fit/tune_deep.hpp>
#include <tacit/observation/split.hpp>
#include <tacit/output/model_files.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"
#include "planted_pattern.hpp"

using namespace tacit;

namespace {

DeepGrid averages(bool ratings) {
  DeepGrid grid;
  grid.by = Simplicity::averaging;
  grid.centres = {Centring::effects, Centring::mean};
  grid.ratings = grid.clip = ratings;
  grid.patience = 5;
  grid.restarts = 2;
  grid.iterations = 20;
  return grid;
}
double error_on(const Data<double>& test, const DeepFit& fit) { return detail::rmse(fit.predict(test.where), test.y); }

/// Errors on test entries, over the noise, of what is chosen without and with effects of the pattern, fitted to the whole training part.
struct Compared {
  double plain, error;
  DeepFit fit;
  TrainTest<double> parts;
};
Compared compared(const planted::Settings& s) {
  TrainTest<double> fold = hold_out_entries(planted::ratings(s), {.test = 0.2, .seed = s.seed});
  const auto parts = hold_out_entries(fold.train, {.test = 0.1, .seed = s.seed});
  const DeepGrid without = averages(false), with = averages(true);
  const DeepFit plain = refit(tune_deep(parts.train, parts.test, without).fit, fold.train, without);
  const DeepFit fit = refit(tune_deep(parts.train, parts.test, with).fit, fold.train, with);
  return {error_on(fold.test, plain) / s.noise, error_on(fold.test, fit) / s.noise, fit, std::move(fold)};
}

}  // namespace

TEST_CASE("effects of the pattern that are planted are chosen, and most of the error above the noise is gone") {
  const auto result = compared({.rows = 300, .cols = 48, .each = 16, .strength = 2});
  CHECK((result.fit.choice.pattern == Pattern::rows || result.fit.choice.pattern == Pattern::both));
  CHECK(result.fit.choice.biases);
  CHECK(result.fit.settings().find("effects of which entries of a row") != std::string::npos);
  CHECK(result.error - 1 < 0.6 * (result.plain - 1));
}

TEST_CASE("where the pattern says nothing its effects are not chosen, and nothing is lost") {
  const auto result = compared({.rows = 300, .cols = 48, .each = 16, .strength = 0, .own = 0.7});
  CHECK(result.fit.choice.pattern == Pattern::none);
  CHECK(result.fit.settings().find("effects of which") == std::string::npos);
  CHECK(result.error < 1.005 * result.plain);
}

TEST_CASE("predictions end at the range of the ratings where validation says so") {
  auto data = planted::ratings({.rows = 200, .cols = 40, .each = 20, .strength = 3, .noise = 0.2, .own = 1});
  const auto chosen = [&] {
    const auto parts = hold_out_entries(data, {.test = 0.2});
    return std::pair(tune_deep(parts.train, parts.test, averages(true)).fit, parts);
  };
  const auto [free, same] = chosen();  // ratings of any size
  CHECK(!free.range);
  CHECK(free.settings().find("clipped") == std::string::npos);
  data.y = data.y.cwiseMax(2.5).cwiseMin(4);
  const auto [fit, parts] = chosen();
  CHECK(fit.choice.clip);
  CHECK(fit.settings().find("clipped to the observed range") != std::string::npos);
  const Vector<double> z = fit.predict(parts.test.where), unclipped = fit.centre.put_back(fit.evaluate(parts.test.where), parts.test.where);
  CHECK(z.maxCoeff() == 4);
  CHECK(unclipped.maxCoeff() > 4);
  CHECK(detail::rmse(z, parts.test.y) < detail::rmse(unclipped, parts.test.y));
  const DeepFit again = refit(fit, data, averages(true));
  CHECK(again.range == std::pair(2.5, 4.0));
}

TEST_CASE(
    "a fit with effects of the pattern is an ordinary factorization: its refit to the same entries is itself, and it is saved as one") {
  const auto data = planted::ratings({.rows = 200, .cols = 40, .each = 20, .strength = 2});
  const auto parts = hold_out_entries(data, {.test = 0.1});
  const DeepFit fit = tune_deep(parts.train, parts.test, averages(true)).fit;
  REQUIRE(fit.choice.pattern != Pattern::none);
  CHECK(refit(fit, parts.train, averages(true)).theta == fit.theta);
  const scratch::Folder folder;
  save_model(folder / "model", *fit.model, fit.theta, {.centre = fit.centre});
  CHECK(load_model(folder / "model").predict(parts.test.where) == predict(*fit.model, fit.theta, fit.centre, parts.test.where));
}
