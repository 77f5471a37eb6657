// SPDX-License-Identifier: MIT
#pragma once
// A weighted sum of fits as one fit of the same kind, so that it is saved, reported and folded into as any other:   sum_m w_m (centre_m + scale_m W_m),   sum_m w_m = 1.
//   matrices   centres are added, and of factors  W_m = A_m B_m^T  the sum is  [w_1 A_1, w_2 A_2, ...] [B_1, B_2, ...]^T;  where its rank would reach min(n1, n2) it is a
//              table as factors (as_factors.hpp)
//   with transforms of columns   predictions are added in the units of the data; the fit is the table, as factors, of what the transforms make of the sum
//   tensors    CP: components stand side by side; any others: each is  W_(n) = A P  at the mode n where this takes least (model/mode_matrix.hpp), and the sum of these
//              matrices is a table as factors, which makes a Tucker model of one mode
// Scales of lines, which all fits of a comparison share, stay outermost: with weights that add up to 1 they pass through the sum. A sum is no new kind of model: whatever
// reads, predicts or folds in does so as ever. Tables are made up to 10^7 entries and 500 lines on their smaller side (stands_as_factors).

#include <algorithm>

#include "../model/mode_matrix.hpp"
#include "as_factors.hpp"

namespace tacit::detail {

/// A of W = A P, and P = W_{N-1} ... W_1.
inline std::pair<Matrix<double>, Matrix<double>> two_factors(const DeepFit& fit) {
  const Index N = fit.model->depth();
  Matrix<double> P = fit.model->layer(fit.theta, 0);
  for (Index l = 1; l + 1 < N; ++l) P = product(Matrix<double>(fit.model->layer(fit.theta, l)), P);
  return {fit.model->layer(fit.theta, N - 1), std::move(P)};
}

/// The centres of all fits, added.
template <class Fit>
Centre summed_centres(const std::vector<Fit>& fits, const Vector<double>& weights, const Shape& shape) {
  Centre sum{"the centres of its members", 0, {}, 1, fits[0].centre.lines};
  for (std::size_t m = 0; m < fits.size(); ++m) {
    const Centre& centre = fits[m].centre;
    const double w = weights[static_cast<Index>(m)];
    sum.mean += w * centre.mean;
    for (Index n = 0; n < shape.order(); ++n) {
      if (centre.effects_of(n).size() == 0) continue;
      if (sum.effects.empty())
        for (const Index lines : shape.sizes()) sum.effects.emplace_back(Vector<double>::Zero(lines));
      sum.effects[static_cast<std::size_t>(n)] += w * centre.effects_of(n);
    }
  }
  return sum;
}
template <class Fit>
void check_weighted(const std::vector<Fit>& fits, const Vector<double>& weights) {
  require(!fits.empty() && static_cast<Index>(fits.size()) == weights.size(), "weighted_sum: ", fits.size(), " fits have ", weights.size(),
          " weights");
  require(std::abs(weights.sum() - 1) < 1e-9, "weighted_sum: the weights add up to ", weights.sum(), ", they need to add up to 1");
}

/// Of fits with transforms of columns: the table of predictions, in the units of the first one's scales.
inline DeepFit sum_of_predictions(const std::vector<DeepFit>& fits, const Vector<double>& weights, std::string told) {
  const Shape shape = fits[0].model->shape();
  require(stands_as_factors(shape), "weighted_sum: a sum with transforms of columns is a table, which ", shape,
          " entries are too many for");
  const Scales& lines = fits[0].centre.lines;
  Matrix<double> X = Matrix<double>::Zero(shape[0], shape[1]);
  for (std::size_t m = 0; m < fits.size(); ++m) {
    const auto [A, P] = two_factors(fits[m]);
    const Matrix<double> W = product(A, P);
    for (Index j = 0; j < X.cols(); ++j)
      for (Index i = 0; i < X.rows(); ++i) X(i, j) += weights[static_cast<Index>(m)] * fits[m].centre.put_back(W(i, j), i, j);
  }
  for (Index j = 0; j < X.cols(); ++j)
    for (Index i = 0; i < X.rows(); ++i) {
      const Scales::Unit unit = lines.unit(i, j);
      X(i, j) = ((unit.by ? unit.by->of_predicted(X(i, j)) : X(i, j)) - unit.centre) / unit.scale;
    }
  const double mean = X.mean();
  return table_as_factors(X.array() - mean, {"the mean of the sum", mean, {}, 1, lines}, std::move(told));
}

inline DeepFit weighted_sum(const std::vector<DeepFit>& fits, const Vector<double>& weights, std::string told) {
  check_weighted(fits, weights);
  if (!fits[0].centre.lines.transforms.empty()) return sum_of_predictions(fits, weights, std::move(told));
  const Shape shape = fits[0].model->shape();
  std::vector<std::pair<Matrix<double>, Matrix<double>>> factors;
  Index rank = 0;
  for (std::size_t m = 0; m < fits.size(); ++m) {
    const double w = weights[static_cast<Index>(m)] * fits[m].centre.scale;
    if (w == 0 || !(fits[m].theta.cwiseAbs().maxCoeff() > 0)) continue;  // means alone
    factors.push_back(two_factors(fits[m]));
    factors.back().first *= w;
    rank += factors.back().first.cols();
  }
  Centre centre = summed_centres(fits, weights, shape);
  if (rank >= std::min(shape[0], shape[1]) && stands_as_factors(shape)) {
    Matrix<double> W = Matrix<double>::Zero(shape[0], shape[1]);
    for (const auto& [A, P] : factors) W += product(A, P);
    return table_as_factors(W, std::move(centre), std::move(told));
  }
  Matrix<double> A(shape[0], rank), B(shape[1], rank);
  Index at = 0;
  for (const auto& [a, p] : factors) {
    A.middleCols(at, a.cols()) = a, B.middleCols(at, a.cols()) = p.transpose();
    at += a.cols();
  }
  return depth_two(A, B, std::move(centre), std::move(told));
}

/// The mode at which the sum of models of these ranks there is a table with fewest parameters; -1: at none.
inline Index mode_of_sum(const Shape& shape, const std::vector<double>& ranks) {
  Index best = -1;
  double least = 0;
  for (Index n = 0; n < shape.order(); ++n) {
    const auto lines = static_cast<double>(shape[n]);
    const double others = shape.size() / lines, size = std::min({ranks[static_cast<std::size_t>(n)], lines, others}) * (lines + others);
    if (stands_as_factors(lines, others) && (best < 0 || size < least)) best = n, least = size;
  }
  return best;
}
/// Whether models of any kind of such a tensor can be added; CP always can.
inline bool sums_are_models(const Shape& shape) {
  return mode_of_sum(shape, std::vector<double>(static_cast<std::size_t>(shape.order()), shape.size())) >= 0;
}

inline TensorFit weighted_sum(const std::vector<TensorFit>& fits, const Vector<double>& weights, std::string told) {
  check_weighted(fits, weights);
  const Shape shape = fits[0].model->shape();
  std::vector<std::size_t> with_factors;
  bool all_cp = true;
  std::vector<double> ranks(static_cast<std::size_t>(shape.order()), 0);
  for (std::size_t m = 0; m < fits.size(); ++m) {
    if (fits[m].centre.scale == 0 || !(fits[m].theta.cwiseAbs().maxCoeff() > 0)) continue;
    with_factors.push_back(m);
    all_cp = all_cp && fits[m].model->spec().kind == TensorKind::cp;
    for (Index n = 0; n < shape.order(); ++n)
      ranks[static_cast<std::size_t>(n)] += static_cast<double>(fits[m].model->mode_factor(fits[m].theta, n).cols());
  }
  Centre centre = summed_centres(fits, weights, shape);
  const auto weight = [&](std::size_t m) { return weights[static_cast<Index>(m)] * fits[m].centre.scale; };
  if (!all_cp) {
    const Index mode = mode_of_sum(shape, ranks);
    require(mode >= 0, "weighted_sum: a ", shape, " tensor is too large to add other models than CP");
    Matrix<double> W = Matrix<double>::Zero(shape[mode], static_cast<Index>(shape.size()) / shape[mode]);
    for (const std::size_t m : with_factors)
      W += weight(m) * product(fits[m].model->mode_factor(fits[m].theta, mode), mode_basis(*fits[m].model, fits[m].theta, mode));
    TensorFit sum = tucker1(table_as_factors(W, {}, ""), shape, mode);
    sum.centre = std::move(centre), sum.told = std::move(told);
    return sum;
  }
  TensorFit sum =
      tensor_of(tensor_spec(TensorKind::cp, shape, std::max<Index>(static_cast<Index>(ranks[0]), 1)), std::move(centre), std::move(told));
  Index at = 0;
  for (const std::size_t m : with_factors) {
    const Index r = fits[m].model->spec().ranks[0];
    for (Index n = 0; n < shape.order(); ++n) {
      auto into = sum.model->layout().matrix(sum.theta, n).middleCols(at, r);
      into = fits[m].model->layout().matrix(fits[m].theta, n);
      if (n == 0) into *= weight(m);
    }
    at += r;
  }
  return sum;
}

}  // namespace tacit::detail
