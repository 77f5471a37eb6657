// SPDX-License-Identifier: MIT
#pragma once
// What an observation of a product T P keeps between reading and pulling: T or P times its own matrices, such as P X^T of features. A read writes them, the
// pull of the same factors finds them by where the factor stands, which a model's workspace does not change in between (law 2). Two a side: a factor and its
// tangent. Belongs to a model's workspace.

#include <array>

#include "../core/product.hpp"

namespace tacit::detail {

template <Scalar S>
class ProductsKept {
 public:
  enum class Side { rows, cols };

  /// The place for the product made of `factor`, n x m; it replaces an older one of the same factor, or the one that was not used last.
  MatrixMap<S> fresh(Side side, const S* factor, Index n, Index m) {
    auto& both = slots_[static_cast<std::size_t>(side)];
    std::size_t at = both[1].factor == factor ? 1 : 0;
    if (both[0].factor != factor && both[1].factor != factor) at = both[0].newest ? 1 : 0;
    both[at].newest = true, both[1 - at].newest = false;
    both[at].factor = factor;
    if (both[at].product.size() < n * m) both[at].product.resize(n * m);
    return {both[at].product.data(), n, m};
  }
  /// The one that was made of `factor`; where there is none, make() writes it.
  template <class Make>
  ConstMatrixMap<S> kept(Side side, const S* factor, Index n, Index m, Make&& make) {
    for (const Slot& slot : slots_[static_cast<std::size_t>(side)])
      if (slot.factor == factor) return {slot.product.data(), n, m};
    const MatrixMap<S> product = fresh(side, factor, n, m);
    make(product);
    return {product.data(), n, m};
  }
  /// A buffer that nobody relies on.
  MatrixMap<S> scratch(Index n, Index m) {
    if (scratch_.size() < n * m) scratch_.resize(n * m);
    return {scratch_.data(), n, m};
  }

 private:
  struct Slot {
    const S* factor = nullptr;
    bool newest = false;
    Vector<S> product = {};
  };
  std::array<std::array<Slot, 2>, 2> slots_;
  Vector<S> scratch_;
};

}  // namespace tacit::detail
