// SPDX-License-Identifier: MIT
#pragma once
// Any model under any observation, through the dense W:  z = A(W(theta)),  W evaluated on all entries. For a model whose verbs know
// AllEntries alone, or whose own way to an observation is slower than forming W. A wrapper that is asked for by name,
//
//   const auto dense = through_dense(model);     Problem problem(dense, data, MeanSquares{});
//
// with all verbs that the model has. A step costs that of the model on all entries and of one pass of the observation over W; memory for W
// and its gradient, four n1 x n2 in all once Hessian-vector products are asked for. Refused above Shape::dense_limit entries.

#include <ostream>
#include <utility>

#include "../core/layout.hpp"
#include "../observation/tensor_dense.hpp"

namespace tacit {

namespace detail {
template <class Model>
using AllEntriesWorkspace = decltype(std::declval<const Model&>().workspace(std::declval<const AllEntries&>()));
template <class Model>
concept HasTangents = requires(const Model& model, const AllEntries& all, AllEntriesWorkspace<Model>& ws,
                               In<typename Model::scalar_type> in, Out<typename Model::scalar_type> out) {
  model.pushforward(in, all, ws, in, out);
  model.pullback_tangent(in, all, ws, in, in, in, Write::set, out);
};
}  // namespace detail

template <class Model>
class ThroughDense {
 public:
  using scalar_type = typename Model::scalar_type;
  using S = scalar_type;

  explicit ThroughDense(Model model) : model_(std::move(model)), all_(model_.shape()) {}

  const Model& model() const { return model_; }
  const Layout& layout() const { return model_.layout(); }
  Index parameter_count() const { return model_.parameter_count(); }
  Index rows() const { return all_.rows(); }
  Index cols() const { return all_.cols(); }
  Shape shape() const { return all_.shape(); }
  Index degree() const requires requires(const Model& m) { m.degree(); }
  { return model_.degree(); }
  bool polynomial() const requires requires(const Model& m) { m.polynomial(); }
  { return model_.polynomial(); }

  struct Workspace {
    detail::AllEntriesWorkspace<Model> model;
    Vector<S> W, G, dW, dG;  ///< W, the cotangent of W, and their tangents
  };
  template <class O>
  Workspace workspace(const O& at) const {
    const Shape seen = shape_of(at);
    const bool as_matrix = seen.order() <= 2 && at.rows() == rows() && at.cols() == cols();  // of a tensor: its unfolding at mode 0
    require(as_matrix || seen.fits(shape()), "through_dense: the observation is of a ", seen, seen.order() > 2 ? " tensor" : " matrix",
            ", the model is ", shape());
    return {model_.workspace(all_), Vector<S>(all_.count()), Vector<S>(all_.count()), {}, {}};
  }

  /// z = A(W(theta)).
  template <class O>
  void evaluate(In<S> theta, const O& at, Workspace& ws, Out<S> z) const {
    model_.evaluate(theta, all_, ws.model, ws.W);
    detail::sample<S>(at, ws.W.data(), Write::set, z);
  }
  /// g (+)= J^T zbar.
  template <class O>
  void pullback(In<S> theta, const O& at, Workspace& ws, In<S> zbar, Write write, Out<S> g) const {
    detail::spread<S>(at, zbar, Write::set, ws.G.data());
    model_.pullback(theta, all_, ws.model, ws.G, write, g);
  }
  /// dz = J v.
  template <class O>
  requires detail::HasTangents<Model>
  void pushforward(In<S> theta, const O& at, Workspace& ws, In<S> v, Out<S> dz) const {
    if (ws.dW.size() == 0) ws.dW.resize(all_.count()), ws.dG.resize(all_.count());
    model_.pushforward(theta, all_, ws.model, v, ws.dW);
    detail::sample<S>(at, ws.dW.data(), Write::set, dz);
  }
  /// hv (+)= J^T dzbar + (dJ[v])^T zbar, after evaluate, pullback of the same zbar and pushforward of the same v.
  template <class O>
  requires detail::HasTangents<Model>
  void pullback_tangent(In<S> theta, const O& at, Workspace& ws, In<S>, In<S> dzbar, In<S> v, Write write, Out<S> hv) const {
    detail::spread<S>(at, dzbar, Write::set, ws.dG.data());
    model_.pullback_tangent(theta, all_, ws.model, ws.G, ws.dG, v, write, hv);
  }

  friend std::ostream& operator<<(std::ostream& out, const ThroughDense& dense) { return out << "through_dense(" << dense.model_ << ')'; }

 private:
  template <class O>
  static Shape shape_of(const O& at) {
    if constexpr (requires { at.shape(); }) return at.shape();
    else return {at.rows(), at.cols()};
  }

  Model model_;
  AllEntries all_;
};

template <class Model>
ThroughDense<Model> through_dense(Model model) {
  return ThroughDense<Model>(std::move(model));
}

}  // namespace tacit
