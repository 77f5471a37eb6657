// SPDX-License-Identifier: MIT
#pragma once
// C (+)= A B of small matrices that are in cache already: tiles of C in registers, nothing is packed. At 16 x 16 x 64 Eigen's kernel spends more time on packing
// than on products.                                                                                                        2 rows cols inner flops

#include <algorithm>

#include "simd.hpp"

namespace tacit::detail {

/// A_ik stands at A[i + k a_k], B_kj at B[k b_k + j b_j].
template <Scalar S>
struct SmallProduct {
  const S* A;
  Index a_k;
  const S* B;
  Index b_k, b_j;
  S* C;  ///< rows x cols, column by column
  Index rows, cols, inner;

  void run(Write write) const {
    for (Index i = 0; i < rows;) i = strips(i, write);
  }
  /// The same of a product that is symmetric (rows = cols): the tiles that reach the lower half, then its mirror image.       1 / 2 + L / rows of the flops
  void run_symmetric() const {
    SmallProduct part = *this;
    for (Index i = 0; i < rows;) {
      part.cols = std::min(cols, i + 2 * lanes<S>);
      i = part.strips(i, Write::set);
    }
    for (Index j = 0; j < cols; ++j)
      for (Index i = 0; i < j; ++i) C[i + j * rows] = C[j + i * rows];
  }

 private:
  /// The rows from i on that go together; returns where the next begin. Rows that do not fill a pack are computed with those above them, which stay as they are.
  Index strips(Index i, Write write) const {
    constexpr Index L = lanes<S>;
    if (i + 2 * L <= rows) return strip<2>(i, write), i + 2 * L;
    if (i + L <= rows) return strip<1>(i, write), i + L;
    if (rows >= L) return strip<1>(rows - L, write, i - (rows - L)), rows;
    for (; i < rows; ++i)
      for (Index j = 0; j < cols; ++j) {
        S sum = write == Write::set ? S(0) : C[i + j * rows];
        for (Index k = 0; k < inner; ++k) sum += A[i + k * a_k] * B[k * b_k + j * b_j];
        C[i + j * rows] = sum;
      }
    return rows;
  }
  static constexpr int columns = pack_bytes == 64 ? 8 : 4;  // as many as there are registers for
  template <int Packs>
  void strip(Index i, Write write, Index kept = 0) const {
    Index j = 0;
    for (; j + columns <= cols; j += columns) tile<Packs, columns>(i, j, write, kept);
    if (columns > 4 && j + 4 <= cols) tile<Packs, 4>(i, j, write, kept), j += 4;
    for (; j < cols; ++j) tile<Packs, 1>(i, j, write, kept);
  }
  /// Rows i ... of columns j ..., but for the first `kept` rows.
  template <int Packs, int Columns>
  void tile(Index i, Index j, Write write, Index kept) const {
    using U = UnalignedPack<S>;
    Pack<S> sum[Columns][Packs];
    for (int c = 0; c < Columns; ++c)
      for (int p = 0; p < Packs; ++p)
        sum[c][p] = write == Write::set ? Pack<S>{} : Pack<S>(reinterpret_cast<const U*>(C + i + (j + c) * rows)[p]);
    const S *a = A + i, *b = B + j * b_j;
    for (Index k = 0; k < inner; ++k, a += a_k, b += b_k) {
      Pack<S> column[Packs];
      for (int p = 0; p < Packs; ++p) column[p] = reinterpret_cast<const U*>(a)[p];
      for (int c = 0; c < Columns; ++c) {
        const S factor = b[c * b_j];
        for (int p = 0; p < Packs; ++p) sum[c][p] += factor * column[p];
      }
    }
    for (int c = 0; c < Columns; ++c) {
      S* to = C + i + (j + c) * rows;
      if (kept == 0)
        for (int p = 0; p < Packs; ++p) reinterpret_cast<U*>(to)[p] = sum[c][p];
      else
        for (Index l = kept; l < lanes<S>; ++l) to[l] = sum[c][0][l];
    }
  }
};

}  // namespace tacit::detail
