// SPDX-License-Identifier: MIT
#pragma once
// The blocks of a layout as matrices, whatever their storage. A block stored by columns is handed out as it is, a block stored by rows as
// its transpose: so every block is one column-major matrix that lies in theta, without a copy, and products go straight to
// core/product.hpp. The rules that use this (polar factors, Newton-Schulz, Shampoo, SOAP) commute with transposition; what depends on which
// side is which asks true_rows() and true_cols().
//   a block of order one      is a column
//   a block of order three+   is unfolded at mode 0 (first mode x all others), or refused with a sentence: HigherOrder says which

#include <array>
#include <string>
#include <vector>

#include "../core/layout.hpp"
#include "../core/settings.hpp"

namespace tacit {

/// What block-wise matrix rules do with a block of order three or more.
enum class HigherOrder { unfold, refuse };
template <>
inline constexpr std::array<const char*, 2> names_of<HigherOrder>{"unfold", "refuse"};

/// One block as the column-major matrix that lies in memory.
struct MatrixBlock {
  std::string name;
  Index offset = 0, rows = 0, cols = 0;  ///< rows and columns as stored
  bool transposed = false;               ///< the stored matrix is the block's transpose

  Index true_rows() const { return transposed ? cols : rows; }
  Index true_cols() const { return transposed ? rows : cols; }
  Index count() const { return rows * cols; }
  /// The smaller side.
  Index order() const { return std::min(rows, cols); }

  /// The block of a theta, to be read; and in a theta, to be written.
  template <Scalar S>
  ConstMatrixMap<S> of(const Vector<S>& theta) const {
    return {theta.data() + offset, rows, cols};
  }
  template <Scalar S>
  MatrixMap<S> in(Vector<S>& theta) const {
    return {theta.data() + offset, rows, cols};
  }
};

/// All blocks of a layout; `who` is named where one is refused.
inline std::vector<MatrixBlock> matrix_blocks(const Layout& layout, const char* who, HigherOrder higher_order = HigherOrder::unfold) {
  std::vector<MatrixBlock> blocks;
  for (const Block& block : layout) {
    const Index order = block.shape.order(), rows = block.shape.rows(), cols = block.count / rows;
    require(order <= 2 || higher_order == HigherOrder::unfold, who, ": block ", block.name, " of shape ", block.shape,
            " is no matrix; .higher_order = HigherOrder::unfold takes it as ", rows, " x ", cols);
    const bool transposed = order >= 2 && block.order == StorageOrder::row_major;
    blocks.push_back({block.name, block.offset, transposed ? cols : rows, transposed ? rows : cols, transposed});
  }
  return blocks;
}

}  // namespace tacit
