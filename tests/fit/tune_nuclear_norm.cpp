// SPDX-License-Identifier: MIT
#include <tacit/data/low_rank.hpp>
#include <tacit/fit/tune_nuclear_norm.hpp>
#include <tacit/observation/split.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

TEST_CASE("the share of noise is chosen on validation entries, and lies near the noise that is there") {
  const auto task = low_rank_completion({.rows = 30, .cols = 25, .rank = 2, .observed = 450, .seed = 3, .noise_std = 0.3});
  const auto [train, validation] = hold_out_entries(task.seen, {.test = 0.2, .seed = 1});
  const auto tuned = tune_nuclear_norm(train, validation);
  CHECK(tuned.fit.share < 0.5);
  CHECK(tuned.fit.share > 0.05);
  double least = 1e300;
  for (const NuclearTrial& trial : tuned.trials) least = std::min(least, trial.validation_rmse);
  CHECK(tuned.validation_rmse == least);
  CHECK(detail::rmse(tuned.fit.predict(validation.where), validation.y) == tuned.validation_rmse);
  CHECK(tuned.validation_rmse < 0.8 * tuned.trials[0].validation_rmse);  // the means alone
  const Data<double> left = tuned.fit.centre.subtracted_from(train);
  const Vector<double> off = tuned.fit.predict(train.where) - train.y;
  CHECK(off.norm() < 1.001 * tuned.fit.share * left.y.norm());
}

TEST_CASE("shares that cannot be are refused") {
  const auto task = low_rank_completion({.rows = 10, .cols = 10, .rank = 1, .observed = 60, .seed = 3});
  CHECK(thrown([&] { tune_nuclear_norm(task.seen, task.seen, {.factor = 2}); }) ==
        "tune_nuclear_norm: the shares from 0.5 down to 0.005 by 2 need to lie between 0 and 1");
}
