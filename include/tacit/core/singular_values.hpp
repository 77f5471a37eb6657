// SPDX-License-Identifier: MIT
#pragma once
// All singular values of a matrix, without vectors and without a decomposition of Eigen's: scale by a power of two, Householder QR where one side is
// at least four times the other, Householder bidiagonalization, dqds. Backward stable: every value within a few units of rounding (times n at the
// very worst) of sigma_1, 1e-12 sigma_1 in double and 1e-5 sigma_1 in float are kept with room to spare. m x n, m >= n: 4 n^2 (m - n/3) flops, or
// 2 m n^2 + 8/3 n^3 when m >= 4 n.  [Golub & Kahan 1965; Chan 1982]

#include "bidiagonal.hpp"
#include "bidiagonal_values.hpp"

#include <functional>
#include <type_traits>

namespace tacit {

/// Every buffer of the solver: reused, no allocation after the first call of the same shape. One per thread.
template <Scalar S>
struct SpectrumWorkspace {
  Vector<S> matrix, chunk, diagonal, superdiagonal;
  Matrix<S> left, middle, right, half, core;  // of products
  detail::BidiagonalWorkspace<S> bidiagonal;
  detail::QdWorkspace<S> qd;
};

namespace detail {

/// Takes any dense matrix or expression; S is deduced from the workspace.
template <Scalar S>
using MatrixIn = const std::type_identity_t<Eigen::Ref<const Matrix<S>>>&;

/// W seen as tall: transposed if need be, and scaled by 2^-exponent so that its largest entry is about 1.
template <Scalar S>
struct Upright {
  Eigen::Map<const Matrix<S>, 0, Eigen::OuterStride<>> W;
  bool transposed, finite;
  int exponent = 0;
  S factor = 1;

  Upright(MatrixIn<S> matrix, bool transpose)
      : W(matrix.data(), matrix.rows(), matrix.cols(), Eigen::OuterStride<>(matrix.outerStride())), transposed(transpose) {
    const S largest = W.size() == 0 ? S(0) : W.cwiseAbs().maxCoeff();
    finite = (W * S(0)).sum() == 0 && std::isfinite(largest);
    if (!finite || largest == 0) return;
    std::frexp(largest, &exponent);
    exponent = std::max(exponent, 2 - std::numeric_limits<S>::max_exponent);  // 2^-exponent itself must not overflow
    factor = std::ldexp(S(1), -exponent);
  }
  Index rows() const { return transposed ? W.cols() : W.rows(); }
  Index cols() const { return transposed ? W.rows() : W.cols(); }

  /// Rows [from, from + count) to columns `stride` apart, zeros below.
  void load(Index from, Index count, S* to, Index stride) const {
    for (Index j = 0; j < cols(); ++j) {
      S* column = to + j * stride;
      if (!transposed) Eigen::Map<Vector<S>>(column, count) = W.col(j).segment(from, count) * factor;
      std::fill(column + count, column + padded<S>(count), S(0));
    }
    for (Index i = 0; transposed && i < count; ++i)
      for (Index j = 0; j < cols(); ++j) to[i + j * stride] = W.coeff(j, from + i) * factor;
  }

  /// R (cols x cols, upper triangular, `stride` apart) of the QR factorization.
  void fold(S* R, Index stride, Vector<S>& chunk) const {
    const Index n = cols(), height = padded<S>(std::max(Index(64), 4096 / std::max(n, Index(1))));
    for (Index j = 0; j < n; ++j) std::fill(R + j * stride, R + j * stride + n, S(0));
    if (chunk.size() < height * n) chunk.resize(height * n);
    for (Index from = 0; from < rows(); from += height) {
      const Index count = std::min(height, rows() - from);
      load(from, count, chunk.data(), padded<S>(count));
      fold_chunk(R, stride, n, chunk.data(), padded<S>(count));
    }
  }
};

template <Scalar S>
void scale_by_power(Vector<S>& sigma, int exponent) {
  for (S& value : sigma) value = std::ldexp(value, exponent);
}

template <Scalar S>
void fill_not_a_number(Vector<S>& sigma, Index count) {
  sigma.setConstant(count, std::numeric_limits<S>::quiet_NaN());
}

}  // namespace detail

/// sigma <- all min(rows, cols) singular values of W, descending; all of them NaN where W has an entry that is not finite.
template <Scalar S>
void singular_values(detail::MatrixIn<S> W, SpectrumWorkspace<S>& ws, Vector<S>& sigma) {
  const detail::Upright<S> upright(W, W.rows() < W.cols());
  const Index m = upright.rows(), n = upright.cols();
  if (!upright.finite) return detail::fill_not_a_number(sigma, n);
  sigma.resize(n);
  if (n == 0) return;
  const bool folds = m >= 4 * n;  // measured: at 2 n the passes over the whole matrix are still faster
  const Index rows = folds ? n : m, stride = detail::padded_stride<S>(rows);
  ws.matrix.resize(stride * n);
  ws.diagonal.resize(n);
  ws.superdiagonal.resize(n);
  if (folds) {
    ws.matrix.setZero();
    upright.fold(ws.matrix.data(), stride, ws.chunk);
  } else {
    upright.load(0, m, ws.matrix.data(), stride);
  }
  detail::bidiagonalize(ws.matrix.data(), rows, n, stride, ws.bidiagonal, ws.diagonal.data(), ws.superdiagonal.data());
  detail::bidiagonal_singular_values(ws.diagonal.data(), ws.superdiagonal.data(), n, ws.qd, sigma.data(), 16 * n + 64);
  std::sort(sigma.data(), sigma.data() + n, std::greater<>());
  detail::scale_by_power(sigma, upright.exponent);
}

}  // namespace tacit
