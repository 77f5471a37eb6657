// SPDX-License-Identifier: MIT
#include <tacit/core/product.hpp>

#include "catch.hpp"

using namespace tacit;

namespace {
template <class S>
Matrix<S> naive(const Matrix<S>& A, const Matrix<S>& B) {
  Matrix<S> C = Matrix<S>::Zero(A.rows(), B.cols());
  for (Index i = 0; i < A.rows(); ++i)
    for (Index j = 0; j < B.cols(); ++j)
      for (Index k = 0; k < A.cols(); ++k) C(i, j) += A(i, k) * B(k, j);
  return C;
}
template <class S>
ConstMatrixMap<S> view(const Matrix<S>& M) {
  return {M.data(), M.rows(), M.cols()};
}
template <class S>
MatrixMap<S> map(Matrix<S>& M) {
  return {M.data(), M.rows(), M.cols()};
}
}  // namespace

// By loops, by whole columns where C is a row or a column, and by Eigen's kernel: sizes on both sides of every border.
TEMPLATE_TEST_CASE("the three products, set and added", "", float, double) {
  using S = TestType;
  const double tolerance = sizeof(S) == 4 ? 1e-5 : 1e-13;
  struct Sizes {
    Index rows, inner, cols;
  };
  const auto [rows, inner, cols] =
      GENERATE(Sizes{7, 13, 5}, Sizes{2, 2, 2}, Sizes{1, 1, 1}, Sizes{6, 6, 7}, Sizes{6, 7, 7}, Sizes{40, 1, 30}, Sizes{1, 30, 20},
               Sizes{20, 30, 1}, Sizes{1, 40, 1}, Sizes{1, 1, 40}, Sizes{40, 1, 1}, Sizes{70, 300, 50});
  const Matrix<S> A = Matrix<S>::Random(rows, inner), B = Matrix<S>::Random(inner, cols), start = Matrix<S>::Random(rows, cols);
  const Matrix<S> At = A.transpose(), Bt = B.transpose(), expected = naive(A, B);
  for (const Write write : {Write::set, Write::add}) {
    const Matrix<S> want = write == Write::set ? expected : Matrix<S>(start + expected);
    Matrix<S> C = start;
    detail::multiply<S>(view(A), view(B), write, map(C));
    CHECK((C - want).norm() < tolerance * want.norm());
    C = start;
    detail::multiply_tn<S>(view(At), view(B), write, map(C));
    CHECK((C - want).norm() < tolerance * want.norm());
    C = start;
    detail::multiply_nt<S>(view(A), view(Bt), write, map(C));
    CHECK((C - want).norm() < tolerance * want.norm());
  }
}
