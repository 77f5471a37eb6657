// SPDX-License-Identifier: MIT
#pragma once
// Hierarchical tensor factorization on a tree of modes, a convolutional arithmetic circuit.                                        [Razin, Maman & Cohen 2022]
//   leaf n       T(n, q)  = A_n[:, q]                               A_n of shape n_n x (width of its level)
//   node v       T(v, q') = sum_q B_v[q, q'] prod_c T(c, q)         the outer product over its children c
//   root         W        = sum_q o[q] prod_c T(c, q)               o = 1 without output vector
// theta stores the A_n row by row, then the B_v from the leaves up, then o. W is homogeneous, of the number of blocks on a path of every leaf.
// Local component q at node v: the columns q of its children and row q of B_v (o_q at the root); its norm is the product of theirs. The rank of the matricisation
// of W with the modes below v as rows is at most the number of local components of v's parent that are not zero. One level without output vector is CP.
//   halves       every node's T as a matrix over the combinations of its modes: products with B_v of Khatri-Rao products, cut between the root's children
//   per_entry    one vector a node.                             about 6 sum_v |B_v| flops an entry and gradient

#include <optional>

#include "../core/norm.hpp"
#include "mode_tree.hpp"
#include "tensor_model.hpp"

namespace tacit {

template <Scalar S>
class HierarchicalTensor : public TensorModel<HierarchicalTensor<S>, S> {
 public:
  struct Sizes {
    Shape shape;
    std::vector<Index> widths;          ///< of the leaves' level, the next one, ...; one a level of the tree below the root
    std::optional<ModeTree> tree = {};  ///< none: perfect_tree(order, pool)
    Index pool = 2;
    bool output = true;  ///< whether the root has an output vector
  };
  /// {.shape = {8, 8, 8, 8}, .widths = {512, 512}}.
  explicit HierarchicalTensor(Sizes sizes)
      : shape_(std::move(sizes.shape)), tree_(sizes.tree ? *sizes.tree : perfect_tree(shape_.order(), sizes.pool)),
        widths_(std::move(sizes.widths)), halving_(shape_, 1) {
    require(shape_.order() >= 2, "HierarchicalTensor: the shape has order ", shape_.order(), ", needs at least 2 modes");
    tree_.require_covers(shape_.order(), "HierarchicalTensor");
    require(static_cast<Index>(widths_.size()) == tree_.height(), "HierarchicalTensor: got ", widths_.size(), " widths, the tree ", tree_,
            " has ", tree_.height(), " levels below its root");
    for (std::size_t l = 0; l < widths_.size(); ++l)
      require(widths_[l] > 0, "HierarchicalTensor: width ", l, " is ", widths_[l], ", every width needs at least 1");
    for (Index n = 0; n < shape_.order(); ++n) nodes_.push_back({.name = sentence("A", n + 1), .mode = n, .modes = {n}});
    root_ = add(tree_, 0);
    lay_out(sizes.output);
    halve();
  }

  const Layout& layout() const { return layout_; }
  const Shape& shape() const { return shape_; }
  const ModeTree& tree() const { return tree_; }
  /// Blocks multiplied in W: leaves, matrices and the output vector.
  Index degree() const { return layout_.size(); }

  /// What probes look at: nodes, leaves first, each with its modes, children, and the block that belongs to it (A_n; B_v, or o at the root).
  struct TreeNode {
    std::string name = {};
    Index mode = -1;  ///< of a leaf
    std::vector<Index> modes = {}, children = {};
    Index block = -1;       ///< in the layout; -1: a root without output vector
    Index in = 0, out = 0;  ///< numbers of local components here (0 at leaves), and of components handed on (0 at the root)
    Index work = 0;         ///< where its vectors stand in work: h, z, and their adjoints
  };
  const std::vector<TreeNode>& nodes() const { return nodes_; }
  Index root() const { return root_; }
  /// prod_c |column q of child c| |row q of B_v| (|o_q| at the root), for every q at an inner node.                          [Razin et al. 2022]
  Vector<S> local_component_norms(const Vector<S>& theta, Index v) const {
    const TreeNode& here = node(v);
    require(!here.children.empty(), "local_component_norms: ", here.name, " is a leaf, which has no local components");
    Vector<S> norms(here.in);
    for (Index q = 0; q < here.in; ++q) {
      norms[q] = here.block < 0 ? S(1) : detail::norm(layout_.matrix(theta, here.block).row(q));
      for (Index c : here.children) norms[q] *= detail::norm(layout_.matrix(theta, node(c).block).col(q));
    }
    return norms;
  }
  /// <-grad l, local component / its norm> for every q at an inner node, from the gradient g of l at theta; under balance gradient flow has
  /// d(norm)/dt = K norm^(2 - 2/K) times this, K = children + 1 (children at a root without output vector).                   [Razin et al. 2022]
  Vector<S> local_component_alignments(const Vector<S>& theta, const Vector<S>& g, Index v) const {
    const Vector<S> norms = local_component_norms(theta, v);
    const Index child = node(node(v).children.front()).block;
    const auto block = layout_.matrix(theta, child), slope = layout_.matrix(g, child);
    Vector<S> alignments(norms.size());
    for (Index q = 0; q < norms.size(); ++q) alignments[q] = norms[q] > 0 ? -block.col(q).dot(slope.col(q)) / norms[q] : S(0);
    return alignments;
  }
  /// The inner node above exactly these modes, in any order.
  Index node_of(std::vector<Index> modes) const {
    std::sort(modes.begin(), modes.end());
    for (std::size_t v = 0; v < nodes_.size(); ++v) {
      std::vector<Index> here = nodes_[v].modes;
      std::sort(here.begin(), here.end());
      if (here == modes && !nodes_[v].children.empty()) return static_cast<Index>(v);
    }
    std::string text;
    for (Index n : modes) text += (text.empty() ? "" : ", ") + std::to_string(n);
    throw std::invalid_argument(sentence("HierarchicalTensor: the tree ", tree_, " has no inner node above the modes {", text, "}"));
  }
  /// What gradient flow conserves: |column q of a child|^2 - |row q of B_v|^2 (o_q^2 at the root), and the same of two children, for every local component.
  Vector<double> invariants(const Vector<S>& theta) const {
    std::vector<double> differences;
    for (const TreeNode& here : nodes_)
      for (Index q = 0; q < here.in; ++q) {
        std::vector<double> squares;
        for (Index c : here.children) squares.push_back(detail::squared(layout_.matrix(theta, node(c).block).col(q)));
        if (here.block >= 0) squares.push_back(detail::squared(layout_.matrix(theta, here.block).row(q)));
        for (std::size_t a = 0; a < squares.size(); ++a)
          for (std::size_t b = a + 1; b < squares.size(); ++b) differences.push_back(squares[a] - squares[b]);
      }
    return Eigen::Map<const Vector<double>>(differences.data(), static_cast<Index>(differences.size()));
  }

  friend std::ostream& operator<<(std::ostream& out, const HierarchicalTensor& model) {
    out << "HierarchicalTensor<" << scalar_name<S>() << ">({.shape = " << model.shape_ << ", .widths = {";
    for (std::size_t l = 0; l < model.widths_.size(); ++l) out << (l ? ", " : "") << model.widths_[l];
    return out << "}, .tree = " << model.tree_ << ", .output = " << (model.node(model.root_).block >= 0 ? "true" : "false") << "})";
  }

  // ---- For TensorModel

  const detail::Halving& halving() const { return halving_; }
  const detail::BilinearGraph<S>& graph() const { return graph_; }
  double halves_flops() const { return halves_flops_; }
  double entry_flops() const {
    double flops = 0;
    for (const TreeNode& here : nodes_) flops += static_cast<double>(here.in * (2 * here.out + static_cast<Index>(here.children.size())));
    return flops;
  }
  Index work_size() const { return work_size_; }

  void prefetch(const S* x, const Index* i) const {
    for (Index n = 0; n < shape_.order(); ++n) detail::prefetch(leaf(x, node(n), i), node(n).out);
  }
  template <class X, class W>
  void meet(X theta, const Index* i, W work) const {
    for (std::size_t v = static_cast<std::size_t>(shape_.order()); v < nodes_.size(); ++v) {  // children come before their parent
      const TreeNode& here = nodes_[v];
      const W h = work + here.work;
      multiply_children(theta, i, work, here, -1, h);
      if (here.out) detail::times_transposed(h + here.in, theta + layout_[here.block].offset, detail::as_read<X>(h), here.in, here.out);
    }
  }
  template <class X, class W>
  auto value(X theta, const Index*, W work) const {
    const TreeNode& root = node(root_);
    const X h = detail::as_read<X>(work + root.work);
    if (root.block >= 0) return detail::dot(h, theta + layout_[root.block].offset, root.in);
    return detail::sum(h, root.in);
  }
  template <class X, class W, class Number, class G>
  void backward(X theta, const Index* i, W work, const Number& zbar, G g) const {
    const TreeNode& root = node(root_);
    const W at_root = work + (root.work + root.in);  // adjoint of h there
    if (root.block >= 0) {
      detail::scale_add(g + layout_[root.block].offset, zbar, detail::as_read<X>(work + root.work), root.in);
      detail::scale(at_root, zbar, theta + layout_[root.block].offset, root.in);
    } else {
      detail::fill(at_root, zbar, root.in);
    }
    for (Index v = static_cast<Index>(nodes_.size()) - 1; v >= shape_.order(); --v) {
      const TreeNode& here = node(v);
      const W h = work + here.work, dh = h + (here.in + here.out), others = dh + (here.in + here.out);
      if (here.out) {
        const X dz = detail::as_read<X>(dh + here.in);
        detail::outer_add(g + layout_[here.block].offset, detail::as_read<X>(h), dz, here.in, here.out);
        detail::clear(dh, here.in);
        detail::times_add(dh, theta + layout_[here.block].offset, dz, here.in, here.out);
      }
      for (Index c : here.children) {  // to each child, what the others multiply it by
        multiply_children(theta, i, work, here, c, others);
        const TreeNode& child = node(c);
        if (child.mode >= 0) detail::multiply_add(leaf(g, child, i), detail::as_read<X>(dh), detail::as_read<X>(others), here.in);
        else
          detail::multiply(work + (child.work + child.in + child.out + child.in), detail::as_read<X>(dh), detail::as_read<X>(others),
                           here.in);
      }
    }
  }

 private:
  using Op = detail::Bilinears;
  const TreeNode& node(Index v) const { return nodes_[static_cast<std::size_t>(v)]; }
  TreeNode& node(Index v) { return nodes_[static_cast<std::size_t>(v)]; }

  /// Width of the nodes at this distance from the root.
  Index width_at(Index distance) const { return widths_[widths_.size() - static_cast<std::size_t>(distance)]; }
  Index add(const ModeTree& tree, Index distance) {
    if (tree.leaf()) return node(tree.mode()).out = width_at(distance), tree.mode();
    TreeNode here{.modes = tree.modes()};
    for (const ModeTree& child : tree.children()) here.children.push_back(add(child, distance + 1));
    here.in = width_at(distance + 1);
    here.out = distance ? width_at(distance) : 0;
    here.name = "B";
    for (Index n : here.modes) here.name += "_" + std::to_string(n + 1);
    nodes_.push_back(std::move(here));
    return static_cast<Index>(nodes_.size()) - 1;
  }
  void lay_out(bool output) {
    for (TreeNode& here : nodes_) {
      if (here.mode >= 0) layout_.add(here.name, {shape_[here.mode], here.out}, StorageOrder::row_major);
      else if (here.out) layout_.add(here.name, {here.in, here.out});
      else if (output) layout_.add(here.name = "o", {here.in, 1});
      if (here.out || output) here.block = layout_.size() - 1;
      if (here.mode >= 0) continue;
      here.work = work_size_;
      work_size_ += 2 * (here.in + here.out) + here.in;
    }
  }
  void halve() {
    const std::vector<Index>& children = node(root_).children;
    const std::size_t half = (children.size() + 1) / 2;
    Index split = 0;
    double size = 0;
    for (std::size_t c = 0; c < half; ++c) split += static_cast<Index>(node(children[c]).modes.size());
    halving_ = detail::Halving(shape_, node(root_).modes, split);
    for (const TreeNode& here : nodes_)
      if (here.out) size = std::max(size, combinations(here) * static_cast<double>(std::max(here.in, here.out)));
    if (size > Shape::dense_limit || !halving_.fits(node(root_).in)) return;
    auto left = together(children, 0, half);
    if (const Index o = node(root_).block; o >= 0) left = graph_.face_split(graph_.parameter(layout_[o].offset, node(root_).in, 1), left);
    const auto right = together(children, half, children.size());
    graph_.finish(left, right, node(root_).in);
  }
  double combinations(const TreeNode& here) const {
    double size = 1;
    for (Index n : here.modes) size *= static_cast<double>(shape_[n]);
    return size;
  }
  typename detail::BilinearGraph<S>::Id together(const std::vector<Index>& children, std::size_t from, std::size_t to) {
    auto product = matrix_of(children[from]);
    for (std::size_t c = from + 1; c < to; ++c) product = graph_.face_split(product, matrix_of(children[c]));
    return product;
  }
  /// T(v, .) over the combinations of v's modes, out x combinations.
  typename detail::BilinearGraph<S>::Id matrix_of(Index v) {
    const TreeNode& here = node(v);
    if (here.mode >= 0) return graph_.parameter(layout_[here.block].offset, here.out, shape_[here.mode]);
    const auto h = together(here.children, 0, here.children.size());
    const auto cols = static_cast<Index>(combinations(here));
    halves_flops_ += static_cast<double>(cols) * static_cast<double>(here.in) * static_cast<double>(2 * here.out + 1);
    return graph_.multiply(Op::product_tn, graph_.parameter(layout_[here.block].offset, here.in, here.out), here.in, here.out, h, here.in,
                           cols);
  }

  template <class X>
  X leaf(X x, const TreeNode& child, const Index* i) const {
    return x + (layout_[child.block].offset + i[child.mode] * child.out);
  }
  template <class X, class W>
  X handed_on(X theta, const Index* i, W work, Index c) const {
    const TreeNode& child = node(c);
    return child.mode >= 0 ? leaf(theta, child, i) : detail::as_read<X>(work + (child.work + child.in));
  }
  /// The product of what the children hand on, but `left_out`.
  template <class X, class W>
  void multiply_children(X theta, const Index* i, W work, const TreeNode& here, Index left_out, W into) const {
    bool first = true;
    for (Index c : here.children) {
      if (c == left_out) continue;
      const X z = handed_on(theta, i, work, c);
      if (first) detail::copy(into, z, here.in);
      else detail::multiply(into, detail::as_read<X>(into), z, here.in);
      first = false;
    }
  }

  Shape shape_;
  ModeTree tree_;
  std::vector<Index> widths_;
  detail::Halving halving_;
  std::vector<TreeNode> nodes_;
  Index root_ = 0, work_size_ = 0;
  Layout layout_;
  detail::BilinearGraph<S> graph_;
  double halves_flops_ = 0;
};

}  // namespace tacit
