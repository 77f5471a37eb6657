// SPDX-License-Identifier: MIT
#pragma once
// Symmetric factorization  W = U U^T,  U of shape n x r; positive semidefinite of rank at most r.            [Gunasekar et al. 2017]
// theta stores U row-major;  P = n r. The verbs are those of a product of two factors that happen to be the same:
//   evaluate z = A(U U^T),   pullback  dl/dU = (G + G^T) U  with G = A^*(zbar),   pushforward z' = A(V U^T + U V^T).
// One gradient costs O(|Omega| r) flops on observed entries, 6 n^2 r on dense observations.

#include "../core/layout.hpp"
#include "../observation/bilinear.hpp"
#include "initial.hpp"

namespace tacit {

template <Scalar S>
class SymmetricMatrix : public InitialisesFactors<SymmetricMatrix<S>, S> {
 public:
  using scalar_type = S;
  static constexpr bool two_factors = true;  ///< U and its transpose
  struct Sizes {
    Index size, width;
  };
  /// {.size = n, .width = r}.
  explicit SymmetricMatrix(Sizes sizes) : n_(sizes.size), r_(sizes.width) {
    require(n_ > 0 && r_ > 0, "SymmetricMatrix: size ", n_, " and width ", r_, " need to be at least 1");
    layout_.add("U", {n_, r_}, StorageOrder::row_major);
  }

  const Layout& layout() const { return layout_; }
  Index parameter_count() const { return layout_.parameter_count(); }
  Index degree() const { return 2; }
  Index rows() const { return n_; }
  Index cols() const { return n_; }
  Shape shape() const { return {n_, n_}; }
  /// rank W <= r.
  Index bottleneck() const { return std::min(n_, r_); }
  auto factor(const Vector<S>& theta) const { return layout_.matrix(theta, 0); }

  struct Workspace {
    detail::Bilinear<S> ends;
  };
  template <class O>
  Workspace workspace(const O& at) const {
    require(at.rows() == n_ && at.cols() == n_, "SymmetricMatrix: the observation is of a ", at.rows(), " x ", at.cols(),
            " matrix, the model is ", n_, " x ", n_);
    return {detail::Bilinear<S>(at, r_)};
  }

  /// z = A(U U^T).
  template <class O>
  void evaluate(In<S> theta, const O& at, Workspace& ws, Out<S> z) const {
    ws.ends.read(at, theta.data(), theta.data(), Write::set, z);
  }
  /// g (+)= J^T zbar.
  template <class O>
  void pullback(In<S> theta, const O& at, Workspace& ws, In<S> zbar, Write write, Out<S> g) const {
    ws.ends.pull(at, zbar, theta.data(), theta.data(), write, g.data(), Write::add, g.data());
  }
  /// dz = J v.
  template <class O>
  void pushforward(In<S> theta, const O& at, Workspace& ws, In<S> v, Out<S> dz) const {
    ws.ends.read(at, v.data(), theta.data(), Write::set, dz);
    ws.ends.read(at, theta.data(), v.data(), Write::add, dz);
  }
  /// hv (+)= J^T dzbar + (dJ[v])^T zbar.
  template <class O>
  void pullback_tangent(In<S> theta, const O& at, Workspace& ws, In<S> zbar, In<S> dzbar, In<S> v, Write write, Out<S> hv) const {
    ws.ends.pull(at, dzbar, theta.data(), theta.data(), write, hv.data(), Write::add, hv.data());
    ws.ends.pull(at, zbar, v.data(), v.data(), Write::add, hv.data(), Write::add, hv.data());
  }

  /// W = left * right with left = U, right = U^T.
  void split(const Vector<S>& theta, Matrix<S>& left, Matrix<S>& right) const {
    left = factor(theta);
    right = left.transpose();
  }

  friend std::ostream& operator<<(std::ostream& out, const SymmetricMatrix& model) {
    return out << "SymmetricMatrix<" << scalar_name<S>() << ">({.size = " << model.n_ << ", .width = " << model.r_ << "})";
  }

 private:
  Index n_, r_;
  Layout layout_;
};

}  // namespace tacit
