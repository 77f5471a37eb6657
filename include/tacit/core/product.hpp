// SPDX-License-Identifier: MIT
#pragma once
// The three dense products that chains of factors need,  C (+)= A B,  A^T B,  A B^T, on column-major maps. Everything in the library that
// multiplies goes through these few signatures. A row-major factor is handed in as its transpose. Cost 2 m n k flops; allocates nothing but
// Eigen's packing buffers above 128 KiB.
//
// Large ones go to Eigen's blocked kernel directly: the expression  C.noalias() += A * B  would compile, beside it, a product for small sizes and two
// for vectors, in every combination of orders, which is half of what a program of twelve lines would have to compile.

#include <cstdint>

#include "simd.hpp"

namespace tacit::detail {

/// Operands as a kernel sees them: whether each is transposed, and the sizes of  C (rows x cols) = sum over inner.
template <Scalar S, bool transpose_A, bool transpose_B>
struct Product {
  const S *A, *B;
  S* C;
  Index rows, cols, inner;

  /// A_ik stands at A + i a_i() + k a_k(), B_kj at B + k b_k() + j b_j().
  Index a_i() const { return transpose_A ? inner : 1; }
  Index a_k() const { return transpose_A ? 1 : rows; }
  Index b_k() const { return transpose_B ? cols : 1; }
  Index b_j() const { return transpose_B ? 1 : inner; }

  /// For sizes at which a kernel would not yet have started: what makes 2 x 2 experiments fast.
  void run_small(Write write) const {
    S* c = C;
    for (Index j = 0; j < cols; ++j)
      for (Index i = 0; i < rows; ++i, ++c) {
        S sum = write == Write::set ? S(0) : *c;
        for (Index k = 0; k < inner; ++k) sum += A[i * a_i() + k * a_k()] * B[k * b_k() + j * b_j()];
        *c = sum;
      }
  }
  /// C a column or a row: sums or dots of whole columns.
  void run_vector(Write write) const {
    const bool column = cols == 1;
    const S *matrix = column ? A : B, *vector = column ? B : A;
    const bool dotted = column ? transpose_A : !transpose_B;  // its columns meet the vector, rather than being summed
    const Index length = column ? rows : cols;
    if (dotted) dots(vector, matrix, inner, length, nullptr, write, C);
    else combine(matrix, length, inner, nullptr, vector, nullptr, write, C);
  }
  void run_blocked() const {
    constexpr int order_A = transpose_A ? Eigen::RowMajor : Eigen::ColMajor, order_B = transpose_B ? Eigen::RowMajor : Eigen::ColMajor;
    using Kernel = Eigen::internal::general_matrix_matrix_product<Index, S, order_A, false, S, order_B, false, Eigen::ColMajor, 1>;
    Eigen::internal::gemm_blocking_space<Eigen::ColMajor, S, S, Eigen::Dynamic, Eigen::Dynamic, Eigen::Dynamic> blocking(rows, cols, inner,
                                                                                                                         1, true);
    Kernel::run(rows, cols, inner, A, transpose_A ? inner : rows, B, transpose_B ? cols : inner, C, 1, rows, S(1), blocking, nullptr);
  }
  void run(Write write) const {
    if (rows + cols + inner < 20 || rows * cols * inner == 0) return run_small(write);
    if (rows == 1 || cols == 1) return run_vector(write);
    if (write == Write::set) std::fill(C, C + rows * cols, S(0));
    run_blocked();
  }
};

/// C (+)= A B
template <Scalar S>
void multiply(ConstMatrixMap<S> A, ConstMatrixMap<S> B, Write write, MatrixMap<S> C) {
  Product<S, false, false>{A.data(), B.data(), C.data(), A.rows(), B.cols(), A.cols()}.run(write);
}
/// C (+)= A^T B
template <Scalar S>
void multiply_tn(ConstMatrixMap<S> A, ConstMatrixMap<S> B, Write write, MatrixMap<S> C) {
  Product<S, true, false>{A.data(), B.data(), C.data(), A.cols(), B.cols(), A.rows()}.run(write);
}
/// C (+)= A B^T
template <Scalar S>
void multiply_nt(ConstMatrixMap<S> A, ConstMatrixMap<S> B, Write write, MatrixMap<S> C) {
  Product<S, false, true>{A.data(), B.data(), C.data(), A.rows(), B.rows(), A.cols()}.run(write);
}

/// The same of whole matrices, into a new one: where a few allocations do not matter.
template <Scalar S>
Matrix<S> product(const Matrix<S>& A, const Matrix<S>& B) {
  Matrix<S> C(A.rows(), B.cols());
  multiply<S>({A.data(), A.rows(), A.cols()}, {B.data(), B.rows(), B.cols()}, Write::set, {C.data(), C.rows(), C.cols()});
  return C;
}
template <Scalar S>
Matrix<S> product_tn(const Matrix<S>& A, const Matrix<S>& B) {
  Matrix<S> C(A.cols(), B.cols());
  multiply_tn<S>({A.data(), A.rows(), A.cols()}, {B.data(), B.rows(), B.cols()}, Write::set, {C.data(), C.rows(), C.cols()});
  return C;
}
template <Scalar S>
Matrix<S> product_nt(const Matrix<S>& A, const Matrix<S>& B) {
  Matrix<S> C(A.rows(), B.rows());
  multiply_nt<S>({A.data(), A.rows(), A.cols()}, {B.data(), B.rows(), B.cols()}, Write::set, {C.data(), C.rows(), C.cols()});
  return C;
}

}  // namespace tacit::detail
