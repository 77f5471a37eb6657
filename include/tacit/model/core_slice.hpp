// SPDX-License-Identifier: MIT
#pragma once
// Entries of a tensor train that share the index of one core, met together by matrix products. With M = G_v(i_v), r x q, shared by c entries, and the vectors
// left and right of it as columns,  x = (G_1 ... G_{v-1})^T  and  y = G_{v+1} ... G_d:
//   z_k = u_k . y_k,   U = M^T X                                   X is r x c, Y and U are q x c
//   dM += X Yz^T,   adjoint of X = M Yz,  of Y = U diag(zbar),     Yz = Y diag(zbar)
// The other cores are passed entry by entry, as in tensor_train.hpp.     2 r q c flops for z, 6 r q c for the gradient, at the speed of matrix products

#include <vector>

#include "../core/product.hpp"
#include "../core/rows.hpp"

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
  CoreSlice(std::vector<Core> cores, Index shared) : cores_(std::move(cores)), v_(shared) {
    for (Index k = 0; k < order(); ++k) {
      if (k <= v_) left_.push_back(reserve(core(k).rows));
      right_.push_back(k >= v_ ? reserve(core(k).cols) : -1);
    }
    for (Index* place : {&product_, &adjoint_, &spare_}) *place = reserve(widest());
  }
  /// Of the core whose index is shared.
  Index mode() const { return v_; }
  Index work_size() const { return work_size_; }

  /// Asks for what the entries first ... first + count - 1 will read of x, laid out as theta.
  void prefetch(const S* x, const Places& i, Index first, Index count) const {
    for (Index k = 0; k < order(); ++k)
      for (Index s = first; k != v_ && s < first + count; ++s) detail::prefetch(matrix(x, k, i, s).v, core(k).rows * core(k).cols);
  }
  /// X, Y and U of these entries.
  void meet(const S* theta, const Places& i, Index first, Index count, S* work) const {
    for (Index s = 0; s < count; ++s) {
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
    if (v_ == 0) std::fill_n(work + left_[0], count, S(1));
    if (v_ == order() - 1) std::fill_n(right(work, v_, 0).v, count, S(1));
    multiply_tn<S>(slice(theta, i, first), X(work, count), Write::set, {work + product_, core(v_).cols, count});
  }
  S value(const S* work, Index s) const { return dot_of(work + product_ + s * core(v_).cols, right(work, v_, s), core(v_).cols); }

  /// g += sum_s zbar_s dW(i_s)/dtheta, after meet.
  void backward(const S* theta, const Places& i, Index first, Index count, const S* zbar, S* work, S* g) const {
    const Index r = core(v_).rows, q = core(v_).cols;
    for (Index s = 0; s < count; ++s)
      for (const Written column : {right(work, v_, s), Written{work + product_ + s * q}}) scale(column, zbar[s], read(column), q);
    const ConstMatrixMap<S> Yz(right(work, v_, 0).v, q, count);
    multiply_nt<S>(X(work, count), Yz, Write::add, {g + at(v_, i, first), r, q});
    if (v_ > 0) multiply<S>(slice(theta, i, first), Yz, Write::set, {work + adjoint_, r, count});
    for (Index s = 0; s < count; ++s) {
      const Index e = first + s;
      Written next{work + spare_}, other = next + widest();
      Read a{work + adjoint_ + s * r}, b{work + product_ + s * q};
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

  Index at(Index k, const Places& i, Index s) const { return core(k).offset + i[static_cast<std::size_t>(k)][s] * core(k).rows * core(k).cols; }
  template <class T>
  Row<T> matrix(T* x, Index k, const Places& i, Index s) const {
    return {x + at(k, i, s)};
  }
  ConstMatrixMap<S> slice(const S* theta, const Places& i, Index s) const { return {theta + at(v_, i, s), core(v_).rows, core(v_).cols}; }
  ConstMatrixMap<S> X(const S* work, Index count) const { return {work + left_[static_cast<std::size_t>(v_)], core(v_).rows, count}; }
  /// What enters core k <= v from the left, and core k >= v from the right.
  Written left(S* work, Index k, Index s) const { return {work + left_[static_cast<std::size_t>(k)] + s * core(k).rows}; }
  Written right(S* work, Index k, Index s) const { return {const_cast<S*>(right(static_cast<const S*>(work), k, s))}; }
  const S* right(const S* work, Index k, Index s) const { return work + right_[static_cast<std::size_t>(k)] + s * core(k).cols; }

  std::vector<Core> cores_;
  Index v_ = 0, work_size_ = 0;
  std::vector<Index> left_, right_;                  // where these stand in work
  Index product_ = 0, adjoint_ = 0, spare_ = 0;      // U, then the adjoint of Y; the adjoint of X
};

}  // namespace tacit::detail
