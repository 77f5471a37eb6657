// SPDX-License-Identifier: MIT
#pragma once
// The nonzero singular values of a matrix that is known only as a product,  W = A C B  or  A B  with thin outer factors (n1 x r, r x r2, r2 x n2), from
// the factors alone: A = Q_A R_A, B^T = Q_B R_B, and W has the singular values of the small core  R_A C R_B^T. W is never formed.
// 2 n1 r^2 + 2 n2 r2^2 flops and the core's. Errors are a few units of rounding of |A| |C| |B|, as when W is multiplied out.  [Chan 1982]

#include "check.hpp"
#include "product.hpp"
#include "singular_values.hpp"

namespace tacit {
namespace detail {

/// The triangular factor where W is tall, else W itself: what the core of a product takes.
template <Scalar S>
ConstMatrixMap<S> shrink(const Upright<S>& factor, bool fold, Matrix<S>& small, Vector<S>& chunk) {
  const bool folds = fold && factor.rows() > factor.cols();
  small.resize(folds ? factor.cols() : factor.rows(), factor.cols());
  if (folds) factor.fold(small.data(), small.rows(), chunk);
  for (Index j = 0; !folds && j < small.cols(); ++j)
    for (Index i = 0; i < small.rows(); ++i)
      small(i, j) = factor.factor * (factor.transposed ? factor.W.coeff(j, i) : factor.W.coeff(i, j));
  return {small.data(), small.rows(), small.cols()};
}

template <Scalar S>
MatrixMap<S> resized(Matrix<S>& matrix, Index rows, Index cols) {
  matrix.resize(rows, cols);
  return {matrix.data(), rows, cols};
}

}  // namespace detail

/// sigma <- the min(n1, r, r2, n2) largest singular values of  W = A C B  (n1 x r, r x r2, r2 x n2); the others are zero. W is not formed: QR of A and of B^T,
/// then R_A C R_B^T. 2 n1 r^2 + 2 n2 r2^2 flops and the small core. Errors are relative to |A| |C| |B|, as when W is multiplied out.
template <Scalar S>
void singular_values_of_product(detail::MatrixIn<S> A, detail::MatrixIn<S> C, detail::MatrixIn<S> B, SpectrumWorkspace<S>& ws,
                                Vector<S>& sigma) {
  require(A.cols() == C.rows() && C.cols() == B.rows(), "singular_values_of_product: the factors ", A.rows(), " x ", A.cols(), ", ",
          C.rows(), " x ", C.cols(), " and ", B.rows(), " x ", B.cols(), " do not chain.");
  const detail::Upright<S> a(A, false), c(C, false), b(B, true);
  const Index count = std::min({A.rows(), A.cols(), B.rows(), B.cols()});
  if (!(a.finite && b.finite && c.finite)) return detail::fill_not_a_number(sigma, count);
  const auto left = shrink(a, true, ws.left, ws.chunk), middle = shrink(c, false, ws.middle, ws.chunk),
             right = shrink(b, true, ws.right, ws.chunk);
  const auto half = detail::resized(ws.half, left.rows(), C.cols()), core = detail::resized(ws.core, left.rows(), right.rows());
  detail::multiply<S>(left, middle, Write::set, half);
  detail::multiply_nt<S>({half.data(), half.rows(), half.cols()}, right, Write::set, core);
  singular_values(ws.core, ws, sigma);
  detail::scale_by_power(sigma, a.exponent + b.exponent + c.exponent);
}

/// The same for  W = A B  (n1 x r, r x n2).
template <Scalar S>
void singular_values_of_product(detail::MatrixIn<S> A, detail::MatrixIn<S> B, SpectrumWorkspace<S>& ws, Vector<S>& sigma) {
  require(A.cols() == B.rows(), "singular_values_of_product: the factors ", A.rows(), " x ", A.cols(), " and ", B.rows(), " x ", B.cols(),
          " do not chain.");
  const detail::Upright<S> a(A, false), b(B, true);
  const Index count = std::min({A.rows(), A.cols(), B.cols()});
  if (!(a.finite && b.finite)) return detail::fill_not_a_number(sigma, count);
  const auto left = shrink(a, true, ws.left, ws.chunk), right = shrink(b, true, ws.right, ws.chunk);
  detail::multiply_nt<S>(left, right, Write::set, detail::resized(ws.core, left.rows(), right.rows()));
  singular_values(ws.core, ws, sigma);
  detail::scale_by_power(sigma, a.exponent + b.exponent);
}

}  // namespace tacit
