// SPDX-License-Identifier: MIT
#pragma once
// Entries of a tensor train that share the index of one core, met together by matrix products. With M = G_v(i_v), r x q, shared by c entries, and the vectors
// left and right of it as columns,  x = (G_1 ... G_{v-1})^T  and  y = G_{v+1} ... G_d:
//   z_k = x_k . v_k,   V = M Y                                     X and V are r x c, Y is q x c
//   dM += X diag(zbar) Y^T,   adjoint of X = V diag(zbar),  of Y = M^T X diag(zbar)
// The other cores are passed entry by entry, as in tensor_train.hpp.     2 r q c flops for z, 6 r q c for the gradient, at the speed of matrix products

#include <vector>

#include "../core/product.hpp"
#include "../core/rows.hpp"
#include "../core/small_product.hpp"
#include "tiles.hpp"

namespace tacit::detail {

template <Scalar S>
class CoreSlice {
 public:
  struct Core {
    Index offset, rows, cols;  // of theta, and of each of its matrices
  };
  /// Indices of the entries, mode by mode: entry s has (*this)[k][s].
  using Places = std::vector<const std::int32_t*>;
  static constexpr Index capacity = 64;  ///< entries met at once: their vectors stay in a near cache

  CoreSlice() = default;
  CoreSlice(Shape shape, std::vector<Core> cores, Index shared) : shape_(std::move(shape)), cores_(std::move(cores)), v_(shared) {
    for (Index k = 0; k < order(); ++k) {
      if (k <= v_) left_.push_back(reserve(core(k).rows));
      right_.push_back(k >= v_ ? reserve(core(k).cols) : -1);
    }
    for (Index* place : {&product_, &adjoint_, &spare_}) *place = reserve(widest());
    if (small()) transposed_ = std::exchange(work_size_, work_size_ + core(v_).rows * core(v_).cols);
  }
  Index work_size() const { return work_size_; }
  /// Empty: as they stand.
  std::vector<std::uint32_t> visiting_order(const std::vector<std::vector<std::int32_t>>& index) const {
    double bytes = 0;
    for (Index k = 0; k < order(); ++k)
      if (k != v_) bytes += 2.0 * sizeof(S) * static_cast<double>(shape_[k] * core(k).rows * core(k).cols);
    return detail::visiting_order(shape_, index, v_, bytes, 24);
  }
  /// How many entries from `first` on, at most `most`, share the slice of that one.
  Index together(const Places& i, Index first, Index most) const {
    const std::int32_t* shared = i[static_cast<std::size_t>(v_)] + first;
    Index count = 1;
    while (count < most && shared[count] == shared[0]) ++count;
    return count;
  }

  /// z[s] of the entries first + s, s < count; `all` are there.
  void evaluate(const S* theta, const Places& i, Index first, Index count, Index all, S* work, S* z) const {
    meet(theta, i, first, count, all, work);
    const Index r = core(v_).rows;
    for (Index s = 0; s < count; ++s) z[s] = dot_of<S>(left(work, v_, s).v, work + product_ + s * r, r);
  }
  /// g += sum_s zbar_s dW(i_s)/dtheta.
  void pullback(const S* theta, const Places& i, Index first, Index count, Index all, const S* zbar, S* work, S* g) const {
    const Index r = core(v_).rows, q = core(v_).cols;
    for (Index s = 0; s < std::min(count, ahead); ++s) ask<true>(g, i, first + s);
    meet(theta, i, first, count, all, work);
    S *const X = left(work, v_, 0).v, *const V = work + product_, *const M = work + transposed_;
    const S *const Y = right(work, v_, 0).v, *const stored = theta + at(v_, i, first);
    for (Index s = 0; s < count; ++s)
      for (const Written column : {Written{X + s * r}, Written{V + s * r}}) scale(column, zbar[s], read(column), r);
    S* const dM = g + at(v_, i, first);
    if (small()) {
      SmallProduct<S>{X, r, Y, q, 1, dM, r, q, count}.run(Write::add);
      for (Index b = 0; b < q; ++b)
        for (Index a = 0; a < r; ++a) M[b + a * q] = stored[a + b * r];
      SmallProduct<S>{M, q, X, 1, r, work + adjoint_, q, count, r}.run(Write::set);
    } else {
      multiply_nt<S>({X, r, count}, {Y, q, count}, Write::add, {dM, r, q});
      multiply_tn<S>({stored, r, q}, {X, r, count}, Write::set, {work + adjoint_, q, count});
    }
    for (Index s = 0; s < count; ++s) {
      const Index e = first + s;
      if (s + ahead < count) ask<true>(g, i, e + ahead);
      Written next{work + spare_}, other = next + widest();
      Read a{V + s * r}, b{work + adjoint_ + s * q};
      for (Index k = v_ - 1; k > 0; --k, a = read(next), std::swap(next, other)) {
        outer_add(matrix(g, k, i, e), read(left(work, k, s)), a, core(k).rows, core(k).cols);
        clear(next, core(k).rows);
        times_add(next, matrix(theta, k, i, e), a, core(k).rows, core(k).cols);
      }
      if (v_ > 0) copy_add(matrix(g, 0, i, e), a, core(0).cols);
      for (Index k = v_ + 1; k + 1 < order(); ++k, b = read(next), std::swap(next, other)) {
        outer_add(matrix(g, k, i, e), b, read(right(work, k, s)), core(k).rows, core(k).cols);
        times_transposed(next, matrix(theta, k, i, e), b, core(k).rows, core(k).cols);
      }
      if (v_ + 1 < order()) copy_add(matrix(g, order() - 1, i, e), b, core(order() - 1).rows);
    }
  }

 private:
  static constexpr Index ahead = 16;  // entries
  bool small() const { return core(v_).rows * core(v_).cols <= 32 * 32; }
  /// X, Y and V of these entries.
  void meet(const S* theta, const Places& i, Index first, Index count, Index all, S* work) const {
    for (Index s = 0; s < count; ++s) {
      if (first + s + ahead < all) ask<false>(theta, i, first + s + ahead);
      for (Index k = 0; k < v_; ++k) {
        const Written next = left(work, k + 1, s);
        const Read G = matrix(theta, k, i, first + s);
        if (k == 0) copy(next, G, core(0).cols);
        else times_transposed(next, G, read(left(work, k, s)), core(k).rows, core(k).cols);
      }
      for (Index k = order() - 1; k > v_; --k) {
        const Written next = right(work, k - 1, s);
        const Read G = matrix(theta, k, i, first + s);
        if (k == order() - 1) copy(next, G, core(k).rows);
        else clear(next, core(k).rows), times_add(next, G, read(right(work, k, s)), core(k).rows, core(k).cols);
      }
    }
    const Index r = core(v_).rows, q = core(v_).cols;
    if (v_ == 0) std::fill_n(left(work, 0, 0).v, count, S(1));
    if (v_ == order() - 1) std::fill_n(right(work, v_, 0).v, count, S(1));
    const S *const M = theta + at(v_, i, first), *const Y = right(work, v_, 0).v;
    if (small()) SmallProduct<S>{M, r, Y, 1, q, work + product_, r, count, q}.run(Write::set);
    else multiply<S>({M, r, q}, {Y, q, count}, Write::set, {work + product_, r, count});
  }
  /// Asks for what entry s will read, or add to, beside the shared matrix.
  template <bool to_write, class T>
  void ask(T* x, const Places& i, Index s) const {
    for (Index k = 0; k < order(); ++k)
      if (k != v_) detail::prefetch<to_write>(matrix(x, k, i, s).v, core(k).rows * core(k).cols);
  }
  using Read = Row<const S>;
  using Written = Row<S>;
  static Read read(Written w) { return {w.v}; }
  Index order() const { return static_cast<Index>(cores_.size()); }
  const Core& core(Index k) const { return cores_[static_cast<std::size_t>(k)]; }
  Index widest() const {
    Index most = 0;
    for (const Core& core : cores_) most = std::max({most, core.rows, core.cols});
    return most;
  }
  Index reserve(Index length) { return std::exchange(work_size_, work_size_ + capacity * length); }

  Index at(Index k, const Places& i, Index s) const {
    return core(k).offset + i[static_cast<std::size_t>(k)][s] * core(k).rows * core(k).cols;
  }
  template <class T>
  Row<T> matrix(T* x, Index k, const Places& i, Index s) const {
    return {x + at(k, i, s)};
  }
  /// What enters core k <= v from the left, and core k >= v from the right.
  Written left(S* work, Index k, Index s) const { return {work + left_[static_cast<std::size_t>(k)] + s * core(k).rows}; }
  Written right(S* work, Index k, Index s) const { return {const_cast<S*>(right(static_cast<const S*>(work), k, s))}; }
  const S* right(const S* work, Index k, Index s) const { return work + right_[static_cast<std::size_t>(k)] + s * core(k).cols; }

  Shape shape_;
  std::vector<Core> cores_;
  Index v_ = 0, work_size_ = 0;
  std::vector<Index> left_, right_;                               // where these stand in work
  Index product_ = 0, adjoint_ = 0, spare_ = 0, transposed_ = 0;  // V, then the adjoint of X; the adjoint of Y; M^T
};

}  // namespace tacit::detail
