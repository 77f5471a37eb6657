// SPDX-License-Identifier: MIT
#pragma once
// The path of tune_nuclear_norm.hpp.

#include "../../core/compiled.hpp"
#include "../../solver/nuclear_norm.hpp"
#include "../tune_nuclear_norm.hpp"

namespace tacit {

namespace detail {

inline MinimumNorm with_noise(const Data<double>& data, double noise, const NuclearPath& path,
                              double seconds = std::numeric_limits<double>::infinity()) {
  return minimum_nuclear_norm(
      data, {.noise = noise, .gap = 1e-2, .residual = 1e-4, .iterations = path.iterations, .seconds = seconds, .pace = path.pace});
}

}  // namespace detail

TACIT_INLINE Tuned<NuclearFit, NuclearTrial> tune_nuclear_norm(const Data<double>& train, const Data<double>& validation,
                                                               const NuclearPath& path) {
  detail::require_validation("tune_nuclear_norm", train, validation);
  require(path.first > 0 && path.first < 1 && path.factor > 0 && path.factor < 1 && path.smallest > 0,
          "tune_nuclear_norm: the shares from ", path.first, " down to ", path.smallest, " by ", path.factor,
          " need to lie between 0 and 1");
  const Centre centre = tune_means(train, validation).fit;
  const Data<double> left = centre.subtracted_from(train);
  Tuned<NuclearFit, NuclearTrial> best;
  best.fit = {Matrix<double>::Zero(train.where.rows(), train.where.cols()), centre, 1, 0, 0};  // all of y is noise
  best.validation_rmse = detail::rmse(centre.predict(validation.where), validation.y);
  best.trials.push_back({1, best.validation_rmse});
  const double size = left.y.norm();
  Budget budget(path.seconds, path.pace);
  const auto n1 = static_cast<double>(train.where.rows()), n2 = static_cast<double>(train.where.cols()), least_side = std::min(n1, n2);
  Index worse = 0;
  double least = best.validation_rmse;
  for (double share = path.first; size > 0 && share >= path.smallest && worse < path.patience; share *= path.factor) {
    if (budget.over()) break;
    MinimumNorm solved = detail::with_noise(left, share * size, path, budget.left());
    budget.spend(static_cast<double>(solved.iterations) * (2 * n1 * n2 + 5 * least_side * least_side) * least_side);
    NuclearFit fit{std::move(solved.X), centre, share, solved.norm, solved.gap};
    const double error = detail::rmse(fit.predict(validation.where), validation.y);
    best.trials.push_back({share, error});
    worse = error < least ? 0 : worse + 1;
    least = std::min(least, error);
    if (error < best.validation_rmse) best.validation_rmse = error, best.fit = std::move(fit);
  }
  return best;
}

TACIT_INLINE NuclearFit refit(const NuclearFit& chosen, const Data<double>& data, const NuclearPath& path) {
  const Centre centre = refit(chosen.centre, data);
  const Data<double> left = centre.subtracted_from(data);
  const double size = left.y.norm();
  path.pace.ask();
  if (chosen.share >= 1 || !(size > 0)) return {Matrix<double>::Zero(data.where.rows(), data.where.cols()), centre, chosen.share, 0, 0};
  MinimumNorm solved = detail::with_noise(left, chosen.share * size, path);
  return {std::move(solved.X), centre, chosen.share, solved.norm, solved.gap};
}

}  // namespace tacit
