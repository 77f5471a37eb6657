// SPDX-License-Identifier: MIT
// What tensors share with matrices: intervals by place, holdouts of slices, fibres and runs, scales of a mode's lines, a budget of counted work, saved intervals.
#include <set>
#include <tacit/compare/complete.hpp>
#include <tacit/compare/new_slice_widths.hpp>
#include <tacit/data/low_rank_tensor.hpp>
#include <tacit/fit/new_slices.hpp>
#include <tacit/output/model_files.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

/// 16 x 12 x 10 of CP rank 2, entries of size 1, noise of 0.3, two fifths observed.
TensorTask<double> planted(std::uint64_t seed, double noise = 0.3) {
  return low_rank_completion(CP<double>({.shape = {16, 12, 10}, .rank = 2}),
                             {.observed = 760, .norm = std::sqrt(1920.0), .seed = seed, .noise_std = noise});
}
CompletionSettings in_short(TensorKind kind = TensorKind::cp) {
  CompletionSettings s;
  s.folds = 2;
  s.kinds = {kind};
  s.ranks = {1, 2, 4};
  s.iterations = 100;
  s.baselines = false;
  s.budget = 60;
  s.pace.counted = true;
  return s;
}
/// Every entry that is not observed.
TensorEntries gaps_of(const TensorEntries& where) {
  std::set<std::vector<std::int32_t>> seen;
  for (Index k = 0; k < where.count(); ++k) seen.insert({where.mode(0)[k], where.mode(1)[k], where.mode(2)[k]});
  std::vector<TensorEntries::Indices> index(3);
  const Shape& shape = where.shape();
  for (std::int32_t i = 0; i < shape[0]; ++i)
    for (std::int32_t j = 0; j < shape[1]; ++j)
      for (std::int32_t k = 0; k < shape[2]; ++k)
        if (!seen.count({i, j, k})) index[0].push_back(i), index[1].push_back(j), index[2].push_back(k);
  return TensorEntries(shape, index);
}
double truth_at(const TensorTask<double>& task, const TensorEntries& at, Index k) {
  return task.truth.values[at.mode(0)[k] + 16 * (at.mode(1)[k] + 12 * at.mode(2)[k])];
}
/// How many of the gaps, with fresh noise on their truth, lie within so many half-widths.
double covered(const TensorTask<double>& task, const TensorCompletionResult& r, double noise, double times = 1) {
  const TensorEntries gaps = gaps_of(task.seen.where);
  const Vector<double> z = r.fit.predict(gaps);
  Random random(7, "fresh noise");
  double inside = 0;
  for (Index k = 0; k < gaps.count(); ++k) {
    const double half = r.half_widths.at([&](Index n) { return Index(gaps.mode(n)[k]); });
    inside += std::abs(z[k] - truth_at(task, gaps, k) - noise * random.normal()) <= times * half;
  }
  return inside / static_cast<double>(gaps.count());
}

}  // namespace

TEST_CASE("intervals of tensors hold as often as they promise, by averaging and by descent; half as wide they do not") {
  for (const TensorKind kind : {TensorKind::cp, TensorKind::tensor_train}) {
    double all = 0, halved = 0;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      const auto task = planted(seed);
      const auto result = complete(task.seen, in_short(kind));
      all += covered(task, result, 0.3) / 3, halved += covered(task, result, 0.3, 0.5) / 3;
      CHECK(result.interval_errors.size() == 760);  // each entry was held out once
      CHECK(result.half_widths.coverage == 0.9);
    }
    INFO(name_of(kind) << ": covered " << all << ", with halved widths " << halved);
    CHECK(all > 0.86);
    CHECK(all < 0.95);
    CHECK(halved < 0.7);
  }
}

TEST_CASE("intervals are wide in a slice of which nothing is known, and hold there") {
  auto task = planted(4);
  std::vector<Index> kept;
  for (Index k = 0; k < task.seen.count(); ++k)
    if (task.seen.where.mode(1)[k] != 5) kept.push_back(k);
  task.seen = subset(task.seen, kept);
  const auto result = complete(task.seen, in_short());
  const auto half = [&](Index j) { return result.half_widths.at([&](Index n) { return n == 1 ? j : Index(2); }); };
  CHECK(half(5) > 1.5 * half(4));
  const TensorEntries gaps = gaps_of(task.seen.where);
  const Vector<double> z = result.fit.predict(gaps);
  double inside = 0, count = 0;
  for (Index k = 0; k < gaps.count(); ++k) {
    if (gaps.mode(1)[k] != 5) continue;
    const double width = result.half_widths.at([&](Index n) { return Index(gaps.mode(n)[k]); });
    inside += std::abs(z[k] - truth_at(task, gaps, k)) <= width, ++count;
  }
  INFO("covered " << inside / count);
  CHECK(inside / count > 0.8);
}

TEST_CASE("a slice of which nothing is known becomes the average of the others, in every shallow model") {
  for (const TensorKind kind : {TensorKind::cp, TensorKind::tucker, TensorKind::tensor_train, TensorKind::hierarchical})
    for (Index mode = 0; mode < 3; ++mode) {
      const AnyTensorModel<double> model(tensor_spec(kind, {4, 3, 5}, 2));
      Vector<double> theta = model.near_zero({.entry_std = 1, .seed = 2});
      model.average_slices(theta, mode, {1});
      const Tensor<double> W = predict(model, theta, Centre{});
      const Matrix<double> unfolded = unfold(W, mode);
      const Matrix<double> others = unfolded.colwise().sum() - unfolded.row(1);
      INFO(name_of(kind) << ", mode " << mode);
      CHECK((unfolded.row(1) - others / static_cast<double>(unfolded.rows() - 1)).norm() < 1e-12);
      CHECK(unfolded.row(0).norm() > 1e-3);
    }
}

TEST_CASE("slices, fibres, runs and blocks of a tensor are held out whole, each once") {
  const auto task = planted(5);
  const TensorEntries& where = task.seen.where;
  const auto groups = [&](const TensorEntries& of, const Holdout& how) {
    std::set<std::vector<Index>> found;
    for (Index k = 0; k < of.count(); ++k) {
      const Index i = of.mode(0)[k], j = of.mode(1)[k], l = of.mode(2)[k];
      if (how.kind == HoldoutKind::slices) found.insert({j});
      if (how.kind == HoldoutKind::fibres) found.insert({i, l});
      if (how.kind == HoldoutKind::runs) found.insert({i, l, j / 3});
    }
    return found;
  };
  for (const HoldoutKind kind : {HoldoutKind::slices, HoldoutKind::fibres, HoldoutKind::runs}) {
    const Holdout how{.kind = kind, .mode = 1, .length = 3};
    Index tested = 0;
    for (const auto& [train, test] : detail::test_parts(task.seen, how, {.folds = 3, .seed = 1})) {
      const auto apart = groups(test.where, how), others = groups(train.where, how);
      for (const auto& one : apart) CHECK(!others.count(one));
      CHECK(std::abs(static_cast<double>(apart.size()) / static_cast<double>(apart.size() + others.size()) - 1.0 / 3) < 0.01);
      tested += test.count();
    }
    CHECK(tested == where.count());
    const auto parts = detail::validation_part(task.seen, how, 0.2, 1);
    for (const auto& one : groups(parts.test.where, how)) CHECK(!groups(parts.train.where, how).count(one));
    CHECK(parts.train.count() + parts.test.count() == where.count());
  }
  for (const auto& [train, test] : detail::test_parts(task.seen, {HoldoutKind::blocks}, {.folds = 3, .seed = 1})) {
    std::set<Index> lines;
    for (Index k = 0; k < test.count(); ++k) lines.insert(test.where.mode(1)[k]);
    CHECK(lines.size() <= 4);
    CHECK(train.count() + test.count() == where.count());
  }
  CHECK(thrown([&] {
          detail::test_parts(task.seen, {HoldoutKind::slices, 2}, {.folds = 11});
        }) == "hold out: 11 folds of slices are asked for of a 16 x 12 x 10 tensor");
  CHECK(thrown([&] {
          detail::test_parts(task.seen, {HoldoutKind::fibres, 3}, {.folds = 2});
        }) == "hold out: mode 4 is asked for, the data are 16 x 12 x 10");
}

TEST_CASE("whole slices are harder to complete than entries, and their intervals say so") {
  const auto task = planted(6, 0.1);
  CompletionSettings s = in_short();
  const auto entries = complete(task.seen, s);
  s.holdout = {HoldoutKind::slices, 0};
  const auto slices = complete(task.seen, s);
  CHECK(entries.chosen().rmse < 0.3);
  CHECK(slices.chosen().rmse > 0.8);
  CHECK(slices.chosen().rmse < 1.2);  // as the average slice, not worse than the entries' size
  CHECK(slices.width > 2 * entries.width);
  s.holdout = {.kind = HoldoutKind::listed, .list = {{task.seen.where.mode(0)[9], task.seen.where.mode(1)[9], task.seen.where.mode(2)[9]}}};
  CHECK(complete(task.seen, s).absolute_errors.size() == 1);
  s.holdout.list = {{0, 0, 99}};
  CHECK(thrown([&] { complete(task.seen, s); }) == "hold out: entry (0, 0, 99) of the list lies outside the 16 x 12 x 10 tensor");
}

TEST_CASE("scales of a mode's slices: a slice in other units changes no other prediction") {
  const auto task = planted(7);
  Data<double, TensorEntries> other = task.seen;
  for (Index k = 0; k < other.count(); ++k)
    if (other.where.mode(2)[k] == 3) other.y[k] *= 1e6;
  CompletionSettings s = in_short();
  s.scaled_modes = {2};
  const auto one = complete(task.seen, s), two = complete(other, s);
  const TensorEntries gaps = gaps_of(task.seen.where);
  const Vector<double> z = one.fit.predict(gaps), w = two.fit.predict(gaps);
  CHECK(one.relative());
  REQUIRE(one.lines.size() == 10);
  CHECK_THAT(two.lines[3].rmse, Catch::Matchers::WithinRel(1e6 * one.lines[3].rmse, 1e-6));
  for (Index k = 0; k < gaps.count(); ++k) {
    const double unit = gaps.mode(2)[k] == 3 ? 1e6 : 1;
    if (std::abs(w[k] / unit - z[k]) > 1e-6) FAIL("entry " << k << ": " << z[k] << " and " << w[k]);
  }
}

TEST_CASE("a counted budget gives the same numbers with one thread and with two, and a stop is heard") {
  const auto task = planted(8);
  CompletionSettings s = in_short();
  s.kinds = {TensorKind::cp, TensorKind::tucker};
  s.baselines = true;
  s.budget = 0.05;
  s.threads = 1;
  const auto one = complete(task.seen, s);
  s.threads = 2;
  const auto two = complete(task.seen, s);
  for (std::size_t m = 0; m < one.methods.size(); ++m) {
    CHECK(one.methods[m].settings == two.methods[m].settings);
    if (one.methods[m].settings.find("left out:") != 0) CHECK(one.methods[m].of_folds == two.methods[m].of_folds);  // else no numbers
  }
  CHECK(one.fit.theta == two.fit.theta);
  CHECK(one.width == two.width);
  s.pace.stop = [] { return true; };
  CHECK_THROWS_AS(complete(task.seen, s), Stopped);
}

TEST_CASE("a saved tensor model keeps intervals, scales and range, and predicts the same bytes") {
  const auto task = planted(9);
  CompletionSettings s = in_short(TensorKind::tucker);
  s.scaled_modes = {1};
  const auto result = complete(task.seen, s);
  const scratch::Folder folder;
  ModelInfo info{.centre = result.fit.centre.with_positive_scale(), .half_widths = result.half_widths, .low = -2, .high = 2.5};
  save_model(folder / "model", *result.fit.model, result.fit.theta, info);
  CHECK(is_tensor_model(folder / "model"));
  const auto saved = load_tensor_model(folder / "model");
  const TensorEntries gaps = gaps_of(task.seen.where);
  CHECK(saved.predict(gaps) == result.fit.predict(gaps));
  CHECK(saved.info.low == -2);
  CHECK(saved.info.high == 2.5);
  for (Index k = 0; k < gaps.count(); k += 97) {
    const auto at = [&](Index n) { return Index(gaps.mode(n)[k]); };
    CHECK(saved.info.half_widths.at(at) == result.half_widths.at(at));
  }
  const auto in_new = [&](const HalfWidths& widths, Index mode, double information) {
    return widths.at_new(mode, widths.unknown_of_new(mode, information), [](Index) { return Index(2); });
  };
  for (Index mode = 0; mode < 3; ++mode) {
    CHECK(saved.info.half_widths.told_by(mode, [](Index) { return Index(3); }) ==
          result.half_widths.told_by(mode, [](Index) { return Index(3); }));
    CHECK(in_new(saved.info.half_widths, mode, 2) == in_new(result.half_widths, mode, 2));
  }
  // Models were once saved with intervals of new slices of mode 1 alone, and with the information of the last mode alone.
  std::string text = scratch::get(folder / "model/model.json");
  const std::string begin = "\"new_slices\": [{";
  const auto from = text.find(begin), until = text.find("}", from);
  std::string old = text.substr(from + begin.size(), until - from - begin.size());
  old.replace(old.find("\"typical\""), 9, "\"typical_row\"");
  text.replace(from, text.find("]}]", from) + 3 - from, old);
  scratch::put(folder / "model/model.json", text);
  const Vector<double> last = result.half_widths.informative[2].cwiseSqrt();
  write_npy(folder / "model/informative.npy", std::vector<double>(last.begin(), last.end()));
  const auto once = load_tensor_model(folder / "model").info.half_widths;
  CHECK(once.knows_new(0));
  CHECK_FALSE(once.knows_new(1));
  CHECK_THAT(in_new(once, 0, 2), Catch::Matchers::WithinRel(in_new(result.half_widths, 0, 2), 1e-12));
  CHECK_THAT(once.told_by(0, [](Index) { return Index(3); }), Catch::Matchers::WithinRel(last[3], 1e-12));
  const Tensor<double> all = saved.predict();
  CHECK_THAT(all.values[gaps.mode(0)[0] + 16 * (gaps.mode(1)[0] + 12 * gaps.mode(2)[0])],
             Catch::Matchers::WithinRel(saved.predict(gaps)[0], 1e-10));
}

TEST_CASE("new slices of any mode have intervals that hold, narrower the more of a slice is known") {
  double inside = 0, halved = 0, count = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const auto task = planted(10 + seed);
    const auto mode = static_cast<Index>(seed % 3);
    const Shape& shape = task.seen.where.shape();
    const auto first = static_cast<std::int32_t>(shape[mode] - 3);
    // The last three slices of the mode are new; of the first of these, little is known.
    std::vector<TensorEntries::Indices> old(3), fresh(3);
    std::vector<double> old_y, fresh_y;
    Index of_first = 0;
    for (Index k = 0; k < task.seen.count(); ++k) {
      const std::int32_t i = task.seen.where.mode(mode)[k];
      if (i == first && ++of_first > 3) continue;
      auto& index = i < first ? old : fresh;
      for (Index n = 0; n < 3; ++n)
        index[static_cast<std::size_t>(n)].push_back(task.seen.where.mode(n)[k] - (n == mode && i >= first ? first : 0));
      (i < first ? old_y : fresh_y).push_back(task.seen.y[k]);
    }
    const auto vector = [](const std::vector<double>& x) {
      return Vector<double>(Eigen::Map<const Vector<double>>(x.data(), static_cast<Index>(x.size())));
    };
    std::vector<Index> sizes = shape.sizes(), added_sizes = sizes;
    sizes[static_cast<std::size_t>(mode)] = first, added_sizes[static_cast<std::size_t>(mode)] = 3;
    const auto data = observed<double>(Shape(sizes), old, vector(old_y)),
               added = observed<double>(Shape(added_sizes), fresh, vector(fresh_y));
    const auto r = complete(data, in_short());
    const double ridge = r.slice_ridges[static_cast<std::size_t>(mode)];
    const Tensor<double> z = NewSlices(*r.fit.model, r.fit.theta, r.fit.centre.with_positive_scale(), mode, ridge).predicted(added);
    Vector<double> told = Vector<double>::Zero(3), sum = told, number = told;
    for (Index k = 0; k < added.count(); ++k)
      told[added.where.mode(mode)[k]] += r.half_widths.told_by(mode, [&](Index n) { return Index(added.where.mode(n)[k]); });
    Random random(8, "fresh noise of new slices");
    const TensorEntries gaps = gaps_of(added.where);
    for (Index k = 0; k < gaps.count(); ++k) {
      const Index i = gaps.mode(mode)[k];
      const double unknown = r.half_widths.unknown_of_new(mode, told[i]);
      const double half = r.half_widths.at_new(mode, unknown, [&](Index n) { return Index(gaps.mode(n)[k]); });
      const auto at = [&](Index n) { return Index(gaps.mode(n)[k]) + (n == mode ? first : 0); };
      const double miss =
          std::abs(z({gaps.mode(0)[k], gaps.mode(1)[k], gaps.mode(2)[k]}) - task.truth({at(0), at(1), at(2)}) - 0.3 * random.normal());
      inside += miss <= half, halved += miss <= half / 2, ++count;
      sum[i] += half, ++number[i];
    }
    INFO("mode " << mode << ", " << (sum.array() / number.array()).transpose());
    for (Index i = 1; i < 3; ++i) CHECK(sum[0] / number[0] > 1.1 * sum[i] / number[i]);
  }
  INFO("covered " << inside / count << ", with halved widths " << halved / count);
  CHECK(inside > 0.85 * count);
  CHECK(inside < 0.97 * count);
  CHECK(halved < 0.75 * count);
}

TEST_CASE("the quantile of held-out slices counts one more like the worst: two slices of three times the error weigh as two thirds") {
  const std::vector<double> scores = {1, 1, 1, 1, 3, 3, 3, 3};
  CHECK(tacit::detail::quantile_of_slices(scores, {0, 0, 0, 0, 1, 1, 1, 1}, 0.3) == 1);
  CHECK(tacit::detail::quantile_of_slices(scores, {0, 0, 0, 0, 1, 1, 1, 1}, 0.4) == 3);  // else half of the weight would lie at 1
}
