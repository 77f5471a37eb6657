// SPDX-License-Identifier: MIT
#pragma once
// From what a formula recorded to what is run: the nodes that the result depends on, with
//   - chains of products multiplied in the order of fewest flops (a tie: from the right, as DeepMatrix), for dense factors
//   - nodes stored transposed where that lets every operation read memory as it lies: entry by entry in one pass, products as A B, A^T B or
//     A B^T, and a result T P as Bilinear wants it, T by rows and P by columns. Where two uses of a node disagree, one gets a transposed copy
//   - what is made of constants alone computed, once: no node that is run is without a block below it, so that each has a tangent and an adjoint
//   - for each operand, whether the reverse sweep meets it there first.

#include <algorithm>
#include <limits>
#include <vector>

#include "kernels.hpp"

namespace tacit::detail {

template <Scalar S>
class Planner {
 public:
  Planner(const Tape<S>& recorded, const View& result) : from_(recorded), to_(static_cast<std::size_t>(recorded.size()), -1) {
    count_uses(result);
    result_ = emit(result);
    orient();
    find_first();
  }
  const std::vector<Node<S>>& nodes() const { return out_.nodes; }
  const View& result() const { return result_; }

 private:
  using Op = Operation;
  using Slot = View Node<S>::*;

  // ---- The nodes that count, in an order of evaluation

  void count_uses(const View& result) {
    uses_.assign(to_.size(), 0);
    uses_[static_cast<std::size_t>(result.node)] = 1;
    for (Index k = result.node; k >= 0; --k)
      for (const View* v : {&from_[k].a, &from_[k].b})
        if (*v && uses_[static_cast<std::size_t>(k)]) ++uses_[static_cast<std::size_t>(v->node)];
  }
  View emit(const View& v) {
    Index at = to_[static_cast<std::size_t>(v.node)];
    if (at < 0) {
      Node<S> node = from_[v.node];
      if (node.operation == Op::product) {
        std::vector<View> factors;
        factors_of(node.view(v.node), true, factors);
        at = multiply_cheaply(factors).node;
      } else {
        for (View* operand : {&node.a, &node.b})
          if (*operand) *operand = emit(*operand);
        at = add(std::move(node)).node;
      }
      to_[static_cast<std::size_t>(v.node)] = at;
    }
    return {at, v.rows, v.cols, v.transposed};
  }
  /// Adds a node whose operands stand in out_.
  View add(Node<S> node) {
    const bool given = is_constant(node.a) && (!node.b || is_constant(node.b));
    return out_.add(given ? computed(std::move(node)) : std::move(node));
  }
  bool is_constant(const View& v) const { return v && out_[v.node].operation == Op::constant; }
  /// A node of constants alone, as a constant.
  Node<S> computed(Node<S> node) const {
    Shape{node.rows, node.cols}.require_dense("Recorded (a matrix that the formula forms of constants)");
    const Matrix<S> a = numbers(node.a), b = numbers(node.b);
    Matrix<S> value(node.rows, node.cols), slope;
    for (View* v : {&node.a, &node.b})
      if (v->transposed) *v = {v->node, v->cols, v->rows, false};
    if (node.operation == Op::entrywise) {
      slope.resize(node.rows, node.cols);
      node.f->value_and_slope(a.data(), node.count(), value.data(), slope.data());
    } else {
      value_of(node, a.data(), node.b ? b.data() : nullptr, Write::set, value.data());
    }
    return {.operation = Op::constant, .rows = node.rows, .cols = node.cols, .given = std::move(value)};
  }
  /// The matrix that a view of a constant reads.
  Matrix<S> numbers(const View& v) const {
    if (!v) return {};
    const ConstMatrixMap<S> memory(out_[v.node].given.data(), v.rows, v.cols);
    return v.transposed ? Matrix<S>(memory.transpose()) : Matrix<S>(memory);
  }
  /// What is multiplied, from left to right, to give v: products that nobody else reads are taken apart.
  void factors_of(const View& v, bool whole, std::vector<View>& into) {
    const Node<S>& node = from_[v.node];
    if (node.operation != Op::product || v.rows != node.rows || (!whole && uses_[static_cast<std::size_t>(v.node)] > 1))
      return into.push_back(emit(v));
    factors_of(v.transposed ? node.b.transpose() : node.a, false, into);
    factors_of(v.transposed ? node.a.transpose() : node.b, false, into);
  }
  View multiply_cheaply(const std::vector<View>& factors) {
    const std::size_t n = factors.size();
    std::vector<double> cost(n * n, 0);  // of factors i ... j
    std::vector<std::size_t> cut(n * n, 0);
    const auto rows = [&](std::size_t k) { return static_cast<double>(factors[k].shape().rows()); };
    const auto cols = [&](std::size_t k) { return static_cast<double>(factors[k].shape().cols()); };
    for (std::size_t length = 1; length < n; ++length)
      for (std::size_t i = 0; i + length < n; ++i) {
        const std::size_t j = i + length;
        cost[i * n + j] = std::numeric_limits<double>::infinity();
        for (std::size_t s = i; s < j; ++s) {
          const double total = cost[i * n + s] + cost[(s + 1) * n + j] + rows(i) * cols(s) * cols(j);
          if (total < cost[i * n + j]) cost[i * n + j] = total, cut[i * n + j] = s;
        }
        if (std::all_of(&factors[i], &factors[j] + 1, [&](const View& v) { return is_constant(v); })) cost[i * n + j] = 0;  // computed here
      }
    const auto build = [&](const auto& self, std::size_t i, std::size_t j) -> View {
      if (i == j) return factors[i];
      const std::size_t s = cut[i * n + j];
      const View a = self(self, i, s), b = self(self, s + 1, j);
      return add({.operation = Op::product, .rows = a.shape().rows(), .cols = b.shape().cols(), .a = a, .b = b});
    };
    return build(build, 0, n - 1);
  }

  // ---- Which of them are stored transposed

  void orient() {
    fixed_.assign(static_cast<std::size_t>(out_.size()), false);
    if (result_.transposed && may_flip(result_.node)) flip(result_.node);
    if (result_.transposed) {
      result_ = out_.add({.operation = Op::transposition, .rows = result_.cols, .cols = result_.rows, .a = result_.transpose()});
      fixed_.push_back(true);
    }
    fixed_[static_cast<std::size_t>(result_.node)] = true;
    for (Index k = out_.size() - 1; k >= 0; --k) {
      const bool last = k == result_.node && result_.rows == out_[k].rows;
      switch (out_[k].operation) {
        case Op::product:
          if (last) k += settle(k, &Node<S>::a, true), k += settle(k, &Node<S>::b, false);
          else if (out_[k].a.transposed && out_[k].b.transposed)
            k += may_flip(out_[k].b.node) || !may_flip(out_[k].a.node) ? settle(k, &Node<S>::b, false) : settle(k, &Node<S>::a, false);
          break;
        case Op::transposition:
          if (out_[k].a.transposed) out_[k].operation = Op::combination, out_[k].a.transposed = false;  // stored so by now: a copy
          break;
        default:
          if (out_[k].a) k += settle(k, &Node<S>::a, false);
          if (out_[k].b) k += settle(k, &Node<S>::b, false);
      }
      for (const View* v : {&out_[k].a, &out_[k].b})
        if (*v) fixed_[static_cast<std::size_t>(v->node)] = true;
    }
  }
  /// Gives node k its operand straight, or transposed if so wanted; returns by how much that has moved node k.
  Index settle(Index k, Slot slot, bool transposed) {
    const auto wrong = [&] { return (out_[k].*slot).transposed != transposed; };
    if (wrong() && may_flip((out_[k].*slot).node)) flip((out_[k].*slot).node);
    if (!wrong()) return fixed_[static_cast<std::size_t>((out_[k].*slot).node)] = true, 0;
    const View v = out_[k].*slot;
    for (Node<S>& node : out_.nodes)
      for (View* operand : {&node.a, &node.b})
        if (operand->node >= k) ++operand->node;
    if (result_.node >= k) ++result_.node;
    Node<S> moved{.operation = Op::transposition, .rows = v.cols, .cols = v.rows, .a = {v.node, v.rows, v.cols, false}};
    out_.nodes.insert(out_.nodes.begin() + k, is_constant(v) ? computed(std::move(moved)) : std::move(moved));
    fixed_.insert(fixed_.begin() + k, true);
    out_[k + 1].*slot = {k, v.cols, v.rows, transposed};
    return 1;
  }
  bool may_flip(Index k) const {
    if (fixed_[static_cast<std::size_t>(k)] || out_[k].operation == Op::khatri_rao || out_[k].operation == Op::transposition) return false;
    const auto reshaped = [&](const View& v) { return v.node == k && v.rows != out_[k].rows; };
    for (const Node<S>& node : out_.nodes)
      if (reshaped(node.a) || reshaped(node.b)) return false;
    return !reshaped(result_);
  }
  /// Stores node k transposed.
  void flip(Index k) {
    Node<S>& node = out_[k];
    std::swap(node.rows, node.cols);
    if (node.operation == Op::product) std::swap(node.a, node.b);
    for (View* operand : {&node.a, &node.b})
      if (*operand) operand->transposed = !operand->transposed;
    if (node.operation == Op::block) node.row_major = true;
    if (node.operation == Op::constant) node.given = node.given.transpose().eval();
    const auto see = [&](View& v) {
      if (v.node == k) std::swap(v.rows, v.cols), v.transposed = !v.transposed;
    };
    for (Node<S>& other : out_.nodes) see(other.a), see(other.b);
    see(result_);
  }

  void find_first() {
    std::vector<char> met(static_cast<std::size_t>(out_.size()), 0);
    const auto meet = [&](const View& v) { return v && !std::exchange(met[static_cast<std::size_t>(v.node)], 1); };
    for (Index k = out_.size() - 1; k >= 0; --k) {
      out_[k].first_a = meet(out_[k].a), out_[k].first_b = meet(out_[k].b);
      if (!met[static_cast<std::size_t>(k)]) out_[k].given.resize(0, 0);  // a constant that others have been computed from
    }
  }

  const Tape<S>& from_;
  std::vector<Index> to_;  // where a recorded node has gone
  std::vector<int> uses_;
  Tape<S> out_;
  std::vector<bool> fixed_;  // somebody relies on how the node is stored
  View result_;
};

}  // namespace tacit::detail
