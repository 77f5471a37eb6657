// SPDX-License-Identifier: MIT
#pragma once
// The fit of an unfolding, a matrix of depth 2 whose rows are the combinations of some modes, as a tensor model that predicts the same:
//   one mode against the others   Tucker of one mode (Tucker1): W = G x_n A, all other factors identities.          [Tucker 1966]
//   two groups of modes           a hierarchical tensor with the tree of the two groups, whose leaves tell the combinations apart:
//                                   A_n(i, q) = 1 where combination q has index i of mode n,   B_v = A (or B),   o = 1
// Cost: a copy of the factors, and  sum_n n_n max(rows, columns)  numbers of the leaves.

#include "deep_fit.hpp"
#include "tensor_fit.hpp"
#include "unfolding.hpp"

namespace tacit::detail {

inline DeepFit transposed(const DeepFit& fit) {
  Centre centre = fit.centre;
  if (centre.has_effects()) std::swap(centre.effects[0], centre.effects[1]);
  DeepFit other = depth_two(fit.model->layer(fit.theta, 0).transpose(), fit.model->layer(fit.theta, 1), centre, fit.told);
  other.choice = fit.choice;
  return other;
}
/// The modes of the two groups.
inline std::vector<std::vector<Index>> groups_of(const Bipartition& rows) {
  std::vector<std::vector<Index>> groups(2);
  for (std::size_t n = 0; n < rows.size(); ++n) groups[rows[n] ? 0 : 1].push_back(static_cast<Index>(n));
  return groups;
}
/// Two groups of at least two modes each: a hierarchical tensor. Row and column effects become two more components.
inline TensorFit two_groups(const DeepFit& of, const Shape& shape, const Bipartition& rows) {
  const auto groups = groups_of(rows);
  const bool effects = of.centre.has_effects();
  const Matrix<double> factors[] = {of.model->layer(of.theta, 1), of.model->layer(of.theta, 0).transpose()};
  const Index r = factors[0].cols(), combinations = std::max(factors[0].rows(), factors[1].rows());
  std::vector<ModeTree> children;
  for (const auto& group : groups) children.emplace_back(std::vector<ModeTree>(group.begin(), group.end()));
  TensorFit fit = tensor_of(
      {.kind = TensorKind::hierarchical, .shape = shape, .ranks = {combinations, r + (effects ? 2 : 0)}, .tree = ModeTree(children)},
      {of.centre.form, of.centre.mean, {}, of.centre.scale}, in_words(rows) + ", " + of.settings());
  const Layout& layout = fit.model->layout();
  for (std::size_t g = 0; g < 2; ++g) {
    Index stride = factors[g].rows();  // the last mode of a group is the fastest
    for (const Index n : groups[g]) {
      stride /= shape[n];
      auto leaf = layout.matrix(fit.theta, n);
      for (Index q = 0; q < factors[g].rows(); ++q) leaf(q / stride % shape[n], q) = 1;
    }
    auto node = layout.matrix(fit.theta, shape.order() + static_cast<Index>(g)).topRows(factors[g].rows());
    node.leftCols(r) = factors[g];
    if (!effects) continue;
    node.col(r + static_cast<Index>(g)) = of.centre.effects_of(static_cast<Index>(g)) / fit.centre.scale;
    node.col(r + 1 - static_cast<Index>(g)).setOnes();
  }
  layout.matrix(fit.theta, shape.order() + 2).setOnes();
  return fit;
}

/// One mode against the others: a Tucker model. Row and column effects become two more components.
inline TensorFit tucker1(const DeepFit& of, const Shape& shape, Index mode) {
  const bool effects = of.centre.has_effects();
  const Matrix<double> A = of.model->layer(of.theta, 1), B = of.model->layer(of.theta, 0);
  const Index r = A.cols(), rank = r + (effects ? 2 : 0);
  TensorSpec spec{.kind = TensorKind::tucker, .shape = shape};
  for (Index n = 0; n < shape.order(); ++n) spec.ranks.push_back(n == mode ? rank : shape[n]);
  TensorFit fit = tensor_of(spec, {of.centre.form, of.centre.mean, {}, of.centre.scale},
                            sentence("mode ", mode + 1, " against the others, ", of.settings()));
  const Layout& layout = fit.model->layout();
  for (Index n = 0; n < shape.order(); ++n)
    if (n != mode) layout.matrix(fit.theta, n + 1).setIdentity();
  auto U = layout.matrix(fit.theta, mode + 1);
  U.leftCols(r) = A;
  if (effects) U.col(r) = of.centre.effects_of(0) / fit.centre.scale, U.col(r + 1).setOnes();
  std::vector<Index> stride;  // of the core, first index fastest
  for (Index n = 0, s = 1; n < shape.order(); s *= spec.ranks[static_cast<std::size_t>(n++)]) stride.push_back(s);
  const Index along = stride[static_cast<std::size_t>(mode)];
  for (Index j = 0; j < B.cols(); ++j) {
    Index at = 0, left = j;  // columns count the other modes' indices, the last mode fastest
    for (Index n = shape.order() - 1; n >= 0; --n) {
      if (n == mode) continue;
      at += left % shape[n] * stride[static_cast<std::size_t>(n)];
      left /= shape[n];
    }
    double* g = fit.theta.data() + at;
    for (Index q = 0; q < r; ++q) g[q * along] = B(q, j);
    if (effects) g[r * along] = 1, g[(r + 1) * along] = of.centre.effect(1, j) / fit.centre.scale;
  }
  return fit;
}

/// `of` was fitted to the unfolding with these rows.
inline TensorFit unfolding_model(DeepFit of, const Shape& shape, Bipartition rows, std::uint64_t seed) {
  const auto groups = groups_of(rows);
  const bool turn = groups[0].size() > 1 && groups[1].size() == 1;  // the single mode becomes the rows
  if (turn) of = transposed(of), rows.flip();
  TensorFit fit = groups[0].size() > 1 && !turn ? two_groups(of, shape, rows) : tucker1(of, shape, groups[turn ? 1 : 0][0]);
  fit.seed = seed;
  fit.unfolded = std::make_shared<const DeepFit>(std::move(of));
  fit.rows = std::move(rows);
  return fit;
}

/// The unfoldings that fit, and whose model is not far larger than the data: single modes first, as rows, then groups against groups.
inline std::vector<Unfolding> modelled_unfoldings(const Shape& shape, Index observations) {
  std::vector<std::pair<Index, Unfolding>> found;  // with their place
  if (shape.order() > 16) return {};
  for (Unfolding way : unfoldings(shape)) {
    const auto groups = groups_of(way.rows);
    const std::size_t single = groups[0].size() == 1 ? 0 : groups[1].size() == 1 ? 1 : 2;
    double size = way.size[0] + way.size[1];
    for (Index n = 0; n < shape.order(); ++n)
      if (single == 2 || n != groups[single][0])
        size += static_cast<double>(shape[n]) * (single == 2 ? std::max(way.size[0], way.size[1]) : static_cast<double>(shape[n]));
    if (!worth_trying(size, observations)) continue;
    if (single == 1) way.rows.flip();
    found.emplace_back(single < 2 ? groups[single][0] : shape.order(), Unfolding(shape, way.rows));
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Unfolding> ways;
  for (auto& [place, way] : found) ways.push_back(std::move(way));
  return ways;
}
/// Whether every unfolding that is tried can stand as such a model.
inline bool unfoldings_are_models(const Shape& shape, Index observations) {
  return modelled_unfoldings(shape, observations).size() == unfoldings(shape).size();
}

}  // namespace tacit::detail
