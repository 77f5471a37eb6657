// SPDX-License-Identifier: MIT
#pragma once
// CP factorization  W = sum_{r <= R} a_r^1 x ... x a_r^d  (outer products), any order d >= 1, any number R of components.
//                                                                             [Hitchcock 1927; Razin, Maman & Cohen 2021; Kolda & Bader 2009]
// theta stores the factors A_n of shape n_n x R one after another, row by row;  P = R sum_n n_n.
//   halves     T = the Khatri-Rao product of the factors before the split, P = that of those after it; inner dimension R
//   per_entry  W(i) = sum_r prod_n A_n(i_n, r);  dW/dA_n(i_n, :) = the product of the other rows.   3 d R flops an entry and gradient
// With R components any tensor of CP rank at most R is represented; R above the modes' sizes is what Razin et al. use.

#include "../core/norm.hpp"
#include "cp_bunch.hpp"
#include "tensor_model.hpp"

namespace tacit {

template <Scalar S>
class CP : public TensorModel<CP<S>, S> {
 public:
  struct Sizes {
    Shape shape;
    Index rank = 1;
  };
  /// {.shape = {10, 10, 10, 10}, .rank = 100}.
  explicit CP(Sizes sizes) : shape_(std::move(sizes.shape)), rank_(sizes.rank), halving_(detail::balanced_halving(shape_)) {
    require(order() >= 2, "CP: the shape has order ", order(), ", needs at least 2 modes");
    require(rank_ > 0, "CP: the rank is ", rank_, ", needs at least 1 component");
    for (Index n = 0; n < order(); ++n) layout_.add(sentence("A", n + 1), {shape_[n], rank_}, StorageOrder::row_major);
    std::vector<Index> offsets;
    for (Index n = 0; n < order(); ++n) offsets.push_back(layout_[n].offset);
    bunches_ = detail::CPBunch<S>(shape_, rank_, std::move(offsets));
    if (!halving_.fits(rank_)) return;
    const auto half = [&](Index from, Index to) {
      auto product = factor_node(from);
      for (Index n = from + 1; n < to; ++n) product = graph_.face_split(product, factor_node(n));
      return product;
    };
    const auto left = half(0, halving_.split), right = half(halving_.split, order());
    graph_.finish(left, right, rank_);
  }

  const Layout& layout() const { return layout_; }
  const Shape& shape() const { return shape_; }
  Index order() const { return shape_.order(); }
  /// R, the number of components.
  Index rank() const { return rank_; }
  /// W is homogeneous of this degree in theta.
  Index degree() const { return order(); }

  /// A start whose components have vectors of equal norm: near_zero, then each component's vectors scaled to the geometric mean of their norms, which
  /// leaves W as it is. Gradient flow keeps  |a_r^n|^2 - |a_r^m|^2 = 0.                                               [Razin et al. 2021]
  Vector<S> balanced(const NearZero& options) const {
    Vector<S> theta = this->near_zero(options);
    for (Index r = 0; r < rank_; ++r) {
      double log_norms = 0;
      for (Index n = 0; n < order(); ++n) log_norms += std::log(static_cast<double>(detail::norm(layout_.matrix(theta, n).col(r))));
      const double target = std::exp(log_norms / static_cast<double>(order()));
      for (Index n = 0; n < order(); ++n) {
        auto column = layout_.matrix(theta, n).col(r);
        column *= static_cast<S>(target / static_cast<double>(detail::norm(column)));
      }
    }
    return theta;
  }
  /// |a_r^1 x ... x a_r^d| = prod_n |a_r^n|, for every r.
  Vector<S> component_norms(const Vector<S>& theta) const {
    Vector<S> norms = Vector<S>::Ones(rank_);
    for (Index n = 0; n < order(); ++n) {
      const auto factor = layout_.matrix(theta, n);
      for (Index r = 0; r < rank_; ++r) norms[r] *= detail::norm(factor.col(r));
    }
    return norms;
  }
  /// |a_r^n|, for every r, of mode n = `mode`.
  Vector<S> column_norms(const Vector<S>& theta, Index mode) const {
    require(mode >= 0 && mode < order(), "column_norms: mode ", mode, " is asked for, the ", shape_, " tensor has modes 0 to ",
            order() - 1);
    return detail::column_norms(layout_.matrix(theta, mode));
  }
  /// <-grad l, T_r / |T_r|> for every r, from the gradient g of l at theta (grad l of W, which is not formed): <grad l, T_r> = <a_r^n, dl/da_r^n> for
  /// any n, since T_r is linear in each. Under balance gradient flow has  d|T_r|/dt = d |T_r|^(2 - 2/d)  times this.             [Razin et al. 2021]
  Vector<S> component_alignments(const Vector<S>& theta, const Vector<S>& g) const {
    const auto factor = layout_.matrix(theta, 0), slope = layout_.matrix(g, 0);
    const Vector<S> norms = component_norms(theta);
    Vector<S> alignments(rank_);
    for (Index r = 0; r < rank_; ++r) alignments[r] = norms[r] > 0 ? -factor.col(r).dot(slope.col(r)) / norms[r] : S(0);
    return alignments;
  }
  /// What gradient flow conserves:  |a_r^n|^2 - |a_r^m|^2  for all r and n < m.
  Vector<double> invariants(const Vector<S>& theta) const {
    Vector<double> differences(rank_ * order() * (order() - 1) / 2);
    Index k = 0;
    for (Index n = 0; n < order(); ++n)
      for (Index m = n + 1; m < order(); ++m) {
        const auto one = layout_.matrix(theta, n), other = layout_.matrix(theta, m);
        for (Index r = 0; r < rank_; ++r) differences[k++] = detail::squared(one.col(r)) - detail::squared(other.col(r));
      }
    return differences;
  }

  friend std::ostream& operator<<(std::ostream& out, const CP& model) {
    return out << "CP<" << scalar_name<S>() << ">({.shape = " << model.shape_ << ", .rank = " << model.rank_ << "})";
  }

  // ---- For TensorModel

  const detail::Halving& halving() const { return halving_; }
  const detail::BilinearGraph<S>& graph() const { return graph_; }
  double halves_flops() const { return 2.0 * static_cast<double>(rank_) * (halving_.rows + halving_.cols); }
  double entry_flops() const { return static_cast<double>((order() + 1) * rank_); }
  /// Products of the first two, three, ... rows, and one row for the way back.
  Index work_size() const { return order() * rank_; }
  const detail::CPBunch<S>& bunches() const { return bunches_; }

  void prefetch(const S* x, const Index* i) const {
    for (Index n = 1; n < order(); ++n) detail::prefetch(x + layout_[n].offset + i[n] * rank_, rank_);
  }
  template <class X, class W>
  void meet(X theta, const Index* i, W work) const {
    for (Index n = 1; n + 1 < order(); ++n) detail::multiply(work + (n - 1) * rank_, before(theta, n, i, work), row(theta, n, i), rank_);
  }
  template <class X, class W>
  auto value(X theta, const Index* i, W work) const {
    return detail::dot(before(theta, order() - 1, i, work), row(theta, order() - 1, i), rank_);
  }
  template <class X, class W, class Number, class G>
  void backward(X theta, const Index* i, W work, const Number& zbar, G g) const {
    const Index last = order() - 1;
    detail::scale_add(row(g, last, i), zbar, before(theta, last, i, work), rank_);
    const W after = work + last * rank_;  // zbar times the rows after n
    detail::scale(after, zbar, row(theta, last, i), rank_);
    for (Index n = last - 1; n > 0; --n) {
      detail::multiply_add(row(g, n, i), detail::as_read<X>(after), before(theta, n, i, work), rank_);
      detail::multiply(after, detail::as_read<X>(after), row(theta, n, i), rank_);
    }
    detail::copy_add(row(g, 0, i), detail::as_read<X>(after), rank_);
  }

 private:
  typename detail::BilinearGraph<S>::Id factor_node(Index n) { return graph_.parameter(layout_[n].offset, rank_, shape_[n]); }
  template <class X>
  X row(X x, Index n, const Index* i) const {
    return x + (layout_[n].offset + i[n] * rank_);
  }
  /// The product of the rows of the modes before n.
  template <class X, class W>
  X before(X theta, Index n, const Index* i, W work) const {
    return n == 1 ? row(theta, 0, i) : detail::as_read<X>(work + (n - 2) * rank_);
  }

  Shape shape_;
  Index rank_;
  detail::Halving halving_;
  Layout layout_;
  detail::BilinearGraph<S> graph_;
  detail::CPBunch<S> bunches_;
};

}  // namespace tacit
