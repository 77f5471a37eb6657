// SPDX-License-Identifier: MIT
// Deep fits against the convex problem that they equal, and completion without options on a matrix whose truth is known.
#include <tacit/compare/complete.hpp>
#include <tacit/compare/impl/methods.hpp>
#include <tacit/data/low_rank.hpp>
#include <tacit/fit/impl/deep_fit.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

CompletionTask<double> noisy(std::uint64_t seed) {
  return low_rank_completion({.rows = 40, .cols = 30, .rank = 2, .observed = 700, .seed = seed, .noise_std = 0.3});
}
CompletionSettings quickly() {
  CompletionSettings s;
  s.folds = 3;
  s.threads = 2;
  return s;
}

}  // namespace

TEST_CASE("depth 2 under weight decay ends where SoftImpute ends") {
  const auto task = noisy(1);
  const detail::Standardised on(task.seen, Centre{});
  const double lambda = 0.25 * detail::largest_decay(*on.data);
  CHECK_THAT(detail::largest_decay(*on.data), Catch::Matchers::WithinRel(soft_impute_lambda_max(*on.data), 1e-6));
  const DeepMatrix<double> model = detail::deep_model(task.seen.where, 2, 0);
  Vector<double> theta = model.near_zero({.product_scale = 1e-2, .seed = 1});
  const Problem problem(model, on.data, HalfSumOfSquares{}, WeightDecayPenalty{lambda});
  const auto outcome = train(problem, theta, SharpnessRate{.trust = 0.05}, {.iterations = 4000}, stop_when(gradient_below(1e-7)));
  SoftImputeSettings convex;
  convex.lambda = lambda;
  convex.tolerance = 1e-6;
  const SoftImpute reference = soft_impute(*on.data, convex);
  CHECK(std::abs(static_cast<double>(outcome.objective) - reference.objective) < 1e-4 * reference.objective);
  auto ws = model.workspace(task.seen.where);
  Vector<double> z(task.seen.count());
  model.evaluate(theta, task.seen.where, ws, z);
  CHECK((z - reference.predict(task.seen.where)).norm() < 1e-2 * z.norm());
}

TEST_CASE("every method that is not hopeless is tested on every fold, one of ours is chosen, and intervals hold") {
  const auto task = noisy(2);
  const auto result = complete(task.seen, quickly());
  REQUIRE(result.methods.size() == 10);  // nine, and their stack
  CHECK(result.folds == 3);
  CHECK(result.chosen().ours);
  for (const MethodResult& m : result.methods) {
    INFO(m.name);
    CHECK(m.of_folds.size() == (m.left_out ? 1 : 3));
    CHECK(m.rmse > 0.25);  // the noise
    CHECK(m.standard_error > 0);
    CHECK(std::abs(m.difference - (m.rmse - (m.left_out ? result.chosen().of_folds[0] : result.chosen().rmse))) < 1e-12);
  }
  CHECK(result.chosen().rmse < 0.45);
  CHECK(result.methods[3].rmse > 0.9);  // the global mean: the entries have size 1
  CHECK(result.absolute_errors.size() == 700);

  Vector<double> all(40 * 30);
  Entries::Indices row, col;
  for (std::int32_t i = 0; i < 40; ++i)
    for (std::int32_t j = 0; j < 30; ++j) row.push_back(i), col.push_back(j);
  const Entries everywhere(40, 30, row, col);
  const Vector<double> z = result.fit.predict(everywhere);
  Random random(5, "new noise");
  Index inside = 0;
  double squares = 0;
  for (Index k = 0; k < z.size(); ++k) {
    const double truth = task.truth(everywhere[k].row, everywhere[k].col);
    squares += (z[k] - truth) * (z[k] - truth);
    inside += std::abs(z[k] - (truth + 0.3 * random.normal())) <= result.width;
  }
  CHECK(std::sqrt(squares / 1200) < 0.3);
  CHECK(static_cast<double>(inside) / 1200 > 0.86);  // observed entries among them are predicted better than promised
}

TEST_CASE("the same seed gives the same numbers, whatever the number of threads") {
  const auto task = noisy(3);
  CompletionSettings s = quickly();
  s.baselines = false;
  const auto one = complete(task.seen, s);
  s.threads = 1;
  const auto two = complete(task.seen, s);
  CHECK(one.fit.theta == two.fit.theta);
  CHECK(one.tested_z == two.tested_z);
  CHECK(one.width == two.width);
}

TEST_CASE("what additive effects explain wholly leaves nothing to the factors") {
  Entries::Indices row, col;
  Vector<double> y(60);
  for (std::int32_t i = 0; i < 10; ++i)
    for (std::int32_t j = 0; j < 6; ++j) row.push_back(i), col.push_back(j), y[i * 6 + j] = 3;
  const auto data = observed<double>(10, 6, row, col, y);
  for (const Simplicity by : {Simplicity::decay, Simplicity::averaging}) {
    const DeepFit fit = tune_deep(data, data, {.by = by}).fit;
    CHECK(fit.predict(data.where) == y);
    CHECK(refit(fit, data, {}).predict(data.where) == y);
  }
}

TEST_CASE("a method that would not end in time stays in the table and says so; it is never chosen") {
  const auto task = noisy(5);
  const detail::Fitted<Entries> left_out = detail::tuned_nuclear(task.seen, task.seen, 1e-6);
  CHECK(!left_out.predict);
  CHECK(left_out.settings.find("left out: would take about") == 0);
  CHECK(detail::tuned_neighbours(task.seen, task.seen, 1e-6).settings.find("left out: comparing lines") == 0);
}

TEST_CASE("a refit on the same data is the fit that was chosen") {
  const auto task = noisy(6);
  const auto parts = hold_out_entries(task.seen, {.test = 0.2, .seed = 3});
  for (const DeepGrid& grid : {DeepGrid{.by = Simplicity::averaging}, DeepGrid{}, DeepGrid{.depth = 3, .width = 4}}) {
    const DeepFit fit = tune_deep(parts.train, parts.test, grid).fit;
    const DeepFit again = refit(fit, parts.train, grid);
    INFO(fit.name() << ": " << fit.settings());
    CHECK((again.predict(parts.test.where) - fit.predict(parts.test.where)).norm() < 1e-9 * fit.predict(parts.test.where).norm());
    CHECK(again.settings() == fit.settings());
    CHECK(detail::rmse(fit.predict(parts.test.where), parts.test.y) < 0.6);
  }
}

TEST_CASE("folds test what was chosen on a validation part fitted to the whole training part, unless refits are off") {
  const auto task = noisy(8);
  const auto fold = hold_out_entries(task.seen, {.test = 0.3});
  CompletionSettings s = quickly();
  s.depths = {2};
  s.validation = 0.3;
  const auto of = [&](const char* name) {
    const auto result = complete(task.seen, s, {fold});
    for (const MethodResult& m : result.methods)
      if (m.name == name) return m.rmse;
    return std::nan("");
  };
  const double mean = std::sqrt((fold.test.y.array() - fold.train.y.mean()).square().mean());
  CHECK(std::abs(of("global mean") - mean) < 1e-12);
  const double averaged = of("depth 2, averaged"), neighbours = of("nearest neighbours");
  s.refit = false;
  CHECK(std::abs(of("global mean") - mean) > 1e-5);
  CHECK(averaged < of("depth 2, averaged"));
  CHECK(neighbours < of("nearest neighbours"));
}

TEST_CASE("rows, blocks and listed entries are held out") {
  const auto task = noisy(7);
  CompletionSettings s = quickly();
  s.depths = {2};
  s.baselines = false;
  s.holdout.kind = HoldoutKind::slices;
  CHECK(complete(task.seen, s).chosen().rmse > 0.8);  // of a row that was never seen only averages are known
  s.holdout.kind = HoldoutKind::blocks;
  CHECK(complete(task.seen, s).chosen().rmse < 0.8);
  s.holdout = {HoldoutKind::listed};
  for (const Index k : {3, 30, 300}) s.holdout.list.push_back({task.seen.where[k].row, task.seen.where[k].col});
  const auto result = complete(task.seen, s);
  CHECK(result.folds == 1);
  CHECK(result.absolute_errors.size() == 3);
  CHECK(result.chosen().standard_error > 0);  // of one fold, by its entries
}

TEST_CASE("a row with one entry, and a row and a column with none, are completed") {
  const auto task = noisy(8);
  Entries::Indices row{40}, col{0};
  Vector<double> y(task.seen.count() + 1);
  y << 0.5, task.seen.y;
  for (Index k = 0; k < task.seen.count(); ++k)
    row.push_back(static_cast<std::int32_t>(task.seen.where[k].row)), col.push_back(static_cast<std::int32_t>(task.seen.where[k].col));
  const auto data = observed<double>(42, 31, row, col, y);
  CompletionSettings s = quickly();
  s.depths = {2};
  const auto result = complete(data, s);
  CHECK(result.fit.predict(Entries(42, 31, {40, 41, 41}, {30, 0, 30})).allFinite());
}

TEST_CASE("settings that cannot be are refused with a sentence") {
  const auto task = noisy(4);
  CompletionSettings s = quickly();
  s.folds = 1;
  CHECK(thrown([&] { complete(task.seen, s); }) == "complete: 1 folds and 1 repeats, at least 2 and 1 are needed");
  s = quickly();
  s.budget = 1e-9;
  CHECK(thrown([&] { complete(task.seen, s); }) ==
        "complete: the budget of 1e-09 s is too small, not one of 3 folds was finished by all 9 methods; a budget of 1 s or more always "
        "finishes one");
  s = quickly();
  CHECK(thrown([&] {
          complete(subset(task.seen, {0, 1, 2}), s);
        }) == "complete: 3 observed entries are too few for 3 folds with validation entries");
  s.validation = 1e-4;
  CHECK(thrown([&] { complete(task.seen, s); }) ==
        "hold_out_entries: a test fraction of 0.0001 of 466 observations leaves the test part empty");
  s = quickly();
  s.holdout = {.kind = HoldoutKind::listed, .list = {{0, 99}}};
  CHECK(thrown([&] { complete(task.seen, s); }) == "hold out: entry (0, 99) of the list lies outside the 40 x 30 matrix");
  CHECK(thrown([&] { tune_deep(task.seen, task.seen, {.depth = 3, .by = Simplicity::averaging}); }) ==
        "tune_deep: averaging is for depth 2, the depth is 3");
  CHECK(thrown([&] { tune_deep(task.seen, task.seen, {.depth = 1}); }) == "tune_deep: the depth is 1, it needs to be at least 2");
}
