// SPDX-License-Identifier: MIT
#pragma once
// The path of SoftImpute (soft_impute.hpp) and its choice on validation entries.

#include "../../core/compiled.hpp"
#include "../penalty_ratio.hpp"
#include "../soft_impute.hpp"
#include "../soft_impute_iteration.hpp"

namespace tacit {

TACIT_INLINE double soft_impute_lambda_max(const Data<double>& data) {
  detail::require_unweighted("soft_impute_lambda_max", data);
  return detail::spectral_norm_of_observed(data.where, data.y);
}

namespace detail {

inline SoftImpute soft_impute_fit(const SoftImputeIteration& at, const Centre& centre, double lambda, double lambda_max) {
  return {at.U(), at.V(), at.d(), centre, lambda, lambda_max, at.objective, at.steps, at.converged, at.rank_limited};
}

}  // namespace detail

TACIT_INLINE SoftImpute soft_impute(const Data<double>& train, const SoftImputeSettings& settings) {
  detail::require_unweighted("soft_impute", train);
  require(settings.lambda > 0 && std::isfinite(settings.lambda), "soft_impute: lambda is ", settings.lambda,
          ", it needs to be positive and finite");
  require(settings.max_rank > 0 && settings.iterations > 0 && settings.tolerance > 0, "soft_impute: max_rank ", settings.max_rank,
          ", iterations ", settings.iterations, " and tolerance ", settings.tolerance, " need to be positive");
  const Vector<double> y = train.y - settings.centre.predict(train.where);
  const double lambda_max = detail::spectral_norm_of_observed(train.where, y);
  detail::SoftImputeIteration iteration(train.where, y, settings.max_rank, settings.seed);
  const auto asked = [&] { return settings.pace.ask(), true; };
  for (double lambda = lambda_max / 3; lambda > 1.5 * settings.lambda; lambda /= 3) iteration.run(lambda, 1e-2, 20, asked);
  iteration.run(settings.lambda, settings.tolerance, settings.iterations, asked);
  return detail::soft_impute_fit(iteration, settings.centre, settings.lambda, lambda_max);
}

TACIT_INLINE Tuned<SoftImpute, SoftImputeTrial> tune_soft_impute(const Data<double>& train, const Data<double>& validation,
                                                                 const SoftImputePath& path) {
  detail::require_validation("tune_soft_impute", train, validation);
  require(path.factor > 0 && path.factor < 1 && path.smallest > 0 && path.smallest < 1, "tune_soft_impute: factor ", path.factor,
          " and smallest ", path.smallest, " need to lie between 0 and 1");
  require(path.patience > 0 && path.max_rank > 0 && path.iterations > 0 && path.tolerance > 0, "tune_soft_impute: patience ", path.patience,
          ", max_rank ", path.max_rank, ", iterations ", path.iterations, " and tolerance ", path.tolerance, " need to be positive");
  Tuned<SoftImpute, SoftImputeTrial> best;
  Budget budget(path.seconds, path.pace);
  std::vector<Centre> centres;
  if (path.centred) centres.push_back(tune_means(train, validation).fit);
  centres.emplace_back();
  for (const Centre& centre : centres) {
    const Vector<double> y = train.y - centre.predict(train.where);
    const double lambda_max = detail::spectral_norm_of_observed(train.where, y);
    detail::SoftImputeIteration iteration(train.where, y, path.max_rank, path.seed);
    double least = std::numeric_limits<double>::infinity();
    Index worse = 0, rank = 0;
    for (double lambda = lambda_max;
         worse < path.patience && lambda >= path.smallest * lambda_max && (!budget.over() || best.trials.empty()); lambda *= path.factor) {
      const Index before = iteration.steps;
      if (lambda > 0) iteration.run(lambda, path.tolerance, path.iterations, [&] { return !budget.over(); });
      const double block = static_cast<double>(iteration.rank() + 6);  // singular vectors that a step works on
      const double cost =
          block * (4 * static_cast<double>(train.count()) + 3 * block * static_cast<double>(train.where.rows() + train.where.cols()));
      budget.spend(static_cast<double>(iteration.steps - before) * cost);
      SoftImpute fit = detail::soft_impute_fit(iteration, centre, lambda, lambda_max);
      const double error = detail::rmse(fit.predict(validation.where), validation.y);
      if (!std::isfinite(error)) break;
      best.trials.push_back({centre.form != "zero", lambda, fit.rank(), error});
      // A lambda that finds no further direction yet says nothing against the next one: an outlier may stand far above the rest.
      if (error < 0.999 * least) worse = 0;
      else if (fit.rank() > rank || fit.rank() >= 10) ++worse;
      rank = fit.rank();
      least = std::min(least, error);
      if (best.trials.size() == 1 || error < best.validation_rmse) {
        best.validation_rmse = error;
        best.fit = std::move(fit);
      }
      if (iteration.rank() >= best.fit.rank() + 10 && error > 1.05 * best.validation_rmse) break;
      if (lambda == 0) break;             // every training entry equals its mean: W = 0 is all there is
      if (iteration.rank_limited) break;  // what follows would be something else than SoftImpute
    }
  }
  return best;
}

TACIT_INLINE SoftImpute refit(const SoftImpute& chosen, const Data<double>& data, const SoftImputePath& path) {
  SoftImpute fit = chosen;
  fit.centre = refit(chosen.centre, data);
  path.pace.ask();
  if (chosen.rank() > 0)
    return soft_impute(data, {.lambda = chosen.lambda * detail::penalty_ratio(data.where, chosen.U.rows(), chosen.V.rows()),
                              .max_rank = path.max_rank,
                              .tolerance = path.tolerance,
                              .iterations = path.iterations,
                              .centre = fit.centre,
                              .seed = path.seed,
                              .pace = path.pace});
  return fit;  // W = 0
}

}  // namespace tacit
