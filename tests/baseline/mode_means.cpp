// SPDX-License-Identifier: MIT
#include <tacit/baseline/mode_means.hpp>
#include <tacit/core/random.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

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

TEST_CASE("effects of every mode explain an additive tensor wholly, also where entries are missing") {
  const auto all = additive_data(false), some = additive_data(true);
  const ModeMeans fit = mode_effects(some, {.ridge = 0, .tolerance = 1e-12});
  CHECK((fit.predict(all.where) - all.y).cwiseAbs().maxCoeff() < 1e-9);
  CHECK((slice_means(all).predict(all.where) - all.y).cwiseAbs().maxCoeff() < 1e-12);  // balanced: the averages are the effects
  CHECK((slice_means(some).predict(all.where) - all.y).cwiseAbs().maxCoeff() > 0.1);   // not so with gaps
  CHECK(global_mean(all).predict(all.where) == Vector<double>::Constant(24, all.y.mean()));
  const Tensor<double> dense = fit.predict(Shape{4, 3, 2});
  CHECK(std::abs(dense.values[1 + 4 * (2 + 3 * 1)] - additive_entry(1, 2, 1)) < 1e-9);
  CHECK(fit.subtracted_from(all).y.cwiseAbs().maxCoeff() < 1e-9);
}

TEST_CASE("the ridge's minimum is where its slope vanishes, up to the shift that the mean takes") {
  const auto data = additive_data(true, 0.5);
  const double ridge = 2;
  const ModeMeans fit = mode_effects(data, {.ridge = ridge, .tolerance = 1e-13});
  const Vector<double> residual = data.y - fit.predict(data.where);
  CHECK(std::abs(residual.sum()) < 1e-9);
  for (Index n = 0; n < 3; ++n) {
    const detail::SliceSums of(data.where, n, residual);
    CHECK((of.sum - ridge * fit.effects[static_cast<std::size_t>(n)]).cwiseAbs().maxCoeff() < 1e-9);
  }
}

TEST_CASE("a slice without entries counts as average") {
  const auto data = observed<double>({3, 2}, {{0, 0, 2}, {0, 1, 0}}, Vector<double>::LinSpaced(3, 1, 3));
  for (const ModeMeans& fit : {slice_means(data), mode_effects(data)}) CHECK(fit.effects[0][1] == 0);
}

TEST_CASE("the best means are chosen on validation entries, every trial is listed") {
  const auto train = additive_data(true), all = additive_data(false);
  const auto tuned = tune_mode_means(train, all);
  CHECK(tuned.fit.name() == "effects of every mode, ridge 0");
  CHECK(tuned.trials.size() == 7);
  CHECK(tuned.validation_rmse < 1e-3);
}

TEST_CASE("what does not fit is refused") {
  const auto data = additive_data(false);
  CHECK(thrown([&] { mode_effects(data).require_shape("who", {4, 3}); }) == "who: has effects of 3 modes, the tensor is 4 x 3");
  CHECK(thrown([&] { mode_effects(data).require_shape("who", {4, 2, 2}); }) == "who: has 3 effects of mode 1, the tensor is 4 x 2 x 2");
  CHECK(thrown([&] { mode_effects(data, {.ridge = -1}); }) == "mode_effects: the ridge is -1, it needs to be finite and not negative");
}
