// SPDX-License-Identifier: MIT
#include <tacit/core/random.hpp>
#include <tacit/core/small_symmetric_eigen.hpp>

#include "catch.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;

TEST_CASE("eigenvalues come largest first, with orthonormal eigenvectors that diagonalise the matrix") {
  SmallSymmetricEigen eigen(12);
  Random random(1, "symmetric eigen");
  for (const Index k : {1, 2, 3, 7, 12}) {
    Matrix<double> A = Matrix<double>::Zero(12, 12);
    for (Index j = 0; j < 12; ++j)
      for (Index i = j; i < 12; ++i) A(i, j) = A(j, i) = random.normal();
    eigen.compute(A, k);
    CHECK(eigen.size() == k);
    for (Index a = 0; a < k; ++a) {
      if (a > 0) CHECK(eigen.value(a) <= eigen.value(a - 1));
      for (Index b = 0; b < k; ++b) {
        double product = 0, image = 0;
        for (Index i = 0; i < k; ++i) {
          product += eigen.vector(i, a) * eigen.vector(i, b);
          for (Index j = 0; j < k; ++j) image += eigen.vector(i, a) * A(i, j) * eigen.vector(j, b);
        }
        CHECK_THAT(product, WithinAbs(a == b ? 1 : 0, 1e-14));
        CHECK_THAT(image, WithinAbs(a == b ? eigen.value(a) : 0, 1e-13));
      }
    }
  }
}
TEST_CASE("known spectra: diagonal, repeated, of rank one; and what is not finite ends") {
  SmallSymmetricEigen eigen(3);
  eigen.compute(Matrix<double>{{1, 0, 0}, {0, 5, 0}, {0, 0, 3}}, 3);
  CHECK(eigen.value(0) == 5);
  CHECK(eigen.value(2) == 1);
  CHECK(std::abs(eigen.vector(1, 0)) == 1);
  eigen.compute(Matrix<double>::Constant(3, 3, 2), 3);
  CHECK_THAT(eigen.value(0), WithinAbs(6, 1e-14));
  CHECK_THAT(eigen.value(1), WithinAbs(0, 1e-14));
  CHECK_THAT(eigen.value(2), WithinAbs(0, 1e-14));
  eigen.compute(Matrix<double>::Constant(3, 3, std::nan("")), 3);
  CHECK(std::isnan(eigen.value(0)));
}
