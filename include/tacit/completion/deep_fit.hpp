// SPDX-License-Identifier: MIT
#pragma once
// Deep matrix factorizations as a practitioner fits them:  prediction = centre_ij + scale W_ij,  W = W_N ... W_1 trained on the standardised residuals
// of the training entries. What keeps W simple is chosen on validation entries, never by hand:
//   depth 2   a path of weight decays from where W = 0 downwards, each started from the last one's factors. With full width the minimum of
//             1/2 sum (z - W)^2 + lambda/2 (|W_1|^2 + |W_2|^2)  is that of  1/2 sum (z - W)^2 + lambda |W|_*        [Srebro, Rennie & Jaakkola 2004]
//   depth 3+  a small start and early stopping: the implicit bias of the descent alone                              [Arora et al. 2019]
// Both with the training entries centred by their mean or by additive effects. Descent is SharpnessRate's, so there is no rate to choose.

#include <chrono>
#include <limits>
#include <memory>

#include "../baseline/means.hpp"
#include "../core/top_singular_values.hpp"
#include "../hook/best.hpp"
#include "../hook/schedule.hpp"
#include "../hook/stop.hpp"
#include "../model/preprocessing.hpp"
#include "../optimizer/sharpness_rate.hpp"

namespace tacit {

struct DeepFit {
  Means centre;
  double scale = 1;
  std::shared_ptr<const DeepMatrix<double>> model;
  Vector<double> theta;
  double decay = 0;      ///< lambda, on the standardised residuals
  Index iterations = 0;  ///< made to get here
  std::string unit = "iterations";

  std::string name() const { return sentence("depth ", model->depth()); }
  std::string settings() const {
    return sentence("width ", model->bottleneck(), ", centred by ", centre.form, decay > 0 ? sentence(", weight decay ", decay) : std::string(", early stopping"),
                    ", ", iterations, " ", unit);
  }
  /// What save_model keeps beside the factors.
  Preprocessing preprocessing() const { return {centre.mean, scale > 0 ? scale : 1, centre.row, centre.col}; }
  Vector<double> predict(const Entries& at) const {
    auto ws = model->workspace(at);
    Vector<double> z(at.count());
    model->evaluate(theta, at, ws, z);
    return centre.predict(at) + scale * z;
  }
};

struct DeepTrial {
  Index depth;
  std::string centre;
  double decay;
  Index iterations;
  double validation_rmse;
};

struct DeepGrid {
  Index depth = 2;
  Index width = 0;         ///< of the hidden layers; 0: min(n1, n2, 100)
  double factor = 0.75;    ///< from one decay to the next
  double first = 0.3;      ///< the first decay, relative to the one at which W = 0
  double smallest = 2e-3;  ///< the last
  Index worse = 3;         ///< decays without improvement after which a path ends
  Index iterations = 300;  ///< at most, at each decay; depth 3 and more: ten times that in all
  double product_scale = 1e-2;
  double seconds = std::numeric_limits<double>::infinity();  ///< for both centres together; the best fit so far is then taken
  std::uint64_t seed = 1;
};

namespace detail {

/// The training entries, centred and in units of their spread; scale 0 where the centre says it all.
struct Standardised {
  Means centre;
  double scale = 0;
  std::shared_ptr<const Data<double>> data;

  Standardised(const Data<double>& train, Means by) : centre(std::move(by)) {
    Data<double> residual = centre.subtracted_from(train);
    scale = std::sqrt(residual.y.squaredNorm() / static_cast<double>(residual.count()));
    if (scale > 1e-12 * train.y.cwiseAbs().maxCoeff()) residual.y /= scale;
    else scale = 0;
    data = std::make_shared<const Data<double>>(std::move(residual));
  }
};

inline Means centre_of(const Data<double>& train, bool additive) { return additive ? additive_effects(train) : global_mean(train); }

/// |P_Omega(y)|_2: the weight decay from which depth 2 gives W = 0.
inline double largest_decay(const Data<double>& data) {
  const Entries& where = data.where;
  const auto gather = [&](const std::int32_t* to, const std::int32_t* from, const Matrix<double>& X, Matrix<double>& Y) {
    for (Index k = 0; k < where.count(); ++k)
      for (Index c = 0; c < X.cols(); ++c) Y(to[k], c) += data.y[k] * X(from[k], c);
  };
  const auto times = [&](const Matrix<double>& X, Matrix<double>& Y) {
    Y.setZero(where.rows(), X.cols());
    gather(where.row(), where.col(), X, Y);
  };
  const auto transposed_times = [&](const Matrix<double>& X, Matrix<double>& Y) {
    Y.setZero(where.cols(), X.cols());
    gather(where.col(), where.row(), X, Y);
  };
  TopSettings one;
  one.count = 1;
  TopSpectrumWorkspace<double> ws;
  Vector<double> sigma;
  top_singular_values<double>(where.rows(), where.cols(), times, transposed_times, one, ws, sigma);
  return sigma[0];
}

inline DeepMatrix<double> deep_model(const Entries& where, Index depth, Index width) {
  if (width == 0) width = std::min<Index>({where.rows(), where.cols(), 100});
  std::vector<Index> widths(static_cast<std::size_t>(depth) + 1, width);
  widths.front() = where.cols();
  widths.back() = where.rows();
  return DeepMatrix<double>(widths);
}

/// Descends at this decay from theta, until ten steps change the objective by less than a thousandth; the iterations made.
inline Index descend(const DeepMatrix<double>& model, const Standardised& on, double decay, Index iterations, Vector<double>& theta,
                     double seconds = std::numeric_limits<double>::infinity()) {
  const Problem problem(model, on.data, HalfSumOfSquares{}, WeightDecayPenalty{decay});
  return train(problem, theta, SharpnessRate{.trust = 0.05}, {.iterations = iterations}, stop_when(plateau({.calls = 10, .relative = 1e-3})),
               stop_when(time_limit(seconds)))
      .iterations;
}

}  // namespace detail

/// The chosen fit once more, on other data: the same path down to the same decay (depth 2), or as many iterations (deeper).
inline DeepFit refit(const DeepFit& chosen, const Data<double>& train, const DeepGrid& grid) {
  const detail::Standardised on(train, detail::centre_of(train, chosen.centre.row.size() > 0));
  DeepFit fit{on.centre, on.scale, chosen.model, chosen.model->near_zero({.product_scale = grid.product_scale, .seed = grid.seed}), chosen.decay, 0};
  if (on.scale == 0) {
    fit.theta.setZero();
  } else if (chosen.decay > 0) {
    const double largest = detail::largest_decay(*on.data);
    for (double decay = grid.first * largest; decay > chosen.decay; decay *= grid.factor)
      fit.iterations += detail::descend(*fit.model, on, decay, grid.iterations, fit.theta);
    fit.iterations += detail::descend(*fit.model, on, chosen.decay, grid.iterations, fit.theta);
  } else {
    const Problem problem(*fit.model, on.data, MeanSquares{});
    fit.iterations = tacit::train(problem, fit.theta, SharpnessRate{.trust = 0.01}, {.iterations = chosen.iterations}).iterations;
  }
  return fit;
}

/// The best fit of one depth on validation entries. Depth 2 costs some 1000 gradients, deeper ones up to 3000.
inline Tuned<DeepFit, DeepTrial> tune_deep(const Data<double>& train, const Data<double>& validation, const DeepGrid& grid = {}) {
  detail::require_validation("tune_deep", train, validation);
  require(grid.depth >= 2, "tune_deep: the depth is ", grid.depth, ", it needs to be at least 2");
  Tuned<DeepFit, DeepTrial> best;
  best.validation_rmse = std::numeric_limits<double>::infinity();
  const auto model = std::make_shared<const DeepMatrix<double>>(detail::deep_model(train.where, grid.depth, grid.width));
  const auto attempt = [&](const DeepFit& fit) {
    const double error = detail::rmse(fit.predict(validation.where), validation.y);
    best.trials.push_back({grid.depth, fit.centre.form, fit.decay, fit.iterations, error});
    if (error < best.validation_rmse) best.validation_rmse = error, best.fit = fit;
    return error;
  };
  for (const bool additive : {false, true}) {
    const auto started = std::chrono::steady_clock::now();
    const auto left = [&] { return grid.seconds / 2 - std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count(); };
    const detail::Standardised on(train, detail::centre_of(train, additive));
    DeepFit fit{on.centre, on.scale, model, model->near_zero({.product_scale = grid.product_scale, .seed = grid.seed}), 0, 0};
    if (on.scale == 0) {
      fit.theta.setZero();
      attempt(fit);
    } else if (grid.depth == 2) {
      const double largest = detail::largest_decay(*on.data);
      double least = std::numeric_limits<double>::infinity();
      Index worse = 0;
      for (fit.decay = grid.first * largest; fit.decay >= grid.smallest * largest && worse < grid.worse && (least > 1e300 || left() > 0); fit.decay *= grid.factor) {
        fit.iterations += detail::descend(*model, on, fit.decay, grid.iterations, fit.theta, left());
        const double error = attempt(fit);
        worse = error < least ? 0 : worse + 1;
        least = std::min(least, error);
      }
    } else {
      Data<double> scaled = on.centre.subtracted_from(validation);
      scaled.y /= on.scale;
      const Problem problem(*model, on.data, MeanSquares{});
      auto lowest = keep_best(rmse_on("validation", *model, scaled));
      tacit::train(problem, fit.theta, SharpnessRate{.trust = 0.01}, {.iterations = 10 * grid.iterations}, every(5, lowest),
                   every(5, stop_when(worse_on(rmse_on("validation", *model, scaled), 60))), stop_when(loss_below(1e-10)),
                   stop_when(time_limit(grid.seconds / 2)));
      if (lowest.theta().size()) fit.theta = lowest.theta(), fit.iterations = lowest.iteration();
      attempt(fit);
    }
  }
  return best;
}

}  // namespace tacit
