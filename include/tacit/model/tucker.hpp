// SPDX-License-Identifier: MIT
#pragma once
// Tucker factorization  W = G x_1 U_1 x_2 ... x_d U_d,  W(i) = sum_q G(q_1, ..., q_d) prod_n U_n(i_n, q_n).                    [Tucker 1966; Kolda & Bader 2009]
// theta stores the core G (r_1 x ... x r_d, first index fastest), then the factors U_n of shape n_n x r_n row by row;  P = prod r_n + sum_n n_n r_n.
//   halves     T = G multiplied by U_1 ... U_{d-1}, a chain of d - 1 matrix products; P = U_d; inner dimension r_d
//   per_entry  the core contracted with one row a mode, first mode first.                   about 6 prod r_n flops an entry and gradient
// The unfolding at mode n has rank at most r_n. Ranks above the modes' sizes are allowed.

#include "../core/tensor.hpp"
#include "tensor_model.hpp"

namespace tacit {

template <Scalar S>
class Tucker : public TensorModel<Tucker<S>, S> {
 public:
  struct Sizes {
    Shape shape;
    std::vector<Index> ranks;  ///< r_1 ... r_d, or one number for all
  };
  /// {.shape = {25, 25, 25}, .ranks = {5, 5, 5}}.
  explicit Tucker(Sizes sizes) : shape_(std::move(sizes.shape)), halving_(shape_, std::max<Index>(shape_.order() - 1, 1)) {
    require(order() >= 2, "Tucker: the shape has order ", order(), ", needs at least 2 modes");
    if (sizes.ranks.size() == 1) sizes.ranks.resize(static_cast<std::size_t>(order()), sizes.ranks[0]);
    require(static_cast<Index>(sizes.ranks.size()) == order(), "Tucker: got ", sizes.ranks.size(), " ranks for a ", shape_, " tensor");
    for (std::size_t n = 0; n < sizes.ranks.size(); ++n)
      require(sizes.ranks[n] > 0, "Tucker: rank ", n + 1, " is ", sizes.ranks[n], ", every rank needs at least 1");
    ranks_ = Shape(sizes.ranks);
    ranks_.require_dense("Tucker (the core)");
    layout_.add("G", ranks_);
    for (Index n = 0; n < order(); ++n) layout_.add(sentence("U", n + 1), {shape_[n], rank(n)}, StorageOrder::row_major);
    if (halves_size() <= Shape::dense_limit && halving_.fits(rank(order() - 1))) build();
  }

  const Layout& layout() const { return layout_; }
  const Shape& shape() const { return shape_; }
  Index order() const { return shape_.order(); }
  /// r_{n+1}, n = 0 ... d - 1.
  Index rank(Index n) const { return ranks_[n]; }
  const Shape& ranks() const { return ranks_; }
  Index degree() const { return order() + 1; }

  /// Frobenius norms of the core's slices at a mode (its index there fixed to 0, 1, ...), and of the columns of that mode's factor.
  Vector<S> slice_norms(const Vector<S>& theta, Index mode) const { return detail::column_norms(core_at(theta, mode).transpose()); }
  Vector<S> column_norms(const Vector<S>& theta, Index mode) const {
    require(mode >= 0 && mode < order(), "column_norms: mode ", mode, " is asked for, the ", shape_, " tensor has modes 0 to ",
            order() - 1);
    return detail::column_norms(layout_.matrix(theta, mode + 1));
  }
  /// What gradient flow conserves:  G_(n) G_(n)^T - U_n^T U_n  for every mode n, all r_n^2 numbers of each.                     [Hariz et al. 2022]
  Vector<double> invariants(const Vector<S>& theta) const {
    Vector<double> all;
    for (Index n = 0; n < order(); ++n) {
      const Matrix<double> core = core_at(theta, n).template cast<double>(), U = layout_.matrix(theta, n + 1).template cast<double>();
      detail::append(all, detail::product_nt(core, core) - detail::product_tn(U, U));
    }
    return all;
  }

  friend std::ostream& operator<<(std::ostream& out, const Tucker& model) {
    out << "Tucker<" << scalar_name<S>() << ">({.shape = " << model.shape_ << ", .ranks = {";
    for (Index n = 0; n < model.order(); ++n) out << (n ? ", " : "") << model.rank(n);
    return out << "}})";
  }

  // ---- For TensorModel

  const detail::Halving& halving() const { return halving_; }
  const detail::BilinearGraph<S>& graph() const { return graph_; }
  double halves_flops() const { return halves_flops_; }
  double entry_flops() const { return 2.0 * static_cast<double>(layout_[0].count); }
  /// What is left of the core after 1, ..., d - 1 rows, and two more on the way back.
  Index work_size() const { return (order() + 1) * rest(0); }

  void prefetch(const S* x, const Index* i) const {
    for (Index n = 0; n < order(); ++n) detail::prefetch(row(x, n, i), rank(n));
  }
  template <class X, class W>
  void meet(X theta, const Index* i, W work) const {
    for (Index n = 0; n + 1 < order(); ++n)
      detail::times_transposed(work + n * rest(0), before(theta, n, work), row(theta, n, i), rank(n), rest(n));
  }
  template <class X, class W>
  auto value(X theta, const Index* i, W work) const {
    return detail::dot(before(theta, order() - 1, work), row(theta, order() - 1, i), rank(order() - 1));
  }
  template <class X, class W, class Number, class G>
  void backward(X theta, const Index* i, W work, const Number& zbar, G g) const {
    const Index last = order() - 1;
    detail::scale_add(row(g, last, i), zbar, before(theta, last, work), rank(last));
    W after = work + last * rest(0), spare = after + rest(0);
    detail::scale(after, zbar, row(theta, last, i), rank(last));
    for (Index n = last - 1; n > 0; --n) {
      detail::times_add(row(g, n, i), before(theta, n, work), detail::as_read<X>(after), rank(n), rest(n));
      detail::clear(spare, rank(n) * rest(n));
      detail::outer_add(spare, row(theta, n, i), detail::as_read<X>(after), rank(n), rest(n));
      std::swap(after, spare);
    }
    detail::times_add(row(g, 0, i), before(theta, 0, work), detail::as_read<X>(after), rank(0), rest(0));
    detail::outer_add(g + layout_[0].offset, row(theta, 0, i), detail::as_read<X>(after), rank(0), rest(0));
  }

 private:
  using Op = detail::Bilinears;
  Matrix<S> core_at(const Vector<S>& theta, Index mode) const {
    Matrix<S> unfolded;
    unfold(ranks_, theta.data() + layout_[0].offset, mode, unfolded);
    return unfolded;
  }
  void build() {
    auto x = graph_.parameter(layout_[0].offset, rank(0), rest(0));
    double size = static_cast<double>(layout_[0].count);
    for (Index n = 0; n + 1 < order(); ++n) {  // (r_n x others)^T U_n^T: the mode moves to the end, its size becomes n_n
      const Index others = static_cast<Index>(size) / rank(n);
      x = graph_.multiply(Op::product_tn, x, rank(n), others, factor(n), rank(n), shape_[n]);
      halves_flops_ += 2 * size * static_cast<double>(shape_[n]);
      size = static_cast<double>(others * shape_[n]);
    }
    const auto last = factor(order() - 1);
    graph_.finish(x, last, rank(order() - 1));
  }
  typename detail::BilinearGraph<S>::Id factor(Index n) { return graph_.parameter(layout_[n + 1].offset, rank(n), shape_[n]); }
  /// Numbers of the largest node of the chain.
  double halves_size() const {
    double size = ranks_.size(), largest = size;
    for (Index n = 0; n + 1 < order(); ++n)
      size *= static_cast<double>(shape_[n]) / static_cast<double>(rank(n)), largest = std::max(largest, size);
    return largest;
  }
  /// r_{n+2} ... r_d: what is left once mode n is contracted.
  Index rest(Index n) const {
    Index product = 1;
    for (Index m = n + 1; m < order(); ++m) product *= rank(m);
    return product;
  }
  template <class X>
  X row(X x, Index n, const Index* i) const {
    return x + (layout_[n + 1].offset + i[n] * rank(n));
  }
  /// What row n meets: the core, contracted with the rows before.
  template <class X, class W>
  X before(X theta, Index n, W work) const {
    return n == 0 ? theta + layout_[0].offset : detail::as_read<X>(work + (n - 1) * rest(0));
  }

  Shape shape_, ranks_;
  detail::Halving halving_;
  Layout layout_;
  detail::BilinearGraph<S> graph_;
  double halves_flops_ = 0;
};

}  // namespace tacit
