// SPDX-License-Identifier: MIT
#pragma once
// The three dense products that chains of factors need,  C (+)= A B,  A^T B,  A B^T, on column-major maps. Everything in the library that
// multiplies goes through these few signatures, so that a program compiles three product kernels per scalar instead of dozens.
// A row-major factor is handed in as its transpose. Cost 2 m n k flops; allocates nothing but Eigen's packing buffers above 128 KiB.

#include "scalar.hpp"

namespace tacit::detail {

/// C (+)= A B
template <Scalar S>
void multiply(ConstMatrixMap<S> A, ConstMatrixMap<S> B, Write write, MatrixMap<S> C) {
  if (write == Write::set) C.setZero();
  C.noalias() += A * B;
}
/// C (+)= A^T B
template <Scalar S>
void multiply_tn(ConstMatrixMap<S> A, ConstMatrixMap<S> B, Write write, MatrixMap<S> C) {
  if (write == Write::set) C.setZero();
  C.noalias() += A.transpose() * B;
}
/// C (+)= A B^T
template <Scalar S>
void multiply_nt(ConstMatrixMap<S> A, ConstMatrixMap<S> B, Write write, MatrixMap<S> C) {
  if (write == Write::set) C.setZero();
  C.noalias() += A * B.transpose();
}

}  // namespace tacit::detail
