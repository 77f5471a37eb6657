// SPDX-License-Identifier: MIT
// Every remainder of the tiles, either order of B, set and add, against the definition.
#include <tacit/core/small_product.hpp>

#include "catch.hpp"

using namespace tacit;

TEST_CASE("small products") {
  for (const Index rows : {1, 3, 8, 21, 40, 47})
    for (const Index cols : {1, 5, 13})
      for (const Index inner : {1, 7, 16}) {
        const Matrix<double> A = Matrix<double>::Random(rows, inner), B = Matrix<double>::Random(inner, cols),
                             start = Matrix<double>::Random(rows, cols);
        const Matrix<double> turned = B.transpose(), expected = A.lazyProduct(B);
        Matrix<double> C = start;
        detail::SmallProduct<double>{A.data(), rows, B.data(), 1, inner, C.data(), rows, cols, inner}.run(Write::add);
        CHECK((C - start - expected).norm() <= 1e-14 * static_cast<double>(inner * rows * cols));
        detail::SmallProduct<double>{A.data(), rows, turned.data(), cols, 1, C.data(), rows, cols, inner}.run(Write::set);
        CHECK((C - expected).norm() <= 1e-14 * static_cast<double>(inner * rows * cols));
      }
}

TEST_CASE("small products that are symmetric") {
  for (const Index rows : {1, 3, 8, 9, 16, 21, 40, 47})
    for (const Index inner : {1, 7, 60}) {
      const Matrix<double> A = Matrix<double>::Random(rows, inner), expected = A.lazyProduct(A.transpose());
      Matrix<double> C = Matrix<double>::Constant(rows, rows, 5);
      detail::SmallProduct<double>{A.data(), rows, A.data(), rows, 1, C.data(), rows, rows, inner}.run_symmetric();
      CHECK((C - expected).norm() <= 1e-14 * static_cast<double>(inner * rows));
      CHECK(C == C.transpose());
    }
}
