// SPDX-License-Identifier: MIT
// Tensor fits by descent and by averaging, and completion without options, on tensors whose truth is known.
#include <tacit/compare/complete.hpp>
#include <tacit/data/low_rank_tensor.hpp>
#include <tacit/fit/average_cp.hpp>
#include <tacit/fit/tune_tensor.hpp>
#include <tacit/solver/cp_posterior.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

/// 10 x 9 x 8 of CP rank 2, entries of size 1.
TensorTask<double> noisy_tensor(std::uint64_t seed, double noise = 0.2) {
  return low_rank_completion(CP<double>({.shape = {10, 9, 8}, .rank = 2}),
                             {.observed = 360, .norm = 26.8, .seed = seed, .noise_std = noise});
}
double error_on_all(const TensorFit& fit, const Tensor<double>& truth) {
  return std::sqrt((fit.predict().values - truth.values).squaredNorm() / static_cast<double>(truth.values.size()));
}
TensorGrid small(TensorKind kind, bool averaging = false) {
  return {.kind = kind, .averaging = averaging, .ranks = {1, 2, 4}, .iterations = 150};
}

}  // namespace

TEST_CASE("ranks are cut to what a mode or cut can have") {
  CHECK(tensor_spec(TensorKind::cp, {3, 4, 20}, 9).ranks == std::vector<Index>{9});
  CHECK(tensor_spec(TensorKind::tucker, {3, 4, 20}, 9).ranks == std::vector<Index>{3, 4, 9});
  CHECK(tensor_spec(TensorKind::tensor_train, {3, 4, 20}, 9).ranks == std::vector<Index>{3, 9});
  CHECK(tensor_spec(TensorKind::hierarchical, {3, 4, 20}, 9).tree->height() == 2);
  CHECK(thrown([] { tensor_spec(TensorKind::cp, {3, 4}, 0); }) == "tensor_spec: the rank is 0, it needs to be at least 1");
  CHECK(thrown([] { tensor_spec(TensorKind::cp, {3}, 1); }) == "tensor_spec: the shape 3 has order 1, needs at least 2 modes");
}

TEST_CASE("what belongs to the slices of a mode: the rows of a factor, the matrices of a train's core") {
  const AnyTensorModel<double> any({.kind = TensorKind::tensor_train, .shape = {3, 4, 5}, .ranks = {2, 3}});
  const TensorTrain<double> train({{3, 4, 5}, {2, 3}});
  const Vector<double> theta = any.near_zero({.entry_std = 1});
  for (Index n = 0; n < 3; ++n) {
    const Matrix<double> factor = any.mode_factor(theta, n);
    REQUIRE(factor.rows() == any.shape()[n]);
    for (Index i = 0; i < factor.rows(); ++i) {
      const Matrix<double> G = train.slice(theta, n, i);
      for (Index s = 0; s < G.size(); ++s) CHECK(factor(i, s) == G.data()[s]);
    }
  }
  const AnyTensorModel<double> cp({.kind = TensorKind::cp, .shape = {3, 4, 5}, .ranks = {2}});
  const Vector<double> phi = cp.near_zero({.entry_std = 1});
  CHECK(cp.mode_factor(phi, 1) == Matrix<double>(cp.layout().matrix(phi, 1)));
}

TEST_CASE("a planted CP tensor is recovered by both ways of fitting, below the noise") {
  const auto task = noisy_tensor(1);
  const auto parts = hold_out_entries(task.seen, {.test = 0.15, .seed = 1});
  for (const bool averaging : {true, false}) {
    const auto tuned = tune_tensor(parts.train, parts.test, small(TensorKind::cp, averaging));
    INFO(tuned.fit.settings());
    CHECK(tuned.fit.averaged.empty() == !averaging);
    CHECK(error_on_all(tuned.fit, task.truth) < 0.15);
    CHECK_THAT(detail::rmse(tuned.fit.predict(parts.test.where), parts.test.y), Catch::Matchers::WithinRel(tuned.validation_rmse, 1e-12));
    for (const TensorTrial& trial : tuned.trials) CHECK(trial.validation_rmse >= tuned.validation_rmse);
    const TensorFit again = refit(tuned.fit, parts.train, small(TensorKind::cp, averaging));
    if (!averaging) CHECK((again.theta - tuned.fit.theta).norm() < 1e-9 * again.theta.norm());
    CHECK(error_on_all(again, task.truth) < 0.15);  // averages go on for ten sweeps
    CHECK(again.settings() == tuned.fit.settings());
    const TensorFit all = refit(tuned.fit, task.seen, small(TensorKind::cp, averaging));
    CHECK(error_on_all(all, task.truth) < 0.15);
  }
}

TEST_CASE("one rank in the grid is the rank of the model; several starts may be averaged else") {
  const auto task = noisy_tensor(2);
  const auto parts = hold_out_entries(task.seen, {.test = 0.15, .seed = 1});
  TensorGrid grid = small(TensorKind::cp, true);
  grid.ranks = {2};
  const TensorFit fit = tune_tensor(parts.train, parts.test, grid).fit;
  CHECK(fit.model->spec().ranks == std::vector<Index>{2});
  CHECK(error_on_all(fit, task.truth) < 0.15);

  // The average of two starts is a CP of their components.
  const detail::Standardised on(parts.train, Centre{});
  std::vector<std::vector<Matrix<double>>> factors;
  Vector<double> mean = Vector<double>::Zero(parts.test.count());
  for (std::uint64_t seed : {1, 2}) {
    detail::CpPosterior posterior(*on.data, 3, seed);
    for (int s = 0; s < 5; ++s) posterior.sweep();
    factors.push_back(posterior.factors());
    mean += 0.5 * on.centre.scale * detail::cp_at(posterior.factors(), parts.test.where);
  }
  TensorFit two;
  two.centre.scale = on.centre.scale;
  two.model = std::make_shared<const AnyTensorModel<double>>(tensor_spec(TensorKind::cp, parts.train.where.shape(), 6));
  detail::stack(factors, two);
  CHECK((two.predict(parts.test.where) - mean).norm() < 1e-12 * mean.norm());
}

TEST_CASE("a constant added to the data is taken off again, by descent and by the baseline") {
  const auto task = noisy_tensor(6);
  Data<double, TensorEntries> moved = task.seen;
  moved.y.array() += 100;
  const auto parts = hold_out_entries(moved, {.test = 0.15, .seed = 1});
  TensorGrid grid = small(TensorKind::tensor_train);
  const TensorFit fit = tune_tensor(parts.train, parts.test, grid).fit;
  INFO(fit.settings());
  CHECK(detail::rmse((fit.predict().values.array() - 100).matrix(), task.truth.values) < 0.2);
  const TensorFit again = refit(fit, moved, grid);
  CHECK(again.centre.form == fit.centre.form);
  CHECK(detail::rmse((again.predict().values.array() - 100).matrix(), task.truth.values) < 0.2);
  const auto als = tune_tensor_als(parts.train, parts.test);
  INFO(als.fit.name());
  CHECK(als.validation_rmse < 0.3);
}

TEST_CASE("many entries: the search goes on a part of them, the fit on all") {
  const auto task = noisy_tensor(3);
  const auto parts = hold_out_entries(task.seen, {.test = 0.15, .seed = 1});
  for (const bool averaging : {true, false}) {
    TensorGrid grid = small(TensorKind::cp, averaging);
    grid.part = 150;
    const auto tuned = tune_tensor(parts.train, parts.test, grid);
    CHECK(tuned.trials.front().observations == 150);
    CHECK(tuned.trials.back().observations == parts.train.count());
    CHECK(error_on_all(tuned.fit, task.truth) < 0.15);
  }
}

TEST_CASE("what the effects of the modes explain wholly leaves nothing to the factors") {
  const auto data =
      observed<double>({2, 2, 3}, {{0, 0, 0, 1, 1, 1}, {0, 1, 1, 0, 0, 1}, {0, 0, 2, 0, 1, 2}}, Vector<double>::Constant(6, 3));
  for (const bool averaging : {true, false}) {
    const TensorFit fit = tune_tensor(data, data, small(TensorKind::cp, averaging)).fit;
    CHECK((fit.predict(data.where) - data.y).cwiseAbs().maxCoeff() < 1e-2);
  }
}

TEST_CASE(
    "every method that is not hopeless is tested on every fold, one of ours is chosen; the same numbers whatever the number of threads") {
  const auto task = noisy_tensor(4);
  CompletionSettings s;
  s.kinds = {TensorKind::cp, TensorKind::tensor_train};
  s.ranks = {2, 4};
  s.folds = 2;
  s.threads = 2;
  s.budget = 1e6;
  const auto result = complete(task.seen, s);
  REQUIRE(result.methods.size() == 10);  // CP averaged and by descent, tensor train, six baselines, and their stack
  CHECK(result.folds == 2);
  CHECK(result.chosen().ours);
  CHECK(result.chosen().rmse < 0.32);
  for (const MethodResult& m : result.methods) {
    INFO(m.name);
    CHECK(m.of_folds.size() == (m.left_out ? 1 : 2));
    CHECK(m.rmse > 0.15);  // the noise
    CHECK(std::abs(m.difference - (m.rmse - (m.left_out ? result.chosen().of_folds[0] : result.chosen().rmse))) < 1e-12);
    if (m.ours) CHECK(m.validation_rmse >= result.chosen().validation_rmse);
  }
  CHECK(result.tested_y.size() == 360);
  CHECK(result.table().rows() == 10);
  CHECK(error_on_all(result.fit, task.truth) < 0.15);

  s.baselines = false;
  s.kinds = {TensorKind::cp};
  const auto one = complete(task.seen, s);
  s.threads = 1;
  const auto two = complete(task.seen, s);
  CHECK(one.fit.theta == two.fit.theta);
  CHECK(one.tested_z == two.tested_z);
}

TEST_CASE("a tensor too large for any matrix is completed, without the unfolding") {
  const Shape large(std::vector<Index>(12, 1000));
  std::vector<TensorEntries::Indices> index(12);
  Random random(1, "large");
  Vector<double> y(60);
  for (Index k = 0; k < 60; ++k) {
    for (auto& i : index) i.push_back(static_cast<std::int32_t>(random.uniform(0, 1000)));
    y[k] = random.normal();
  }
  CompletionSettings s;
  s.kinds = {TensorKind::tensor_train};
  s.ranks = {1};
  s.folds = 2;
  s.budget = 2;
  const auto result = complete(observed<double>(large, index, y), s);
  CHECK(result.methods.size() == 7);
  const auto norms =
      std::find_if(result.methods.begin(), result.methods.end(), [](const auto& m) { return m.name == "norms of unfoldings"; });
  REQUIRE(norms != result.methods.end());
  CHECK(norms->settings.find("left out: a dense 1000 x 1000") == 0);
  const TensorGrid tucker{.kind = TensorKind::tucker, .ranks = {1, 4, 64}, .iterations = 60};  // a core of 64^12 numbers is not tried
  CHECK(tune_tensor(observed<double>(large, index, y), observed<double>(large, index, y), tucker).fit.model->spec().ranks ==
        std::vector<Index>(12, 1));
  CHECK(thrown([&] { result.fit.predict(); }).find("a dense 1000 x 1000") != std::string::npos);
}

TEST_CASE("what cannot be compared is refused") {
  const auto task = noisy_tensor(5);
  CompletionSettings s;
  s.kinds.clear();
  CHECK(thrown([&] { complete(task.seen, s); }) == "complete: no model is given");
  CHECK(thrown([&] { complete(task.seen, {.folds = 1}); }) == "complete: 1 folds and 1 repeats, at least 2 and 1 are needed");
  CHECK(thrown([&] { complete(task.seen, {.budget = 0}); }) == "complete: the budget is 0 s, it needs to be positive");
  CHECK(thrown([&] { complete(task.seen, {.folds = 200}); }) ==
        "complete: 360 observed entries are too few for 200 folds with validation entries");
  for (const double unit : {1e200, 1e-200})
    CHECK(thrown([&] { complete({task.seen.where, unit * task.seen.y}); }).find("complete: the largest entry has size") == 0);
  const Data<double, TensorEntries> far{task.seen.where, 1e200 * task.seen.y};
  CHECK(thrown([&] { tune_tensor(far, task.seen); }).find("tune_tensor: the largest entry has size") == 0);
  CHECK(thrown([&] { tune_tensor(task.seen, far); }).find("tune_tensor: the largest entry has size") == 0);
}
