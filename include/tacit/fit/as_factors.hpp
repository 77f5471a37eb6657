// SPDX-License-Identifier: MIT
#pragma once
// What other methods of completion fit, as the models of this library, so that it is saved, reported and folded into like every other fit:
//   means and effects        factors of rank 1 that are 0, and their centre               of a matrix or tensor
//   ALS, SoftImpute          W = A B^T                                                    depth 2
//   minimum nuclear norm     W = (X V) V^T, V the right singular vectors of X             depth 2, from those longer than 10^-6 of the longest
//   Poisson factors          log mu = c + r_i + s_j + <a_i, b_j> and the exponential     depth 2 with the transform "count" of all columns
//   tables of predictions    the same, of nearest neighbours and regressions of columns   where the smaller side is small (stands_as_factors)
//   CP by ALS                its factors                                                  CP
//   norms of unfoldings      core and factors                                             Tucker
//   an unfolding by ALS      Tucker1 or a hierarchical tensor (unfolding_model.hpp)
// Predictions are the same up to rounding. Cost: a copy of the factors; for X, one eigendecomposition of min(n1, n2)^2 numbers.

#include "../solver/column_regression.hpp"
#include "../solver/nearest_neighbours.hpp"
#include "../solver/soft_impute.hpp"
#include "../solver/tensor_als.hpp"
#include "../solver/unfolded_norms.hpp"
#include "tune_nuclear_norm.hpp"
#include "tune_poisson.hpp"
#include "unfolding_model.hpp"

namespace tacit {

namespace detail {

/// A whole table W as balanced factors, (W V) V^T with the singular vectors V of its smaller side, from those longer than 10^-6 of the longest. Balanced, because new rows are
/// folded in by a ridge, which then trusts large singular values most; beside an identity each column would be by itself.
DeepFit table_as_factors(const Matrix<double>& W, Centre centre, std::string told);

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
inline DeepFit as_deep(const PoissonFactors& fit, const Shape& shape) {
  Centre centre{"row + column effects", fit.constant, {fit.row, fit.col}};
  centre.lines.transforms.assign(static_cast<std::size_t>(shape[1]), {.kind = TransformKind::count});
  return detail::depth_two(fit.A, fit.B, std::move(centre), fit.name());
}
inline DeepFit as_deep(const NuclearFit& fit, const Shape&) { return detail::table_as_factors(fit.X, fit.centre, fit.name()); }
inline DeepFit as_deep(const NearestNeighbours& fit, const Shape&) {
  return detail::table_as_factors(fit.beside_the_centre(), fit.centre, fit.name());
}
inline DeepFit as_deep(const ColumnRegressions& fit, const Shape&) {
  const double mean = fit.table.mean();
  return detail::table_as_factors(fit.table.array() - mean, {"global mean", mean}, fit.name());
}

inline TensorFit as_tensor(const Centre& means, const Shape& shape) {
  return detail::tensor_of(tensor_spec(TensorKind::cp, shape, 1), means, means.form + " alone");
}
inline TensorFit as_tensor(const TensorAls& als, const Shape& shape) {
  TensorFit fit = detail::tensor_of(tensor_spec(TensorKind::cp, shape, als.rank()), als.centre, als.name());
  for (Index n = 0; als.centre.scale > 0 && n < shape.order(); ++n)
    fit.model->layout().matrix(fit.theta, n) = als.factors[static_cast<std::size_t>(n)].transpose();
  return fit;
}
inline TensorFit as_tensor(const UnfoldedNorms& norms, const Shape& shape) {
  TensorFit fit =
      detail::tensor_of({.kind = TensorKind::tucker, .shape = shape, .ranks = norms.core.shape.sizes()}, norms.centre, norms.name());
  fit.theta.head(norms.core.values.size()) = norms.core.values;
  for (Index n = 0; n < shape.order(); ++n) fit.model->layout().matrix(fit.theta, n + 1) = norms.U[static_cast<std::size_t>(n)];
  return fit;
}
inline TensorFit as_tensor(const UnfoldedAls& fit, const Shape& shape) {
  return detail::unfolding_model(as_deep(fit.als, shape), shape, fit.rows, 0);
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

#ifndef TACIT_COMPILED
#include "impl/as_factors.hpp"
#endif
