// SPDX-License-Identifier: MIT
#pragma once
// Deep matrix factorization  W = W_N ... W_1,  W_l of shape d_l x d_{l-1}, N >= 1.          [Arora et al. 2019, section 1]
// theta stores the W_l one after another, l = 1 first, column-major, but W_N row-major when N >= 2;  P = sum_l d_l d_{l-1}.
// With prefix products P_l = W_l ... W_1 and B_l = (W_N ... W_{l+1})^T A^*(zbar) the verbs are
//   evaluate          z  = A(W_N P_{N-1})
//   pullback          dl/dW_l = B_l P_{l-1}^T
//   pushforward       z' = A(V_N P_{N-1} + W_N P'_{N-1}),   P'_l = V_l P_{l-1} + W_l P'_{l-1}
//   pullback_tangent  the derivative of pullback along v, by the product rule
// One gradient on observed entries costs O(|Omega| d_{N-1} + sum_l d_l d_{l-1} d_0) flops; W itself is formed only on the dense path.

#include <algorithm>
#include <vector>

#include "../core/layout.hpp"
#include "../observation/bilinear.hpp"
#include "initial.hpp"

namespace tacit {

template <Scalar S>
class DeepMatrix : public InitialisesFactors<DeepMatrix<S>, S> {
 public:
  using scalar_type = S;
  static constexpr bool layered = true;      ///< W is the product of the blocks, in their order (model/paths.hpp)
  static constexpr bool two_factors = true;  ///< at depth two

  /// Widths from input to output: {d_0, d_1, ..., d_N}, W is d_N x d_0. Two widths are the plain matrix.
  explicit DeepMatrix(std::vector<Index> widths) : widths_(std::move(widths)) {
    require(widths_.size() >= 2, "DeepMatrix: got ", widths_.size(), " widths, needs at least two (input and output)");
    for (std::size_t l = 0; l < widths_.size(); ++l)
      require(widths_[l] > 0, "DeepMatrix: width ", l, " is ", widths_[l], ", every width needs at least 1");
    for (Index l = 0; l < depth(); ++l)
      layout_.add(sentence("W", l + 1), {width(l + 1), width(l)},
                  l > 0 && l == depth() - 1 ? StorageOrder::row_major : StorageOrder::column_major);
    for (Index l = 1; l < depth() - 1; ++l) Shape{width(l + 1), width(0)}.require_dense("DeepMatrix (the product of the first layers)");
  }

  const Layout& layout() const { return layout_; }
  /// P, the length of theta.
  Index parameter_count() const { return layout_.parameter_count(); }
  /// N, the number of factors, and the degree of W in theta.
  Index depth() const { return static_cast<Index>(widths_.size()) - 1; }
  Index degree() const { return depth(); }
  Index width(Index l) const { return widths_[static_cast<std::size_t>(l)]; }
  const std::vector<Index>& widths() const { return widths_; }
  Index rows() const { return widths_.back(); }
  Index cols() const { return widths_.front(); }
  Shape shape() const { return {rows(), cols()}; }

  /// W_{l+1} at theta, l = 0 ... N - 1, as a map.
  auto layer(const Vector<S>& theta, Index l) const { return layout_.matrix(theta, l); }
  /// Of a theta that may change: what is written to the map is written to theta.
  auto layer(Vector<S>& theta, Index l) const { return layout_.matrix(theta, l); }

  /// Buffers of one run on one observation. Between calls it remembers the last theta's products: pullback uses those of evaluate,
  /// pullback_tangent those of pullback and pushforward.
  struct Workspace {
    detail::Bilinear<S> ends;
    std::vector<Matrix<S>> prefix, adjoint, tangent, adjoint_tangent;  // index l: d_{l+1} x d_0, for 1 <= l <= N - 2
  };
  template <class O>
  Workspace workspace(const O& at) const {
    require(at.rows() == rows() && at.cols() == cols(), "DeepMatrix: the observation is of a ", at.rows(), " x ", at.cols(),
            " matrix, the model is ", rows(), " x ", cols());
    Workspace ws{detail::Bilinear<S>(at, width(depth() - 1)), {}, {}, {}, {}};
    allocate(ws.prefix);
    allocate(ws.adjoint);
    return ws;
  }

  /// z = A(W(theta)).
  template <class O>
  void evaluate(In<S> theta, const O& at, Workspace& ws, Out<S> z) const {
    if (depth() == 1) return detail::sample<S>(at, theta.data(), Write::set, z);
    for (Index l = 1; l < last(); ++l) detail::multiply<S>(factor(theta, l), prefix(theta, ws, l - 1), Write::set, map(ws.prefix, l));
    ws.ends.read(at, block(theta, last()), prefix(theta, ws, last() - 1).data(), Write::set, z);
  }

  /// g (+)= J^T zbar, J = dz/dtheta at the theta of the last evaluate.
  template <class O>
  void pullback(In<S> theta, const O& at, Workspace& ws, In<S> zbar, Write write, Out<S> g) const {
    if (depth() == 1) return detail::spread<S>(at, zbar, write, g.data());
    const Index top = last() - 1;
    ws.ends.pull(at, zbar, block(theta, last()), prefix(theta, ws, top).data(), write, block(g, last()), top ? Write::set : write,
                 top ? map(ws.adjoint, top).data() : block(g, 0));
    for (Index l = top; l > 0; --l) {
      detail::multiply_nt<S>(view(ws.adjoint, l), prefix(theta, ws, l - 1), write, factor(g, l));
      detail::multiply_tn<S>(factor(theta, l), view(ws.adjoint, l), l > 1 ? Write::set : write,
                             l > 1 ? map(ws.adjoint, l - 1) : factor(g, 0));
    }
  }

  /// dz = J v at the theta of the last evaluate.
  template <class O>
  void pushforward(In<S> theta, const O& at, Workspace& ws, In<S> v, Out<S> dz) const {
    if (depth() == 1) return detail::sample<S>(at, v.data(), Write::set, dz);
    if (ws.tangent.empty()) allocate(ws.tangent), allocate(ws.adjoint_tangent);
    for (Index l = 1; l < last(); ++l) {
      detail::multiply<S>(factor(v, l), prefix(theta, ws, l - 1), Write::set, map(ws.tangent, l));
      detail::multiply<S>(factor(theta, l), tangent(v, ws, l - 1), Write::add, map(ws.tangent, l));
    }
    ws.ends.read(at, block(v, last()), prefix(theta, ws, last() - 1).data(), Write::set, dz);
    ws.ends.read(at, block(theta, last()), tangent(v, ws, last() - 1).data(), Write::add, dz);
  }

  /// hv (+)= J^T dzbar + (dJ[v])^T zbar, after evaluate, pullback of the same zbar and pushforward of the same v.
  template <class O>
  void pullback_tangent(In<S> theta, const O& at, Workspace& ws, In<S> zbar, In<S> dzbar, In<S> v, Write write, Out<S> hv) const {
    if (depth() == 1) return detail::spread<S>(at, dzbar, write, hv.data());
    const Index top = last() - 1;
    S* to_cols = top ? map(ws.adjoint_tangent, top).data() : block(hv, 0);
    ws.ends.pull(at, dzbar, block(theta, last()), prefix(theta, ws, top).data(), write, block(hv, last()), top ? Write::set : write,
                 to_cols);
    ws.ends.pull(at, zbar, block(v, last()), tangent(v, ws, top).data(), Write::add, block(hv, last()), Write::add, to_cols);
    for (Index l = top; l > 0; --l) {
      detail::multiply_nt<S>(view(ws.adjoint_tangent, l), prefix(theta, ws, l - 1), write, factor(hv, l));
      detail::multiply_nt<S>(view(ws.adjoint, l), tangent(v, ws, l - 1), Write::add, factor(hv, l));
      const MatrixMap<S> below = l > 1 ? map(ws.adjoint_tangent, l - 1) : factor(hv, 0);
      detail::multiply_tn<S>(factor(theta, l), view(ws.adjoint_tangent, l), l > 1 ? Write::set : write, below);
      detail::multiply_tn<S>(factor(v, l), view(ws.adjoint, l), Write::add, below);
    }
  }

  /// W = left * right, cut at the narrowest hidden width r: left n1 x r, right r x n2. What spectra of thin factorizations are computed
  /// from. Only for N >= 2.
  void split(const Vector<S>& theta, Matrix<S>& left, Matrix<S>& right) const {
    require(depth() > 1, "DeepMatrix::split: a single factor has no hidden width to be cut at");
    const auto narrowest = std::min_element(widths_.begin() + 1, widths_.end() - 1) - widths_.begin();
    const auto seen = [](const Matrix<S>& m) { return ConstMatrixMap<S>(m.data(), m.rows(), m.cols()); };
    Matrix<S> next;
    right = factor(theta, 0);
    for (Index l = 1; l < narrowest; ++l, right.swap(next)) {
      next.resize(width(l + 1), cols());
      detail::multiply<S>(factor(theta, l), seen(right), Write::set, {next.data(), next.rows(), next.cols()});
    }
    Matrix<S> left_transposed = ConstMatrixMap<S>(block(theta, last()), width(last()), rows());  // W_N is stored by rows
    for (Index l = last() - 1; l >= narrowest; --l, left_transposed.swap(next)) {
      next.resize(width(l), rows());
      detail::multiply_tn<S>(factor(theta, l), seen(left_transposed), Write::set, {next.data(), next.rows(), next.cols()});
    }
    left = left_transposed.transpose();
  }
  /// The narrowest width of the chain: rank W <= bottleneck.
  Index bottleneck() const { return *std::min_element(widths_.begin(), widths_.end()); }

  friend std::ostream& operator<<(std::ostream& out, const DeepMatrix& model) {
    out << "DeepMatrix<" << scalar_name<S>() << ">({";
    for (Index l = 0; l <= model.depth(); ++l) out << (l ? ", " : "") << model.width(l);
    return out << "})";
  }

 private:
  Index last() const { return depth() - 1; }
  Index offset(Index l) const { return layout_[l].offset; }
  const S* block(In<S> x, Index l) const { return x.data() + offset(l); }
  S* block(Out<S>& x, Index l) const { return x.data() + offset(l); }
  // Factors below W_N are column-major; W_N is only ever touched through block(), row by row.
  ConstMatrixMap<S> factor(In<S> x, Index l) const { return {block(x, l), width(l + 1), width(l)}; }
  MatrixMap<S> factor(Out<S>& x, Index l) const { return {block(x, l), width(l + 1), width(l)}; }
  static MatrixMap<S> map(std::vector<Matrix<S>>& stack, Index l) {
    Matrix<S>& m = stack[static_cast<std::size_t>(l)];
    return {m.data(), m.rows(), m.cols()};
  }
  static ConstMatrixMap<S> view(const std::vector<Matrix<S>>& stack, Index l) {
    const Matrix<S>& m = stack[static_cast<std::size_t>(l)];
    return {m.data(), m.rows(), m.cols()};
  }
  // P_0 is W_1 itself and P'_0 is V_1: no copies.
  ConstMatrixMap<S> prefix(In<S> theta, const Workspace& ws, Index l) const { return l ? view(ws.prefix, l) : factor(theta, 0); }
  ConstMatrixMap<S> tangent(In<S> v, const Workspace& ws, Index l) const { return l ? view(ws.tangent, l) : factor(v, 0); }
  void allocate(std::vector<Matrix<S>>& stack) const {
    stack.resize(static_cast<std::size_t>(std::max<Index>(last(), 1)));
    for (Index l = 1; l < last(); ++l) stack[static_cast<std::size_t>(l)].resize(width(l + 1), width(0));
  }

  std::vector<Index> widths_;
  Layout layout_;
};

}  // namespace tacit
