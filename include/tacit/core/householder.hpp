// SPDX-License-Identifier: MIT
#pragma once
// Householder reflectors  H = I - tau v v^T,  v_head = 1,  on padded columns, and the factor R of A = Q R for matrices of any height. Columns are padded
// with zeros to whole packs (SIMD registers of the build), so that no loop has a remainder. fold_rows keeps R alone and works through A in chunks
// that stay in the first-level cache:  [R; chunk] = Q' [R'; 0],  2 m n^2 flops for m x n, no copy of A.
// [Golub & Van Loan, Matrix Computations, 5.1-5.2; the chunks: Demmel et al. 2012, communication-optimal QR]

#include "simd.hpp"

#include <cmath>
#include <limits>
#include <utility>

namespace tacit::detail {

/// The pack that begins at p.
template <Scalar S>
const UnalignedPack<S>& pack(const S* p) {
  return *reinterpret_cast<const UnalignedPack<S>*>(p);
}
template <Scalar S>
UnalignedPack<S>& pack(S* p) {
  return *reinterpret_cast<UnalignedPack<S>*>(p);
}

/// The first index of the pack that holds i.
template <Scalar S>
constexpr Index pack_start(Index i) {
  return i / lanes<S> * lanes<S>;
}
template <Scalar S>
constexpr Index padded(Index n) {
  return pack_start<S>(n + lanes<S> - 1);
}
template <Scalar S>
S pack_sum(const Pack<S>& of) {
  S sum = of[0];
  for (int i = 1; i < lanes<S>; ++i) sum += of[i];
  return sum;
}
/// Distance between padded columns. A multiple of 4096 bytes would map all columns to the same few cache lines.
template <Scalar S>
constexpr Index padded_stride(Index n) {
  const Index stride = padded<S>(n);
  return stride * Index(sizeof(S)) % 4096 == 0 ? stride + 64 / Index(sizeof(S)) : stride;
}

/// x^T y over whole packs from the one that holds index `from`
template <Scalar S>
S padded_dot(const S* x, const S* y, Index from, Index end) {
  Pack<S> sum = {};
  for (Index i = pack_start<S>(from); i < end; i += lanes<S>) sum += pack(x + i) * pack(y + i);
  return pack_sum<S>(sum);
}

/// H c = beta e_head,  v = c * scale below head.  tau = 0 (no reflection) where the rest of c is nil beside 1, the scale of the matrix.
template <Scalar S>
struct Reflector {
  S tau = 0, beta = 0, scale = 1;

  static Reflector from(S head, S tail_squared) {
    if (!(tail_squared > std::numeric_limits<S>::min() / std::numeric_limits<S>::epsilon())) return {.tau = 0, .beta = head, .scale = 1};
    const S beta = -std::copysign(std::sqrt(head * head + tail_squared), head);
    return {.tau = (beta - head) / beta, .beta = beta, .scale = 1 / (head - beta)};
  }
};

/// Turns c[head, end) into v in place. Everything in the pack before head, and after the last row, must be zero.
template <Scalar S>
Reflector<S> reflect(S* c, Index head, Index end) {
  const S first = std::exchange(c[head], S(0));
  const auto reflector = Reflector<S>::from(first, padded_dot(c, c, head, end));
  for (Index i = pack_start<S>(head); i < end; i += lanes<S>) pack(c + i) *= reflector.scale;
  c[head] = 1;
  return reflector;
}

/// Applies one reflector of [R; chunk], v = (1; v), to row k of R and to the columns j + c of the chunk.
template <Scalar S, Index... c>
void apply_reflector(const S* v, S tau, S* chunk, Index rows, S* row_of_R, Index stride_R, std::integer_sequence<Index, c...>) {
  Pack<S> sum[sizeof...(c)] = {};
  for (Index i = 0; i < rows; i += lanes<S>) {
    const Pack<S> vi = pack(v + i);
    ((sum[c] += vi * pack(chunk + c * rows + i)), ...);
  }
  const S y[] = {tau * (row_of_R[c * stride_R] + pack_sum<S>(sum[c]))...};
  ((row_of_R[c * stride_R] -= y[c]), ...);
  for (Index i = 0; i < rows; i += lanes<S>) {
    const Pack<S> vi = pack(v + i);
    ((pack(chunk + c * rows + i) -= vi * y[c]), ...);
  }
}

/// R <- the triangular factor of [R; chunk]; destroys the chunk (rows x n, rows a whole number of packs, stride rows).
template <Scalar S>
void fold_chunk(S* R, Index stride_R, Index n, S* chunk, Index rows) {
  for (Index k = 0; k < n; ++k) {
    S* v = chunk + k * rows;
    S& head = R[k + k * stride_R];
    const auto reflector = Reflector<S>::from(head, padded_dot(v, v, 0, rows));
    head = reflector.beta;
    if (reflector.tau == 0) continue;
    for (Index i = 0; i < rows; i += lanes<S>) pack(v + i) *= reflector.scale;
    Index j = k + 1;
    for (; j + 4 <= n; j += 4)
      apply_reflector(v, reflector.tau, chunk + j * rows, rows, R + k + j * stride_R, stride_R, std::integer_sequence<Index, 0, 1, 2, 3>{});
    for (; j < n; ++j)
      apply_reflector(v, reflector.tau, chunk + j * rows, rows, R + k + j * stride_R, stride_R, std::integer_sequence<Index, 0>{});
  }
}

}  // namespace tacit::detail
