// SPDX-License-Identifier: MIT
#pragma once
// An observation of a product  W = T P  of two factors, T (n1 x r) stored row by row, P (r x n2) column by column, so that both pass their
// vectors contiguously. Three verbs, all linear in each argument:
//   read      z       (+)= A(T P)
//   to_rows   GT      (+)= A^*(zbar) P^T      (GT stored as T)
//   to_cols   GP      (+)= T^T A^*(zbar)      (GP stored as P)
// Entry lists touch observed entries only: 2 m r flops a verb, and nothing n1 x n2 is formed. Observations with verbs of their own for a product (features,
// rank-one and sparse measurements) use these where they cost less. The others, and Entries dense enough to prefer it, go through a dense n1 x n2 buffer and
// matrix products: 2 n1 n2 r flops.

#include "../core/product.hpp"
#include "../core/simd.hpp"
#include "dense.hpp"
#include "products_kept.hpp"

namespace tacit::detail {

/// The density from which whole matrix products beat entry-by-entry kernels, as benchmarks/observed.cpp measures it.
inline constexpr double dense_from = 0.45;  // they cross at 0.4 - 0.5 in float, at 0.5 or above in double

inline bool prefers_dense(const AllEntries&) { return true; }
inline bool prefers_dense(const EntryList&) { return false; }
inline bool prefers_dense(const Entries& at) {
  if (at.path() == Path::automatic) return at.density() >= dense_from && at.shape().size() <= Shape::dense_limit;
  if (at.path() == Path::dense) at.shape().require_dense("Entries through Path::dense");
  return at.path() == Path::dense;
}

/// An observation that reads a product T P without forming it.
template <class O, class S>
concept ReadsProducts = requires(const O& at, ProductsKept<S>& kept, const S* T, S* G, Out<S> z) {
  at.read(kept, Index(1), T, T, Write::set, z);
  at.pull(kept, Index(1), z, T, T, Write::set, G, Write::set, G);
};
/// Whether T P with this inner dimension is formed.
template <Scalar S, class O>
bool forms_product(const O& at, Index inner) {
  if constexpr (ReadsProducts<O, S>) return at.prefers_dense(inner) && at.shape().size() <= Shape::dense_limit;
  else if constexpr (Measures<O, S>) return true;
  else return prefers_dense(at);
}

/// Owns the dense buffers of one observation, where it needs any; belongs to a model's workspace.
template <Scalar S>
class Bilinear {
 public:
  template <class O>
  Bilinear(const O& at, Index inner) : Bilinear(at, at.rows(), at.cols(), inner) {}
  /// The same where `at` is of a tensor, and the product is a matricisation of it with this many rows and columns.
  template <class O>
  Bilinear(const O& at, Index rows, Index cols, Index inner)
      : rows_(rows), cols_(cols), inner_(inner), dense_(forms_product<S>(at, inner)) {
    if (dense_ && !std::same_as<O, AllEntries>) W_.resize(rows_, cols_);
  }

  template <class O>
  void read(const O& at, const S* T, const S* P, Write write, Out<S> z) {
    if constexpr (std::same_as<O, AllEntries>) {
      multiply_tn<S>({T, inner_, rows_}, {P, inner_, cols_}, write, {z.data(), rows_, cols_});
    } else {
      if constexpr (ReadsProducts<O, S>) {
        if (!dense_) return at.read(kept_, inner_, T, P, write, z);
      }
      if (!dense_) return read_entries(at, T, P, write, z.data());
      multiply_tn<S>({T, inner_, rows_}, {P, inner_, cols_}, Write::set, {W_.data(), rows_, cols_});
      sample<S>(at, W_.data(), write, z);
    }
  }

  /// Both adjoint verbs at once, as the cotangent is spread only once. A null output is skipped.
  template <class O>
  void pull(const O& at, In<S> zbar, const S* T, const S* P, Write write_rows, S* GT, Write write_cols, S* GP) {
    const S* G = zbar.data();
    if constexpr (!std::same_as<O, AllEntries>) {
      if constexpr (ReadsProducts<O, S>) {
        if (!dense_) return at.pull(kept_, inner_, zbar, T, P, write_rows, GT, write_cols, GP);
      }
      if (!dense_) {
        if (GT) to_rows(at, zbar.data(), P, write_rows, GT);
        if (GP) to_cols(at, zbar.data(), T, write_cols, GP);
        return;
      }
      spread<S>(at, zbar, Write::set, W_.data());
      G = W_.data();
    }
    if (GT) multiply_nt<S>({P, inner_, cols_}, {G, rows_, cols_}, write_rows, {GT, inner_, rows_});
    if (GP) multiply<S>({T, inner_, rows_}, {G, rows_, cols_}, write_cols, {GP, inner_, cols_});
  }

 private:
  void read_entries(const Entries& at, const S* T, const S* P, Write write, S* z) const {
    const Index* start = at.row_start();
    for (Index i = 0; i < rows_; ++i) dots(T + i * inner_, P, inner_, start[i + 1] - start[i], at.col() + start[i], write, z + start[i]);
  }
  void to_rows(const Entries& at, const S* zbar, const S* P, Write write, S* GT) const {
    const Index* start = at.row_start();
    for (Index i = 0; i < rows_; ++i)
      combine<S>(P, inner_, start[i + 1] - start[i], at.col() + start[i], zbar + start[i], nullptr, write, GT + i * inner_);
  }
  void to_cols(const Entries& at, const S* zbar, const S* T, Write write, S* GP) const {
    const Index* start = at.col_start();
    for (Index j = 0; j < cols_; ++j)
      combine<S>(T, inner_, start[j + 1] - start[j], at.row_by_col() + start[j], zbar, at.by_col() + start[j], write, GP + j * inner_);
  }

  // Lists in any order have no index to run along: every entry adds to its own row or column.
  void read_entries(const EntryList& at, const S* T, const S* P, Write write, S* z) const {
    for (Index k = 0; k < at.count(); ++k) dots(T + at.row()[k] * inner_, P, inner_, 1, at.col() + k, write, z + k);
  }
  void to_rows(const EntryList& at, const S* zbar, const S* P, Write write, S* GT) const {
    if (write == Write::set) Eigen::Map<Vector<S>>(GT, rows_ * inner_).setZero();
    for (Index k = 0; k < at.count(); ++k) combine<S>(P, inner_, 1, at.col() + k, zbar + k, nullptr, Write::add, GT + at.row()[k] * inner_);
  }
  void to_cols(const EntryList& at, const S* zbar, const S* T, Write write, S* GP) const {
    if (write == Write::set) Eigen::Map<Vector<S>>(GP, inner_ * cols_).setZero();
    for (Index k = 0; k < at.count(); ++k) combine<S>(T, inner_, 1, at.row() + k, zbar + k, nullptr, Write::add, GP + at.col()[k] * inner_);
  }
  // Observations without entries do not come here.
  template <class O>
  void read_entries(const O&, const S*, const S*, Write, S*) const {}
  template <class O>
  void to_rows(const O&, const S*, const S*, Write, S*) const {}
  template <class O>
  void to_cols(const O&, const S*, const S*, Write, S*) const {}

  Index rows_, cols_, inner_;
  bool dense_;
  Matrix<S> W_;
  ProductsKept<S> kept_;
};

}  // namespace tacit::detail
