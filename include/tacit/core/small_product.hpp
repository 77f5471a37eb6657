// SPDX-License-Identifier: MIT
#pragma once
// C (+)= A B of small matrices that are in cache already: tiles of C in registers, nothing is packed. At 16 x 16 x 64 Eigen's kernel spends more time on packing
// than on products.                                                                                                        2 rows cols inner flops

#include "simd.hpp"

namespace tacit::detail {

/// A operand's element (i, k) stands at data[i + k step_k] (A), (k, j) at data[k step_k + j step_j] (B).
template <Scalar S>
struct SmallProduct {
  const S* A;
  Index a_k;
  const S* B;
  Index b_k, b_j;
  S* C;  ///< rows x cols, column by column
  Index rows, cols, inner;

  void run(Write write) const {
    constexpr Index L = lanes<S>;
    Index i = 0;
    for (; i + 2 * L <= rows; i += 2 * L) strip<2>(i, write);
    if (i + L <= rows) strip<1>(i, write), i += L;
    for (; i < rows; ++i)
      for (Index j = 0; j < cols; ++j) {
        S sum = write == Write::set ? S(0) : C[i + j * rows];
        for (Index k = 0; k < inner; ++k) sum += A[i + k * a_k] * B[k * b_k + j * b_j];
        C[i + j * rows] = sum;
      }
  }

 private:
  static constexpr int columns = pack_bytes == 64 ? 8 : 4;  // as many as there are registers for
  template <int Packs>
  void strip(Index i, Write write) const {
    Index j = 0;
    for (; j + columns <= cols; j += columns) tile<Packs, columns>(i, j, write);
    if (columns > 4 && j + 4 <= cols) tile<Packs, 4>(i, j, write), j += 4;
    for (; j < cols; ++j) tile<Packs, 1>(i, j, write);
  }
  template <int Packs, int Columns>
  void tile(Index i, Index j, Write write) const {
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
    for (int c = 0; c < Columns; ++c)
      for (int p = 0; p < Packs; ++p) reinterpret_cast<U*>(C + i + (j + c) * rows)[p] = sum[c][p];
  }
};

}  // namespace tacit::detail
