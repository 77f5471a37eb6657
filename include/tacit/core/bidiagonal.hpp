// SPDX-License-Identifier: MIT
#pragma once
// Householder bidiagonalization  A = U B V^T  of a padded m x n matrix, m >= n: the diagonal and superdiagonal of B, without U and V. One pass over
// the matrix a step: each column takes the pending update  - v y^T - x u^T, is dotted with the next v, and enters the next x, which needs
// A u for a u that is known only at the end of the pass: A u = (A r - beta A_head) scale, and the entries of r come with the columns.
// 4 n^2 (m - n/3) flops, n^2 (m - n/3) / 2 numbers read and written.  [Golub & Kahan 1965; one pass: Howell et al. 2008, GEMVER]

#include "householder.hpp"

namespace tacit::detail {

template <Scalar S>
struct BidiagonalWorkspace {
  Vector<S> v, v_next, x, x_next;  // length of a padded column
  Vector<S> y, u;                  // length of a padded row

  void reset(Index rows, Index columns) {
    for (auto* of_column : {&v, &v_next, &x, &x_next}) of_column->setZero(rows);
    for (auto* of_row : {&y, &u}) of_row->setZero(columns);
  }
};

/// One pass of step k over the columns j + c:  A -= v y^T + x u^T;  y = tau A^T w;  u = row k of (I - tau w w^T) A;  t += A u.
template <Scalar S, Index... c>
void bidiagonal_pass(S* A, Index stride, Index rows, Index k, const S* v, const S* x, const S* w, S tau, S* y, S* u, S* t,
                     std::integer_sequence<Index, c...>) {
  const S yj[] = {y[c]...}, uj[] = {u[c]...};
  Pack<S> sum[sizeof...(c)] = {};
  const Index start = pack_start<S>(k);
  for (Index i = start; i < rows; i += lanes<S>) {
    const Pack<S> vi = pack(v + i), xi = pack(x + i), wi = pack(w + i);
    Pack<S> a[] = {pack(A + c * stride + i) - vi * yj[c] - xi * uj[c]...};
    ((pack(A + c * stride + i) = a[c]), ...);
    ((sum[c] += a[c] * wi), ...);
  }
  ((y[c] = tau * pack_sum<S>(sum[c])), ...);
  ((u[c] = A[c * stride + k] - y[c]), ...);
  const S r[] = {u[c]...};
  for (Index i = start; i < rows; i += lanes<S>) {
    Pack<S> ti = pack(t + i);
    ((ti += pack(A + c * stride + i) * r[c]), ...);
    pack(t + i) = ti;
  }
}

/// diagonal[n], superdiagonal[n - 1] of B, signs as they fall. A is destroyed; its columns are `stride` apart and zero from row m to padded(m).
/// The largest entry of A should be of order 1: columns smaller than 1e-146 (double; 1e-15 float) count as zero.
template <Scalar S>
void bidiagonalize(S* A, Index m, Index n, Index stride, BidiagonalWorkspace<S>& ws, S* diagonal, S* superdiagonal) {
  const Index rows = padded<S>(m), columns = padded<S>(n);
  ws.reset(rows, columns);
  S *y = ws.y.data(), *u = ws.u.data();
  for (Index k = 0; k < n; ++k) {
    S *v = ws.v.data(), *x = ws.x.data(), *w = ws.v_next.data(), *t = ws.x_next.data(), *column = A + k * stride;
    const Index start = pack_start<S>(k);
    for (Index i = start; i < rows; i += lanes<S>) pack(w + i) = pack(column + i) - pack(v + i) * y[k] - pack(x + i) * u[k];
    for (Index i = start; i < k; ++i) w[i] = 0;
    const auto left = reflect(w, k, rows);
    diagonal[k] = left.beta;
    if (k + 1 == n) break;

    for (Index i = start; i < rows; i += lanes<S>) pack(t + i) = Pack<S>{};
    y[k] = u[k] = 0;
    Index j = k + 1;
    for (; j + 4 <= n; j += 4)
      bidiagonal_pass(A + j * stride, stride, rows, k, v, x, w, left.tau, y + j, u + j, t, std::integer_sequence<Index, 0, 1, 2, 3>{});
    for (; j < n; ++j)
      bidiagonal_pass(A + j * stride, stride, rows, k, v, x, w, left.tau, y + j, u + j, t, std::integer_sequence<Index, 0>{});

    const auto right = reflect(u, k + 1, columns);
    superdiagonal[k] = right.beta;
    const S along_w = right.tau * padded_dot(y, u, k + 1, columns), along_t = right.tau * right.scale;
    const S along_head = along_t * right.beta;
    const S* head = A + (k + 1) * stride;
    for (Index i = start; i < rows; i += lanes<S>)
      pack(t + i) = pack(t + i) * along_t - pack(head + i) * along_head - pack(w + i) * along_w;
    for (Index i = start; i <= k; ++i) t[i] = 0;
    ws.v.swap(ws.v_next);
    ws.x.swap(ws.x_next);
  }
}

}  // namespace tacit::detail
