// SPDX-License-Identifier: MIT
#pragma once
// What other methods of completion fit, as the models of this library, so that it is saved, reported and folded into like every other fit:
//   means and effects        factors of rank 1 that are 0, and their centre               of a matrix or tensor
//   ALS, SoftImpute          W = A B^T                                                    depth 2
//   minimum nuclear norm     W = (X V) V^T, V the right singular vectors of X             depth 2, from those longer than 10^-6 of the longest
//   tables of predictions    the same, of nearest neighbours and regressions of columns   where the smaller side is small (stands_as_factors)
//   CP by ALS                its factors                                                  CP
//   an unfolding by ALS      one mode against the others: Tucker1 (average_unfolding.hpp); else a hierarchical tensor with the tree of the two groups of modes, whose
//                            leaves tell the combinations of a group apart:  A_n(i, q) = 1 where combination q has index i of mode n,  B_v = A (or B),  o = 1
// Predictions are the same up to rounding. Cost: a copy of the factors; for X, one eigendecomposition of min(n1, n2)^2 numbers.

#include <Eigen/Eigenvalues>

#include "../core/product.hpp"
#include "../solver/column_regression.hpp"
#include "../solver/nearest_neighbours.hpp"
#include "../solver/soft_impute.hpp"
#include "../solver/tensor_als.hpp"
#include "average_unfolding.hpp"
#include "tune_nuclear_norm.hpp"
#include "unfolding.hpp"

namespace tacit {

namespace detail {

inline constexpr Index narrow_table = 500;         ///< the longest smaller side of a table of predictions that is kept,
inline constexpr double small_table = 10'000'000;  ///< and its most entries
inline bool stands_as_factors(const Shape& shape) { return std::min(shape[0], shape[1]) <= narrow_table && shape.size() <= small_table; }

/// W = A B^T around this centre.
inline DeepFit depth_two(const Matrix<double>& A, const Matrix<double>& B, Centre centre, std::string told) {
  const Index r = std::max<Index>(A.cols(), 1);
  DeepFit fit;
  fit.choice.centre = centre.has_effects() ? Centring::effects : centre.form == Centre{}.form ? Centring::none : Centring::mean;
  fit.choice.width = r;
  fit.choice.steps = {0};
  fit.centre = std::move(centre);
  fit.told = std::move(told);
  const auto model = std::make_shared<const DeepMatrix<double>>(std::vector<Index>{B.rows(), r, A.rows()});
  fit.theta.setZero(model->parameter_count());
  if (A.cols() > 0) {
    model->layout().matrix(fit.theta, 0) = B.transpose();
    model->layout().matrix(fit.theta, 1) = A;
  }
  fit.model = model;
  return fit;
}

/// A whole table W as balanced factors, (W V) V^T with the singular vectors V of its smaller side, from those longer than 10^-6 of the longest. Balanced, because new rows are
/// folded in by a ridge, which then trusts large singular values most; beside an identity each column would be by itself.
inline DeepFit table_as_factors(const Matrix<double>& W, Centre centre, std::string told) {
  const bool tall = W.rows() >= W.cols();
  const Matrix<double> X = tall ? W : Matrix<double>(W.transpose());
  const Matrix<double> V = Eigen::SelfAdjointEigenSolver<Matrix<double>>(product_tn(X, X)).eigenvectors(), U = product(X, V);
  const Vector<double> length = U.colwise().norm().transpose();
  std::vector<Index> kept;  // the largest first
  for (Index k = length.size(); k-- > 0;)
    if (length[k] > 1e-6 * length.maxCoeff()) kept.push_back(k);
  Matrix<double> A(X.rows(), static_cast<Index>(kept.size())), B(X.cols(), A.cols());
  for (Index c = 0; c < A.cols(); ++c) {
    const Index k = kept[static_cast<std::size_t>(c)];
    A.col(c) = U.col(k) / std::sqrt(length[k]), B.col(c) = V.col(k) * std::sqrt(length[k]);
  }
  return tall ? depth_two(A, B, std::move(centre), std::move(told)) : depth_two(B, A, std::move(centre), std::move(told));
}

}  // namespace detail

inline DeepFit as_deep(const Centre& means, const Shape& shape) {
  const auto zero = [&](Index n) { return Matrix<double>(Matrix<double>::Zero(shape[n], 1)); };
  return detail::depth_two(zero(0), zero(1), means, means.form + " alone");
}
inline DeepFit as_deep(const Als& fit, const Shape&) {
  DeepFit deep = detail::depth_two(fit.A, fit.B, fit.centre, fit.name());
  deep.choice.steps = {fit.sweeps};
  return deep;
}
inline DeepFit as_deep(const SoftImpute& fit, const Shape&) {
  const Vector<double> root = fit.d.cwiseSqrt();
  DeepFit deep = detail::depth_two(fit.U * root.asDiagonal(), fit.V * root.asDiagonal(), fit.centre, fit.name());
  deep.choice.steps = {fit.iterations};
  return deep;
}
inline DeepFit as_deep(const NuclearFit& fit, const Shape&) { return detail::table_as_factors(fit.X, fit.centre, fit.name()); }

inline DeepFit as_deep(const NearestNeighbours& fit, const Shape&) {
  return detail::table_as_factors(fit.beside_the_centre(), fit.centre, fit.name());
}
inline DeepFit as_deep(const ColumnRegressions& fit, const Shape&) {
  const double mean = fit.table.mean();
  return detail::table_as_factors(fit.table.array() - mean, {"global mean", mean}, fit.name());
}

namespace detail {

inline TensorFit tensor_of(TensorSpec spec, Centre centre, std::string told) {
  TensorFit fit;
  fit.centre = std::move(centre).with_positive_scale();
  fit.told = std::move(told);
  fit.model = std::make_shared<const AnyTensorModel<double>>(std::move(spec));
  fit.theta.setZero(fit.model->parameter_count());
  return fit;
}
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
  fit.unfolded = std::make_shared<const DeepFit>(of);
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
/// Whether every unfolding that is tried can stand as a model that is not far larger than the data.
inline bool unfoldings_are_models(const Shape& shape, Index observations) {
  for (const Unfolding& way : unfoldings(shape)) {
    const auto groups = groups_of(way.rows);
    const std::size_t single = groups[0].size() == 1 ? 0 : groups[1].size() == 1 ? 1 : 2;
    double size = way.size[0] + way.size[1];
    for (Index n = 0; n < shape.order(); ++n)
      if (single == 2 || n != groups[single][0])
        size += static_cast<double>(shape[n]) * (single == 2 ? std::max(way.size[0], way.size[1]) : static_cast<double>(shape[n]));
    if (!worth_trying(size, observations)) return false;
  }
  return true;
}

}  // namespace detail

inline TensorFit as_tensor(const Centre& means, const Shape& shape) {
  return detail::tensor_of(tensor_spec(TensorKind::cp, shape, 1), means, means.form + " alone");
}
inline TensorFit as_tensor(const TensorAls& als, const Shape& shape) {
  TensorFit fit = detail::tensor_of(tensor_spec(TensorKind::cp, shape, als.rank()), als.centre, als.name());
  for (Index n = 0; als.centre.scale > 0 && n < shape.order(); ++n)
    fit.model->layout().matrix(fit.theta, n) = als.factors[static_cast<std::size_t>(n)].transpose();
  return fit;
}
inline TensorFit as_tensor(const UnfoldedAls& fit, const Shape& shape) {
  const DeepFit deep = as_deep(fit.als, shape);
  const auto groups = detail::groups_of(fit.rows);
  if (groups[0].size() == 1) return detail::tucker1(deep, shape, groups[0][0], 0);
  if (groups[1].size() == 1) return detail::tucker1(detail::transposed(deep), shape, groups[1][0], 0);
  return detail::two_groups(deep, shape, fit.rows);
}

/// The chosen rank, ridge and means on other data: ten sweeps from the chosen factors, at most as many as they had at that ridge; `anew`, from starts of its own down the
/// same path, so that nothing is left in it of entries that are not among the data.
inline TensorAls refit(const TensorAls& chosen, const Data<double, TensorEntries>& data, const TensorAlsGrid& grid, bool anew = false) {
  const detail::Standardised on(data, refit(chosen.centre, data));
  TensorAls fit = chosen;
  fit.centre = on.centre;
  if (on.empty() || chosen.path.empty()) return fit.centre.scale = 0, fit;
  detail::TensorAlsSweeps sweep(data.where, on.data->y);
  const auto sweeps = [&](std::vector<Matrix<double>>& At, double lambda, Index count) {
    for (Index s = 0; s < count; ++s) grid.pace.ask(), sweep(At, lambda);
  };
  fit.factors[0] *= chosen.centre.scale / on.centre.scale;
  if (!anew) return sweeps(fit.factors, chosen.lambda, std::min<Index>(10, chosen.sweeps)), fit;
  Random random(grid.seed, "tensor ALS");
  double least = std::numeric_limits<double>::infinity();
  for (Index start = 0; start < grid.starts; ++start) {
    std::vector<Matrix<double>> At = detail::draw_cp_start(data.where.shape(), chosen.rank(), random);
    sweeps(At, grid.lambdas.back(), 8);
    const double error = detail::rmse(detail::cp_at(At, data.where), on.data->y);
    if (start == 0 || error < least) least = error, fit.factors = std::move(At);
  }
  for (const AlsStep& step : chosen.path) sweeps(fit.factors, step.lambda, step.sweeps);
  return fit;
}

}  // namespace tacit
