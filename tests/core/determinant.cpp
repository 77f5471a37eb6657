// SPDX-License-Identifier: MIT
#include <tacit/core/determinant.hpp>

#include <Eigen/LU>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;

TEMPLATE_TEST_CASE("sign and logarithm agree with Eigen's determinant", "", float, double) {
  for (Index n = 1; n <= 12; ++n) {
    std::srand(static_cast<unsigned>(n));
    for (int draw = 0; draw < 5; ++draw) {
      const Matrix<TestType> W = Matrix<TestType>::Random(n, n);
      const double expected = W.template cast<double>().determinant();
      const Determinant det = determinant(W);
      CHECK(det.sign == (expected > 0 ? 1 : -1));
      CHECK_THAT(det.log_abs, WithinAbs(std::log(std::abs(expected)), sizeof(TestType) == 4 ? 1e-3 : 1e-10));
    }
  }
}

TEST_CASE("permutations have the sign of their parity") {
  Matrix<double> P = Matrix<double>::Zero(3, 3);
  P(0, 1) = P(1, 0) = P(2, 2) = 2;
  CHECK(determinant(P).sign == -1);
  CHECK_THAT(determinant(P).log_abs, WithinAbs(3 * std::log(2.0), 1e-15));
  P.row(0).swap(P.row(2));
  CHECK(determinant(P).sign == 1);
}

TEST_CASE("determinants far outside the range of double keep sign and logarithm") {
  const Matrix<double> W = -1e-200 * Matrix<double>::Identity(5, 5);
  CHECK(determinant(W).sign == -1);
  CHECK_THAT(determinant(W).log_abs, WithinAbs(-1000 * std::log(10.0), 1e-9));
}

TEST_CASE("singular matrices, NaN, and shapes that have no determinant") {
  CHECK(determinant(Matrix<double>::Zero(2, 2)).sign == 0);
  CHECK(determinant(Matrix<double>::Ones(3, 3)).sign == 0);
  CHECK(determinant(Matrix<double>::Ones(3, 3)).log_abs == -std::numeric_limits<double>::infinity());
  Matrix<double> W = Matrix<double>::Identity(3, 3);
  W(1, 1) = std::nan("");
  CHECK(std::isnan(determinant(W).log_abs));
  CHECK(thrown([] { determinant(Matrix<double>::Ones(2, 3)); }) == "determinant: the matrix is 2 x 3, it needs to be square");
}
