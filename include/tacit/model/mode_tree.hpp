// SPDX-License-Identifier: MIT
#pragma once
// The tree of modes of a hierarchical tensor factorization: leaves are the modes 0 ... d - 1, each once; every inner node has at least two children.
//   perfect_tree(4, 2)                        ((0 1) (2 3)): neighbours first, the "checkerboard" of Razin et al. 2022
//   perfect_tree(4, 2, Pooling::distant)      ((0 2) (1 3)): modes d/P apart first, their "half"
//   ModeTree({{{0}, {1}}, {2}})               one's own: a mode is a leaf, a list of trees a node
// Children of a node at distance h from the root share one width (widths per level, leaves first); siblings therefore all stand at the same distance.

#include <functional>
#include <ostream>
#include <vector>

#include "../core/check.hpp"
#include "../core/scalar.hpp"

namespace tacit {

class ModeTree {
 public:
  /// A leaf.
  ModeTree(Index mode) : mode_(mode) {}  // NOLINT(google-explicit-constructor): {0} is the leaf of mode 0
  ModeTree(std::initializer_list<ModeTree> children) : ModeTree(std::vector<ModeTree>(children)) {}
  explicit ModeTree(std::vector<ModeTree> children) {
    if (children.size() == 1) *this = ModeTree(children.front());
    else children_ = std::move(children);
  }

  bool leaf() const { return children_.empty(); }
  Index mode() const { return mode_; }
  const std::vector<ModeTree>& children() const { return children_; }
  /// Modes below, from left to right.
  std::vector<Index> modes() const {
    if (leaf()) return {mode_};
    std::vector<Index> all;
    for (const ModeTree& child : children_)
      for (Index n : child.modes()) all.push_back(n);
    return all;
  }
  /// Edges on the longest way down.
  Index height() const {
    Index below = -1;
    for (const ModeTree& child : children_) below = std::max(below, child.height());
    return below + 1;
  }
  /// Throws where the leaves are not the modes 0 ... order - 1, each once.
  void require_covers(Index order, const char* who) const {
    std::vector<int> times(static_cast<std::size_t>(std::max<Index>(order, 0)), 0);
    for (Index n : modes()) {
      require(n >= 0 && n < order, who, ": the tree ", *this, " has a leaf for mode ", n, ", the tensor has modes 0 to ", order - 1);
      require(++times[static_cast<std::size_t>(n)] == 1, who, ": the tree ", *this, " has two leaves for mode ", n);
    }
    for (Index n = 0; n < order; ++n)
      require(times[static_cast<std::size_t>(n)] == 1, who, ": the tree ", *this, " has no leaf for mode ", n);
  }

  friend std::ostream& operator<<(std::ostream& out, const ModeTree& tree) {
    if (tree.leaf()) return out << tree.mode_;
    for (std::size_t c = 0; c < tree.children_.size(); ++c) out << (c ? " " : "(") << tree.children_[c];
    return out << ')';
  }

 private:
  Index mode_ = -1;
  std::vector<ModeTree> children_;
};

enum class Pooling { neighbours, distant };

/// `pool` children at every node; order must be a power of pool.                                                          [Razin et al. 2022]
inline ModeTree perfect_tree(Index order, Index pool = 2, Pooling pooling = Pooling::neighbours) {
  require(pool >= 2, "perfect_tree: pool is ", pool, ", every node needs at least 2 children");
  require(order >= 1, "perfect_tree: order is ", order);
  std::vector<ModeTree> level;
  for (Index n = 0; n < order; ++n) level.emplace_back(n);
  while (level.size() > 1) {
    const std::size_t p = static_cast<std::size_t>(pool), groups = level.size() / p;
    require(groups * p == level.size(), "perfect_tree: ", order, " is not a power of ", pool);
    std::vector<ModeTree> next;
    for (std::size_t g = 0; g < groups; ++g) {
      std::vector<ModeTree> children;
      for (std::size_t c = 0; c < p; ++c) children.push_back(level[pooling == Pooling::neighbours ? g * p + c : g + c * groups]);
      next.emplace_back(std::move(children));
    }
    level = std::move(next);
  }
  return level.front();
}

}  // namespace tacit
