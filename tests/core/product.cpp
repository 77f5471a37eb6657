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

TEMPLATE_TEST_CASE("the three products, set and added", "", float, double) {
  using S = TestType;
  const double tolerance = sizeof(S) == 4 ? 1e-5 : 1e-13;
  const Matrix<S> A = Matrix<S>::Random(7, 13), B = Matrix<S>::Random(13, 5), start = Matrix<S>::Random(7, 5);
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
