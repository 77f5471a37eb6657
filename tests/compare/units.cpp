// SPDX-License-Identifier: MIT
// Columns in different units, constant columns, and intervals that are wide where little is known: all on matrices whose truth is known.
#include <tacit/compare/complete.hpp>
#include <tacit/compare/refit_errors.hpp>
#include <tacit/data/low_rank.hpp>
#include <tacit/model/fold_in.hpp>
#include <tacit/output/model_files.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;

namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

/// Two factors and noise of 0.3 (of a spread) in columns of age, income, platelets, pH and so on; a fifth is missing.
struct Clinic {
  Matrix<double> truth, seen;
  Vector<double> location{7}, spread{7};
  explicit Clinic(std::uint64_t seed, Index rows = 120, double noise = 0.3) : truth(rows, 7) {
    location << 45, 35000, 2.5e11, 7.4, 120, 1.3, 90;
    spread << 15, 12000, 6e10, 0.03, 15, 0.3, 20;
    Random random(seed, "clinic");
    Matrix<double> A(rows, 2), B(7, 2);
    for (double& x : A.reshaped()) x = random.normal();
    for (double& x : B.reshaped()) x = random.normal();
    for (Index j = 0; j < 7; ++j) B.row(j) *= std::sqrt(1 - noise * noise) / B.row(j).norm();
    for (Index i = 0; i < rows; ++i)
      for (Index j = 0; j < 7; ++j) truth(i, j) = location[j] + spread[j] * (A.row(i).dot(B.row(j)) + noise * random.normal());
    seen = truth;
    for (double& x : seen.reshaped())
      if (random.uniform() < 0.2) x = gap;
  }
};
CompletionSettings two_folds() {
  CompletionSettings s;
  s.folds = 2;
  s.depths = {2};
  s.baselines = false;
  s.budget = 300;
  return s;
}
Matrix<double> completed(const CompletionResult& r) { return predict(*r.fit.model, r.fit.theta, r.fit.centre); }

}  // namespace

TEST_CASE("every column of a table in different units is predicted on its own scale, with intervals of its own") {
  const Clinic clinic(1);
  CompletionSettings s = two_folds();
  s.folds = 5;
  const auto result = complete(observed(clinic.seen), s);
  CHECK(result.relative());
  CHECK(result.chosen().rmse < 0.75);  // of a column's spread
  REQUIRE(result.lines.size() == 7);
  const Matrix<double> W = completed(result);
  for (Index j = 0; j < 7; ++j) {
    double squares = 0, count = 0, inside = 0;
    for (Index i = 0; i < 120; ++i) {
      if (!std::isnan(clinic.seen(i, j))) continue;
      const double e = std::abs(W(i, j) - clinic.truth(i, j));
      squares += e * e, ++count;
      inside += e <= result.half_widths.at(i, j);
    }
    INFO("column " << j << ": " << std::sqrt(squares / count) / clinic.spread[j] << " spreads, covered " << inside / count);
    CHECK(std::sqrt(squares / count) < 0.75 * clinic.spread[j]);
    CHECK(inside / count > 0.7);
    CHECK(result.lines[static_cast<std::size_t>(j)].relative() < 0.75);
    CHECK(result.half_widths.at(0, j) < 2.5 * clinic.spread[j]);
  }
}

TEST_CASE("where two factors explain nine tenths, every column is predicted within half of its spread; where nothing does, none is") {
  Vector<double> known = Vector<double>::Zero(7), unknown = known, count = known, inside = known;
  for (std::uint64_t seed = 1; seed <= 3; ++seed)
    for (const double noise : {0.3, 1.0}) {
      const Clinic clinic(seed, 150, noise);
      const auto result = complete(observed(clinic.seen), two_folds());
      CHECK(result.scaling.transforms.empty());
      const Matrix<double> W = completed(result);
      for (Index j = 0; j < 7; ++j)
        for (Index i = 0; i < 150; ++i) {
          if (!std::isnan(clinic.seen(i, j))) continue;
          const double e = (W(i, j) - clinic.truth(i, j)) / clinic.spread[j];
          (noise < 1 ? known : unknown)[j] += e * e;
          count[j] += 0.5;
          inside[j] += std::abs(e) * clinic.spread[j] <= result.half_widths.at(i, j);
        }
    }
  for (Index j = 0; j < 7; ++j) {
    INFO("column " << j << ": " << std::sqrt(known[j] / count[j]) << " and " << std::sqrt(unknown[j] / count[j]) << " spreads, covered "
                   << inside[j] / count[j] / 2);
    CHECK(std::sqrt(known[j] / count[j]) <= 0.5);
    CHECK(std::sqrt(unknown[j] / count[j]) > 0.8);
    CHECK(inside[j] / count[j] / 2 > 0.8);
    CHECK(inside[j] / count[j] / 2 < 0.97);
  }
}

TEST_CASE("a column in units 10^6 times as large changes no other column") {
  const Clinic clinic(2);
  Matrix<double> large = clinic.seen;
  large.col(3) *= 1e6;
  const auto one = complete(observed(clinic.seen), two_folds()), other = complete(observed(large), two_folds());
  CHECK(one.scaling.modes == other.scaling.modes);
  Matrix<double> W = completed(one), V = completed(other);
  V.col(3) /= 1e6;
  CHECK(((W - V).array().abs() / W.array().abs()).maxCoeff() < 1e-6);
  for (Index j = 0; j < 7; ++j)
    CHECK_THAT(other.half_widths.at(5, j) / (j == 3 ? 1e6 : 1), Catch::Matchers::WithinRel(one.half_widths.at(5, j), 1e-6));
}

TEST_CASE("a constant column is filled with its constant and left out of everything else") {
  const auto task = low_rank_completion({.rows = 30, .cols = 6, .rank = 2, .observed = 130, .seed = 4, .noise_std = 0.3});
  Matrix<double> seen = Matrix<double>::Constant(30, 8, gap);
  for (Index k = 0; k < task.seen.count(); ++k) seen(task.seen.where[k].row, task.seen.where[k].col) = task.seen.y[k];
  CompletionSettings settings = two_folds();
  settings.scaling = Scaling::none;  // averages from the global mean: whose start does not depend on the number of columns
  const auto without = complete(observed(Matrix<double>(seen.leftCols(6))), settings);
  seen.col(6).setConstant(100);
  seen.col(7).setZero();
  seen(3, 6) = seen(7, 6) = seen(9, 7) = gap;
  const auto result = complete(observed(seen), settings);
  CHECK(result.constant_columns == std::vector<Index>{6, 7});
  const Matrix<double> W = completed(result);
  CHECK((W.col(6).array() == 100).all());
  CHECK((W.col(7).array() == 0).all());
  CHECK(result.half_widths.at(3, 6) == 0);
  REQUIRE(result.methods[0].name == "depth 2, averaged");
  CHECK(result.methods[0].rmse == without.methods[0].rmse);
}

TEST_CASE("a few equal ratings are no constant column") {
  Matrix<double> seen(40, 3);
  Random random(1, "ratings");
  for (double& x : seen.reshaped()) x = 1 + static_cast<double>(random.below(3));
  seen.col(1).setConstant(gap);
  seen(0, 1) = seen(1, 1) = seen(2, 1) = 3;
  CHECK(constant_columns(observed(seen)).empty());
  seen.col(1).setConstant(3);
  CHECK(constant_columns(observed(seen)) == std::vector<Index>{1});
}

TEST_CASE("scales that are taken off and put back give the data again") {
  const auto data = observed(Clinic(3).seen);
  for (const std::vector<Index>& how : {std::vector<Index>{1}, {1, 0}}) {
    const Scales scales = scales_of(data, how);
    const Vector<double> inner = scales.taken_off(data).y;
    CHECK(std::abs(inner.squaredNorm() / static_cast<double>(inner.size()) - 1) < 0.1);
    CHECK((scales.put_back(inner, data.where) - data.y).cwiseQuotient(data.y).cwiseAbs().maxCoeff() < 1e-12);
  }
}

TEST_CASE("a saved model keeps scales and intervals, and new rows have both") {
  const Clinic clinic(3);
  const auto result = complete(observed(clinic.seen), two_folds());
  scratch::Folder folder;
  save_model(folder / "model", *result.fit.model, result.fit.theta, {.centre = result.fit.centre, .half_widths = result.half_widths});
  const auto saved = load_model(folder / "model");
  CHECK(saved.predict() == completed(result));
  CHECK(saved.info.half_widths.at(5, 3) == result.half_widths.at(5, 3));
  const FoldIn fold(saved.model, saved.theta, saved.info.centre, {.from_average = true});
  const Vector<double> nothing = fold.row({}, Vector<double>());
  const std::vector<Index> cols{0, 1, 2, 4, 5, 6};
  Vector<double> y(6);
  for (Index k = 0; k < 6; ++k) y[k] = clinic.truth(8, cols[static_cast<std::size_t>(k)]);
  const Vector<double> row = fold.row(cols, y), wide = saved.info.half_widths.of_new_row(nullptr, 0),
                       narrow = saved.info.half_widths.of_new_row(cols.data(), 6);
  for (Index j = 0; j < 7; ++j) {
    CHECK(std::abs(nothing[j] - clinic.location[j]) < 0.5 * clinic.spread[j]);
    CHECK(wide[j] > 1.3 * clinic.spread[j]);
    CHECK(narrow[j] < wide[j]);
  }
  CHECK(std::abs(row[3] - clinic.truth(8, 3)) < narrow[3]);
}

TEST_CASE("gaps at random have no pattern, runs of rows and batteries of columns have one, and moved gaps keep it") {
  Matrix<double> random_gaps = Matrix<double>::Ones(200, 8), runs = random_gaps;
  Random random(1, "gaps");
  for (double& x : random_gaps.reshaped())
    if (random.uniform() < 0.15) x = gap;
  for (Index b = 0; b < 8; ++b) runs.block(25 * b + 3, b % 4, 10, 4).setConstant(gap);
  CHECK(!detail::gaps_have_pattern(observed(random_gaps).where));
  const Entries where = observed(runs).where;
  REQUIRE(detail::gaps_have_pattern(where));
  const std::vector<bool> held = detail::moved_gaps(where, 1);
  Index count = 0, with_others = 0;  // held out together with its neighbour in the row, where both are seen
  for (std::size_t k = 0; k + 1 < held.size(); ++k) {
    if (!held[k]) continue;
    ++count;
    const bool after = where[static_cast<Index>(k) + 1].row == where[static_cast<Index>(k)].row && held[k + 1];
    const bool before = k > 0 && where[static_cast<Index>(k) - 1].row == where[static_cast<Index>(k)].row && held[k - 1];
    with_others += after || before;
  }
  CHECK(count >= 32);  // a tenth of the gaps
  CHECK(with_others > count / 2);
}

TEST_CASE("intervals hold in a row and a column of which nothing is known, and in every third of widths") {
  double row = 0, col = 0, rows = 0, cols = 0;
  std::array<double, 3> inside{}, count{};
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const auto task = low_rank_completion({.rows = 50, .cols = 20, .rank = 2, .observed = 600, .seed = seed, .noise_std = 0.3});
    Random random(seed, "fresh noise");
    Matrix<double> seen = Matrix<double>::Constant(50, 20, gap), fresh = task.truth;
    for (Index k = 0; k < task.seen.count(); ++k) seen(task.seen.where[k].row, task.seen.where[k].col) = task.seen.y[k];
    for (double& x : fresh.reshaped()) x += 0.3 * random.normal();
    seen.row(7).setConstant(gap);
    seen.col(11).setConstant(gap);
    const auto result = complete(observed(seen), two_folds());
    const Matrix<double> W = completed(result);
    std::vector<std::pair<double, bool>> others;
    for (Index i = 0; i < 50; ++i)
      for (Index j = 0; j < 20; ++j) {
        if (!std::isnan(seen(i, j))) continue;
        const double half = result.half_widths.at(i, j);
        const bool in = std::abs(W(i, j) - fresh(i, j)) <= half;
        if (i == 7) row += in, ++rows;
        else if (j == 11) col += in, ++cols;
        else others.emplace_back(half, in);
      }
    std::sort(others.begin(), others.end());
    for (std::size_t k = 0; k < others.size(); ++k) inside[3 * k / others.size()] += others[k].second, ++count[3 * k / others.size()];
  }
  CHECK(row / rows > 0.85);
  CHECK(col / cols > 0.85);
  for (std::size_t t = 0; t < 3; ++t) {
    INFO("third " << t << ": " << inside[t] / count[t]);
    CHECK(inside[t] / count[t] > 0.8);
    CHECK(inside[t] / count[t] < 0.97);
  }
}
