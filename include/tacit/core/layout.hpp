// SPDX-License-Identifier: MIT
#pragma once
// Layout: how theta in R^P divides into named blocks. theta itself is one flat vector (optimizers, norms, checkpoints and
// finite differences need nothing else); a model owns the Layout and everybody who wants structure asks it for Eigen::Maps.
//
//   layout.matrix(theta, l)   block l as a matrix (a block of order one is a column; higher orders are unfolded at mode 0)
//   layout.flat(theta, l)     block l as a flat vector

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "shape.hpp"

namespace tacit {

enum class StorageOrder { column_major, row_major };

struct Block {
  std::string name;
  Shape shape;
  StorageOrder order = StorageOrder::column_major;
  Index offset = 0;
  Index count = 0;

  bool operator==(const Block&) const = default;
};

class Layout {
 public:
  Layout() = default;
  /// Appends a block after the ones that are there; names must differ.
  Layout& add(std::string name, Shape shape, StorageOrder order = StorageOrder::column_major) {
    for (const Block& block : blocks_) require(block.name != name, "Layout: two blocks are called '", name, "'");
    const Index count = shape.count();
    require(count <= std::numeric_limits<Index>::max() - parameters_, "Layout: block ", name, " of shape ", shape,
            " makes theta longer than an index can count");
    blocks_.push_back({std::move(name), std::move(shape), order, parameters_, count});
    parameters_ += count;
    return *this;
  }

  /// P, the length of theta.
  Index parameter_count() const { return parameters_; }
  Index size() const { return static_cast<Index>(blocks_.size()); }
  const Block& operator[](Index l) const { return blocks_[static_cast<std::size_t>(l)]; }
  auto begin() const { return blocks_.begin(); }
  auto end() const { return blocks_.end(); }

  template <Scalar S>
  Eigen::Map<const Vector<S>> flat(const Vector<S>& theta, Index l) const {
    return {theta.data() + (*this)[l].offset, (*this)[l].count};
  }
  template <Scalar S>
  Eigen::Map<Vector<S>> flat(Vector<S>& theta, Index l) const {
    return {theta.data() + (*this)[l].offset, (*this)[l].count};
  }

  template <Scalar S>
  AnyMatrixMap<S> matrix(const Vector<S>& theta, Index l) const {
    const auto [rows, cols, inner, outer] = strides(l);
    return {theta.data() + (*this)[l].offset, rows, cols, {outer, inner}};
  }
  template <Scalar S>
  auto matrix(Vector<S>& theta, Index l) const {
    using Stride = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
    const auto [rows, cols, inner, outer] = strides(l);
    return Eigen::Map<Matrix<S>, 0, Stride>(theta.data() + (*this)[l].offset, rows, cols, Stride(outer, inner));
  }

  /// Throws where theta has another length, naming who was given it.
  void require_size(Index size, const char* who) const {
    require(size == parameters_, who, ": theta has ", size, " parameters, the model has ", parameters_, " (", *this, ")");
  }

  bool operator==(const Layout&) const = default;

  /// As in  W1 10 x 20, W2 5 x 10 (row-major).
  friend std::ostream& operator<<(std::ostream& out, const Layout& layout) {
    for (Index l = 0; l < layout.size(); ++l)
      out << (l ? ", " : "") << layout[l].name << ' ' << layout[l].shape
          << (layout[l].order == StorageOrder::row_major ? " (row-major)" : "");
    return out;
  }

 private:
  struct Strides {
    Index rows, cols, inner, outer;
  };
  Strides strides(Index l) const {
    const Block& block = (*this)[l];
    const Index rows = block.shape.rows(), cols = rows ? block.count / rows : 0;
    if (block.order == StorageOrder::column_major) return {rows, cols, 1, rows};
    return {rows, cols, cols, 1};
  }

  std::vector<Block> blocks_;
  Index parameters_ = 0;
};

}  // namespace tacit
