// SPDX-License-Identifier: MIT
#pragma once
// The four runs over a planned tape from which recorded.hpp makes its verbs. With x_n the value of node n, x_n' its tangent along v, X_n its
// adjoint, X_n' the tangent of that:
//   run                x_n = op(x_a, x_b)
//   run_back           X_a += (d op / d a)^T X_n,  the same for b, from the result to the blocks
//   run_tangent        x_n' = (d op / d a) x_a' + (d op / d b) x_b'
//   run_back_tangent   the derivative of run_back along v, by the product rule
// A block's numbers are those of theta, of v, of the gradient: never copied. Constants have neither tangents nor adjoints.

#include <vector>

#include "kernels.hpp"

namespace tacit::detail {

template <Scalar S>
struct SweepBuffers {
  using Stack = std::vector<Vector<S>>;  // a vector for each node, in its memory's order
  Stack value, slope, adjoint, tangent, curvature, adjoint_tangent;
  bool curved = false;  ///< curvature belongs to the last run
};

template <Scalar S>
class Sweeps {
 public:
  using Buffers = SweepBuffers<S>;
  using Stack = typename Buffers::Stack;

  /// Nodes as plan.hpp leaves them, the last one `result`, whose blocks are those of the layout. Throws where one that is formed would not fit.
  Sweeps(std::vector<Node<S>> nodes, const View& result, const Layout& layout) : nodes_(std::move(nodes)), result_(result) {
    for (Node<S>& node : nodes_)
      if (node.operation == Operation::block) node.number = layout[node.number].offset;
    ends_ = last().operation == Operation::product && result_.rows == last().rows;
    for (std::size_t k = 0; k < formed_count(); ++k)
      if (formed(nodes_[k])) Shape{nodes_[k].rows, nodes_[k].cols}.require_dense("Recorded (a matrix that the formula forms)");
  }

  const View& result() const { return result_; }
  const Node<S>& last() const { return nodes_.back(); }
  /// Whether the result is a product T P, which is not formed: T then is read transposed, P as it is.
  bool ends() const { return ends_; }

  Buffers buffers() const {
    Buffers ws;
    allocate(ws.value, formed);
    allocate(ws.adjoint, formed);
    allocate(ws.slope, entrywise);
    return ws;
  }
  /// Where a node's value stands.
  const S* value(const View& v, In<S> theta, const Buffers& ws) const {
    const Node<S>& node = at(v.node);
    if (node.operation == Operation::constant) return node.given.data();
    return memory(v, theta, ws.value);
  }
  /// Where its tangent stands; null: it is zero.
  const S* tangent(const View& v, In<S> along, const Buffers& ws) const { return memory(v, along, ws.tangent); }

  /// Where an adjoint goes, and whether it is the first to go there; null: nobody needs it.
  struct Target {
    S* out;
    Write write;
  };
  Target target(const View& v, bool first, Stack& adjoints, Write write, Out<S>& g) const {
    const Node<S>& node = at(v.node);
    if (node.operation == Operation::constant) return {nullptr, Write::add};
    if (node.operation == Operation::block) return {g.data() + node.number, first ? write : Write::add};
    return {adjoints[static_cast<std::size_t>(v.node)].data(), first ? Write::set : Write::add};
  }

  void run(In<S> theta, Buffers& ws) const {
    ws.curved = false;
    each([&](const Node<S>& n, std::size_t k) {
      if (n.operation == Operation::entrywise)
        n.f->value_and_slope(value(n.a, theta, ws), n.count(), ws.value[k].data(), ws.slope[k].data());
      else value_of(n, value(n.a, theta, ws), n.b ? value(n.b, theta, ws) : nullptr, Write::set, ws.value[k].data());
    });
  }

  /// After the adjoint of the result, or of the two factors that it is the product of, has been written.
  void run_back(In<S> theta, Buffers& ws, Write write, Out<S> g) const {
    each_back([&](const Node<S>& n, std::size_t k) {
      const S* G = ws.adjoint[k].data();
      if (const Target a = target(n.a, n.first_a, ws.adjoint, write, g); a.out) {
        if (n.operation == Operation::entrywise) add_entries(ws.slope[k].data(), G, n.count(), a.write, a.out);
        else adjoint_a(n, G, n.b ? value(n.b, theta, ws) : nullptr, a.write, a.out);
      }
      if (!n.b) return;
      if (const Target b = target(n.b, n.first_b, ws.adjoint, write, g); b.out) adjoint_b(n, G, value(n.a, theta, ws), b.write, b.out);
    });
  }

  void run_tangent(In<S> theta, In<S> along, Buffers& ws) const {
    if (ws.tangent.empty()) {
      allocate(ws.tangent, formed);
      allocate(ws.adjoint_tangent, formed);
      allocate(ws.curvature, entrywise);
    }
    each([&](const Node<S>& n, std::size_t k) {
      S* out = ws.tangent[k].data();
      const S *a = tangent(n.a, along, ws), *b = n.b ? tangent(n.b, along, ws) : nullptr;
      if (n.operation == Operation::entrywise) {
        if (!ws.curved) n.f->curvature(value(n.a, theta, ws), n.count(), ws.curvature[k].data());
        add_entries(ws.slope[k].data(), a, n.count(), Write::set, out);
      } else if (n.bilinear()) {
        if (a) value_of(n, a, value(n.b, theta, ws), Write::set, out);
        if (b) value_of(n, value(n.a, theta, ws), b, a ? Write::add : Write::set, out);
      } else {
        value_of(n, a, b, Write::set, out);
      }
    });
    ws.curved = true;
  }

  /// After run_back and run_tangent, and after the tangent of the adjoint of the result (or of its factors) has been written.
  void run_back_tangent(In<S> theta, In<S> along, Buffers& ws, Write write, Out<S> hv) const {
    each_back([&](const Node<S>& n, std::size_t k) {
      const S *G = ws.adjoint[k].data(), *dG = ws.adjoint_tangent[k].data();
      const S *da = tangent(n.a, along, ws), *db = n.b ? tangent(n.b, along, ws) : nullptr;
      if (const Target a = target(n.a, n.first_a, ws.adjoint_tangent, write, hv); a.out) {
        if (n.operation == Operation::entrywise) {
          add_entries(ws.slope[k].data(), dG, n.count(), a.write, a.out);
          add_entries(ws.curvature[k].data(), G, da, n.count(), a.out);
        } else {
          adjoint_a(n, dG, n.b ? value(n.b, theta, ws) : nullptr, a.write, a.out);
          if (n.bilinear() && db) adjoint_a(n, G, db, Write::add, a.out);
        }
      }
      if (!n.b) return;
      if (const Target b = target(n.b, n.first_b, ws.adjoint_tangent, write, hv); b.out) {
        adjoint_b(n, dG, value(n.a, theta, ws), b.write, b.out);
        if (n.bilinear() && da) adjoint_b(n, G, da, Write::add, b.out);
      }
    });
  }

 private:
  const Node<S>& at(Index k) const { return nodes_[static_cast<std::size_t>(k)]; }
  static bool formed(const Node<S>& n) { return bool(n.a); }
  static bool entrywise(const Node<S>& n) { return n.operation == Operation::entrywise; }

  const S* memory(const View& v, In<S> flat, const Stack& stack) const {
    const Node<S>& node = at(v.node);
    if (node.operation == Operation::block) return flat.data() + node.number;
    return node.operation == Operation::constant ? nullptr : stack[static_cast<std::size_t>(v.node)].data();
  }
  void allocate(Stack& stack, bool (*wanted)(const Node<S>&)) const {
    stack.resize(nodes_.size());
    for (std::size_t k = 0; k < formed_count(); ++k)
      if (wanted(nodes_[k])) stack[k].resize(nodes_[k].count());
  }
  std::size_t formed_count() const { return nodes_.size() - ends_; }
  template <class F>
  void each(F&& f) const {
    for (std::size_t k = 0; k < formed_count(); ++k)
      if (nodes_[k].a) f(nodes_[k], k);
  }
  template <class F>
  void each_back(F&& f) const {
    for (std::size_t k = formed_count(); k-- > 0;)
      if (nodes_[k].a) f(nodes_[k], k);
  }

  std::vector<Node<S>> nodes_;
  View result_;
  bool ends_ = false;
};

}  // namespace tacit::detail
