// SPDX-License-Identifier: MIT
#pragma once
// What the nodes of recorded.hpp compute, on bare memory:
//   value_of     out (+)= op(a, b)
//   adjoint_a    out (+)= the adjoint of a -> op(a, b), at G;  adjoint_b likewise
// These are the three of every sweep: a bilinear operation has the tangent op(a', b) + op(a, b'), a linear one op(a', b'). Products cost
// 2 m n k flops, the others a few flops an entry.

#include "../../core/product.hpp"
#include "tape.hpp"

namespace tacit::detail {

/// out (+)= factor x, x .* y, x .* y .* z.
template <Scalar S>
void add_entries(S factor, const S* x, Index count, Write write, S* out) {
  if (write == Write::set)
    for (Index k = 0; k < count; ++k) out[k] = factor * x[k];
  else
    for (Index k = 0; k < count; ++k) out[k] += factor * x[k];
}
template <Scalar S>
void add_entries(const S* x, const S* y, Index count, Write write, S* out) {
  if (write == Write::set)
    for (Index k = 0; k < count; ++k) out[k] = x[k] * y[k];
  else
    for (Index k = 0; k < count; ++k) out[k] += x[k] * y[k];
}
template <Scalar S>
void add_entries(const S* x, const S* y, const S* z, Index count, S* out) {
  for (Index k = 0; k < count; ++k) out[k] += x[k] * y[k] * z[k];
}
/// out (+)= X^T, X rows x cols.
template <Scalar S>
void add_transposed(const S* x, Index rows, Index cols, Write write, S* out) {
  if (write == Write::set) std::fill(out, out + rows * cols, S(0));
  for (Index j = 0; j < cols; ++j)
    for (Index i = 0; i < rows; ++i) out[j + i * cols] += x[i + j * rows];
}

/// A column of the Khatri-Rao product is an n_B x n_A matrix, b_r a_r^T; its adjoints are matrix-vector products.
template <Scalar S>
void khatri_rao(const Node<S>& n, const S* a, const S* b, Write write, S* out) {
  for (Index r = 0; r < n.cols; ++r, b += n.b.rows)
    for (Index i = 0; i < n.a.rows; ++i, ++a, out += n.b.rows) add_entries(*a, b, n.b.rows, write, out);
}
template <Scalar S>
void khatri_rao_adjoint_a(const Node<S>& n, const S* G, const S* b, Write write, S* out) {
  for (Index r = 0; r < n.cols; ++r, G += n.rows, b += n.b.rows, out += n.a.rows) dots(b, G, n.b.rows, n.a.rows, nullptr, write, out);
}
template <Scalar S>
void khatri_rao_adjoint_b(const Node<S>& n, const S* G, const S* a, Write write, S* out) {
  for (Index r = 0; r < n.cols; ++r, G += n.rows, a += n.a.rows, out += n.b.rows)
    combine(G, n.b.rows, n.a.rows, nullptr, a, nullptr, write, out);
}

/// A null operand of a combination is left out.
template <Scalar S>
void value_of(const Node<S>& n, const S* a, const S* b, Write write, S* out) {
  const ConstMatrixMap<S> A(a, n.a.rows, n.a.cols), B(b, n.b.rows, n.b.cols);
  const MatrixMap<S> C(out, n.rows, n.cols);
  switch (n.operation) {
    case Operation::product:
      if (n.a.transposed) multiply_tn<S>(A, B, write, C);
      else if (n.b.transposed) multiply_nt<S>(A, B, write, C);
      else multiply<S>(A, B, write, C);
      break;
    case Operation::combination:
      if (a) add_entries(n.alpha, a, n.count(), write, out);
      if (b) add_entries(n.beta, b, n.count(), a ? Write::add : write, out);
      break;
    case Operation::hadamard:
      add_entries(a, b, n.count(), write, out);
      break;
    case Operation::khatri_rao:
      khatri_rao(n, a, b, write, out);
      break;
    default:
      add_transposed(a, n.a.rows, n.a.cols, write, out);
  }
}

template <Scalar S>
void adjoint_a(const Node<S>& n, const S* g, const S* b, Write write, S* out) {
  const ConstMatrixMap<S> G(g, n.rows, n.cols), B(b, n.b.rows, n.b.cols);
  const MatrixMap<S> A(out, n.a.rows, n.a.cols);
  switch (n.operation) {
    case Operation::product:
      if (n.a.transposed) multiply_nt<S>(B, G, write, A);
      else if (n.b.transposed) multiply<S>(G, B, write, A);
      else multiply_nt<S>(G, B, write, A);
      break;
    case Operation::combination:
      add_entries(n.alpha, g, n.count(), write, out);
      break;
    case Operation::hadamard:
      add_entries(g, b, n.count(), write, out);
      break;
    case Operation::khatri_rao:
      khatri_rao_adjoint_a(n, g, b, write, out);
      break;
    default:
      add_transposed(g, n.rows, n.cols, write, out);
  }
}
template <Scalar S>
void adjoint_b(const Node<S>& n, const S* g, const S* a, Write write, S* out) {
  const ConstMatrixMap<S> G(g, n.rows, n.cols), A(a, n.a.rows, n.a.cols);
  const MatrixMap<S> B(out, n.b.rows, n.b.cols);
  switch (n.operation) {
    case Operation::product:
      if (n.a.transposed) multiply<S>(A, G, write, B);
      else if (n.b.transposed) multiply_tn<S>(G, A, write, B);
      else multiply_tn<S>(A, G, write, B);
      break;
    case Operation::combination:
      add_entries(n.beta, g, n.count(), write, out);
      break;
    case Operation::hadamard:
      add_entries(g, a, n.count(), write, out);
      break;
    default:
      khatri_rao_adjoint_b(n, g, a, write, out);
  }
}

}  // namespace tacit::detail
