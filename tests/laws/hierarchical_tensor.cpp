// SPDX-License-Identifier: MIT
#include <tacit/model/cp.hpp>
#include <tacit/model/hierarchical_tensor.hpp>

#include "tensor_laws.hpp"

using namespace laws;

namespace {
template <class S>
std::vector<HierarchicalTensor<S>> hierarchical_tensor_models() {
  using Sizes = typename HierarchicalTensor<S>::Sizes;
  std::vector<HierarchicalTensor<S>> list;
  list.emplace_back(Sizes{.shape = {4, 3}, .widths = {2}});
  list.emplace_back(Sizes{.shape = {4, 3}, .widths = {2}, .tree = ModeTree{1, 0}});
  list.emplace_back(Sizes{.shape = {40, 3}, .widths = {2}, .tree = ModeTree{1, 0}, .output = false});
  list.emplace_back(Sizes{.shape = {2, 3, 2, 3}, .widths = {3, 2}});
  list.emplace_back(Sizes{.shape = {2, 3, 2, 2}, .widths = {2, 3}, .tree = perfect_tree(4, 2, Pooling::distant), .output = false});
  list.emplace_back(Sizes{.shape = {2, 3, 2}, .widths = {2, 3}, .tree = ModeTree{ModeTree{2, 0}, 1}});
  list.emplace_back(Sizes{.shape = {2, 2, 3}, .widths = {4}, .pool = 3});
  return list;
}
/// T(v, q) at a multi-index, by the definition.
double value_at(const HierarchicalTensor<double>& model, const Vector<double>& theta, const std::vector<Index>& i, Index v, Index q) {
  const auto& here = model.nodes()[static_cast<std::size_t>(v)];
  if (here.mode >= 0) return model.block(theta, here.block)(i[static_cast<std::size_t>(here.mode)], q);
  double sum = 0;
  for (Index p = 0; p < here.in; ++p) {
    double product = here.block < 0 ? 1 : here.out ? model.block(theta, here.block)(p, q) : model.block(theta, here.block)(p, 0);
    for (Index c : here.children) product *= value_at(model, theta, i, c, p);
    sum += product;
  }
  return sum;
}
}  // namespace

TEST_CASE("hierarchical tensors are the sums of their definition, along every path") {
  for (const auto& model : hierarchical_tensor_models<double>())
    tensor_paths_agree(model, [&](const auto& theta, const auto& i) { return value_at(model, theta, i, model.root(), 0); });
}
TEST_CASE("one level without output vector is CP") {
  const CP<double> cp({.shape = {3, 4, 2}, .rank = 3});
  const HierarchicalTensor<double> tree({.shape = {3, 4, 2}, .widths = {3}, .pool = 3, .output = false});
  REQUIRE(cp.parameter_count() == tree.parameter_count());
  const Vector<double> theta = normal<double>(cp.parameter_count(), 5);
  const TensorEntries at = some_tensor_entries(cp.shape());
  const Vector<double> zbar = normal<double>(at.count(), 6);
  Verbs<CP<double>, TensorEntries> a(cp, at);
  Verbs<HierarchicalTensor<double>, TensorEntries> b(tree, at);
  check_close(a.evaluate(theta), b.evaluate(theta), 1e-14);
  check_close(a.pullback(theta, zbar), b.pullback(theta, zbar), 1e-14);
}
