// SPDX-License-Identifier: MIT
// Which scales are chosen, by tables in one unit, in different units, and with columns in other units.
#include <tacit/compare/choose_scaling.hpp>

#include "catch.hpp"

using namespace tacit;

namespace {

/// Two factors and noise: of a share of each column's spread, or, in one unit, the same in all columns, whose norms go from 1 to `norms`.
Matrix<double> table(std::uint64_t seed, bool one_unit, double norms, Index rows = 120, Index cols = 10) {
  Random random(seed, "scales");
  Matrix<double> A(rows, 2), B(cols, 2), Y(rows, cols);
  for (Matrix<double>* X : {&A, &B})
    for (double& x : X->reshaped()) x = random.normal();
  for (Index j = 0; j < cols; ++j) {
    const double size = std::pow(norms, static_cast<double>(j) / static_cast<double>(cols - 1));
    B.row(j) *= size / B.row(j).norm();
    for (Index i = 0; i < rows; ++i) Y(i, j) = A.row(i).dot(B.row(j)) + (one_unit ? 0.3 : 0.3 * size) * random.normal();
  }
  for (double& y : Y.reshaped())
    if (random.uniform() < 0.2) y = std::numeric_limits<double>::quiet_NaN();
  return Y;
}
ScalingChoice chosen(const Matrix<double>& Y) { return choose_scaling(observed(Y), Scaling::automatic, false, {}, 0.1, 1); }

}  // namespace

TEST_CASE("columns in different units have scales, and the same ones, but for its own, whatever unit a column is in") {
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    const Matrix<double> Y = table(seed, false, seed == 1 ? 1 : 1000);
    const ScalingChoice first = chosen(Y);
    REQUIRE(first.modes == std::vector<Index>{1});
    CHECK(first.by_spread);
    const Scales one = scales_of(observed(Y), first);
    for (const double c : {1e-6, 2.0, 10.0, 30.0}) {
      Matrix<double> other = Y;
      other.col(4) *= c;
      const ScalingChoice now = chosen(other);
      INFO("seed " << seed << ", times " << c);
      REQUIRE(now.modes == first.modes);
      REQUIRE(now.noise.size() == first.noise.size());
      const Scales scales = scales_of(observed(other), now);
      for (Index j = 0; j < 10; ++j)
        CHECK_THAT(scales.scale_of(1, j), Catch::Matchers::WithinRel(one.scale_of(1, j) * (j == 4 ? c : 1), 1e-8));
    }
  }
}

TEST_CASE("a low-rank table in one unit with equal noise stays in its unit, though its columns have spreads of 1 to 30") {
  CHECK(chosen(table(1, true, 30, 200, 20)).modes.empty());
}

TEST_CASE("a table on its side, with a unit to each row, has scales of rows, whatever unit one of its columns is in") {
  Matrix<double> Y = table(1, false, 1e6).transpose().eval();
  for (const double c : {1.0, 30.0, 1e6}) {
    Matrix<double> other = Y;
    other.col(7) *= c;
    const ScalingChoice choice = chosen(other);
    CHECK(choice.lines == 0);
    CHECK(choice.relative);
  }
}

TEST_CASE("a pilot finds larger noise ratios in the columns that were given more noise") {
  Matrix<double> Y = table(3, false, 1, 300);
  Random random(1, "noise");
  for (Index j = 0; j < 3; ++j)
    for (double& y : Y.col(j)) y += 2 * random.normal();
  const Pace pace;
  const detail::ScalingPilot pilot(observed(Y), 1, {}, 0.1, 1, pace);
  ScalingChoice by_spread;
  by_spread.modes = {1};
  const Vector<double> noise = pilot.noise(pilot.relative(pilot.residuals(by_spread)));
  REQUIRE(noise.size() == 10);
  for (Index j = 0; j < 3; ++j)
    for (Index k = 3; k < 10; ++k) CHECK(noise[j] > noise[k]);
}

TEST_CASE("answers on a few levels that columns share stay as they are, and not with one of the columns in another unit") {
  Matrix<double> Y(80, 10);
  Random random(1, "answers");
  for (double& y : Y.reshaped()) y = 1 + static_cast<double>(random.below(5));
  CHECK(detail::share_levels(observed(Y)));
  CHECK(chosen(Y).modes.empty());
  Y.col(3) *= 100;
  CHECK(!detail::share_levels(observed(Y)));
}

TEST_CASE("a small table of sums of rows and columns, which are exact in its unit, stays in it") {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    Random random(seed, "sums");
    Matrix<double> Y(12, 9);
    for (Index i = 0; i < 12; ++i)
      for (Index j = 0; j < 9; ++j)
        Y(i, j) =
            random.uniform() < 0.25 ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(i) + 0.5 * static_cast<double>(j * j);
    INFO("seed " << seed);
    CHECK(chosen(Y).modes.empty());
    Y.col(3) *= 1e4;  // no longer sums
    CHECK(chosen(Y).modes == std::vector<Index>{1});
  }
}
