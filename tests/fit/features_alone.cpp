// SPDX-License-Identifier: MIT
// Side features without factors: they explain what is planted, also where a row has no entries, and shrink away where they say nothing.
#include <tacit/fit/features_alone.hpp>
#include <tacit/observation/split.hpp>

#include "catch.hpp"
#include "planted_features.hpp"

using namespace tacit;
using planted_features::everywhere;
using planted_features::Planted;

TEST_CASE("features alone explain what is linear in them, of rows as of columns, and as a factorization say the same") {
  for (const bool transpose : {false, true}) {
    const Planted planted(0.5, 0, 1, transpose);  // nothing of their own
    SideFeatures features;
    (transpose ? features.columns : features.rows).values = planted.X;
    const auto parts = hold_out_entries(planted.data, {.test = 0.2, .seed = 1});
    const auto tuned = tune_features_alone(parts.train, parts.test, features);
    CHECK(tuned.trials.size() == 4);
    CHECK(tuned.validation_rmse < 0.4);  // noise of 0.3
    const FeaturesAlone all = refit(tuned.fit, planted.data, features);
    const DeepFit deep = as_deep(all, planted.data.where.shape());
    CHECK((deep.predict(parts.test.where) - all.predict(parts.test.where)).norm() < 1e-10 * parts.test.y.norm());
    const Matrix<double> z = everywhere(deep), error = z - planted.truth;
    const double cold = transpose ? error.rightCols(planted.cold).norm() : error.bottomRows(planted.cold).norm();
    CHECK(cold < 0.25 * planted.truth.norm() * std::sqrt(0.2));

    // Effects of rows without entries are what their features predict.
    const FeaturesAlone beside = features_alone(planted.data, features, 10, additive_effects(planted.data));
    const auto mode = static_cast<std::size_t>(transpose);
    CHECK(beside.centre.effects[mode].tail(planted.cold).norm() > 0.3 * beside.centre.effects[mode].head(planted.cold).norm());
    CHECK(additive_effects(planted.data).effects[mode].tail(planted.cold).isZero());

    Random random(1, "nothing");
    for (double& x : (transpose ? features.columns : features.rows).values.reshaped()) x = random.normal();
    const auto nothing = tune_features_alone(parts.train, parts.test, features);
    CHECK(nothing.fit.ridge == 1000);
    CHECK(nothing.validation_rmse > 1);
  }
}
