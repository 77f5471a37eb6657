// SPDX-License-Identifier: MIT
#pragma once
// The terms of a problem that are penalties:
//   ThetaTerm    a penalty on theta
//   MatrixTerm   a penalty on W: a term on all entries, whatever the data term observes
// As a DataTerm (term.hpp), each adds its value, gradient and Hessian-vector product at theta, in a workspace of its own.

#include "term.hpp"

namespace tacit {

/// A penalty on theta: value_and_gradient(theta, g) returns its value and adds its gradient to g.
template <class P, class S>
concept ThetaPenalty = requires(const P penalty, In<S> theta, Out<S> g) {
  { penalty.value_and_gradient(theta, g) } -> std::convertible_to<S>;
};
/// A penalty on W: start<S>(rows, cols) makes its buffers, value_and_slope(W, buffers, slope) returns its value and writes its gradient.
template <class P, class S>
concept MatrixPenalty = requires(const P penalty, ConstMatrixMap<S> W, MatrixMap<S> slope) {
  penalty.template start<S>(Index(1), Index(1));
  requires requires(decltype(penalty.template start<S>(Index(1), Index(1)))& buffers) {
    { penalty.value_and_slope(W, buffers, slope) } -> std::convertible_to<S>;
  };
};

namespace detail {
/// What the two kinds of penalty terms share.
template <class P>
class PenaltyOf {
 public:
  static constexpr bool is_data = false;
  static constexpr Index degree = polynomial_degree<P>;  ///< as a polynomial of its argument; 0 where it is none
  explicit PenaltyOf(P penalty) : penalty_(std::move(penalty)) {}
  std::string name() const { return penalty_.name(); }
  template <class Archive>
  void persist(Archive& archive) {
    std::string penalty = name();
    archive("penalty", penalty);
    penalty_.persist(archive);
  }

 protected:
  P penalty_;
};
}  // namespace detail

template <Scalar S, class P>
class ThetaTerm : public detail::PenaltyOf<P> {
  using detail::PenaltyOf<P>::penalty_;

 public:
  static constexpr bool on_theta = true;
  using detail::PenaltyOf<P>::PenaltyOf;

  template <class M>
  struct Workspace {
    Vector<S> scratch;
  };
  template <class M>
  Workspace<M> workspace(const M&) const {
    return {};
  }
  template <class M>
  S value(const M&, In<S> theta, Workspace<M>& ws) const {
    ws.scratch.resize(theta.size());
    ws.scratch.setZero();
    return penalty_.value_and_gradient(theta, Out<S>(ws.scratch));
  }
  template <class M>
  S value_and_gradient(const M&, In<S> theta, Workspace<M>&, Write write, Out<S> g) const {
    if (write == Write::set) g.setZero();
    return penalty_.value_and_gradient(theta, g);
  }
  template <class M>
  void hessian_times(const M&, In<S> theta, In<S> v, Workspace<M>&, Write write, Out<S> hv) const {
    if (write == Write::set) hv.setZero();
    penalty_.hessian_times(theta, v, hv);
  }
  /// A penalty on theta has no J in between: its Hessian itself.
  template <class M>
  void gauss_newton_times(const M& model, In<S> theta, In<S> v, Workspace<M>& ws, Write write, Out<S> cv) const {
    hessian_times(model, theta, v, ws, write, cv);
  }
  template <class M>
  std::string explain(const Workspace<M>&) const {
    return {};
  }
};

template <Scalar S, class P>
class MatrixTerm : public detail::PenaltyOf<P> {
  using detail::PenaltyOf<P>::penalty_;

 public:
  static constexpr bool on_theta = false;
  using detail::PenaltyOf<P>::PenaltyOf;

  template <class M>
  struct Workspace {
    AllEntries at;
    detail::WorkspaceOf<M, AllEntries> model;
    decltype(std::declval<const P&>().template start<S>(Index(1), Index(1))) penalty;
    Matrix<S> W, slope, dW, dslope;
  };
  template <class M>
  Workspace<M> workspace(const M& model) const {
    const AllEntries at(model.shape());  // a tensor shows itself to penalties as its unfolding at mode 0
    return {at,
            model.workspace(at),
            penalty_.template start<S>(at.rows(), at.cols()),
            Matrix<S>(at.rows(), at.cols()),
            Matrix<S>(at.rows(), at.cols()),
            {},
            {}};
  }
  template <class M>
  S value(const M& model, In<S> theta, Workspace<M>& ws) const {
    model.evaluate(theta, ws.at, ws.model, flat(ws.W));
    return penalty_.value_and_slope(view(ws.W), ws.penalty, map(ws.slope));
  }
  template <class M>
  S value_and_gradient(const M& model, In<S> theta, Workspace<M>& ws, Write write, Out<S> g) const {
    const S value = this->value(model, theta, ws);
    model.pullback(theta, ws.at, ws.model, flat(ws.slope), write, g);
    return value;
  }
  template <class M>
  void hessian_times(const M& model, In<S> theta, In<S> v, Workspace<M>& ws, Write write, Out<S> hv) const {
    if (ws.dW.size() == 0) ws.dW.resizeLike(ws.W), ws.dslope.resizeLike(ws.W);
    model.pushforward(theta, ws.at, ws.model, v, flat(ws.dW));
    penalty_.curvature_times(view(ws.W), ws.penalty, view(ws.dW), map(ws.dslope));
    model.pullback_tangent(theta, ws.at, ws.model, flat(ws.slope), flat(ws.dslope), v, write, hv);
  }
  template <class M>
  void gauss_newton_times(const M& model, In<S> theta, In<S> v, Workspace<M>& ws, Write write, Out<S> cv) const {
    if (ws.dW.size() == 0) ws.dW.resizeLike(ws.W), ws.dslope.resizeLike(ws.W);
    model.pushforward(theta, ws.at, ws.model, v, flat(ws.dW));
    penalty_.curvature_times(view(ws.W), ws.penalty, view(ws.dW), map(ws.dslope));
    model.pullback(theta, ws.at, ws.model, flat(ws.dslope), write, cv);
  }
  template <class M>
  std::string explain(const Workspace<M>& ws) const {
    return ws.slope.allFinite() ? std::string{} : sentence("the penalty ", this->name(), " has no finite gradient");
  }

 private:
  static Eigen::Map<Vector<S>> flat(Matrix<S>& W) { return {W.data(), W.size()}; }
  static ConstMatrixMap<S> view(const Matrix<S>& W) { return {W.data(), W.rows(), W.cols()}; }
  static MatrixMap<S> map(Matrix<S>& W) { return {W.data(), W.rows(), W.cols()}; }
};

}  // namespace tacit
