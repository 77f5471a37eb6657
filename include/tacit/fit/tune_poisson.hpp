// SPDX-License-Identifier: MIT
#pragma once
// Poisson factors (solver/poisson_factors.hpp) with everything chosen by the deviance of validation entries: the ridge of effects at rank 0; then for each rank a path of
// falling lambdas, each started from the last one's factors with a little noise. A lambda ends when its sweeps no longer lower the deviance, a path when two lambdas do not, the
// ranks when a larger one does not. The largest lambda is the size of the largest singular value of y - mu at rank 0, above which factors vanish.

#include "../solver/poisson_factors.hpp"
#include "../solver/soft_impute_iteration.hpp"

namespace tacit {

struct PoissonGrid {
  std::vector<Index> ranks = {1, 2, 3, 5, 8};
  std::vector<double> effects_ridges = {0.1, 0.5, 2, 8};
  double factor = 0.6;      ///< from one lambda to the next
  double smallest = 1e-2;   ///< the last lambda, relative to the largest
  Index sweeps = 20;        ///< at most, at each lambda
  double tolerance = 1e-4;  ///< relative improvement of the deviance below which sweeps, and lambdas, are given up
  double seconds = std::numeric_limits<double>::infinity();
  std::uint64_t seed = 1;
  Pace pace = {};
};

/// Data without a count above 0 have no logarithm of their mean: an error.
inline Tuned<PoissonFactors, Trial> tune_poisson(const Data<double>& train, const Data<double>& validation, const PoissonGrid& grid = {}) {
  detail::require_validation("tune_poisson", train, validation);
  require(train.y.minCoeff() >= 0 && train.y.maxCoeff() > 0, "tune_poisson: the data are no counts with at least one above 0");
  Budget budget(grid.seconds, grid.pace);
  Tuned<PoissonFactors, Trial> best;
  double least = std::numeric_limits<double>::infinity();
  const auto loss = [&](const detail::PoissonSweeps& sweep) {
    return detail::poisson_loss(sweep.at_entries(validation.where), validation.y);
  };
  double saturated = 0;  // the loss of mu = y: what is above it is half the deviance
  for (const double y : validation.y) saturated += y > 0 ? y - y * std::log(y) : 0;
  const auto lower = [&](double now, double than) { return now - saturated < (1 - grid.tolerance) * (than - saturated); };
  const auto attempt = [&](const detail::PoissonSweeps& sweep, double now, const std::vector<PoissonStep>& path) {
    if (!(now < least)) return;
    least = now, best.fit = sweep.fit(path);
  };
  for (const double ridge : grid.effects_ridges) {
    detail::PoissonSweeps sweep(train, 0, ridge);
    for (Index s = 1; s <= 10; ++s) sweep(1), budget.spend(detail::PoissonSweeps::cost(train.where, 0));
    attempt(sweep, loss(sweep), {{1, 10}});
    best.trials.push_back({sentence("effects, ridge ", ridge), loss(sweep)});
  }
  const double kappa = best.fit.effects_ridge;
  const double largest = detail::spectral_norm_of_observed(train.where, train.y - best.fit.predict(train.where));
  const Index most = std::min(train.where.rows(), train.where.cols());
  for (const Index rank : grid.ranks) {
    if (rank > most || budget.over() || !(largest > 0)) break;
    detail::PoissonSweeps sweep(train, rank, kappa);
    Random random(grid.seed, "Poisson factors");
    std::vector<PoissonStep> path;
    double of_rank = std::numeric_limits<double>::infinity();
    const double of_lower_ranks = least;
    for (double lambda = largest * grid.factor, worse = 0; lambda >= grid.smallest * largest && worse < 2 && !budget.over();
         lambda *= grid.factor) {
      sweep.stir(detail::poisson_start, random);
      path.push_back({lambda, 0});
      double of_lambda = std::numeric_limits<double>::infinity();
      for (Index s = 0, idle = 0; s < grid.sweeps && idle < 3 && !budget.over(); ++s) {
        sweep(lambda);
        budget.spend(detail::PoissonSweeps::cost(train.where, rank));
        ++path.back().sweeps;
        const double now = loss(sweep);
        attempt(sweep, now, path);
        idle = lower(now, of_lambda) ? 0 : idle + 1;
        of_lambda = std::min(of_lambda, now);
      }
      worse = lower(of_lambda, of_rank) ? 0 : worse + 1;
      of_rank = std::min(of_rank, of_lambda);
      best.trials.push_back({sentence("rank ", rank, ", lambda ", lambda), of_lambda});
    }
    if (rank > 1 && !lower(of_rank, of_lower_ranks)) break;
  }
  best.validation_rmse = detail::rmse(best.fit.predict(validation.where), validation.y);
  return best;
}

/// The chosen fit once more, on other data: its path with as many sweeps at each lambda, from a start drawn by the grid's seed.
inline PoissonFactors refit(const PoissonFactors& chosen, const Data<double>& data, const PoissonGrid& grid) {
  return poisson_factors(data, chosen.rank(), chosen.effects_ridge, chosen.path, grid.seed, grid.pace);
}

}  // namespace tacit
