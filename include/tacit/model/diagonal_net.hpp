// SPDX-License-Identifier: MIT
#pragma once
// Diagonal linear network  x = u^D - v^D,  entrywise, of real depth D >= 2.     [Wind et al. 2023; Matt & Stoeger 2025; Karakida et al. 2023 with D = 2]
// W = x is a vector of shape {d}; theta stores u, then v;  P = 2 d. A whole D is the plain power, any other sign(u) |u|^D (entrywise_power.hpp).
// From u = v = alpha 1 the gradient flow of 1/2 |A x - y|^2 tends to a minimiser of the l1 norm as alpha falls (solver/diagonal_limit.hpp). The verbs are
//   evaluate          z = A(u^D - v^D)
//   pullback          D (u^(D-1) xbar, -v^(D-1) xbar)  with xbar = A^*(zbar)
//   pushforward       z' = A(D (u^(D-1) u' - v^(D-1) v'))
//   pullback_tangent  the derivative of pullback along (u', v')
// Cost of a gradient: 4 d m flops on m linear measurements, and O(D d), or 2 d powers where D is not whole. x is always formed.

#include "../core/entrywise_power.hpp"
#include "../core/layout.hpp"
#include "../observation/dense.hpp"
#include "diagonal_initial.hpp"

namespace tacit {

template <Scalar S>
class DiagonalNet : public InitialisesDiagonal<DiagonalNet<S>, S> {
 public:
  using scalar_type = S;
  struct Sizes {
    Index size;
    double depth;
  };
  /// {.size = d, .depth = D}. Throws where d < 1, or D is not finite or below 2.
  explicit DiagonalNet(Sizes sizes) : d_(sizes.size), power_(sizes.depth) {
    require(d_ > 0, "DiagonalNet: the size is ", d_, ", it needs to be at least 1");
    require(std::isfinite(sizes.depth) && sizes.depth >= 2, "DiagonalNet: the depth is ", sizes.depth,
            ", it needs to be 2 or more (any real number)");
    layout_.add("u", {d_});
    layout_.add("v", {d_});
  }

  const Layout& layout() const { return layout_; }
  Index parameter_count() const { return layout_.parameter_count(); }
  /// D: x is homogeneous of this degree in theta.
  double degree() const { return power_.degree(); }
  double depth() const { return power_.degree(); }
  /// Whether x is a polynomial of theta: for whole depths up to 16.
  bool polynomial() const { return power_.whole(); }
  Index rows() const { return d_; }
  Index cols() const { return 1; }
  Shape shape() const { return {d_}; }

  /// x(theta).
  Vector<S> value(const Vector<S>& theta) const {
    layout_.require_size(theta.size(), "DiagonalNet::value");
    Vector<S> slope(2 * d_), x(d_);
    form(theta, slope, x);
    return x;
  }

  /// Buffers of one run on one observation: pullback uses the powers of evaluate, pullback_tangent the adjoint of pullback, too.
  struct Workspace {
    Vector<S> x, adjoint, slope, bend;  // d, d, and p_1 and p_2 of (u, v): 2 d
  };
  template <class O>
  Workspace workspace(const O& at) const {
    require(at.rows() == d_ && at.cols() == 1, "DiagonalNet: the observation is of ", at.rows(), " x ", at.cols(),
            " numbers, the model is a vector of ", d_);
    return {Vector<S>(d_), Vector<S>(d_), Vector<S>(2 * d_), {}};
  }

  /// z = A(x(theta)).
  template <class O>
  void evaluate(In<S> theta, const O& at, Workspace& ws, Out<S> z) const {
    form(theta, ws.slope, ws.x);
    detail::sample<S>(at, ws.x.data(), Write::set, z);
  }
  /// g (+)= J^T zbar at the theta of the last evaluate.
  template <class O>
  void pullback(In<S>, const O& at, Workspace& ws, In<S> zbar, Write write, Out<S> g) const {
    detail::spread<S>(at, zbar, Write::set, ws.adjoint.data());
    to_blocks(ws.slope, ws.adjoint, power_.first(), write, g);
  }
  /// dz = J v at the theta of the last evaluate.
  template <class O>
  void pushforward(In<S>, const O& at, Workspace& ws, In<S> v, Out<S> dz) const {
    ws.x = power_.first() * (ws.slope.head(d_).cwiseProduct(v.head(d_)) - ws.slope.tail(d_).cwiseProduct(v.tail(d_)));
    detail::sample<S>(at, ws.x.data(), Write::set, dz);
  }
  /// hv (+)= J^T dzbar + (dJ[v])^T zbar, after evaluate and pullback of the same zbar.
  template <class O>
  void pullback_tangent(In<S> theta, const O& at, Workspace& ws, In<S>, In<S> dzbar, In<S> v, Write write, Out<S> hv) const {
    ws.bend.resize(2 * d_);
    power_.reduced(theta.data(), 2 * d_, 2, ws.bend.data());
    ws.bend.array() *= v.array();
    detail::spread<S>(at, dzbar, Write::set, ws.x.data());
    to_blocks(ws.slope, ws.x, power_.first(), write, hv);
    to_blocks(ws.bend, ws.adjoint, power_.second(), Write::add, hv);
  }

  friend std::ostream& operator<<(std::ostream& out, const DiagonalNet& model) {
    return out << "DiagonalNet<" << scalar_name<S>() << ">({.size = " << model.d_ << ", .depth = " << model.depth() << "})";
  }

 private:
  void form(In<S> theta, Vector<S>& slope, Vector<S>& x) const {
    power_.reduced(theta.data(), 2 * d_, 1, slope.data());
    x = slope.head(d_).cwiseProduct(theta.head(d_)) - slope.tail(d_).cwiseProduct(theta.tail(d_));
  }
  /// g (+)= c (f_u xbar, -f_v xbar).
  void to_blocks(const Vector<S>& f, const Vector<S>& xbar, S c, Write write, Out<S>& g) const {
    if (write == Write::set) {
      g.head(d_) = c * f.head(d_).cwiseProduct(xbar);
      g.tail(d_) = -c * f.tail(d_).cwiseProduct(xbar);
    } else {
      g.head(d_) += c * f.head(d_).cwiseProduct(xbar);
      g.tail(d_) -= c * f.tail(d_).cwiseProduct(xbar);
    }
  }

  Index d_;
  detail::EntrywisePower<S> power_;
  Layout layout_;
};

}  // namespace tacit
