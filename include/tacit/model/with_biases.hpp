// SPDX-License-Identifier: MIT
#pragma once
// A model with biases that are trained with it, as ratings want them:  W_ij = mu + b_i + c_j + W'_ij,  W' of any model of a matrix.      [Koren, Bell & Volinsky 2009]
// theta = (mu, b, c, theta'):  blocks "global" (1), "row_bias" (n1), "col_bias" (n2), then those of the model. The verbs are its own plus
//   evaluate, pushforward  z_k += mu + b_i + c_j        pullback, pullback_tangent  dmu = sum zbar_k,  db_i = sum over row i,  dc_j = sum over column j
// (the biases are linear: no second order). Biases cost O(m + n1 + n2) beside the model. Read through entries: AllEntries, Entries and batches of them.
//
//   const WithBiases model(DeepMatrix<double>({1682, 8, 943}));   Problem problem(model, ratings, MeanSquares{}, ...)

#include "../core/layout.hpp"
#include "../observation/all_entries.hpp"
#include "../observation/entries.hpp"

namespace tacit {

template <class Model>
class WithBiases {
 public:
  using scalar_type = typename Model::scalar_type;
  using S = scalar_type;

  explicit WithBiases(Model model) : model_(std::move(model)) {
    layout_.add("global", {1}).add("row_bias", {rows()}).add("col_bias", {cols()});
    for (const Block& block : model_.layout()) layout_.add(block.name, block.shape, block.order);
  }

  const Layout& layout() const { return layout_; }
  Index parameter_count() const { return layout_.parameter_count(); }
  Index rows() const { return model_.shape().rows(); }
  Index cols() const { return model_.shape().cols(); }
  Shape shape() const { return model_.shape(); }
  /// Of W' in theta'; the biases are of degree 1.
  Index degree() const { return model_.degree(); }
  bool polynomial() const requires requires(const Model& m) { m.polynomial(); }
  { return model_.polynomial(); }
  /// W' alone.
  const Model& factors() const { return model_; }

  /// theta without biases yet: zeros, then a start of the model,  model.start(model.factors().near_zero({...})).
  Vector<S> start(const Vector<S>& factors) const {
    model_.layout().require_size(factors.size(), "WithBiases::start");
    Vector<S> theta = Vector<S>::Zero(parameter_count());
    theta.tail(factors.size()) = factors;
    return theta;
  }
  /// theta', which W' is made of.
  Vector<S> factors(const Vector<S>& theta) const {
    layout_.require_size(theta.size(), "WithBiases::factors");
    return theta.tail(model_.parameter_count());
  }

  template <class O>
  auto workspace(const O& at) const {
    return model_.workspace(at);
  }
  /// z = A(W(theta)).
  template <class O, class Workspace>
  void evaluate(In<S> theta, const O& at, Workspace& ws, Out<S> z) const {
    model_.evaluate(inner(theta), at, ws, z);
    add_biases(theta, at, z);
  }
  /// g (+)= J^T zbar.
  template <class O, class Workspace>
  void pullback(In<S> theta, const O& at, Workspace& ws, In<S> zbar, Write write, Out<S> g) const {
    model_.pullback(inner(theta), at, ws, zbar, write, g.tail(model_.parameter_count()));
    sum_into_biases(at, zbar, write, g);
  }
  /// dz = J v.
  template <class O, class Workspace>
  void pushforward(In<S> theta, const O& at, Workspace& ws, In<S> v, Out<S> dz) const {
    model_.pushforward(inner(theta), at, ws, inner(v), dz);
    add_biases(v, at, dz);
  }
  /// hv (+)= J^T dzbar + (dJ[v])^T zbar.
  template <class O, class Workspace>
  void pullback_tangent(In<S> theta, const O& at, Workspace& ws, In<S> zbar, In<S> dzbar, In<S> v, Write write, Out<S> hv) const {
    model_.pullback_tangent(inner(theta), at, ws, zbar, dzbar, inner(v), write, hv.tail(model_.parameter_count()));
    sum_into_biases(at, dzbar, write, hv);
  }

  friend std::ostream& operator<<(std::ostream& out, const WithBiases& model) { return out << "WithBiases(" << model.model_ << ")"; }

 private:
  auto inner(In<S> theta) const { return theta.tail(model_.parameter_count()); }
  /// f(k, i, j) for every observation.
  template <class O, class F>
  static void each(const O& at, const F& f) {
    static_assert(
        requires { at.row()[0]; } || std::same_as<O, AllEntries>,
        "WithBiases: biases are read through entries (AllEntries, Entries or EntryList)");
    if constexpr (std::same_as<O, AllEntries>) {
      for (Index j = 0, k = 0; j < at.cols(); ++j)
        for (Index i = 0; i < at.rows(); ++i, ++k) f(k, i, j);
    } else {
      for (Index k = 0; k < at.count(); ++k) f(k, Index(at.row()[k]), Index(at.col()[k]));
    }
  }
  template <class O>
  void add_biases(In<S> theta, const O& at, Out<S>& z) const {
    const S *row = theta.data() + 1, *col = row + rows();
    each(at, [&](Index k, Index i, Index j) { z[k] += theta[0] + row[i] + col[j]; });
  }
  template <class O>
  void sum_into_biases(const O& at, In<S> zbar, Write write, Out<S>& g) const {
    if (write == Write::set) g.head(1 + rows() + cols()).setZero();
    S *row = g.data() + 1, *col = row + rows();
    each(at, [&](Index k, Index i, Index j) { g[0] += zbar[k], row[i] += zbar[k], col[j] += zbar[k]; });
  }

  Model model_;
  Layout layout_;
};

}  // namespace tacit
