// SPDX-License-Identifier: MIT
#pragma once
// Sparse measurements  z_k = sum over the entries that A_k names of a W_ij, of a matrix or a tensor: differences of entries, sums over small blocks, entries
// with coefficients. Memory and one evaluation on a W in memory cost O(nnz), nnz the coefficients of all measurements; with W = T P of inner dimension r
// 2 nnz r flops a verb, and nothing n1 x n2 is formed.
//
//   SparseMap<double> map(Shape{3, 4}, {{{{0, 1}, 1.0}, {{2, 1}, -1.0}},          z_0 = W(0, 1) - W(2, 1)
//                                       {{{1, 3}, 0.5}}});                        z_1 = W(1, 3) / 2

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "../core/shape.hpp"
#include "../core/simd.hpp"
#include "products_kept.hpp"

namespace tacit {

template <Scalar S>
class SparseMap {
 public:
  /// a W(at), a part of one measurement.
  struct Term {
    std::vector<Index> at;
    S coefficient;
  };
  using Measurement = std::vector<Term>;

  SparseMap(Shape shape, const std::vector<Measurement>& measurements) : shape_(std::move(shape)), own_(std::make_shared<Lists>()) {
    shape_.require_dense("SparseMap");
    require(!measurements.empty(), "SparseMap: there is no measurement");
    require(cols() <= INT32_MAX, "SparseMap: the unfolding of the ", shape_, " tensor has ", cols(), " columns, at most ", INT32_MAX);
    for (std::size_t k = 0; k < measurements.size(); ++k) {
      for (const Term& term : measurements[k]) {
        require(static_cast<Index>(term.at.size()) == shape_.order(), "SparseMap: measurement ", k, " has a place of ", term.at.size(),
                " indices in a ", shape_, shape_.order() > 2 ? " tensor" : " matrix");
        require(std::isfinite(term.coefficient), "SparseMap: a coefficient of measurement ", k, " is ", term.coefficient);
        Index col = 0;
        for (Index n = shape_.order() - 1; n >= 0; --n) {
          const Index i = term.at[static_cast<std::size_t>(n)];
          require(i >= 0 && i < shape_[n], "SparseMap: measurement ", k, " has index ", i, " along mode ", n, " of a ", shape_);
          if (n > 0) col = col * shape_[n] + i;
        }
        own_->row.push_back(static_cast<std::int32_t>(term.at[0]));
        own_->col.push_back(static_cast<std::int32_t>(col));
        own_->coefficient.push_back(term.coefficient);
      }
      own_->start.push_back(static_cast<Index>(own_->row.size()));
    }
    lists_ = std::exchange(own_, nullptr);
  }

  /// Of the unfolding at mode 0, which a matrix is itself.
  Index rows() const { return shape_.rows(); }
  Index cols() const { return shape_.count() / shape_.rows(); }
  Shape shape() const { return shape_; }
  Index count() const { return static_cast<Index>(lists_->start.size()) - 1; }
  /// How many coefficients all measurements have.
  Index nonzeros() const { return lists_->start.back(); }

  using batch_type = SparseMap;
  SparseMap batch() const { return *this; }
  void gather(const Index* which, Index count, SparseMap& into) const {
    if (into.own_.use_count() != 2) into.lists_ = into.own_ = std::make_shared<Lists>();  // not a batch yet, or shared with a copy
    Lists& to = *into.own_;
    to.row.clear(), to.col.clear(), to.coefficient.clear();
    to.start.assign(1, 0);
    for (Index k = 0; k < count; ++k) {
      each(which[k], [&](Index row, Index col, S a) {
        to.row.push_back(static_cast<std::int32_t>(row));
        to.col.push_back(static_cast<std::int32_t>(col));
        to.coefficient.push_back(a);
      });
      to.start.push_back(static_cast<Index>(to.row.size()));
    }
  }
  std::string where(Index k) const { return sentence("measurement ", k); }

  /// z (+)= A(W), of a W that stands in memory.
  void sample(const S* W, Write write, Out<S> z) const {
    for (Index k = 0; k < count(); ++k) {
      S sum = write == Write::set ? S(0) : z[k];
      each(k, [&](Index row, Index col, S a) { sum += a * W[row + rows() * col]; });
      z[k] = sum;
    }
  }
  /// G (+)= A^*(zbar).
  void spread(In<S> zbar, Write write, S* G) const {
    if (write == Write::set) Eigen::Map<Vector<S>>(G, shape_.count()).setZero();
    for (Index k = 0; k < count(); ++k) each(k, [&](Index row, Index col, S a) { G[row + rows() * col] += zbar[k] * a; });
  }

  // Of a product W = T P, T stored as r x n1, P as r x n2 (observation/bilinear.hpp).
  bool prefers_dense(Index) const { return static_cast<double>(nonzeros()) > 0.45 * shape_.size(); }
  void read(detail::ProductsKept<S>&, Index r, const S* T, const S* P, Write write, Out<S> z) const {
    for (Index k = 0; k < count(); ++k) {
      S sum = write == Write::set ? S(0) : z[k];
      each(k, [&](Index row, Index col, S a) {
        S entry;
        detail::dots(T + row * r, P + col * r, r, 1, nullptr, Write::set, &entry);
        sum += a * entry;
      });
      z[k] = sum;
    }
  }
  void pull(detail::ProductsKept<S>&, Index r, In<S> zbar, const S* T, const S* P, Write write_rows, S* GT, Write write_cols, S* GP) const {
    if (GT && write_rows == Write::set) Eigen::Map<Vector<S>>(GT, r * rows()).setZero();
    if (GP && write_cols == Write::set) Eigen::Map<Vector<S>>(GP, r * cols()).setZero();
    for (Index k = 0; k < count(); ++k)
      each(k, [&](Index row, Index col, S a) {
        const S weight = a * zbar[k];
        if (GT) detail::combine(P + col * r, r, 1, nullptr, &weight, nullptr, Write::add, GT + row * r);
        if (GP) detail::combine(T + row * r, r, 1, nullptr, &weight, nullptr, Write::add, GP + col * r);
      });
  }

  template <class Archive>
  void persist(Archive& archive) {
    Lists lists = *lists_;
    archive("start", lists.start);
    archive("row", lists.row);
    archive("col", lists.col);
    archive("coefficient", lists.coefficient);
  }

 private:
  struct Lists {
    std::vector<Index> start{0};
    std::vector<std::int32_t> row, col;
    std::vector<S> coefficient;
  };
  template <class F>
  void each(Index k, F&& f) const {
    for (auto q = static_cast<std::size_t>(lists_->start[static_cast<std::size_t>(k)]);
         q < static_cast<std::size_t>(lists_->start[static_cast<std::size_t>(k) + 1]); ++q)
      f(Index(lists_->row[q]), Index(lists_->col[q]), lists_->coefficient[q]);
  }

  Shape shape_;
  std::shared_ptr<Lists> own_;  // a batch's own lists, which lists_ shows, too
  std::shared_ptr<const Lists> lists_;
};

}  // namespace tacit
