// SPDX-License-Identifier: MIT
#pragma once
// CP by alternating least squares on observed entries:  W = sum_r a_r^1 x ... x a_r^d,
//   min  1/2 sum_observed (y - W)^2 + lambda/2 sum_n |A_n|^2.
// Nothing is imputed: with the other factors fixed, every row of A_n by itself solves R x R normal equations of the entries in its slice, whose regressors are the
// products of the other modes' rows. Row by row the penalty can also count entries (`weighted`, as ALS-WR). No sweep raises the objective.
// Cost of a sweep: order m (R^2 + order R) + sum_n n_n R^3 / 3 flops.            tensor_als   one setting      tune_tensor_als   rank, ridge, centre on validation
// Source: Tomasi & Bro 2005 (PARAFAC with missing values, by weighting); Zhou et al. 2008 for the ridge.

#include <deque>
#include <optional>

#include "../core/budget.hpp"
#include "../core/random.hpp"
#include "../observation/split.hpp"
#include "als.hpp"
#include "standardised.hpp"

namespace tacit {

struct TensorAlsSettings {
  Index rank = 3;
  double lambda = 1e-3;     ///< relative to the mean number of entries a slice (mode by mode): the same data twice, the same fit
  Index sweeps = 300;       ///< at most
  double tolerance = 1e-5;  ///< stops on the relative change of W at the observed entries in a sweep
  Centre centre = {};       ///< subtracted from y before, added to predictions
  std::uint64_t seed = 1;
};

struct TensorAls {
  std::vector<Matrix<double>> factors;  ///< A_n^T, R x n_n
  Centre centre;
  double lambda = 0;
  Index sweeps = 0;
  bool converged = false;
  std::vector<AlsStep> path = {};  ///< where tuned: the ridges that led here, this one last

  Index rank() const { return factors.empty() ? 0 : factors.front().rows(); }
  std::string name() const {
    return sentence("ALS, rank ", rank(), ", ridge ", lambda, ", ", centre.form == "zero" ? "not centred" : "centred by " + centre.form);
  }
  Vector<double> predict(const TensorEntries& at) const;
};

namespace detail {

/// The factors of all modes and the entries slice by slice, for sweeps.
class TensorAlsSweeps {
 public:
  TensorAlsSweeps(const TensorEntries& where, const Vector<double>& y) : where_(where), y_(y) {
    for (Index n = 0; n < order(); ++n) by_mode_.push_back(sorted_by(where.indices()[static_cast<std::size_t>(n)], where.shape()[n]));
  }

  /// W at entry k of `at`.
  static double value(const std::vector<Matrix<double>>& At, const TensorEntries& at, Index k, double* work) {
    const Index R = At.front().rows();
    product(At, at, k, -1, work);
    double sum = 0;
    for (Index r = 0; r < R; ++r) sum += work[r];
    return sum;
  }
  /// One pass over all modes. `lambda` is per entry of an average slice.
  void operator()(std::vector<Matrix<double>>& At, double lambda) {
    const Index R = At.front().rows(), chunk = 256;
    gram_.resize(R, R);
    regressors_.resize(R * chunk);
    for (Index n = 0; n < order(); ++n) {
      const std::vector<std::uint32_t>& entries = by_mode_[static_cast<std::size_t>(n)];
      const std::int32_t* index = where_.mode(n);
      const double ridge = lambda * static_cast<double>(where_.count()) / static_cast<double>(where_.shape()[n]);
      Matrix<double>& A = At[static_cast<std::size_t>(n)];
      A.setZero();  // slices without entries
      for (std::size_t s = 0; s < entries.size();) {
        const std::int32_t i = index[entries[s]];
        gram_.setZero();
        gram_.diagonal().setConstant(ridge);
        right_.setZero(R);
        while (s < entries.size() && index[entries[s]] == i) {
          Index count = 0;
          for (; count < chunk && s < entries.size() && index[entries[s]] == i; ++count, ++s) {
            double* x = regressors_.data() + count * R;
            product(At, where_, static_cast<Index>(entries[s]), n, x);
            const double y = y_[static_cast<Index>(entries[s])];
            for (Index r = 0; r < R; ++r) right_[r] += y * x[r];
          }
          const ConstMatrixMap<double> X(regressors_.data(), R, count);
          multiply_nt<double>(X, X, Write::add, {gram_.data(), R, R});
        }
        solve_normal_equations(gram_, right_.data());
        A.col(i) = right_;
      }
    }
  }

 private:
  Index order() const { return where_.shape().order(); }
  /// The entrywise product of the rows of entry k, but that of mode `without`.
  static void product(const std::vector<Matrix<double>>& At, const TensorEntries& at, Index k, Index without, double* x) {
    const Index R = At.front().rows();
    bool first = true;
    for (Index n = 0; n < at.shape().order(); ++n) {
      if (n == without) continue;
      const double* row = At[static_cast<std::size_t>(n)].data() + at.mode(n)[k] * R;
      if (first) std::copy(row, row + R, x);
      else
        for (Index r = 0; r < R; ++r) x[r] *= row[r];
      first = false;
    }
  }

  const TensorEntries& where_;
  const Vector<double>& y_;
  std::vector<std::vector<std::uint32_t>> by_mode_;
  Matrix<double> gram_;
  Vector<double> regressors_, right_;
};

inline Vector<double> cp_at(const std::vector<Matrix<double>>& At, const TensorEntries& at) {
  Vector<double> z(at.count()), work(At.front().rows());
  for (Index k = 0; k < z.size(); ++k) z[k] = TensorAlsSweeps::value(At, at, k, work.data());
  return z;
}

}  // namespace detail

inline Vector<double> TensorAls::predict(const TensorEntries& at) const {
  require(!factors.empty() && static_cast<Index>(factors.size()) == at.shape().order(), "TensorAls: fitted to a tensor of order ",
          factors.size(), ", asked about a ", at.shape(), " tensor");
  return centre.put_back(detail::cp_at(factors, at), at);
}

namespace detail {

/// Normal numbers.
inline std::vector<Matrix<double>> draw_cp_start(const Shape& shape, Index rank, Random& random) {
  std::vector<Matrix<double>> At;
  for (Index n = 0; n < shape.order(); ++n) {
    At.emplace_back(rank, shape[n]);
    for (Index s = 0; s < At.back().size(); ++s) At.back().data()[s] = random.normal();
  }
  return At;
}

}  // namespace detail

inline TensorAls tensor_als(const Data<double, TensorEntries>& train, const TensorAlsSettings& settings) {
  detail::require_unweighted("tensor_als", train);
  require(settings.rank > 0 && settings.sweeps > 0 && settings.tolerance > 0, "tensor_als: rank ", settings.rank, ", sweeps ",
          settings.sweeps, " and tolerance ", settings.tolerance, " need to be positive");
  require(settings.lambda >= 0 && std::isfinite(settings.lambda), "tensor_als: lambda is ", settings.lambda,
          ", it needs to be finite and not negative");
  const detail::Standardised on(train, settings.centre);
  Random random(settings.seed, "tensor ALS");
  TensorAls fit{detail::draw_cp_start(train.where.shape(), settings.rank, random), on.centre, settings.lambda};
  detail::TensorAlsSweeps sweep(train.where, on.data->y);
  Vector<double> z = Vector<double>::Zero(train.count()), before;
  while (!on.empty() && fit.sweeps < settings.sweeps && !fit.converged) {
    ++fit.sweeps;
    before.swap(z);
    sweep(fit.factors, settings.lambda);
    z = detail::cp_at(fit.factors, train.where);
    if (!z.allFinite()) break;
    fit.converged = (z - before).norm() <= settings.tolerance * z.norm();
  }
  return fit;
}

struct TensorAlsGrid {
  std::vector<Index> ranks = {1, 2, 3, 4, 6, 8, 12, 16, 24};
  std::vector<double> lambdas = {1e-2, 1e-3, 1e-4, 1e-5};  ///< falling; each started from the last one's factors
  Index sweeps = 60;                                       ///< at most, at each
  double tolerance = 1e-3;  ///< relative improvement of the validation error below which sweeps, lambdas and ranks are given up
  Index starts = 3;         ///< drawn at each rank; the best goes on
  Index part =
      40'000;  ///< more entries: ranks, ridges and starts are tried on a part of so many, and what was best, and larger ranks, on all
  Index patience = 3;  ///< ranks without an improvement after which the search ends: at the true rank all starts may be stuck
  double seconds = std::numeric_limits<double>::infinity();
  std::uint64_t seed = 1;
  Pace pace = {};  ///< what `seconds` are counted in
};
struct TensorAlsTrial {
  bool centred;
  Index rank;
  double lambda;
  Index sweeps;
  double validation_rmse;
};

/// The iterate with the smallest validation error of all ranks, ridges and centres: none, the best of means.hpp, and the mean where that is large and not the best.
inline Tuned<TensorAls, TensorAlsTrial> tune_tensor_als(const Data<double, TensorEntries>& train,
                                                        const Data<double, TensorEntries>& validation, const TensorAlsGrid& grid = {}) {
  detail::require_validation("tune_tensor_als", train, validation);
  require(!grid.ranks.empty() && !grid.lambdas.empty(), "tune_tensor_als: the grid has ", grid.ranks.size(), " ranks and ",
          grid.lambdas.size(), " lambdas");
  Budget budget(grid.seconds, grid.pace);
  const auto late = [&] { return budget.over(); };
  const auto swept = [&](Index rank) {
    const auto R = static_cast<double>(rank), order = static_cast<double>(train.where.shape().order());
    budget.spend(order * static_cast<double>(train.count()) * (R * R + order * R));
  };
  Tuned<TensorAls, TensorAlsTrial> best;
  const Centre means = tune_means(train, validation).fit;
  best.fit.centre = means;
  best.fit.centre.scale = 0;
  best.fit.factors.clear();
  for (Index n = 0; n < train.where.shape().order(); ++n) best.fit.factors.emplace_back(Matrix<double>::Zero(1, train.where.shape()[n]));
  best.validation_rmse = detail::rmse(means.predict(validation.where), validation.y);
  struct Way {
    detail::Standardised<TensorEntries> on;
    Vector<double> target;
    detail::TensorAlsSweeps sweep;
    double least = std::numeric_limits<double>::infinity();
    Index worse = 0;
    Way(const Data<double, TensorEntries>& train, const Data<double, TensorEntries>& validation, Centre centre)
        : on(train, std::move(centre)), target(validation.y - on.centre.predict(validation.where)), sweep(train.where, on.data->y) {}
  };
  std::deque<Way> ways;  // stay where they are
  ways.emplace_back(train, validation, Centre{});
  ways.emplace_back(train, validation, means);
  const bool mean_as_well = means.has_effects() && std::abs(train.y.mean()) > 0.1 * ways[0].on.centre.scale;
  if (mean_as_well) ways.emplace_back(train, validation, global_mean(train));
  Random random(grid.seed, "tensor ALS");
  std::vector<AlsStep> path;                           // that the factors have behind them
  const auto best_start = [&](Way& way, Index rank) {  // swamps and dead components come from the start
    std::vector<Matrix<double>> kept;
    double least = std::numeric_limits<double>::infinity();
    path.clear();
    for (Index start = 0; start < grid.starts && (start == 0 || !late()); ++start) {
      std::vector<Matrix<double>> At = detail::draw_cp_start(train.where.shape(), rank, random);
      for (Index s = 0; s < 8; ++s) way.sweep(At, grid.lambdas.back()), swept(rank);
      const double error = detail::rmse(way.on.centre.scale * detail::cp_at(At, validation.where), way.target);
      if (kept.empty() || error < least) least = error, kept = std::move(At);
    }
    return kept;
  };
  const auto sweeps = [&](Way& way, std::vector<Matrix<double>>& At, double lambda) {
    TensorAlsTrial trial{way.on.centre.form != "zero", At.front().rows(), lambda, 0, std::numeric_limits<double>::infinity()};
    path.push_back({lambda, 0});
    for (Index quiet = 0; quiet < 3 && trial.sweeps < grid.sweeps && !(late() && !best.trials.empty());) {
      way.sweep(At, lambda);
      swept(trial.rank);
      path.back().sweeps = ++trial.sweeps;
      const double error = detail::rmse(way.on.centre.scale * detail::cp_at(At, validation.where), way.target);
      if (!std::isfinite(error)) break;
      quiet = error < (1 - grid.tolerance) * trial.validation_rmse ? 0 : quiet + 1;
      trial.validation_rmse = std::min(trial.validation_rmse, error);
      if (error < best.validation_rmse) {
        best.validation_rmse = error;
        best.fit = {At, way.on.centre, lambda, trial.sweeps, false, path};
      }
    }
    best.trials.push_back(trial);
    return trial.validation_rmse;
  };
  Index known = 0;  // ranks up to this one are settled
  if (train.count() > grid.part + grid.part / 2) {
    TensorAlsGrid first = grid;
    first.seconds = grid.seconds / 2;
    const double share = static_cast<double>(grid.part) / static_cast<double>(train.count());
    TensorAls found = tune_tensor_als(hold_out_entries(train, {.test = share, .seed = grid.seed}).test, validation, first).fit;
    Way& way = ways[found.centre.form == "zero" ? 0 : mean_as_well && !found.centre.has_effects() ? 2 : 1];
    if (found.centre.scale > 0 && !way.on.empty()) {
      found.factors[0] *= found.centre.scale / way.on.centre.scale;
      known = found.rank();
      path = std::move(found.path);
      way.least = sweeps(way, found.factors, found.lambda);
      for (Way& each : ways) each.least = way.least, each.worse = grid.patience - 1;
    }
  }
  for (Index rank : grid.ranks) {
    if (rank <= known) continue;
    require(rank > 0, "tune_tensor_als: rank ", rank, " in the grid, ranks need to be positive");
    for (Way& way : ways) {
      if (way.worse >= grid.patience || way.on.empty()) continue;
      std::vector<Matrix<double>> At = best_start(way, rank);
      double least = std::numeric_limits<double>::infinity();
      for (double lambda : grid.lambdas) {
        if (late() && !best.trials.empty()) break;
        const double error = sweeps(way, At, lambda);
        const bool better = error < (1 - grid.tolerance) * least;
        least = std::min(least, error);
        if (!better) break;
      }
      way.worse = least < (1 - grid.tolerance) * way.least ? 0 : way.worse + 1;
      way.least = std::min(way.least, least);
      if (late()) return best;
    }
  }
  return best;
}

}  // namespace tacit
