// SPDX-License-Identifier: MIT
#pragma once
// Entries of a CP factorization met a strip of components at a time, in registers:  z = sum_r prod_n A_n(i_n, r),  and the products of the other rows times zbar on the
// way back. Large factors are visited tile by tile of the modes from 1 on, in the order of mode 0 within a tile, so that the rows of a tile, of theta and of the
// gradient, stay in a near cache while the rows of mode 0 stream by; what lies ahead is asked of memory early.             (2 d + 1) R flops an entry and gradient

#include <vector>

#include "../core/simd.hpp"
#include "tiles.hpp"

namespace tacit::detail {

template <Scalar S>
class CPBunch {
 public:
  /// Indices of the entries, mode by mode: entry s has (*this)[n][s].
  using Places = std::vector<const std::int32_t*>;
  static constexpr Index capacity = 256;

  CPBunch() = default;
  CPBunch(Shape shape, Index rank, std::vector<Index> offsets) : shape_(std::move(shape)), rank_(rank), offsets_(std::move(offsets)) {}
  /// Products of the rows before each mode, of a strip.
  Index work_size() const { return order() * widest * lanes<S>; }
  Index together(const Places&, Index, Index most) const { return most; }

  /// Empty: as they stand.
  std::vector<std::uint32_t> visiting_order(const std::vector<std::vector<std::int32_t>>& index) const {
    double bytes = 0;
    for (Index n = 1; n < order(); ++n) bytes += 2.0 * sizeof(S) * static_cast<double>(rank_ * shape_[n]);
    return detail::visiting_order(shape_, index, 0, bytes, 1);
  }

  /// z[s] of the entries first + s, s < count; `all` are there.
  void evaluate(const S* theta, const Places& i, Index first, Index count, Index all, S*, S* z) const {
    each_strip([&]<class Strip>(Strip, Index q) {
      using V = typename Strip::Held;
      using U = typename Strip::Stored;
      constexpr int Packs = Strip::packs;
      for (Index s = 0; s < count; ++s) {
        const Index e = first + s, soon = std::min(e + ahead, all - 1);
        V product[Packs];
        for (int p = 0; p < Packs; ++p) product[p] = reinterpret_cast<const U*>(at(theta, 0, i, e) + q)[p];
        for (Index n = 1; n < order(); ++n) {
          ask<Packs, false>(at(theta, n, i, soon) + q);
          const U* row = reinterpret_cast<const U*>(at(theta, n, i, e) + q);
          for (int p = 0; p < Packs; ++p) product[p] *= row[p];
        }
        for (int p = 1; p < Packs; ++p) product[0] += product[p];
        S sum;
        if constexpr (std::same_as<Strip, Single>) sum = product[0];
        else sum = sum_of<lanes<S>>(product[0]);
        z[s] = q ? z[s] + sum : sum;
      }
    });
  }

  /// g += sum_s zbar_s dW(i_s)/dtheta.
  void pullback(const S* theta, const Places& i, Index first, Index count, Index all, const S* zbar, S* work, S* g) const {
    const Index last = order() - 1;
    each_strip([&]<class Strip>(Strip, Index q) {
      using V = typename Strip::Held;
      using U = typename Strip::Stored;
      constexpr int Packs = Strip::packs;
      U* const before = reinterpret_cast<U*>(work);  // of mode n at n Packs, from mode 2 on
      for (Index s = 0; s < count; ++s) {
        const Index e = first + s, soon = std::min(e + ahead, all - 1);
        const U* const start = reinterpret_cast<const U*>(at(theta, 0, i, e) + q);
        V here[Packs], after[Packs];
        for (int p = 0; p < Packs; ++p) here[p] = start[p];
        for (Index n = 1; n < last; ++n) {
          ask<Packs, false>(at(theta, n, i, soon) + q);
          ask<Packs, true>(at(static_cast<const S*>(g), n, i, soon) + q);
          const U* row = reinterpret_cast<const U*>(at(theta, n, i, e) + q);
          for (int p = 0; p < Packs; ++p) here[p] *= row[p];
          if (n + 1 < last)
            for (int p = 0; p < Packs; ++p) before[(n + 1) * Packs + p] = here[p];
        }
        ask<Packs, false>(at(theta, last, i, soon) + q);
        ask<Packs, true>(at(static_cast<const S*>(g), last, i, soon) + q);
        const S c = zbar[s];
        const U* row = reinterpret_cast<const U*>(at(theta, last, i, e) + q);
        U* slope = reinterpret_cast<U*>(at(g, last, i, e) + q);
        for (int p = 0; p < Packs; ++p) {
          slope[p] += c * here[p];
          after[p] = c * row[p];
        }
        for (Index n = last - 1; n > 0; --n) {
          row = reinterpret_cast<const U*>(at(theta, n, i, e) + q);
          slope = reinterpret_cast<U*>(at(g, n, i, e) + q);
          const U* const left = n == 1 ? start : before + n * Packs;
          for (int p = 0; p < Packs; ++p) {
            slope[p] += after[p] * left[p];
            after[p] *= row[p];
          }
        }
        slope = reinterpret_cast<U*>(at(g, 0, i, e) + q);
        for (int p = 0; p < Packs; ++p) slope[p] += after[p];
      }
    });
  }

 private:
  static constexpr Index widest = 4, ahead = 16;  // packs of a strip; entries
  template <int count>
  struct PackStrip {
    using Held = Pack<S>;
    using Stored = UnalignedPack<S>;
    static constexpr int packs = count;
  };
  struct Single {
    using Held = S;
    using Stored = S;
    static constexpr int packs = 1;
  };
  /// Calls f(a strip, first component of it) until all components have been met.
  template <class F>
  void each_strip(F&& f) const {
    constexpr Index L = lanes<S>;
    Index q = 0;
    for (; q + 4 * L <= rank_; q += 4 * L) f(PackStrip<4>{}, q);
    if (q + 2 * L <= rank_) f(PackStrip<2>{}, q), q += 2 * L;
    if (q + L <= rank_) f(PackStrip<1>{}, q), q += L;
    for (; q < rank_; ++q) f(Single{}, q);
  }
  template <int Packs, bool to_write>
  static void ask(const S* x) {
    for (int byte = 0; byte < Packs * pack_bytes; byte += 64) __builtin_prefetch(reinterpret_cast<const char*>(x) + byte, to_write);
  }
  Index order() const { return shape_.order(); }
  template <class T>
  T* at(T* x, Index n, const Places& i, Index s) const {
    return x + offsets_[static_cast<std::size_t>(n)] + i[static_cast<std::size_t>(n)][s] * rank_;
  }

  Shape shape_;
  Index rank_ = 0;
  std::vector<Index> offsets_;
};

}  // namespace tacit::detail
