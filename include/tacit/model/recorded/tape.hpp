// SPDX-License-Identifier: MIT
#pragma once
// What recorded.hpp records of a formula: nodes in the order in which the formula made them, each an operation on earlier ones. A node is a
// matrix in memory, column-major; an operation reads one through a View, which may transpose or reshape it without moving a number.
//
//   product       A B              hadamard  A .* B           combination    alpha A + beta B, or alpha A alone
//   khatri_rao    column r is kron(a_r, b_r)                  entrywise      f(A_ij)           transposition   A^T, moved

#include <functional>
#include <limits>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "../../core/archive.hpp"
#include "../../core/layout.hpp"

namespace tacit::detail {

/// How an operation reads a node: its memory as a column-major rows x cols matrix, or the transpose of that.
struct View {
  Index node = -1, rows = 0, cols = 0;  ///< of the memory; node -1: there is none
  bool transposed = false;

  explicit operator bool() const { return node >= 0; }
  View transpose() const { return {node, rows, cols, !transposed}; }
  /// Of the matrix that is read.
  Shape shape() const { return transposed ? Shape{cols, rows} : Shape{rows, cols}; }
};

enum class Operation { block, constant, product, combination, hadamard, khatri_rao, entrywise, transposition };

/// A function of every entry: its name, its kernels over count numbers, and p where f(c x) = c^p f(x) for c > 0, else NaN.
template <Scalar S>
struct EntryFunction {
  std::string name, arguments = {};  ///< printed as  name(x arguments)
  double degree = std::numeric_limits<double>::quiet_NaN();
  std::function<void(const S* x, Index count, S* value, S* slope)> value_and_slope;
  std::function<void(const S* x, Index count, S* curvature)> curvature;
};

template <Scalar S>
struct Node {
  Operation operation;
  Index rows = 0, cols = 0;  ///< of the memory
  View a = {}, b = {};
  double degree = 0;  ///< in the blocks; NaN where the node is not homogeneous
  S alpha = 1, beta = 1;
  Index number = 0;                                     ///< which block, or which constant
  Matrix<S> given = {};                                 ///< a constant's
  std::shared_ptr<const EntryFunction<S>> f = nullptr;  ///< an entrywise node's
  bool first_a = false,
       first_b = false;    ///< whether the reverse sweep meets the operand here first, and sets its adjoint instead of adding
  bool row_major = false;  ///< a block whose memory is the transpose of what is named

  Index count() const { return rows * cols; }
  bool bilinear() const {
    return operation == Operation::product || operation == Operation::hadamard || operation == Operation::khatri_rao;
  }
  View view(Index index) const { return {index, rows, cols, false}; }
};

template <Scalar S>
struct Tape {
  std::vector<Node<S>> nodes;
  std::vector<std::string> names = {};  ///< of the blocks
  Index constants = 0;

  const Node<S>& operator[](Index k) const { return nodes[static_cast<std::size_t>(k)]; }
  Node<S>& operator[](Index k) { return nodes[static_cast<std::size_t>(k)]; }
  Index size() const { return static_cast<Index>(nodes.size()); }
  void add_block(const Block& block) {
    const Index rows = block.shape.rows();
    add({.operation = Operation::block,
         .rows = rows,
         .cols = block.shape.count() / rows,
         .degree = 1,
         .number = static_cast<Index>(names.size())});
    names.push_back(block.name);
  }
  View add(Node<S> node) {
    nodes.push_back(std::move(node));
    return nodes.back().view(size() - 1);
  }
};

/// Writes nodes as formulas. A node that has a name is written as its name.
template <Scalar S>
class FormulaText {
 public:
  explicit FormulaText(const Tape<S>& tape) : tape_(tape), named_(static_cast<std::size_t>(tape.size())) {}

  /// As in  W2 * relu(W1);  below `depth` operations, an ellipsis.
  std::string operator()(const View& v, int depth = 1000) const { return text(v, depth).first; }

  /// The whole formula, nodes that are used more than once under a name of their own:  W2 * h1 + h1, h1 = tanh(W1), and the constants.
  std::string whole(const View& result) {
    std::vector<int> uses(named_.size(), 0);
    std::vector<bool> reached(named_.size(), false);
    reached[static_cast<std::size_t>(result.node)] = true;
    for (Index k = result.node; k >= 0; --k)
      for (const View* v : {&tape_[k].a, &tape_[k].b})
        if (*v && reached[static_cast<std::size_t>(k)])
          ++uses[static_cast<std::size_t>(v->node)], reached[static_cast<std::size_t>(v->node)] = true;
    std::string where;
    int temporaries = 0;
    for (Index k = 0; k <= result.node; ++k) {
      const auto at = static_cast<std::size_t>(k);
      const Node<S>& node = tape_[k];
      if (node.operation == Operation::constant && reached[at])
        where += sentence(", ", (*this)(node.view(k)), ' ', node.view(k).shape(), " #", digest(node.given));
      if (!node.a || uses[at] < 2) continue;
      const std::string definition = (*this)(node.view(k));
      named_[at] = sentence('h', ++temporaries);
      where += sentence(", ", named_[at], " = ", definition);
    }
    return (*this)(result) + where;
  }

 private:
  using Text = std::pair<std::string, int>;  // and how tightly it binds: 1 a sum, 2 a product, 3 whatever needs no parentheses

  static std::string digest(const Matrix<S>& given) {
    HashArchive hash;
    Vector<S> flat = Eigen::Map<const Vector<S>>(given.data(), given.size());
    hash("given", flat);
    std::ostringstream out;
    out << std::hex << hash.value();
    return out.str();
  }
  std::string bound(const View& v, int at_least, int depth) const {
    const Text t = text(v, depth);
    return t.second < at_least ? "(" + t.first + ")" : t.first;
  }
  Text text(const View& v, int depth) const {
    const Node<S>& node = tape_[v.node];
    if (v.transposed) return {"transpose(" + text(v.transpose(), depth).first + ")", 3};
    if (v.rows != node.rows) return {sentence("reshape(", text(node.view(v.node), depth).first, ", ", v.rows, ", ", v.cols, ")"), 3};
    if (const std::string& name = named_[static_cast<std::size_t>(v.node)]; !name.empty()) return {name, 3};
    if (node.operation == Operation::block) return {tape_.names[static_cast<std::size_t>(node.number)], 3};
    if (node.operation == Operation::constant) return {sentence('C', node.number), 3};
    if (--depth < 0) return {"...", 3};
    const auto call = [&](const char* name) {
      return Text{sentence(name, '(', text(node.a, depth).first, ", ", text(node.b, depth).first, ')'), 3};
    };
    switch (node.operation) {
      case Operation::product:
        return {bound(node.a, 2, depth) + " * " + bound(node.b, 3, depth), 2};
      case Operation::hadamard:
        return call("hadamard");
      case Operation::khatri_rao:
        return call("khatri_rao");
      case Operation::entrywise:
        return {node.f->name + "(" + text(node.a, depth).first + node.f->arguments + ")", 3};
      case Operation::transposition:
        return {"transpose(" + text(node.a, depth).first + ")", 3};
      default:
        break;
    }
    if (node.b) return {bound(node.a, 1, depth) + (node.beta < 0 ? " - " : " + ") + bound(node.b, 2, depth), 1};
    return {(node.alpha == -1 ? "-" : sentence(node.alpha, " * ")) + bound(node.a, 3, depth), 2};
  }

  const Tape<S>& tape_;
  std::vector<std::string> named_;
};

}  // namespace tacit::detail
