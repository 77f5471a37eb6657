// SPDX-License-Identifier: MIT
#pragma once
// A weighted sum of fits as one fit of the same kind, so that it is saved, reported and folded into as any other:   sum_m w_m (centre_m + scale_m W_m),   sum_m w_m = 1.
//   matrices   centres are added, and of factors  W_m = A_m B_m^T  the sum is  [w_1 A_1, w_2 A_2, ...] [B_1, B_2, ...]^T;  where its rank would reach min(n1, n2) it is a
//              table as factors (as_factors.hpp)
//   tensors    of CP only: components stand side by side
// Scales of lines, which all fits of a comparison share, stay outermost: with weights that add up to 1 they pass through the sum.

#include <algorithm>

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

inline DeepFit weighted_sum(const std::vector<DeepFit>& fits, const Vector<double>& weights, std::string told) {
  check_weighted(fits, weights);
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

inline TensorFit weighted_sum(const std::vector<TensorFit>& fits, const Vector<double>& weights, std::string told) {
  check_weighted(fits, weights);
  const Shape shape = fits[0].model->shape();
  std::vector<std::size_t> with_factors;
  Index rank = 0;
  for (std::size_t m = 0; m < fits.size(); ++m) {
    const TensorSpec& spec = fits[m].model->spec();
    require(spec.kind == TensorKind::cp, "weighted_sum: a ", name_of(spec.kind), " cannot be added to the others, only CP can");
    if (fits[m].centre.scale == 0 || !(fits[m].theta.cwiseAbs().maxCoeff() > 0)) continue;
    with_factors.push_back(m), rank += spec.ranks[0];
  }
  TensorFit sum =
      tensor_of(tensor_spec(TensorKind::cp, shape, std::max<Index>(rank, 1)), summed_centres(fits, weights, shape), std::move(told));
  Index at = 0;
  for (const std::size_t m : with_factors) {
    const Index r = fits[m].model->spec().ranks[0];
    for (Index n = 0; n < shape.order(); ++n) {
      auto into = sum.model->layout().matrix(sum.theta, n).middleCols(at, r);
      into = fits[m].model->layout().matrix(fits[m].theta, n);
      if (n == 0) into *= weights[static_cast<Index>(m)] * fits[m].centre.scale;
    }
    at += r;
  }
  return sum;
}

}  // namespace tacit::detail
