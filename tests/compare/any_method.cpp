// SPDX-License-Identifier: MIT
// What complete() chooses may be any method that has a fit: means where there is nothing else, another factorization where it is better than ours. Such fits are
// saved, have intervals, and take new rows; a method that cannot be saved is named where it is the best.
#include <tacit/compare/complete.hpp>
#include <tacit/compare/impl/complete.hpp>
#include <tacit/compare/impl/tensor_methods.hpp>
#include <tacit/data/low_rank.hpp>
#include <tacit/data/low_rank_tensor.hpp>
#include <tacit/model/fold_in.hpp>
#include <tacit/output/model_files.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;

namespace {

/// Effects of size 1 of every mode, and noise of 0.5; a part of the entries is observed.
struct Additive {
  ModeVectors effects;
  Shape shape;
  std::vector<TensorEntries::Indices> index, others;
  Vector<double> y;
  Additive(Shape of, double observed, std::uint64_t seed) : shape(std::move(of)), index(shape.sizes().size()), others(index) {
    Random random(seed, "additive");
    for (const Index n : shape.sizes()) {
      effects.emplace_back(Vector<double>(n));
      for (double& x : effects.back()) x = random.normal();
    }
    std::vector<double> values;
    for (Index at = 0; at < static_cast<Index>(shape.size()); ++at) {
      const bool seen = random.uniform() < observed;
      double z = 5;
      Index left = at;
      for (std::size_t n = 0; n < index.size(); left /= shape[static_cast<Index>(n++)]) {
        const Index i = left % shape[static_cast<Index>(n)];
        (seen ? index : others)[n].push_back(static_cast<std::int32_t>(i));
        z += effects[n][i];
      }
      if (seen) values.push_back(z + 0.5 * random.normal());
    }
    y = Eigen::Map<const Vector<double>>(values.data(), static_cast<Index>(values.size()));
  }
  double truth(const std::vector<Index>& at) const {
    double z = 5;
    for (std::size_t n = 0; n < effects.size(); ++n) z += effects[n][at[n]];
    return z;
  }
};
CompletionSettings shortly() {
  CompletionSettings s;
  s.folds = 3;
  s.depths = {3};
  s.iterations = 1;  // ours do not train
  s.kinds = {TensorKind::tensor_train};
  s.ranks = {1};
  s.threads = 2;
  s.budget = 100;
  s.pace.counted = true;
  return s;
}
template <class O>
std::vector<tacit::detail::Estimator<O>> only(const CompletionSettings& s, const Data<double, O>& data,
                                              const std::vector<std::string>& names) {
  std::vector<tacit::detail::Estimator<O>> kept;
  for (auto& method : tacit::detail::estimators_of(s, data, 30))
    if (std::find(names.begin(), names.end(), method.name) != names.end()) kept.push_back(std::move(method));
  return kept;
}
template <class O>
double covered(const CompletionResultOf<O>& r, const Additive& of, const O& gaps) {
  const Vector<double> z = r.fit.predict(gaps);
  Random random(7, "fresh noise");
  double inside = 0;
  for (Index k = 0; k < gaps.count(); ++k) {
    std::vector<Index> at;
    for (Index n = 0; n < of.shape.order(); ++n) at.push_back(gaps.mode(n)[k]);
    const double half = r.half_widths.at([&](Index n) { return at[static_cast<std::size_t>(n)]; });
    inside += std::abs(z[k] - of.truth(at) - 0.5 * random.normal()) <= half;
  }
  return inside / static_cast<double>(gaps.count());
}

}  // namespace

TEST_CASE("row and column effects with noise: the means are chosen, have intervals, are saved, and take new rows") {
  const Additive additive({60, 40}, 0.5, 1);
  const auto data = observed<double>(60, 40, additive.index[0], additive.index[1], additive.y);
  const CompletionSettings s = shortly();
  const auto methods = only(s, data, {"global mean", "row + column means"});
  REQUIRE(methods.size() == 2);
  const CompletionResult r = tacit::detail::compared(data, s, {}, {}, methods);
  CHECK(r.chosen().name == "row + column means");
  CHECK_FALSE(r.chosen().ours);
  const Entries gaps =
      observed<double>(60, 40, additive.others[0], additive.others[1], Vector<double>::Zero(static_cast<Index>(additive.others[0].size())))
          .where;
  CHECK(r.fit.predict(gaps) == line_means(data).predict(gaps));
  const double inside = covered(r, additive, gaps);
  INFO(inside);
  CHECK(inside > 0.87);
  CHECK(inside < 0.93);

  const scratch::Folder folder;
  save_model(folder / "model", *r.fit.model, r.fit.theta, {.centre = r.fit.centre.with_positive_scale(), .half_widths = r.half_widths});
  const auto saved = load_model(folder / "model");
  CHECK(saved.predict(gaps) == r.fit.predict(gaps));
  CHECK(saved.info.half_widths.at(3, 4) == r.half_widths.at(3, 4));
  const Vector<double> row = FoldIn(saved.model, saved.theta, saved.info.centre).row({0, 1}, Vector<double>::Constant(2, 4));
  CHECK(row.allFinite());
  CHECK((row.array() - row.mean())
            .matrix()
            .normalized()
            .dot((additive.effects[1].array() - additive.effects[1].mean()).matrix().normalized()) > 0.95);
}

TEST_CASE("a method that is better than ours is chosen, and every one that has a fit can be closed") {
  const auto task = low_rank_completion({.rows = 40, .cols = 30, .rank = 2, .observed = 700, .seed = 2, .noise_std = 0.3});
  const auto r = complete(task.seen, shortly());
  INFO(r.chosen().name);
  CHECK_FALSE(r.chosen().ours);
  for (const MethodResult& m : r.methods) {
    if (m.kind == MethodKind::stack) continue;
    CHECK(m.choosable);
    if (!m.ours && r.chosen().kind != MethodKind::stack) CHECK(m.validation_rmse >= r.chosen().validation_rmse);
  }
  CHECK(r.chosen().rmse < 0.5);
  const Vector<double> z = r.fit.predict(task.seen.where);
  CHECK(tacit::detail::rmse(z, task.seen.y) < 0.35);
  CHECK(better_but_not_chosen(r.methods, r.folds).empty());
  // Every one that has a fit closes: with the predictions that it was tuned with, or on everything; in the units of the data where lines have scales.
  const auto parts = hold_out_entries(task.seen, {.test = 0.2, .seed = 3});
  Index closed = 0;
  for (const bool scales : {false, true})
    for (auto& plain : tacit::detail::estimators_of(shortly(), task.seen, 30)) {
      const auto method =
          tacit::detail::scaled(plain, scales ? ScalingChoice{.modes = {1}, .by_spread = true, .relative = true} : ScalingChoice{});
      if (method.ours || !method.close) continue;
      INFO(method.name << (scales ? ", scaled" : ""));
      const auto tuned = method.tune(parts.train, parts.test, 1, 30);
      const auto stays = method.close(parts.train, parts.test, task.seen, 1, false, 30);
      CHECK((stays.fit.predict(parts.test.where) - tuned.predict(parts.test.where)).norm() < 1e-5 * parts.test.y.norm());
      const auto all = method.close(parts.train, parts.test, task.seen, 1, true, 30);
      CHECK(tacit::detail::rmse(all.fit.predict(parts.test.where), parts.test.y) < tuned.validation_rmse);
      CHECK(tacit::detail::rmse(all.refitted(parts.train, parts.test.where), parts.test.y) <
            1.1 * tacit::detail::rmse(tuned.predict(parts.test.where), parts.test.y));
      const scratch::Folder folder;
      save_model(folder / "model", *all.fit.model, all.fit.theta, {.centre = all.fit.centre.with_positive_scale()});
      CHECK(load_model(folder / "model").predict(parts.test.where) == all.fit.predict(parts.test.where));
      ++closed;
    }
  CHECK(closed == 12);
}

TEST_CASE("the choice: ours by validation error, or another method that is better on the folds beyond chance") {
  using tacit::detail::winner_of;
  const auto method = [](double error, bool ours, bool choosable = true) {
    MethodResult m;
    m.validation_rmse = m.rmse = error;
    m.ours = ours;
    m.choosable = choosable;
    return m;
  };
  const std::vector<MethodResult> methods{method(1.1, true), method(1, true), method(0.9, false), method(0.8, false),
                                          method(0.1, false, false)};
  const auto beyond = [&](double half) {
    return [&methods, half](std::size_t a, std::size_t b) { return methods[a].rmse - methods[b].rmse < -half; };
  };
  CHECK(winner_of(methods, beyond(0.3)) == 1);
  CHECK(winner_of(methods, beyond(0.15)) == 3);
  CHECK(winner_of(methods, beyond(0.05)) == 3);
  CHECK(winner_of({methods.begin() + 2, methods.end()}, beyond(10)) == 1);
  CHECK(winner_of({method(1, true), method(std::nan(""), false)}, beyond(-10)) == 0);
  CHECK(scratch::error_of([&] { winner_of({method(1, false, false)}, beyond(0)); }) ==
        "compare: none of 1 methods can be fitted to everything");

  // One list of held-out entries, as a test file is: the entries of the one fold decide.
  const auto task = low_rank_completion({.rows = 40, .cols = 30, .rank = 2, .observed = 700, .seed = 2, .noise_std = 0.3});
  CompletionSettings s = shortly();
  s.holdout.kind = HoldoutKind::listed;
  for (Index k = 0; k < 100; ++k) s.holdout.list.push_back({task.seen.where[7 * k].row, task.seen.where[7 * k].col});
  const auto r = complete(task.seen, s);
  CHECK(r.folds == 1);
  CHECK_FALSE(r.chosen().ours);
}

TEST_CASE("rows that come in clusters: nearest neighbours are chosen, have intervals, are saved, and take new rows") {
  Random random(1, "clusters");
  Matrix<double> pattern(20, 40);
  for (double& x : pattern.reshaped()) x = random.normal();
  Entries::Indices row, col, other_row, other_col;
  std::vector<double> y, others;
  for (std::int32_t i = 0; i < 120; ++i)
    for (std::int32_t j = 0; j < 40; ++j) {
      const bool seen = random.uniform() < 0.6;
      (seen ? row : other_row).push_back(i), (seen ? col : other_col).push_back(j);
      (seen ? y : others).push_back(pattern(i % 20, j) + 0.1 * random.normal());
    }
  const auto vector_of = [](const std::vector<double>& x) -> Vector<double> {
    return Eigen::Map<const Vector<double>>(x.data(), static_cast<Index>(x.size()));
  };
  const auto data = observed<double>(120, 40, row, col, vector_of(y)),
             gaps = observed<double>(120, 40, other_row, other_col, vector_of(others));
  const CompletionSettings s = shortly();
  const auto r = tacit::detail::compared(data, s, {}, {}, only(s, data, {"global mean", "nearest neighbours"}));
  CHECK(r.chosen().name == "nearest neighbours");
  const Vector<double> z = r.fit.predict(gaps.where);
  CHECK(tacit::detail::rmse(z, gaps.y) < 0.3);
  double inside = 0;
  for (Index k = 0; k < z.size(); ++k) inside += std::abs(z[k] - gaps.y[k]) <= r.half_widths.at(gaps.where[k].row, gaps.where[k].col);
  INFO(inside / static_cast<double>(z.size()));
  CHECK(inside > 0.87 * static_cast<double>(z.size()));
  CHECK(inside < 0.94 * static_cast<double>(z.size()));
  const scratch::Folder folder;
  save_model(folder / "model", *r.fit.model, r.fit.theta, {.centre = r.fit.centre.with_positive_scale(), .half_widths = r.half_widths});
  const auto saved = load_model(folder / "model");
  CHECK(saved.predict(gaps.where) == z);
  std::vector<Index> cols;
  for (Index j = 0; j < 30; ++j) cols.push_back(j);
  const Vector<double> fresh = FoldIn(saved.model, saved.theta, saved.info.centre).row(cols, pattern.row(3).head(30).transpose());
  CHECK((fresh - pattern.row(3).transpose()).tail(10).norm() < 0.7 * pattern.row(3).tail(10).norm());
}

TEST_CASE("where a method that cannot be saved is the best beyond chance, a sentence says so") {
  // Nearest neighbours of a table of which neither side is small: they are compared, and cannot be chosen.
  CHECK_FALSE(tacit::detail::neighbours_fill(Entries(600, 600, {0, 1, 2}, {0, 1, 2}), 10));
  CHECK(tacit::detail::neighbours_fill(Entries(600, 400, {0, 1, 2}, {0, 1, 2}), 10));
  CHECK_FALSE(tacit::detail::neighbours_fill(Entries(60'000, 400, {0, 1, 2}, {0, 1, 2}), 10));
  std::vector<MethodResult> methods(2);
  methods[0].name = "ALS", methods[0].chosen = true, methods[0].rmse = 1;
  methods[1].name = "nearest neighbours", methods[1].choosable = false, methods[1].rmse = 0.8, methods[1].difference = -0.2;
  methods[1].difference_error = 0.02;
  CHECK(better_but_not_chosen(methods, 5).find("Of all methods nearest neighbours predicts best") == 0);
  methods[1].difference_error = 0.2;
  CHECK(better_but_not_chosen(methods, 5).empty());
  methods[1].difference_error = 0.02, methods[1].kind = MethodKind::stack;  // of which one method has all the weight
  CHECK(better_but_not_chosen(methods, 5).empty());
}

TEST_CASE("additive effects of a tensor: the effects of its modes are chosen, have intervals, and are saved") {
  const Additive additive({14, 12, 10}, 0.5, 2);
  const auto data = observed<double>(additive.shape, additive.index, additive.y);
  const CompletionSettings s = shortly();
  const auto r = tacit::detail::compared(data, s, {}, {}, only(s, data, {"global mean", "slice means", "mode effects"}));
  REQUIRE(r.methods.size() == 4);  // three, and their stack
  CHECK(r.chosen().name == "mode effects");
  const TensorEntries gaps =
      observed<double>(additive.shape, additive.others, Vector<double>::Zero(static_cast<Index>(additive.others[0].size()))).where;
  const double inside = covered(r, additive, gaps);
  INFO(inside);
  CHECK(inside > 0.87);
  CHECK(inside < 0.93);
  const scratch::Folder folder;
  save_model(folder / "model", *r.fit.model, r.fit.theta, {.centre = r.fit.centre.with_positive_scale(), .half_widths = r.half_widths});
  CHECK(load_tensor_model(folder / "model").predict(gaps) == r.fit.predict(gaps));
}

TEST_CASE("every method of a tensor that has a fit closes with it") {
  for (const Shape& shape : {Shape{12, 10, 8}, Shape{6, 5, 4, 5}}) {
    const auto task = low_rank_completion(CP<double>({.shape = shape, .rank = 2}),
                                          {.observed = 380, .norm = std::sqrt(shape.size()), .seed = 4, .noise_std = 0.2});
    const auto parts = hold_out_entries(task.seen, {.test = 0.2, .seed = 3});
    Index closed = 0;
    CompletionSettings counted = shortly();
    counted.pace.counted = true;  // the same on a machine that is busy
    for (auto& method : tacit::detail::estimators_of(counted, task.seen, 0)) {
      if (method.ours || !method.close) continue;
      INFO(method.name << " of " << shape);
      const auto tuned = method.tune(parts.train, parts.test, 1, 2);
      const auto stays = method.close(parts.train, parts.test, task.seen, 1, false, 2);
      CHECK((stays.fit.predict(parts.test.where) - tuned.predict(parts.test.where)).norm() < 1e-9 * parts.test.y.norm());
      const auto all = method.close(parts.train, parts.test, task.seen, 1, true, 2);
      // The truncated norm is not convex: its steps do not come to rest, and two fits differ by a few percent.
      const double rest = method.name == "norms of unfoldings" ? 1.05 : 1;
      CHECK(tacit::detail::rmse(all.fit.predict(parts.test.where), parts.test.y) < rest * tuned.validation_rmse);
      CHECK(tacit::detail::rmse(all.refitted(parts.train, parts.test.where), parts.test.y) < 1.2 * tuned.validation_rmse);
      CHECK(method.adds);  // a stack of tensors that are not large adds all of them
      CHECK(all.trials.empty() == (method.share == 0 && method.name != "mode effects"));
      for (const TensorTrial& trial : all.trials) CHECK(trial.observations == parts.train.count());
      ++closed;
    }
    CHECK(closed == 6);
  }
}
