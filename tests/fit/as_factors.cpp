// SPDX-License-Identifier: MIT
// Fits of other methods as models of this library: the same predictions, before and after saving; and refits of each on other data.
#include <tacit/data/low_rank.hpp>
#include <tacit/data/low_rank_tensor.hpp>
#include <tacit/fit/as_factors.hpp>
#include <tacit/fit/unobserved_lines.hpp>

#include "catch.hpp"

using namespace tacit;

namespace {

/// The largest difference relative to the largest prediction.
double apart(const Vector<double>& a, const Vector<double>& b) { return (a - b).lpNorm<Eigen::Infinity>() / b.lpNorm<Eigen::Infinity>(); }
Matrix<double> normal(Index rows, Index cols, std::uint64_t seed) {
  Random random(seed, "factors");
  Matrix<double> X(rows, cols);
  for (double& x : X.reshaped()) x = random.normal();
  return X;
}

}  // namespace

TEST_CASE("means, ALS, SoftImpute and the minimum nuclear norm are factors around a centre") {
  const auto task = low_rank_completion({.rows = 20, .cols = 14, .rank = 2, .observed = 180, .seed = 1, .noise_std = 0.2});
  const auto parts = hold_out_entries(task.seen, {.test = 0.2, .seed = 2});
  const Shape& shape = task.seen.where.shape();
  const auto same = [&](const auto& fit, double tolerance) {
    const DeepFit deep = as_deep(fit, shape);
    INFO(deep.settings());
    CHECK(apart(deep.predict(task.seen.where), fit.predict(task.seen.where)) < tolerance);
  };
  same(global_mean(parts.train), 1e-15);
  same(line_means(parts.train), 1e-15);
  const auto als = tune_als(parts.train, parts.test).fit;
  const auto soft = tune_soft_impute(parts.train, parts.test).fit;
  const auto nuclear = tune_nuclear_norm(parts.train, parts.test).fit;
  same(als, 1e-13);
  same(soft, 1e-13);
  same(nuclear, 2e-6);
  NuclearFit wide = nuclear;  // more columns than rows
  wide.X = normal(20, 3, 4) * normal(14, 3, 5).transpose();
  const DeepFit low = as_deep(wide, shape);
  CHECK(low.choice.width == 3);
  same(wide, 1e-13);

  // Once more on the same data each is what it was; on all of them it is another fit of the same settings.
  CHECK(apart(refit(als, parts.train, AlsGrid{}).predict(parts.test.where), als.predict(parts.test.where)) < 1e-12);
  CHECK(apart(refit(soft, parts.train).predict(parts.test.where), soft.predict(parts.test.where)) < 1e-2);  // not along the path
  CHECK(apart(refit(nuclear, parts.train).predict(parts.test.where), nuclear.predict(parts.test.where)) < 1e-12);
  CHECK(apart(refit(als, task.seen, AlsGrid{}).predict(parts.test.where), als.predict(parts.test.where)) > 1e-3);
  for (const Centre& means : {Centre{}, global_mean(parts.train), line_means(parts.train), additive_effects(parts.train, {.ridge = 2})}) {
    INFO(means.form);
    CHECK(refit(means, parts.train).form == means.form);
    CHECK((refit(means, parts.train).predict(parts.test.where) - means.predict(parts.test.where)).norm() < 1e-5);
  }
}

TEST_CASE("means and CP by ALS are CP models; refitted from the fit, or anew") {
  const auto task =
      low_rank_completion(CP<double>({.shape = {10, 9, 8}, .rank = 2}), {.observed = 360, .norm = 26.8, .seed = 2, .noise_std = 0.2});
  const auto parts = hold_out_entries(task.seen, {.test = 0.15, .seed = 1});
  const Shape& shape = task.seen.where.shape();
  CHECK(apart(as_tensor(line_means(parts.train), shape).predict(parts.test.where), line_means(parts.train).predict(parts.test.where)) <
        1e-14);
  const TensorAls als = tune_tensor_als(parts.train, parts.test).fit;
  const TensorFit cp = as_tensor(als, shape);
  CHECK(cp.settings() == als.name());
  CHECK(apart(cp.predict(parts.test.where), als.predict(parts.test.where)) < 1e-13);
  CHECK_FALSE(als.path.empty());
  CHECK(als.path.back().sweeps == als.sweeps);
  for (const bool anew : {false, true}) {
    INFO(anew);
    const TensorAls again = refit(als, task.seen, {}, anew);
    CHECK(again.rank() == als.rank());
    const Vector<double> all = as_tensor(again, shape).predict().values;
    CHECK(std::sqrt((all - task.truth.values).squaredNorm() / 720) < 0.15);
  }
}
