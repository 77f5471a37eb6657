// SPDX-License-Identifier: MIT
// Hierarchical tensors on trees drawn at random, modes in any order, against the sums of their definition in extended precision: every verb, on every
// observation, along every path. TACIT_RANDOM_TREES says how many are drawn, TACIT_RANDOM_FIRST from which seed.
#include <tacit/model/hierarchical_tensor.hpp>

#include "random_tensors.hpp"

using namespace laws;
using reference::Number;

namespace {

/// A tree above these modes, cut at random.
ModeTree tree_above(const std::vector<Index>& modes, Random& random) {
  if (modes.size() == 1) return ModeTree(modes.front());
  const std::size_t parts = 2 + random.below(std::min<std::size_t>(modes.size() - 1, 3));
  std::vector<std::size_t> cuts{0, modes.size()};
  while (cuts.size() < parts + 1) {
    const std::size_t cut = 1 + random.below(modes.size() - 1);
    if (std::find(cuts.begin(), cuts.end(), cut) == cuts.end()) cuts.push_back(cut);
  }
  std::sort(cuts.begin(), cuts.end());
  std::vector<ModeTree> children;
  for (std::size_t c = 0; c + 1 < cuts.size(); ++c)
    children.push_back(tree_above(
        {modes.begin() + static_cast<std::ptrdiff_t>(cuts[c]), modes.begin() + static_cast<std::ptrdiff_t>(cuts[c + 1])}, random));
  return ModeTree(children);
}
typename HierarchicalTensor<double>::Sizes random_sizes(Random& random) {
  const std::size_t order = 2 + random.below(4);
  std::vector<Index> sizes, modes, widths;
  for (std::size_t n = 0; n < order; ++n) {
    sizes.push_back(static_cast<Index>(1 + random.below(order == 2 ? 7 : order == 3 ? 4 : 3)));
    modes.push_back(static_cast<Index>(n));
  }
  random.shuffle(modes);
  const ModeTree tree = tree_above(modes, random);
  for (Index l = 0; l < tree.height(); ++l) widths.push_back(static_cast<Index>(1 + random.below(3)));
  return {.shape = Shape(sizes), .widths = widths, .tree = tree, .output = random.uniform() < 0.7};
}

/// The definition, on numbers of its own: theta is read by the names of its blocks alone.
class TreeByDefinition {
 public:
  TreeByDefinition(const ModeTree& tree, std::vector<Index> widths, bool output, const Layout& layout)
      : tree_(tree), widths_(std::move(widths)), output_(output), layout_(layout) {}

  Number entry(const std::vector<Number>& theta, const std::vector<Index>& i) const {
    Number sum;
    for (Index q = 0; q < width(1); ++q) {
      Number term = output_ ? at(theta, "o", q, 0) : Number(1);
      for (const ModeTree& child : tree_.children()) term = term * component(theta, i, child, 1, q);
      sum = sum + term;
    }
    return sum;
  }

 private:
  Index width(Index distance) const { return widths_[widths_.size() - static_cast<std::size_t>(distance)]; }
  /// T(v, q) for the node at this distance from the root.
  Number component(const std::vector<Number>& theta, const std::vector<Index>& i, const ModeTree& v, Index distance, Index q) const {
    if (v.leaf()) return at(theta, "A" + std::to_string(v.mode() + 1), i[static_cast<std::size_t>(v.mode())], q);
    std::string name = "B";
    for (const Index n : v.modes()) name += "_" + std::to_string(n + 1);
    Number sum;
    for (Index p = 0; p < width(distance + 1); ++p) {
      Number term = at(theta, name, p, q);
      for (const ModeTree& child : v.children()) term = term * component(theta, i, child, distance + 1, p);
      sum = sum + term;
    }
    return sum;
  }
  Number at(const std::vector<Number>& theta, const std::string& name, Index i, Index j) const {
    for (const Block& block : layout_)
      if (block.name == name) {
        const Index rows = block.shape[0], cols = block.count / rows;
        return theta[static_cast<std::size_t>(block.offset + (block.order == StorageOrder::row_major ? i * cols + j : i + j * rows))];
      }
    FAIL("there is no block " << name);
    return {};
  }

  ModeTree tree_;
  std::vector<Index> widths_;
  bool output_;
  Layout layout_;
};

}  // namespace

TEST_CASE("hierarchical tensors on random trees have the values and derivatives of their definition") {
  const std::uint64_t count = reference::number_from("TACIT_RANDOM_TREES", 100), first = reference::number_from("TACIT_RANDOM_FIRST", 0);
  WorstTensor worst;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    Random random(seed, "trees");
    const auto sizes = random_sizes(random);
    const HierarchicalTensor<double> model(sizes);
    INFO("seed " << seed);
    const HierarchicalTensor<float> less({.shape = sizes.shape, .widths = sizes.widths, .tree = sizes.tree, .output = sizes.output});
    const TreeByDefinition definition(*sizes.tree, sizes.widths, sizes.output, model.layout());
    try_tensor(
        model, less, random, [&](const std::vector<Number>& theta, const std::vector<Index>& i) { return definition.entry(theta, i); },
        worst);
  }
  worst.tell("TACIT_RANDOM_TREES");
}
