// SPDX-License-Identifier: MIT
#pragma once
// Diagonal linear network of shared weights  x = w^L,  entrywise, of real depth L >= 2: all layers of the product theta_1 * ... * theta_L are one w.
//                                                                                                                       [Fojtik et al. 2025 with L = 2]
// W = x is a vector of shape {d}; theta stores w;  P = d. A whole L is the plain power, so that even depths reach x >= 0 alone; any other is sign(w) |w|^L
// (entrywise_power.hpp). The gradient flow from w = alpha 1 is that of the product from the balanced start alpha 1 with L times the rate, and that of DiagonalNet
// from v = 0. The verbs are
//   evaluate          z = A(w^L)                               pullback           L w^(L-1) xbar  with xbar = A^*(zbar)
//   pushforward       z' = A(L w^(L-1) w')                     pullback_tangent   the derivative of pullback along w'
// Cost of a gradient: 4 d m flops on m linear measurements, and O(L d), or d powers where L is not whole. x is always formed.

#include "../core/entrywise_power.hpp"
#include "../core/layout.hpp"
#include "../observation/dense.hpp"
#include "diagonal_initial.hpp"

namespace tacit {

template <Scalar S>
class SharedDiagonal : public InitialisesDiagonal<SharedDiagonal<S>, S> {
 public:
  using scalar_type = S;
  struct Sizes {
    Index size;
    double depth;
  };
  /// {.size = d, .depth = L}. Throws where d < 1, or L is not finite or below 2.
  explicit SharedDiagonal(Sizes sizes) : d_(sizes.size), power_(sizes.depth) {
    require(d_ > 0, "SharedDiagonal: the size is ", d_, ", it needs to be at least 1");
    require(std::isfinite(sizes.depth) && sizes.depth >= 2, "SharedDiagonal: the depth is ", sizes.depth,
            ", it needs to be 2 or more (any real number)");
    layout_.add("w", {d_});
  }

  const Layout& layout() const { return layout_; }
  Index parameter_count() const { return layout_.parameter_count(); }
  /// L: x is homogeneous of this degree in theta.
  double degree() const { return power_.degree(); }
  double depth() const { return power_.degree(); }
  /// Whether x is a polynomial of theta: for whole depths up to 16.
  bool polynomial() const { return power_.whole(); }
  Index rows() const { return d_; }
  Index cols() const { return 1; }
  Shape shape() const { return {d_}; }

  /// x(theta).
  Vector<S> value(const Vector<S>& theta) const {
    layout_.require_size(theta.size(), "SharedDiagonal::value");
    Vector<S> x(d_);
    power_.reduced(theta.data(), d_, 1, x.data());
    return x.cwiseProduct(theta);
  }

  /// Buffers of one run on one observation: pullback uses the powers of evaluate, pullback_tangent the adjoint of pullback, too.
  struct Workspace {
    Vector<S> x, adjoint, slope, bend;  // d each; slope and bend are p_1 and p_2 of w
  };
  template <class O>
  Workspace workspace(const O& at) const {
    require(at.rows() == d_ && at.cols() == 1, "SharedDiagonal: the observation is of ", at.rows(), " x ", at.cols(),
            " numbers, the model is a vector of ", d_);
    return {Vector<S>(d_), Vector<S>(d_), Vector<S>(d_), {}};
  }

  /// z = A(x(theta)).
  template <class O>
  void evaluate(In<S> theta, const O& at, Workspace& ws, Out<S> z) const {
    power_.reduced(theta.data(), d_, 1, ws.slope.data());
    ws.x = ws.slope.cwiseProduct(theta);
    detail::sample<S>(at, ws.x.data(), Write::set, z);
  }
  /// g (+)= J^T zbar at the theta of the last evaluate.
  template <class O>
  void pullback(In<S>, const O& at, Workspace& ws, In<S> zbar, Write write, Out<S> g) const {
    detail::spread<S>(at, zbar, Write::set, ws.adjoint.data());
    if (write == Write::set) g = power_.first() * ws.slope.cwiseProduct(ws.adjoint);
    else g += power_.first() * ws.slope.cwiseProduct(ws.adjoint);
  }
  /// dz = J v at the theta of the last evaluate.
  template <class O>
  void pushforward(In<S>, const O& at, Workspace& ws, In<S> v, Out<S> dz) const {
    ws.x = power_.first() * ws.slope.cwiseProduct(v);
    detail::sample<S>(at, ws.x.data(), Write::set, dz);
  }
  /// hv (+)= J^T dzbar + (dJ[v])^T zbar, after evaluate and pullback of the same zbar.
  template <class O>
  void pullback_tangent(In<S> theta, const O& at, Workspace& ws, In<S>, In<S> dzbar, In<S> v, Write write, Out<S> hv) const {
    ws.bend.resize(d_);
    power_.reduced(theta.data(), d_, 2, ws.bend.data());
    detail::spread<S>(at, dzbar, Write::set, ws.x.data());
    if (write == Write::set) hv = power_.first() * ws.slope.cwiseProduct(ws.x);
    else hv += power_.first() * ws.slope.cwiseProduct(ws.x);
    hv += power_.second() * ws.bend.cwiseProduct(v).cwiseProduct(ws.adjoint);
  }

  friend std::ostream& operator<<(std::ostream& out, const SharedDiagonal& model) {
    return out << "SharedDiagonal<" << scalar_name<S>() << ">({.size = " << model.d_ << ", .depth = " << model.depth() << "})";
  }

 private:
  Index d_;
  detail::EntrywisePower<S> power_;
  Layout layout_;
};

}  // namespace tacit
