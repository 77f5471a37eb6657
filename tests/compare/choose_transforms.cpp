// SPDX-License-Identifier: MIT
// Columns by their logarithm or logit, where that is how they were made, and not elsewhere.
#include <tacit/compare/choose_transforms.hpp>
#include <tacit/compare/complete.hpp>
#include <tacit/model/fold_in.hpp>
#include <tacit/output/model_files.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// 150 rows of two factors with noise of 0.3, t: columns 0 and 1 are exp(1.2 t) in different units, column 2 a share by its logit, 3 to 5 linear.
struct Assay {
  Matrix<double> truth{150, 6}, seen;
  explicit Assay(std::uint64_t seed, bool curved = true) {
    Random random(seed, "assay");
    Matrix<double> A(150, 2), B(6, 2);
    for (double& x : A.reshaped()) x = random.normal();
    for (double& x : B.reshaped()) x = random.normal();
    for (Index j = 0; j < 6; ++j) B.row(j) *= std::sqrt(0.91) / B.row(j).norm();
    for (Index i = 0; i < 150; ++i)
      for (Index j = 0; j < 6; ++j) {
        const double t = A.row(i).dot(B.row(j)) + 0.3 * random.normal();
        truth(i, j) = !curved || j > 2 ? 40 + 2 * t : j == 2 ? 1 / (1 + std::exp(-2.5 * t)) : (j == 0 ? 1e-4 : 1e5) * std::exp(1.2 * t);
      }
    truth.col(3) *= 1000;
    seen = truth;
    for (double& x : seen.reshaped())
      if (random.uniform() < 0.2) x = missing;
  }
};
std::vector<TransformKind> kinds(const ScalingChoice& choice) {
  std::vector<TransformKind> list;
  for (const Transform& by : choice.transforms) list.push_back(by.kind);
  return list;
}
ScalingChoice choice_of(const Matrix<double>& seen, const TransformSettings& asked = {}) {
  const Data<double> data = observed(seen);
  ScalingChoice choice = choose_scaling(data, Scaling::automatic, false, {}, 0.1, 1);
  choose_transforms(data, asked, choice, false, {}, 0.1, 1);
  return choice;
}
CompletionSettings quick() {
  CompletionSettings s;
  s.folds = 2;
  s.depths = {2};
  s.baselines = false;
  s.budget = 300;
  return s;
}
constexpr auto as_it_is = TransformKind::none, by_log = TransformKind::log, by_logit = TransformKind::logit;

}  // namespace

TEST_CASE("columns that were made by exponentials and logits are fitted by logarithms and logits") {
  const ScalingChoice choice = choice_of(Assay(1).seen);
  REQUIRE(kinds(choice) == std::vector{by_log, by_log, by_logit, as_it_is, as_it_is, as_it_is});
  CHECK(choice.transforms[2].low == 0);
  CHECK(choice.transforms[2].high == 1);
}

TEST_CASE("linear columns stay as they are, and so do skew ones about which the others know nothing") {
  CHECK(choice_of(Assay(1, false).seen).transforms.empty());
  Matrix<double> unrelated = Assay(2, false).seen;
  Random random(3, "unrelated");
  for (double& x : unrelated.col(0)) x = std::isnan(x) ? x : std::exp(random.normal());
  const ScalingChoice choice = choice_of(unrelated);
  CHECK((choice.transforms.empty() || choice.transforms[0].shift != 0));  // of a lognormal column the mean at most
  for (std::size_t j = 1; j < choice.transforms.size(); ++j) CHECK(choice.transforms[j].kind == as_it_is);
}

TEST_CASE("skew columns that are linear in skew factors mostly stay as they are, though their logarithms are less skew") {
  int transformed = 0;  // errors of such columns hang on a few entries
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    Random random(seed, "skew factors");
    Matrix<double> seen(150, 6), A(150, 2), B(6, 2);
    for (double& x : A.reshaped()) x = std::exp(0.9 * random.normal());
    for (double& x : B.reshaped()) x = 0.1 + random.uniform();
    for (Index i = 0; i < 150; ++i)
      for (Index j = 0; j < 6; ++j) seen(i, j) = random.uniform() < 0.2 ? missing : 0.5 + A.row(i).dot(B.row(j)) + 0.1 * random.uniform();
    const auto values = detail::values_of_columns(observed(seen));
    CHECK(values[0].likely_log().kind == by_log);  // so it is tried
    transformed += !choice_of(seen).transforms.empty();
  }
  CHECK(transformed <= 2);
}

TEST_CASE("the choice of transforms is the same in other units") {
  const Assay assay(1);
  Matrix<double> large = assay.seen;
  large.col(0) *= 1e6;
  large.col(2) *= 1e6;
  const ScalingChoice one = choice_of(assay.seen), other = choice_of(large);
  REQUIRE(kinds(one) == kinds(other));
  CHECK_THAT(other.transforms[0].shift, Catch::Matchers::WithinAbs(one.transforms[0].shift, 1e-6));
  CHECK(other.transforms[2].high == 1e6);
  Matrix<double> zeros = assay.seen;
  zeros(0, 1) = zeros(7, 1) = 0;
  const double unit = choice_of(zeros, {.all = TransformSettings::Which::log}).transforms[1].unit;
  zeros.col(1) *= 1e6;
  CHECK_THAT(choice_of(zeros, {.all = TransformSettings::Which::log}).transforms[1].unit, Catch::Matchers::WithinRel(1e6 * unit, 1e-12));
}

TEST_CASE("transforms are those that are asked for") {
  const Matrix<double> seen = Assay(1).seen;
  CHECK(choice_of(seen, {.all = TransformSettings::Which::none}).transforms.empty());
  CHECK(kinds(choice_of(seen, {.all = TransformSettings::Which::log})) == std::vector(6, by_log));
  CHECK(kinds(choice_of(seen, {.all = TransformSettings::Which::none, .columns = {{5, by_log}}})) ==
        std::vector{as_it_is, as_it_is, as_it_is, as_it_is, as_it_is, by_log});
  CHECK(kinds(choice_of(seen, {.columns = {{0, as_it_is}}}))[0] == as_it_is);
  const ScalingChoice known = choice_of(seen, {.all = TransformSettings::Which::none, .columns = {{4, by_logit}}, .ranges = {{4, 0, 60}}});
  CHECK(known.transforms[4].high == 60);
  Matrix<double> zeros = seen;
  zeros(0, 0) = 0;
  CHECK(kinds(choice_of(zeros, {.all = TransformSettings::Which::log}))[0] == TransformKind::log1p);
  zeros(1, 0) = -1;
  CHECK(kinds(choice_of(zeros, {.all = TransformSettings::Which::log}))[0] == as_it_is);
  CHECK(scratch::mentions(thrown([&] {
                            choice_of(zeros, {.columns = {{0, by_log}}});
                          }),
                          "complete: column 0 cannot be fitted by its log: its values lie between -1 and "));
  CHECK(scratch::mentions(thrown([&] { choice_of(seen, {.columns = {{3, by_logit}}}); }), "and no range is known in which all lie"));
}

TEST_CASE("a table with curved columns has smaller errors in its units, and intervals that hold") {
  double ours = 0, theirs = 0, inside = 0, gaps = 0;
  for (std::uint64_t seed = 5; seed <= 7; ++seed) {
    const Assay assay(seed);
    CompletionSettings s = quick();
    const auto result = complete(observed(assay.seen), s);
    CHECK(kinds(result.scaling) == kinds(choice_of(assay.seen)));
    s.transform.all = TransformSettings::Which::none;
    const auto plain = complete(observed(assay.seen), s);
    const Matrix<double> W = predict(*result.fit.model, result.fit.theta, result.fit.centre),
                         V = predict(*plain.fit.model, plain.fit.theta, plain.fit.centre);
    for (Index j = 0; j < 3; ++j)
      for (Index i = 0; i < 150; ++i) {
        if (!std::isnan(assay.seen(i, j))) continue;
        const double spread = plain.lines[static_cast<std::size_t>(j)].spread;
        ours += std::pow((W(i, j) - assay.truth(i, j)) / spread, 2), theirs += std::pow((V(i, j) - assay.truth(i, j)) / spread, 2);
        const auto [low, high] = result.fit.centre.lines.interval(W(i, j), result.half_widths.at(i, j), j);
        CHECK(low >= (result.scaling.transforms[static_cast<std::size_t>(j)].kind == as_it_is ? -1e300 : 0));
        if (j == 2) CHECK(high <= 1);
        inside += low <= assay.truth(i, j) && assay.truth(i, j) <= high, ++gaps;
      }
  }
  INFO("squares of errors " << ours << " against " << theirs << ", covered " << inside / gaps);
  CHECK(ours < 0.9 * theirs);
  CHECK(inside / gaps > 0.85);
  CHECK(inside / gaps < 0.95);
}

TEST_CASE("columns in other units change no other column where some are fitted by transforms") {
  const Assay assay(1);
  Matrix<double> large = assay.seen;
  large.col(0) *= 1e6, large.col(4) *= 1e6;
  const auto one = complete(observed(assay.seen), quick()), other = complete(observed(large), quick());
  REQUIRE(kinds(one.scaling)[0] == by_log);
  CHECK(kinds(one.scaling) == kinds(other.scaling));
  const Matrix<double> W = predict(*one.fit.model, one.fit.theta, one.fit.centre);
  Matrix<double> V = predict(*other.fit.model, other.fit.theta, other.fit.centre);
  V.col(0) /= 1e6, V.col(4) /= 1e6;
  CHECK(((W - V).array().abs() / W.array().abs()).maxCoeff() < 1e-6);
}

TEST_CASE("a saved model keeps transforms and ranges, and new rows are fitted and predicted by them") {
  const Assay assay(1);
  const auto result = complete(observed(assay.seen), quick());
  REQUIRE(kinds(result.scaling) == std::vector{by_log, by_log, by_logit, as_it_is, as_it_is, as_it_is});
  scratch::Folder folder;
  save_model(folder / "model", *result.fit.model, result.fit.theta,
             {.centre = result.fit.centre, .half_widths = result.half_widths, .ranges = {{3, 0, 1e5}}});
  const auto saved = load_model(folder / "model");
  CHECK(saved.predict() == predict(*result.fit.model, result.fit.theta, result.fit.centre));
  REQUIRE(saved.info.ranges.size() == 1);
  CHECK(saved.info.ranges[0].high == 1e5);
  const FoldIn fold(saved.model, saved.theta, saved.info.centre, {.from_average = true});
  const std::vector<Index> cols{1, 2, 3, 4, 5};
  Vector<double> y(5);
  double inside = 0, better = 0;
  for (Index i = 0; i < 150; ++i) {
    for (Index k = 0; k < 5; ++k) y[k] = assay.truth(i, cols[static_cast<std::size_t>(k)]);
    const double predicted = fold.row(cols, y)[0];
    const auto [low, high] = saved.info.centre.lines.interval(predicted, saved.info.half_widths.of_new_row(cols.data(), 5)[0], 0);
    inside += low < assay.truth(i, 0) && assay.truth(i, 0) < high;
    better += std::abs(std::log(predicted / assay.truth(i, 0))) < std::abs(std::log(1e-4 / assay.truth(i, 0)));  // than the median
  }
  CHECK(inside / 150 > 0.8);
  CHECK(better / 150 > 0.65);
  y[1] = 1.5;
  CHECK(thrown([&] { fold.row(cols, y); }) ==
        "FoldIn::row: the value in column 2 is 1.5, but the column was fitted by its logit, which takes values between 0 and 1, without "
        "these");
}
