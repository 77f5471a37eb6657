// SPDX-License-Identifier: MIT
#pragma once
// A short list of bilinear operations on blocks of theta, and its four sweeps: what the two halves T, P of a matricised tensor W_(left | right) = T P are made
// of. Every node is op(a, b), linear in each:
//   product     A B          product_tn  A^T B        product_nt  A B^T           on column-major memory, read with the sizes that the node gives: reshapes are free
//   face_split  column i + n_a j is a_i .* b_j: the transposed Khatri-Rao product, r x n_a and r x n_b to r x (n_a n_b)
//   swap        the last two of three indices change places, r x n x m to r x m x n, moved; b is not used
// Since each is bilinear, its tangent is op(a', b) + op(a, b') and its adjoints are of the same kind; so are their tangents. The graph is built once and const;
// buffers belong to a Workspace. Cost 2 m n k flops a product, r n_a n_b a face-splitting product; a gradient costs three times the forward sweep.

#include <algorithm>
#include <array>
#include <vector>

#include "product.hpp"

namespace tacit::detail {

enum class Bilinears { parameter, product, product_tn, product_nt, face_split, swap };

template <Scalar S>
class BilinearGraph {
 public:
  using Id = int;

  /// A block of theta; its numbers are read where they are.
  Id parameter(Index offset, Index rows, Index cols) { return add({Bilinears::parameter, -1, -1, offset, 0, 0, 0, 0, rows, cols}); }
  /// The memory of a as rows_a x cols_a, and that of b, multiplied.
  Id multiply(Bilinears op, Id a, Index rows_a, Index cols_a, Id b, Index rows_b, Index cols_b) {
    const Index rows = op == Bilinears::product_tn ? cols_a : rows_a, cols = op == Bilinears::product_nt ? rows_b : cols_b;
    return add({op, a, b, 0, rows_a, cols_a, rows_b, cols_b, rows, cols});
  }
  /// Columns of a (r x n_a) and b (r x n_b), combined.
  Id face_split(Id a, Id b) {
    const Node &x = at(a), &y = at(b);
    return add({Bilinears::face_split, a, b, 0, x.rows, x.cols, y.rows, y.cols, x.rows, x.cols * y.cols});
  }
  /// The memory of a as r x n x m, first index fastest.
  Id swap(Id a, Index r, Index n, Index m) { return add({Bilinears::swap, a, -1, 0, n, m, 0, 0, r * m, n}); }
  Id transpose(Id a, Index rows, Index cols) { return swap(a, 1, rows, cols); }
  Index size(Id k) const { return at(k).rows * at(k).cols; }
  /// No more nodes: T (as inner x rows) and P (inner x cols) are asked for.
  void finish(Id left, Id right, Index inner) {
    outputs_ = {left, right};
    inner_ = inner;
    std::vector<bool> met(nodes_.size(), false);
    for (Id out : outputs_) met[static_cast<std::size_t>(out)] = true;  // their adjoints come from outside
    for (auto node = nodes_.rbegin(); node != nodes_.rend(); ++node) {
      const auto meet = [&](Id k) {
        if (k < 0) return false;
        const bool first = !met[static_cast<std::size_t>(k)];
        met[static_cast<std::size_t>(k)] = true;
        return first;
      };
      node->first_a = meet(node->a);
      node->first_b = meet(node->b);
    }
  }
  bool empty() const { return nodes_.empty(); }
  Index inner() const { return inner_; }
  Id left() const { return outputs_[0]; }
  Id right() const { return outputs_[1]; }

  struct Workspace {
    std::vector<Vector<S>> value, adjoint, tangent, adjoint_tangent;
  };
  Workspace workspace() const {
    Workspace ws;
    allocate(ws.value);
    allocate(ws.adjoint);
    return ws;
  }
  const S* value(Id k, In<S> theta, const Workspace& ws) const {
    return at(k).op == Bilinears::parameter ? theta.data() + at(k).offset : of(ws.value, k);
  }
  const S* tangent(Id k, In<S> v, const Workspace& ws) const {
    return at(k).op == Bilinears::parameter ? v.data() + at(k).offset : of(ws.tangent, k);
  }
  /// Where the adjoint of an output is to be put, and how.
  struct Target {
    S* out;
    Write write;
  };
  Target target(Id k, std::vector<Vector<S>>& stack, Write write, Out<S>& g) const { return target(k, true, stack, write, g); }

  void forward(In<S> theta, Workspace& ws) const {
    each([&](const Node& n, Id k) { apply(n, value(n.a, theta, ws), operand(n, theta, ws), Write::set, of(ws.value, k)); });
  }
  /// After the adjoints of both outputs have been put into their targets.
  void backward(In<S> theta, Workspace& ws, Write write, Out<S>& g) const {
    each_back([&](const Node& n, Id k) {
      const S* G = of(ws.adjoint, k);
      const Target a = target(n.a, n.first_a, ws.adjoint, write, g);
      adjoint_a(n, G, operand(n, theta, ws), a.write, a.out);
      if (n.b < 0) return;
      const Target b = target(n.b, n.first_b, ws.adjoint, write, g);
      adjoint_b(n, G, value(n.a, theta, ws), b.write, b.out);
    });
  }
  void pushforward(In<S> theta, In<S> v, Workspace& ws) const {
    if (ws.tangent.empty()) allocate(ws.tangent), allocate(ws.adjoint_tangent);
    each([&](const Node& n, Id k) {
      apply(n, tangent(n.a, v, ws), operand(n, theta, ws), Write::set, of(ws.tangent, k));
      if (n.b >= 0) apply(n, value(n.a, theta, ws), tangent(n.b, v, ws), Write::add, of(ws.tangent, k));
    });
  }
  /// After backward and pushforward, and with the tangents of the outputs' adjoints in their targets in ws.adjoint_tangent.
  void backward_tangent(In<S> theta, In<S> v, Workspace& ws, Write write, Out<S>& hv) const {
    each_back([&](const Node& n, Id k) {
      const S *G = of(ws.adjoint, k), *dG = of(ws.adjoint_tangent, k);
      const Target a = target(n.a, n.first_a, ws.adjoint_tangent, write, hv);
      adjoint_a(n, dG, operand(n, theta, ws), a.write, a.out);
      if (n.b < 0) return;
      adjoint_a(n, G, tangent(n.b, v, ws), Write::add, a.out);
      const Target b = target(n.b, n.first_b, ws.adjoint_tangent, write, hv);
      adjoint_b(n, dG, value(n.a, theta, ws), b.write, b.out);
      adjoint_b(n, G, tangent(n.a, v, ws), Write::add, b.out);
    });
  }

 private:
  struct Node {
    Bilinears op;
    Id a, b;
    Index offset, rows_a, cols_a, rows_b, cols_b, rows, cols;
    bool first_a = false, first_b = false;  // the backward sweep meets the operand here first: it sets rather than adds
  };
  const Node& at(Id k) const { return nodes_[static_cast<std::size_t>(k)]; }
  Id add(Node node) {
    nodes_.push_back(node);
    return static_cast<Id>(nodes_.size()) - 1;
  }
  static const S* of(const std::vector<Vector<S>>& stack, Id k) { return stack[static_cast<std::size_t>(k)].data(); }
  static S* of(std::vector<Vector<S>>& stack, Id k) { return stack[static_cast<std::size_t>(k)].data(); }
  const S* operand(const Node& n, In<S> theta, const Workspace& ws) const { return n.b < 0 ? nullptr : value(n.b, theta, ws); }
  Target target(Id k, bool first, std::vector<Vector<S>>& stack, Write write, Out<S>& g) const {
    if (at(k).op == Bilinears::parameter) return {g.data() + at(k).offset, first ? write : Write::add};
    return {of(stack, k), first ? Write::set : Write::add};
  }
  void allocate(std::vector<Vector<S>>& stack) const {
    stack.resize(nodes_.size());
    each([&](const Node&, Id k) { stack[static_cast<std::size_t>(k)].resize(size(k)); });
  }
  template <class F>
  void each(F&& f) const {
    for (Id k = 0; k < static_cast<Id>(nodes_.size()); ++k)
      if (at(k).op != Bilinears::parameter) f(at(k), k);
  }
  template <class F>
  void each_back(F&& f) const {
    for (Id k = static_cast<Id>(nodes_.size()) - 1; k >= 0; --k)
      if (at(k).op != Bilinears::parameter) f(at(k), k);
  }

  static void apply(const Node& n, const S* a, const S* b, Write write, S* out) {
    const ConstMatrixMap<S> A(a, n.rows_a, n.cols_a), B(b, n.rows_b, n.cols_b);
    const MatrixMap<S> C(out, n.rows, n.cols);
    switch (n.op) {
      case Bilinears::product:
        return detail::multiply<S>(A, B, write, C);
      case Bilinears::product_tn:
        return multiply_tn<S>(A, B, write, C);
      case Bilinears::product_nt:
        return multiply_nt<S>(A, B, write, C);
      case Bilinears::face_split:
        for (Index j = 0; j < n.cols_b; ++j)
          for (Index i = 0; i < n.cols_a; ++i, out += n.rows) times_column(a + i * n.rows, b + j * n.rows, n.rows, write, out);
        return;
      default:
        swap_into(a, n.rows / n.cols_a, n.rows_a, n.cols_a, write, out);
    }
  }
  static void adjoint_a(const Node& n, const S* g, const S* b, Write write, S* out) {
    const ConstMatrixMap<S> G(g, n.rows, n.cols), B(b, n.rows_b, n.cols_b);
    const MatrixMap<S> A(out, n.rows_a, n.cols_a);
    switch (n.op) {
      case Bilinears::product:
        return multiply_nt<S>(G, B, write, A);
      case Bilinears::product_tn:
        return multiply_nt<S>(B, G, write, A);
      case Bilinears::product_nt:
        return detail::multiply<S>(G, B, write, A);
      case Bilinears::face_split:
        for (Index j = 0; j < n.cols_b; ++j)
          for (Index i = 0; i < n.cols_a; ++i, g += n.rows)
            times_column(g, b + j * n.rows, n.rows, j ? Write::add : write, out + i * n.rows);
        return;
      default:
        swap_into(g, n.rows / n.cols_a, n.cols_a, n.rows_a, write, out);
    }
  }
  static void adjoint_b(const Node& n, const S* g, const S* a, Write write, S* out) {
    const ConstMatrixMap<S> G(g, n.rows, n.cols), A(a, n.rows_a, n.cols_a);
    const MatrixMap<S> B(out, n.rows_b, n.cols_b);
    switch (n.op) {
      case Bilinears::product:
        return multiply_tn<S>(A, G, write, B);
      case Bilinears::product_tn:
        return detail::multiply<S>(A, G, write, B);
      case Bilinears::product_nt:
        return multiply_tn<S>(G, A, write, B);
      default:
        for (Index j = 0; j < n.cols_b; ++j)
          for (Index i = 0; i < n.cols_a; ++i, g += n.rows)
            times_column(g, a + i * n.rows, n.rows, i ? Write::add : write, out + j * n.rows);
    }
  }
  /// out (+)= x .* y
  static void times_column(const S* x, const S* y, Index r, Write write, S* out) {
    if (write == Write::set)
      for (Index q = 0; q < r; ++q) out[q] = x[q] * y[q];
    else
      for (Index q = 0; q < r; ++q) out[q] += x[q] * y[q];
  }
  /// r x n x m to r x m x n, in tiles that stay in cache.
  static void swap_into(const S* a, Index r, Index n, Index m, Write write, S* out) {
    constexpr Index tile = 16;
    for (Index j0 = 0; j0 < m; j0 += tile)
      for (Index i0 = 0; i0 < n; i0 += tile)
        for (Index i = i0; i < std::min(n, i0 + tile); ++i)
          for (Index j = j0; j < std::min(m, j0 + tile); ++j) {
            const S* from = a + r * (i + n * j);
            S* to = out + r * (j + m * i);
            if (write == Write::set) std::copy(from, from + r, to);
            else
              for (Index q = 0; q < r; ++q) to[q] += from[q];
          }
  }

  std::vector<Node> nodes_;
  std::array<Id, 2> outputs_{-1, -1};
  Index inner_ = 0;
};

}  // namespace tacit::detail
