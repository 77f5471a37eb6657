// SPDX-License-Identifier: MIT
#pragma once
// Tensor train  W(i_1, ..., i_d) = G_1(i_1) G_2(i_2) ... G_d(i_d),  core G_k of shape r_{k-1} x n_k x r_k, r_0 = r_d = 1.                 [Oseledets 2011]
// theta stores the cores one after another as r_{k-1} x r_k x n_k, first index fastest, so that every matrix G_k(i) is contiguous;  P = sum_k r_{k-1} n_k r_k.
//   halves     the cores before the split multiplied from the left, those after it from the right: a chain of matrix products, reshaped in between
//   per_entry  a product of vectors and r_{k-1} x r_k matrices.         6 sum_k r_{k-1} r_k flops an entry and gradient
// The rank of the unfolding W_(1..k | k+1..d) is at most r_k. Of order 2, it is a deep matrix of depth 2.

#include "core_slice.hpp"
#include "tensor_model.hpp"

namespace tacit {

template <Scalar S>
class TensorTrain : public TensorModel<TensorTrain<S>, S> {
 public:
  struct Sizes {
    Shape shape;
    std::vector<Index> ranks;  ///< r_1 ... r_{d-1}, or one number for all
  };
  /// {.shape = {10, 10, 10}, .ranks = {3, 3}}.
  explicit TensorTrain(Sizes sizes) : shape_(std::move(sizes.shape)), ranks_{1}, halving_(detail::balanced_halving(shape_)) {
    require(order() >= 2, "TensorTrain: the shape has order ", order(), ", needs at least 2 modes");
    if (sizes.ranks.size() == 1) sizes.ranks.resize(static_cast<std::size_t>(order() - 1), sizes.ranks[0]);
    require(static_cast<Index>(sizes.ranks.size()) == order() - 1, "TensorTrain: got ", sizes.ranks.size(), " ranks for a ", shape_,
            " tensor, which has ", order() - 1, " cuts");
    for (std::size_t k = 0; k < sizes.ranks.size(); ++k)
      require(sizes.ranks[k] > 0, "TensorTrain: rank ", k + 1, " is ", sizes.ranks[k], ", every rank needs at least 1");
    ranks_.insert(ranks_.end(), sizes.ranks.begin(), sizes.ranks.end());
    ranks_.push_back(1);
    for (Index k = 0; k < order(); ++k) layout_.add(sentence("G", k + 1), {rank(k), rank(k + 1), shape_[k]});
    std::vector<typename detail::CoreSlice<S>::Core> cores;
    Index largest = 0;
    for (Index k = 0; k < order(); ++k) {
      cores.push_back({layout_[k].offset, rank(k), rank(k + 1)});
      if (layout_[k].count > layout_[largest].count) largest = k;
    }
    slices_ = detail::CoreSlice<S>(shape_, std::move(cores), largest);
    if (halves_size() <= Shape::dense_limit && halving_.fits(rank(halving_.split))) build();
  }

  const Layout& layout() const { return layout_; }
  const Shape& shape() const { return shape_; }
  Index order() const { return shape_.order(); }
  /// r_k, k = 0 ... d.
  Index rank(Index k) const { return ranks_[static_cast<std::size_t>(k)]; }
  Index degree() const { return order(); }

  /// G_{k+1}(i), of shape r_k x r_{k+1}.
  template <Scalar T>
  Matrix<T> slice(const Vector<T>& theta, Index k, Index i) const {
    const Index size = rank(k) * rank(k + 1);
    return ConstMatrixMap<T>(theta.data() + layout_[k].offset + i * size, rank(k), rank(k + 1));
  }
  /// What gradient flow conserves:  sum_i G_k(i)^T G_k(i) - sum_i G_{k+1}(i) G_{k+1}(i)^T  at every bond k, all r_k^2 numbers of each.
  Vector<double> invariants(const Vector<S>& theta) const {
    Vector<double> all;
    for (Index k = 1; k < order(); ++k) {
      Matrix<double> difference = Matrix<double>::Zero(rank(k), rank(k));
      for (Index i = 0; i < shape_[k - 1]; ++i) {
        const Matrix<double> G = slice(theta, k - 1, i).template cast<double>();
        difference += detail::product_tn(G, G);
      }
      for (Index i = 0; i < shape_[k]; ++i) {
        const Matrix<double> G = slice(theta, k, i).template cast<double>();
        difference -= detail::product_nt(G, G);
      }
      detail::append(all, difference);
    }
    return all;
  }

  friend std::ostream& operator<<(std::ostream& out, const TensorTrain& model) {
    out << "TensorTrain<" << scalar_name<S>() << ">({.shape = " << model.shape_ << ", .ranks = {";
    for (Index k = 1; k < model.order(); ++k) out << (k > 1 ? ", " : "") << model.rank(k);
    return out << "}})";
  }

  // ---- For TensorModel

  const detail::Halving& halving() const { return halving_; }
  const detail::BilinearGraph<S>& graph() const { return graph_; }
  double halves_flops() const { return halves_flops_; }
  double entry_flops() const {
    double flops = 2.0 * static_cast<double>(rank(order() - 1));
    for (Index k = 1; k + 1 < order(); ++k) flops += 2.0 * static_cast<double>(rank(k) * rank(k + 1));
    return flops;
  }
  /// The vectors G_1(i_1) ... G_k(i_k) for k = 2 ... d - 1, and two on the way back.
  Index work_size() const { return work_offset(order() - 1) + 2 * widest(); }
  /// Entries are met slice by slice of the largest core.
  const detail::CoreSlice<S>& bunches() const { return slices_; }

  void prefetch(const S* x, const Index* i) const {
    for (Index k = 0; k < order(); ++k) detail::prefetch(x + layout_[k].offset + i[k] * rank(k) * rank(k + 1), rank(k) * rank(k + 1));
  }
  template <class X, class W>
  void meet(X theta, const Index* i, W work) const {
    for (Index k = 1; k + 1 < order(); ++k)
      detail::times_transposed(work + work_offset(k), row(theta, k, i), before(theta, k, i, work), rank(k), rank(k + 1));
  }
  template <class X, class W>
  auto value(X theta, const Index* i, W work) const {
    return detail::dot(before(theta, order() - 1, i, work), row(theta, order() - 1, i), rank(order() - 1));
  }
  template <class X, class W, class Number, class G>
  void backward(X theta, const Index* i, W work, const Number& zbar, G g) const {
    const Index last = order() - 1;
    detail::scale_add(row(g, last, i), zbar, before(theta, last, i, work), rank(last));
    W after = work + work_offset(last), spare = after + widest();
    detail::scale(after, zbar, row(theta, last, i), rank(last));
    for (Index k = last - 1; k > 0; --k) {
      detail::outer_add(row(g, k, i), before(theta, k, i, work), detail::as_read<X>(after), rank(k), rank(k + 1));
      detail::clear(spare, rank(k));
      detail::times_add(spare, row(theta, k, i), detail::as_read<X>(after), rank(k), rank(k + 1));
      std::swap(after, spare);
    }
    detail::copy_add(row(g, 0, i), detail::as_read<X>(after), rank(1));
  }

 private:
  using Op = detail::Bilinears;
  void build() {
    const Index s = halving_.split, last = order() - 1;
    Index rows = shape_[0];
    auto left = graph_.parameter(layout_[0].offset, rank(1), rows);
    for (Index k = 1; k < s; ++k) {  // (rows x r_k) times G_{k+1} as r_k x (n r_{k+1}) is (rows n) x r_{k+1}
      left = graph_.multiply(k == 1 ? Op::product_tn : Op::product, left, k == 1 ? rank(1) : rows, k == 1 ? rows : rank(k), core(k),
                             rank(k), shape_[k] * rank(k + 1));
      halves_flops_ += 2.0 * static_cast<double>(rows) * static_cast<double>(layout_[k].count);
      rows *= shape_[k];
    }
    if (s > 1) left = graph_.transpose(left, rows, rank(s));
    auto right = core(last);
    Index cols = shape_[last];
    for (Index k = last - 1; k >= s; --k) {
      right = graph_.multiply(Op::product, core(k), rank(k) * shape_[k], rank(k + 1), right, rank(k + 1), cols);
      halves_flops_ += 2.0 * static_cast<double>(cols) * static_cast<double>(layout_[k].count);
      cols *= shape_[k];
    }
    graph_.finish(left, right, rank(s));
  }
  /// As r_{k-1} x n_k x r_k.
  typename detail::BilinearGraph<S>::Id core(Index k) {
    const auto stored = graph_.parameter(layout_[k].offset, rank(k), rank(k + 1) * shape_[k]);
    return rank(k + 1) == 1 ? stored : graph_.swap(stored, rank(k), rank(k + 1), shape_[k]);
  }
  /// Numbers of the largest node of either chain.
  double halves_size() const {
    double largest = 0, left = 1, right = 1;
    for (Index k = 0; k < halving_.split; ++k)
      left *= static_cast<double>(shape_[k]), largest = std::max(largest, left * static_cast<double>(rank(k + 1)));
    for (Index k = order() - 1; k >= halving_.split; --k)
      right *= static_cast<double>(shape_[k]), largest = std::max(largest, right * static_cast<double>(rank(k)));
    return largest;
  }

  /// G_{k+1}(i_{k+1}), column by column.
  template <class X>
  X row(X x, Index k, const Index* i) const {
    return x + (layout_[k].offset + i[k] * rank(k) * rank(k + 1));
  }
  /// G_1(i_1) ... G_k(i_k).
  template <class X, class W>
  X before(X theta, Index k, const Index* i, W work) const {
    return k == 1 ? row(theta, 0, i) : detail::as_read<X>(work + work_offset(k - 1));
  }
  Index widest() const { return *std::max_element(ranks_.begin(), ranks_.end()); }
  Index work_offset(Index k) const { return (k - 1) * widest(); }

  Shape shape_;
  std::vector<Index> ranks_;
  detail::Halving halving_;
  Layout layout_;
  detail::BilinearGraph<S> graph_;
  double halves_flops_ = 0;
  detail::CoreSlice<S> slices_;
};

}  // namespace tacit
