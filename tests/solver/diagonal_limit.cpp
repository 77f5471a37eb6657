// SPDX-License-Identifier: MIT
// The reference tables of Wind et al. 2023 are in tests/papers/wind2023.cpp.
#include <tacit/model/selection.hpp>
#include <tacit/solver/basis_pursuit.hpp>
#include <tacit/solver/diagonal_limit.hpp>

#include <Eigen/LU>

#include <sstream>

#include "catch.hpp"
#include "normal.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinRel;

TEST_CASE("the limit solves A x = y, and is h_p of a combination of the rows") {
  for (const double p : {2.0, 2.05, 2.5, 3.0, 5.0, 20.0})
    for (const double t : {10.0, 1.0, 1e-4, 1e-9})
      for (const Index support : {2, 8}) {
        CAPTURE(p, t, support);
        const Matrix<double> A = normal(8, 20, 1);
        Vector<double> truth = Vector<double>::Zero(20);
        truth.head(support) = normal(support, 1, 2);
        const Vector<double> y = A * truth;
        const DiagonalLimit limit = diagonal_limit(A, y, {.depth = p, .product_scale = t});
        CHECK((A.cast<long double>() * limit.x - y.cast<long double>()).norm() <= 1e-15L * y.norm());
        CHECK(limit.residual <= 1e-15);
        // h_p^-1(x / t) lies in the range of A^T.
        Vector<long double> s(20);
        for (Index i = 0; i < 20; ++i) s[i] = Selection<long double>(p).inverse(limit.x[i] / t);
        CHECK((s - A.cast<long double>().transpose() * limit.nu).norm() <= 1e-12L * s.norm());
        CHECK(s.norm() > 0);
      }
}
TEST_CASE("no solution of A x = y has a smaller sum of q_p") {
  const Matrix<double> A = normal(3, 6, 3), kernel = Eigen::FullPivLU<Matrix<double>>(A).kernel();
  const Vector<double> y = normal(3, 1, 4);
  for (const double p : {2.0, 2.5, 4.0}) {
    const double t = 1e-2;
    const Selection<double> selection(p);
    const auto cost = [&](const Vector<double>& x) {
      double sum = 0;
      for (const double v : x) sum += selection.q(v / t);
      return sum;
    };
    const Vector<double> x = diagonal_limit(A, y, {.depth = p, .product_scale = t}).x.cast<double>();
    for (std::uint64_t draw = 0; draw < 20; ++draw)
      for (const double step : {1e-3, 0.1}) CHECK(cost(x + step * kernel * normal(kernel.cols(), 1, 50 + draw)) > cost(x));
  }
}
TEST_CASE("large starts select the least squares, small ones the least l1 norm") {
  const Matrix<double> A = normal(4, 9, 5);
  const Vector<double> y = normal(4, 1, 6);
  const Vector<double> euclidean = A.transpose() * (A * A.transpose()).ldlt().solve(y), sparse = basis_pursuit(A, y).x;
  for (const double p : {2.0, 3.0}) {
    CHECK((diagonal_limit(A, y, {.depth = p, .product_scale = 1e6}).x.cast<double>() - euclidean).norm() < 1e-6);
    CHECK((diagonal_limit(A, y, {.depth = p, .product_scale = 1e-300}).x.cast<double>() - sparse).norm() < 1e-6);
  }
}
TEST_CASE("both scales mean the same start, and redundant rows nothing") {
  const Matrix<double> A = normal(3, 6, 7);
  const Vector<double> y = normal(3, 1, 8);
  const DiagonalLimit one = diagonal_limit(A, y, {.depth = 2.5, .product_scale = 1e-5}),
                      two = diagonal_limit(A, y, {.depth = 2.5, .factor_scale = 1e-2});
  CHECK((one.x - two.x).norm() <= 1e-14L * one.x.norm());
  Matrix<double> twice(6, 6);
  twice << A, 2 * A;
  Vector<double> y_twice(6);
  y_twice << y, 2 * y;
  const DiagonalLimit same = diagonal_limit(twice, y_twice, {.depth = 2.5, .product_scale = 1e-5});
  CHECK((one.x - same.x).norm() <= 1e-14L * one.x.norm());
  CHECK(same.nu.size() == 6);
  CHECK(diagonal_limit(A, Vector<double>::Zero(3), {.depth = 2, .product_scale = 1}).x.isZero(0));
}
TEST_CASE("limits of the flow refuse what has none") {
  const Matrix<double> A{{1, 1}, {1, 1}};
  const Vector<double> y{{1, 1}};
  CHECK(thrown([&] { diagonal_limit(A, y, {.depth = 1.5, .product_scale = 1}); }) ==
        "diagonal_limit: the depth is 1.5, it needs to be 2 or more");
  CHECK(thrown([&] { diagonal_limit(A, y, {.depth = 2}); }) ==
        "diagonal_limit: 0 of the scales .product_scale, .factor_scale are given, exactly one is needed");
  CHECK(thrown([&] { diagonal_limit(A, y, {.depth = 2, .product_scale = 1, .factor_scale = 1}); }) ==
        "diagonal_limit: 2 of the scales .product_scale, .factor_scale are given, exactly one is needed");
  CHECK(thrown([&] {
          diagonal_limit(A, Vector<double>{{1, 2}}, {.depth = 2, .product_scale = 1});
        }) == "diagonal_limit: A x = y has no solution, every x misses y by at least |A x - y| = 0.7071067812");
  std::ostringstream text;
  text << diagonal_limit(A, y, {.depth = 2, .product_scale = 1e-3});
  CHECK(text.str().find("limit of the flow at depth 2, alpha^p = 0.001: |x|_1 = 1; A x = y to ") == 0);
}
