// SPDX-License-Identifier: MIT
// Rows and columns without entries from their features, of a fit that was made without them.
#include <tacit/fit/as_factors.hpp>
#include <tacit/fit/lines_from_features.hpp>
#include <tacit/solver/als.hpp>

#include "catch.hpp"
#include "planted_features.hpp"

using namespace tacit;
using planted_features::everywhere;
using planted_features::Planted;

TEST_CASE(
    "a method without features: its rows without entries are filled by the regression of the others on their features, where that helps") {
  for (const bool transpose : {false, true}) {
    const Planted planted(0.5, 0.2, 2, transpose);
    const DeepFit plain =
        as_deep(als(planted.data, {.rank = 3, .lambda = 1, .centre = additive_effects(planted.data)}), planted.data.where.shape());
    DeepFit fit = plain;
    fit.centre.scale = 2, fit.theta *= std::sqrt(0.5);  // the same in other units
    SideFeatures features;
    (transpose ? features.columns : features.rows).values = planted.X;
    const auto told = fill_from_features(fit, planted.data, features, 1);
    REQUIRE(told.size() == 1);
    CHECK(told[0].mode == (transpose ? 1 : 0));
    CHECK(told[0].count == planted.cold);
    CHECK(told[0].ridge > 0);
    CHECK(told[0].rmse < 0.7 * told[0].average_rmse);
    CHECK((fit.predict(planted.data.where) - plain.predict(planted.data.where)).norm() < 1e-12 * planted.data.y.norm());
    const Matrix<double> z = transpose ? Matrix<double>(everywhere(fit).transpose()) : everywhere(fit),
                         truth = transpose ? Matrix<double>(planted.truth.transpose()) : planted.truth;
    CHECK((z - truth).bottomRows(planted.cold).squaredNorm() < 0.3 * truth.bottomRows(planted.cold).squaredNorm());

    // The error that is told is the one that the rows without entries have, with the noise of 0.3 of an entry.
    const double error =
        std::sqrt((z - truth).bottomRows(planted.cold).squaredNorm() / static_cast<double>(planted.cold * planted.cols) + 0.09);
    CHECK(std::abs(told[0].rmse / error - 1) < 0.25);

    // Features that say nothing: the average row stays.
    Random random(5, "nothing");
    for (double& x : (transpose ? features.columns : features.rows).values.reshaped()) x = random.normal();
    DeepFit same = plain;
    const auto nothing = fill_from_features(same, planted.data, features, 1);
    REQUIRE(nothing.size() == 1);
    CHECK(nothing[0].ridge == 0);
    CHECK((same.theta - plain.theta).isZero(0));
  }
}
