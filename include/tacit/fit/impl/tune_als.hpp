// SPDX-License-Identifier: MIT
#pragma once
// The search of tune_als.hpp.

#include "../../core/compiled.hpp"
#include "../../solver/penalty_ratio.hpp"
#include "../../solver/soft_impute_iteration.hpp"
#include "../tune_als.hpp"

namespace tacit {

namespace detail {

/// A centre, what it leaves of y, and the weighting and lambda that did best with it.
struct AlsWay {
  Centre centre;
  Vector<double> y;
  bool weighted;
  double lambda, rmse;
};

class AlsTuner {
 public:
  AlsTuner(const Data<double>& train, const Data<double>& validation, const AlsGrid& grid)
      : train_(train), validation_(validation), grid_(grid), budget_(grid.seconds, grid.pace) {}

  Tuned<Als, AlsTrial> best;

  /// A path from lambda = largest downwards, of at most `most` lambdas; its best one.
  AlsTrial path(const Centre& centre, const Vector<double>& y, bool weighted, Index rank, double largest, double smallest, Index most) {
    const Vector<double> target = validation_.y - centre.predict(validation_.where);
    Random random(grid_.seed, "ALS");
    AlsSweeps sweep(train_.where, y);
    Matrix<double> At = Matrix<double>::Zero(rank, train_.where.rows()), Bt = Matrix<double>::Zero(rank, train_.where.cols());
    const double k = static_cast<double>(rank), lines = static_cast<double>(train_.where.rows() + train_.where.cols());
    const double cost = k * k * (2 * static_cast<double>(train_.count()) + lines * (k / 3 + 4));  // of a sweep
    double lambda = largest;
    path_.clear();
    AlsTrial least_trial{centre.form != "zero", weighted, rank, lambda, 0, std::numeric_limits<double>::infinity()};
    for (Index worse = 0, count = 0; worse < 2 && count < most && lambda >= smallest && (!budget_.over() || best.fit.rank() == 0);
         ++count, lambda *= grid_.factor) {
      draw_als_start(y, count == 0 ? 1 : 0.1, random, Bt);
      path_.push_back({lambda, 0});
      AlsTrial trial{centre.form != "zero", weighted, rank, lambda, 0, std::numeric_limits<double>::infinity()};
      for (Index quiet = 0; quiet < 2 && trial.sweeps < grid_.sweeps && (!budget_.over() || best.fit.rank() == 0);) {
        sweep(At, Bt, lambda, weighted);
        path_.back().sweeps = ++trial.sweeps;
        budget_.spend(cost);
        product_at(At, Bt, validation_.where, z_);
        const double error = rmse(z_, target);
        if (!std::isfinite(error)) return least_trial;
        quiet = error < (1 - grid_.tolerance) * trial.validation_rmse ? 0 : quiet + 1;
        trial.validation_rmse = std::min(trial.validation_rmse, error);
        if (best.fit.rank() == 0 || error < best.validation_rmse) keep(At, Bt, centre, trial, error);
      }
      best.trials.push_back(trial);
      worse = trial.validation_rmse < (1 - grid_.tolerance) * least_trial.validation_rmse ? 0 : worse + 1;
      if (trial.validation_rmse < least_trial.validation_rmse) least_trial = trial;
    }
    return least_trial;
  }

 private:
  void keep(const Matrix<double>& At, const Matrix<double>& Bt, const Centre& centre, const AlsTrial& trial, double error) {
    best.validation_rmse = error;
    best.fit.A = At.transpose(), best.fit.B = Bt.transpose();
    best.fit.centre = centre;
    best.fit.lambda = trial.lambda, best.fit.weighted = trial.weighted, best.fit.sweeps = trial.sweeps;
    best.fit.path = path_;
  }

  const Data<double>& train_;
  const Data<double>& validation_;
  const AlsGrid& grid_;
  Budget budget_;
  Vector<double> z_;
  std::vector<AlsStep> path_;  // so far
};

/// The lambda at which W = 0 stops being a minimum.
inline double als_lambda_max(const Entries& where, Vector<double> y, bool weighted) {
  for (Index k = 0; weighted && k < y.size(); ++k) {
    const auto [i, j] = where[k];
    const Index in_row = where.row_start()[i + 1] - where.row_start()[i], in_col = where.col_start()[j + 1] - where.col_start()[j];
    y[k] /= std::sqrt(static_cast<double>(in_row) * static_cast<double>(in_col));
  }
  return spectral_norm_of_observed(where, y);
}

}  // namespace detail

TACIT_INLINE Tuned<Als, AlsTrial> tune_als(const Data<double>& train, const Data<double>& validation, const AlsGrid& grid) {
  detail::require_validation("tune_als", train, validation);
  require(!grid.ranks.empty(), "tune_als: the grid has no rank");
  for (Index rank : grid.ranks) require(rank > 0, "tune_als: rank ", rank, " in the grid, ranks need to be positive");
  require(grid.factor > 0 && grid.factor < 1 && grid.smallest > 0 && grid.smallest < 1, "tune_als: factor ", grid.factor, " and smallest ",
          grid.smallest, " need to lie between 0 and 1");
  require(grid.sweeps > 0 && grid.tolerance > 0, "tune_als: sweeps ", grid.sweeps, " and tolerance ", grid.tolerance,
          " need to be positive");
  detail::AlsTuner tuner(train, validation, grid);
  std::vector<Index> ranks;  // above the smaller side a rank gives nothing more
  for (Index rank : grid.ranks) {
    rank = std::min({rank, train.where.rows(), train.where.cols()});
    if (std::find(ranks.begin(), ranks.end(), rank) == ranks.end()) ranks.push_back(rank);
  }
  const Index middle = ranks[ranks.size() / 2];
  const Centre means = tune_means(train, validation).fit;
  std::vector<detail::AlsWay> ways;  // of each centre, the better weighting
  for (const Centre& centre : {means, Centre{}}) {
    const Vector<double> y = train.y - centre.predict(train.where);
    detail::AlsWay better{centre, y, false, 0, std::numeric_limits<double>::infinity()};
    for (bool weighted : {false, true}) {
      const double largest = detail::als_lambda_max(train.where, y, weighted);
      if (!(largest > 0)) continue;
      const AlsTrial trial = tuner.path(centre, y, weighted, middle, 0.8 * largest, grid.smallest * largest, 100);
      if (trial.validation_rmse < better.rmse)
        better.weighted = weighted, better.lambda = trial.lambda, better.rmse = trial.validation_rmse;
    }
    if (std::isfinite(better.rmse)) ways.push_back(std::move(better));
  }
  if (ways.empty()) {  // every training entry is 0, or what a mean says
    tuner.best.fit.A = Matrix<double>::Zero(train.where.rows(), 1), tuner.best.fit.B = Matrix<double>::Zero(train.where.cols(), 1);
    tuner.best.fit.centre = means;
    tuner.best.validation_rmse = detail::rmse(means.predict(validation.where), validation.y);
    return std::move(tuner.best);
  }
  const double good = 1.02 * tuner.best.validation_rmse;
  for (const detail::AlsWay& way : ways)
    for (Index rank : ranks)
      if (way.rmse <= good && rank != middle) tuner.path(way.centre, way.y, way.weighted, rank, way.lambda / grid.factor, 0, 3);
  const Als& fit = tuner.best.fit;
  const Centre centre = fit.centre;
  const double between = fit.lambda / std::sqrt(grid.factor);
  tuner.path(centre, train.y - centre.predict(train.where), fit.weighted, fit.rank(), between, 0, 2);
  return std::move(tuner.best);
}

TACIT_INLINE Als refit(const Als& chosen, const Data<double>& data, const AlsGrid& grid) {
  detail::require_unweighted("refit", data);
  Als fit = chosen;
  fit.centre = refit(chosen.centre, data);
  const Vector<double> y = data.y - fit.centre.predict(data.where);
  Random random(grid.seed, "ALS");
  detail::AlsSweeps sweep(data.where, y);
  const double larger = chosen.weighted ? 1 : detail::penalty_ratio(data.where, chosen.A.rows(), chosen.B.rows());
  Matrix<double> At = Matrix<double>::Zero(chosen.rank(), data.where.rows()), Bt = Matrix<double>::Zero(chosen.rank(), data.where.cols());
  for (std::size_t s = 0; y.squaredNorm() > 0 && s < chosen.path.size(); ++s) {
    detail::draw_als_start(y, s == 0 ? 1 : 0.1, random, Bt);
    for (Index k = 0; k < chosen.path[s].sweeps; ++k) grid.pace.ask(), sweep(At, Bt, larger * chosen.path[s].lambda, chosen.weighted);
  }
  fit.A = At.transpose(), fit.B = Bt.transpose();
  require(fit.A.allFinite() && fit.B.allFinite(), "refit: ", chosen.name(), " has no finite factors on these ", data.count(), " entries");
  return fit;
}

}  // namespace tacit
