// SPDX-License-Identifier: MIT
#pragma once
// The three dense products that chains of factors need,  C (+)= A B,  A^T B,  A B^T, on column-major maps. Everything in the library that
// multiplies goes through these few signatures, so that a program compiles three product kernels per scalar instead of dozens.
// A row-major factor is handed in as its transpose. Cost 2 m n k flops; allocates nothing but Eigen's packing buffers above 128 KiB.

#include "scalar.hpp"

namespace tacit::detail {

/// Up to this many multiplications a product is over before Eigen's would have started: what makes 2 x 2 experiments fast.
inline constexpr Index tiny_product = 32;

/// C_ij (+)= sum_k A_ik B_kj  where it is tiny, and whether it was. A_ik stands at A + i a_i + k a_k, B_kj at B + k b_k + j b_j.
template <Scalar S>
inline bool multiply_tiny(const S* A, Index a_i, Index a_k, const S* B, Index b_k, Index b_j, Index inner, Write write, MatrixMap<S>& C) {
  if (C.size() * inner > tiny_product) return false;
  S* c = C.data();
  for (Index j = 0; j < C.cols(); ++j)
    for (Index i = 0; i < C.rows(); ++i, ++c) {
      S sum = write == Write::set ? S(0) : *c;
      for (Index k = 0; k < inner; ++k) sum += A[i * a_i + k * a_k] * B[k * b_k + j * b_j];
      *c = sum;
    }
  return true;
}

/// C (+)= A B
template <Scalar S>
void multiply(ConstMatrixMap<S> A, ConstMatrixMap<S> B, Write write, MatrixMap<S> C) {
  if (multiply_tiny<S>(A.data(), 1, A.rows(), B.data(), 1, B.rows(), A.cols(), write, C)) return;
  if (write == Write::set) C.setZero();
  C.noalias() += A * B;
}
/// C (+)= A^T B
template <Scalar S>
void multiply_tn(ConstMatrixMap<S> A, ConstMatrixMap<S> B, Write write, MatrixMap<S> C) {
  if (multiply_tiny<S>(A.data(), A.rows(), 1, B.data(), 1, B.rows(), A.rows(), write, C)) return;
  if (write == Write::set) C.setZero();
  C.noalias() += A.transpose() * B;
}
/// C (+)= A B^T
template <Scalar S>
void multiply_nt(ConstMatrixMap<S> A, ConstMatrixMap<S> B, Write write, MatrixMap<S> C) {
  if (multiply_tiny<S>(A.data(), 1, A.rows(), B.data(), B.rows(), 1, A.cols(), write, C)) return;
  if (write == Write::set) C.setZero();
  C.noalias() += A * B.transpose();
}

}  // namespace tacit::detail
