// SPDX-License-Identifier: MIT
#include <tacit/loss/squares.hpp>

#include "catch.hpp"

using namespace tacit;
using Catch::Matchers::WithinRel;

namespace {
Vector<double> column(double a, double b, double c) {
  Vector<double> v(3);
  v << a, b, c;
  return v;
}
const Vector<double> z = column(1, 2, 3), y = column(0, 2, 5), weight = column(2, 7, 0.5), none;

/// Value and slope as Problem asks for them, on all three observations of `total`.
template <class L>
std::pair<double, Vector<double>> of(const L& loss, const Vector<double>& w, Index total = 3) {
  Vector<double> slope(3);
  const double value = loss.template value_and_slope<double>(z, y, w, detail::reduction_scale<double>(loss.reduction, 3, total), slope);
  return {value, slope};
}
}  // namespace

TEST_CASE("the four normalisations") {  // residuals 1, 0, -2: squares 1 + 0 + 4, weighted 2 + 0 + 2
  CHECK(of(SumOfSquares{}, none).first == 5);
  CHECK(of(HalfSumOfSquares{}, none).first == 2.5);
  CHECK_THAT(of(MeanSquares{}, none).first, WithinRel(5.0 / 3, 1e-15));
  CHECK_THAT(of(HalfMeanSquares{}, none).first, WithinRel(5.0 / 6, 1e-15));
  CHECK(of(SumOfSquares{}, none).second == column(2, 0, -4));
  CHECK(of(HalfSumOfSquares{}, none).second == column(1, 0, -2));
  CHECK((of(MeanSquares{}, none).second - column(2, 0, -4) / 3).norm() < 1e-15);
  CHECK((of(HalfMeanSquares{}, none).second - column(1, 0, -2) / 3).norm() < 1e-15);
}

TEST_CASE("weights multiply each part, the mean still counts entries") {
  CHECK(of(SumOfSquares{}, weight).first == 4);
  CHECK(of(HalfSumOfSquares{}, weight).first == 2);
  CHECK_THAT(of(MeanSquares{}, weight).first, WithinRel(4.0 / 3, 1e-15));
  CHECK(of(SumOfSquares{}, weight).second == column(4, 0, -2));
  Vector<double> out(3);
  SumOfSquares{}.curvature_times<double>(z, y, weight, 1, column(1, 1, 1), out);
  CHECK(out == column(4, 14, 1));
  HalfSumOfSquares{}.curvature_times<double>(z, y, none, 1, column(1, 2, 3), out);
  CHECK(out == column(1, 2, 3));
}

TEST_CASE("on a batch a mean is over the batch, a sum is scaled to all") {
  CHECK_THAT(of(MeanSquares{}, none, 300).first, WithinRel(5.0 / 3, 1e-15));
  CHECK_THAT(of(SumOfSquares{}, none, 300).first, WithinRel(500.0, 1e-15));
  CHECK((of(HalfSumOfSquares{}, none, 300).second - column(100, 0, -200)).norm() < 1e-12);
}

TEST_CASE("names say which") {
  CHECK(std::string(SumOfSquares::name()) == "SumOfSquares");
  CHECK(std::string(HalfSumOfSquares::name()) == "HalfSumOfSquares");
  CHECK(std::string(MeanSquares::name()) == "MeanSquares");
  CHECK(std::string(HalfMeanSquares::name()) == "HalfMeanSquares");
}
