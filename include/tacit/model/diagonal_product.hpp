// SPDX-License-Identifier: MIT
#pragma once
// Diagonal linear network as a product  x = theta_1 * ... * theta_L,  entrywise, L >= 1: a deep matrix factorization of diagonal factors.
// W = x is a vector of shape {d}; theta stores the factors one after another;  P = L d. With prefix products P_l = theta_1 ... theta_l and
// B_l = theta_{l+1} ... theta_L A^*(zbar) the verbs are
//   evaluate          z = A(P_L)                             pullback          dl/dtheta_l = B_l P_{l-1}
//   pushforward       z' = A(P'_L),  P'_l = v_l P_{l-1} + theta_l P'_{l-1}      pullback_tangent  the derivative of pullback along v
// Balancedness, which the flow conserves: theta_l^2 - theta_k^2 per entry. Cost of a gradient: 4 d m flops on m linear measurements, and 4 L d.

#include "../core/layout.hpp"
#include "../observation/dense.hpp"
#include "diagonal_initial.hpp"

namespace tacit {

template <Scalar S>
class DiagonalProduct : public InitialisesDiagonal<DiagonalProduct<S>, S> {
 public:
  using scalar_type = S;
  static constexpr bool layered = true;  ///< W is the product of the blocks, in their order (model/paths.hpp)
  struct Sizes {
    Index size, depth;
  };
  /// {.size = d, .depth = L}. Throws where one of them is below 1.
  explicit DiagonalProduct(Sizes sizes) : d_(sizes.size), depth_(sizes.depth) {
    require(d_ > 0 && depth_ > 0, "DiagonalProduct: size ", d_, " and depth ", depth_, " need to be at least 1");
    for (Index l = 1; l <= depth_; ++l) layout_.add(sentence("theta", l), {d_});
  }

  const Layout& layout() const { return layout_; }
  Index parameter_count() const { return layout_.parameter_count(); }
  /// L.
  Index degree() const { return depth_; }
  Index depth() const { return depth_; }
  Index rows() const { return d_; }
  Index cols() const { return 1; }
  Shape shape() const { return {d_}; }

  /// x(theta).
  Vector<S> value(const Vector<S>& theta) const {
    layout_.require_size(theta.size(), "DiagonalProduct::value");
    Vector<S> x = theta.head(d_);
    for (Index l = 1; l < depth_; ++l) x.array() *= theta.segment(l * d_, d_).array();
    return x;
  }

  /// Buffers of one run on one observation. Column l of the stacks belongs to factor l + 1: P_{l+1} and P'_{l+1}.
  struct Workspace {
    Matrix<S> prefix, tangent;
    Vector<S> adjoint, dadjoint, xbar;
  };
  template <class O>
  Workspace workspace(const O& at) const {
    require(at.rows() == d_ && at.cols() == 1, "DiagonalProduct: the observation is of ", at.rows(), " x ", at.cols(),
            " numbers, the model is a vector of ", d_);
    return {Matrix<S>(d_, depth_), {}, Vector<S>(d_), Vector<S>(d_), Vector<S>(d_)};
  }

  /// z = A(x(theta)).
  template <class O>
  void evaluate(In<S> theta, const O& at, Workspace& ws, Out<S> z) const {
    ws.prefix.col(0) = theta.head(d_);
    for (Index l = 1; l < depth_; ++l) ws.prefix.col(l) = ws.prefix.col(l - 1).cwiseProduct(factor(theta, l));
    detail::sample<S>(at, ws.prefix.col(depth_ - 1).data(), Write::set, z);
  }
  /// g (+)= J^T zbar at the theta of the last evaluate.
  template <class O>
  void pullback(In<S> theta, const O& at, Workspace& ws, In<S> zbar, Write write, Out<S> g) const {
    detail::spread<S>(at, zbar, Write::set, ws.xbar.data());
    ws.adjoint = ws.xbar;
    for (Index l = depth_ - 1; l > 0; --l) {
      put(write, factor(g, l), ws.adjoint.cwiseProduct(ws.prefix.col(l - 1)));
      ws.adjoint.array() *= factor(theta, l).array();
    }
    put(write, factor(g, 0), ws.adjoint);
  }
  /// dz = J v at the theta of the last evaluate.
  template <class O>
  void pushforward(In<S> theta, const O& at, Workspace& ws, In<S> v, Out<S> dz) const {
    ws.tangent.resize(d_, depth_);
    ws.tangent.col(0) = v.head(d_);
    for (Index l = 1; l < depth_; ++l)
      ws.tangent.col(l) = factor(v, l).cwiseProduct(ws.prefix.col(l - 1)) + factor(theta, l).cwiseProduct(ws.tangent.col(l - 1));
    detail::sample<S>(at, ws.tangent.col(depth_ - 1).data(), Write::set, dz);
  }
  /// hv (+)= J^T dzbar + (dJ[v])^T zbar, after evaluate, pullback of the same zbar and pushforward of the same v.
  template <class O>
  void pullback_tangent(In<S> theta, const O& at, Workspace& ws, In<S>, In<S> dzbar, In<S> v, Write write, Out<S> hv) const {
    detail::spread<S>(at, dzbar, Write::set, ws.dadjoint.data());
    ws.adjoint = ws.xbar;
    for (Index l = depth_ - 1; l > 0; --l) {
      put(write, factor(hv, l), ws.dadjoint.cwiseProduct(ws.prefix.col(l - 1)) + ws.adjoint.cwiseProduct(ws.tangent.col(l - 1)));
      ws.dadjoint = ws.dadjoint.cwiseProduct(factor(theta, l)) + ws.adjoint.cwiseProduct(factor(v, l));
      ws.adjoint.array() *= factor(theta, l).array();
    }
    put(write, factor(hv, 0), ws.dadjoint);
  }

  friend std::ostream& operator<<(std::ostream& out, const DiagonalProduct& model) {
    return out << "DiagonalProduct<" << scalar_name<S>() << ">({.size = " << model.d_ << ", .depth = " << model.depth_ << "})";
  }

 private:
  auto factor(In<S> x, Index l) const { return x.segment(l * d_, d_); }
  auto factor(Out<S>& x, Index l) const { return x.segment(l * d_, d_); }
  template <class To, class From>
  static void put(Write write, To to, const From& from) {
    if (write == Write::set) to = from;
    else to += from;
  }

  Index d_, depth_;
  Layout layout_;
};

}  // namespace tacit
