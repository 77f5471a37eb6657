// SPDX-License-Identifier: MIT
#pragma once
// Short vectors for the two inner loops that no matrix product covers: dots and sums of a few long columns that are picked by index.
// They use the vector extension that g++ and clang++ share, so the same lines become SSE, AVX, AVX-512 or NEON, at -O2 as well as -O3.
// Packs never cross a function border: without AVX their calling convention is not fixed.

#include <cstdint>
#include <cstring>
#include <utility>

#include "scalar.hpp"

namespace tacit::detail {

#if defined(__AVX512F__)
inline constexpr int pack_bytes = 64;
#elif defined(__AVX__)
inline constexpr int pack_bytes = 32;
#else
inline constexpr int pack_bytes = 16;
#endif

template <Scalar S>
struct PackOf;
template <>
struct PackOf<float> {
  typedef float type __attribute__((vector_size(pack_bytes)));                              // NOLINT(modernize-use-using)
  typedef float unaligned __attribute__((vector_size(pack_bytes), aligned(4), may_alias));  // NOLINT(modernize-use-using)
};
template <>
struct PackOf<double> {
  typedef double type __attribute__((vector_size(pack_bytes)));                              // NOLINT(modernize-use-using)
  typedef double unaligned __attribute__((vector_size(pack_bytes), aligned(8), may_alias));  // NOLINT(modernize-use-using)
};
template <Scalar S>
using Pack = typename PackOf<S>::type;
template <Scalar S>
using UnalignedPack = typename PackOf<S>::unaligned;

/// Numbers in a pack.
template <Scalar S>
inline constexpr Index lanes = pack_bytes / static_cast<Index>(sizeof(S));

/// The sum of a pack's numbers, by halves: as many additions deep as the pack has halvings. Inlined wherever it is called, or packs would cross a border.
template <Index count, class V>
[[gnu::always_inline]] inline auto sum_of(V x) {
  if constexpr (count == 2) return x[0] + x[1];
  else return [&]<int... q>(std::integer_sequence<int, q...>) __attribute__((always_inline)) {
      return sum_of<count / 2>(__builtin_shufflevector(x, x, q...) + __builtin_shufflevector(x, x, (q + static_cast<int>(count / 2))...));
    }
  (std::make_integer_sequence<int, static_cast<int>(count / 2)>{});
}

/// |x|^2. Eight sums side by side: with the one or two of a plain reduction, every addition would wait for the one before it.
template <Scalar S>
S squared_norm(const S* x, Index count) {
  constexpr Index L = lanes<S>;
  Pack<S> sum[8] = {};
  Index k = 0;
  for (; k + 8 * L <= count; k += 8 * L)
    for (Index p = 0; p < 8; ++p) {
      const Pack<S> v = *reinterpret_cast<const UnalignedPack<S>*>(x + k + p * L);
      sum[p] += v * v;
    }
  for (Index p = 1; p < 8; ++p) sum[0] += sum[p];
  S total = 0;
  for (Index q = 0; q < L; ++q) total += sum[0][q];
  for (; k < count; ++k) total += x[k] * x[k];
  return total;
}

/// out[k] (+)= <t, column_k>  for k < count, column_k at P + pick[k] r; without `pick`, all of them in order. Four columns at a time share
/// every load of t.
template <Scalar S>
void dots(const S* t, const S* P, Index r, Index count, const std::int32_t* picks, Write write, S* out) {
  constexpr Index L = lanes<S>;
  const auto pick = [picks](Index k) { return picks ? static_cast<Index>(picks[k]) : k; };
  const Index whole = r - r % L;
  Index k = 0;
  for (; k + 4 <= count; k += 4) {
    const S *a = P + pick(k) * r, *b = P + pick(k + 1) * r, *c = P + pick(k + 2) * r, *d = P + pick(k + 3) * r;
    Pack<S> sa{}, sb{}, sc{}, sd{};
    for (Index q = 0; q < whole; q += L) {
      const Pack<S> x = *reinterpret_cast<const UnalignedPack<S>*>(t + q);
      sa += x * *reinterpret_cast<const UnalignedPack<S>*>(a + q);
      sb += x * *reinterpret_cast<const UnalignedPack<S>*>(b + q);
      sc += x * *reinterpret_cast<const UnalignedPack<S>*>(c + q);
      sd += x * *reinterpret_cast<const UnalignedPack<S>*>(d + q);
    }
    S za = sum_of<L>(sa), zb = sum_of<L>(sb), zc = sum_of<L>(sc), zd = sum_of<L>(sd);
    for (Index q = whole; q < r; ++q) za += t[q] * a[q], zb += t[q] * b[q], zc += t[q] * c[q], zd += t[q] * d[q];
    if (write == Write::set) out[k] = za, out[k + 1] = zb, out[k + 2] = zc, out[k + 3] = zd;
    else out[k] += za, out[k + 1] += zb, out[k + 2] += zc, out[k + 3] += zd;
  }
  for (; k < count; ++k) {
    const S* a = P + pick(k) * r;
    Pack<S> sa{};
    for (Index q = 0; q < whole; q += L)
      sa += *reinterpret_cast<const UnalignedPack<S>*>(t + q) * *reinterpret_cast<const UnalignedPack<S>*>(a + q);
    S za = sum_of<L>(sa);
    for (Index q = whole; q < r; ++q) za += t[q] * a[q];
    out[k] = write == Write::set ? za : out[k] + za;
  }
}

/// A strip of `Packs` packs of  out (+)= sum_k c_k column_k, kept in registers while all columns pass by.
template <int Packs, Scalar S>
void combine_strip(const S* P, Index r, Index q, Index count, const std::int32_t* picks, const S* weights, const std::int32_t* places,
                   Write write, S* out) {
  constexpr Index L = lanes<S>;
  Pack<S> sum[Packs];
  for (int p = 0; p < Packs; ++p)
    sum[p] = write == Write::set ? Pack<S>{} : Pack<S>(*reinterpret_cast<const UnalignedPack<S>*>(out + q + p * L));
  for (Index k = 0; k < count; ++k) {
    const S* a = P + (picks ? static_cast<Index>(picks[k]) : k) * r + q;
    const S c = weights[places ? static_cast<Index>(places[k]) : k];
    for (int p = 0; p < Packs; ++p) sum[p] += c * *reinterpret_cast<const UnalignedPack<S>*>(a + p * L);
  }
  for (int p = 0; p < Packs; ++p) *reinterpret_cast<UnalignedPack<S>*>(out + q + p * L) = sum[p];
}

/// out (+)= sum_{k < count} c_k column_k,  column_k at P + picks[k] r of length r, c_k = weights[places[k]]; without picks or places, in order.
/// Each out[q] is written once.
template <Scalar S>
void combine(const S* P, Index r, Index count, const std::int32_t* picks, const S* weights, const std::int32_t* places, Write write,
             S* out) {
  constexpr Index L = lanes<S>;
  Index q = 0;
  for (; q + 8 * L <= r; q += 8 * L) combine_strip<8>(P, r, q, count, picks, weights, places, write, out);
  if (q + 4 * L <= r) combine_strip<4>(P, r, q, count, picks, weights, places, write, out), q += 4 * L;
  if (q + 2 * L <= r) combine_strip<2>(P, r, q, count, picks, weights, places, write, out), q += 2 * L;
  if (q + L <= r) combine_strip<1>(P, r, q, count, picks, weights, places, write, out), q += L;
  if (q == r) return;
  if (write == Write::set)
    for (Index s = q; s < r; ++s) out[s] = 0;
  for (Index k = 0; k < count; ++k) {
    const S* a = P + (picks ? static_cast<Index>(picks[k]) : k) * r;
    const S c = weights[places ? static_cast<Index>(places[k]) : k];
    for (Index s = q; s < r; ++s) out[s] += c * a[s];
  }
}

}  // namespace tacit::detail
