// SPDX-License-Identifier: MIT
#pragma once
// SoftImpute: the convex completion    min over W  1/2 sum_observed (y - W)^2 + lambda |W|_*,     W = U diag(d) V^T,
// by iterated imputation and soft-thresholded singular values, with momentum (soft_impute_iteration.hpp has the steps and their cost), from
// lambda_max = |P_Omega(y)|_2, above which W = 0, downwards with warm starts.  This is the iteration of the first paper, not the alternating form
// (softImpute-ALS) of the second; both have the same minimum. Rank is limited to `max_rank`, and the fit says where that cut something off.
//   soft_impute        one lambda                 tune_soft_impute   lambda chosen on validation, centred or not
// Source: Mazumder, Hastie & Tibshirani 2010; Hastie, Mazumder, Lee & Zadeh 2015. Uses Eigen's symmetric eigensolver: not in <tacit/tacit.hpp>.

#include <chrono>

#include "means.hpp"
#include "soft_impute_iteration.hpp"

namespace tacit {

struct SoftImputeSettings {
  double lambda = 0;  ///< in units of y; needs to be given
  Index max_rank = 100;
  double tolerance = 1e-5;  ///< relative change of W in a step; below 1e-7 it drowns in rounding
  Index iterations = 2000;  ///< at most, at this lambda
  Means centre = {};        ///< subtracted from y before, added to predictions; by default nothing is
  std::uint64_t seed = 1;   ///< of the block that the singular vectors are found with
};

struct SoftImpute {
  Matrix<double> U, V;  ///< n1 x r and n2 x r, orthonormal columns
  Vector<double> d;     ///< singular values of W, descending, all positive
  Means centre;
  double lambda = 0, lambda_max = 0;
  double objective = 0;
  Index iterations = 0;       ///< over the whole path
  bool converged = false;     ///< at this lambda
  bool rank_limited = false;  ///< max_rank cut off singular values above lambda: W is not the minimum

  Index rank() const { return d.size(); }
  std::string name() const { return sentence("SoftImpute, lambda ", lambda, ", rank ", rank(), centre.form == "zero" ? "" : ", centred"); }
  double predict(Index i, Index j) const {
    detail::require_inside("SoftImpute", i, j, U.rows(), V.rows());
    double z = centre.predict(i, j);
    for (Index r = 0; r < rank(); ++r) z += U(i, r) * d[r] * V(j, r);
    return z;
  }
  Vector<double> predict(const Entries& at) const {
    require(at.rows() == U.rows() && at.cols() == V.rows(), "SoftImpute: fitted to a ", U.rows(), " x ", V.rows(),
            " matrix, asked about entries of a ", at.rows(), " x ", at.cols(), " matrix");
    Matrix<double> left = U.transpose();
    const Matrix<double> right = V.transpose();
    for (Index i = 0; i < left.cols(); ++i) left.col(i).array() *= d.array();
    Vector<double> z;
    detail::product_at(left, right, at, z);
    return z + centre.predict(at);
  }
};

/// lambda_max of data from which the centre has been subtracted: the smallest lambda whose minimum is W = 0.
inline double soft_impute_lambda_max(const Data<double>& data) {
  detail::require_unweighted("soft_impute_lambda_max", data);
  return detail::spectral_norm_of_observed(data.where, data.y);
}

namespace detail {

inline SoftImpute soft_impute_fit(const SoftImputeIteration& at, const Means& centre, double lambda, double lambda_max) {
  return {at.U(), at.V(), at.d(), centre, lambda, lambda_max, at.objective, at.steps, at.converged, at.rank_limited};
}

}  // namespace detail

inline SoftImpute soft_impute(const Data<double>& train, const SoftImputeSettings& settings) {
  detail::require_unweighted("soft_impute", train);
  require(settings.lambda > 0 && std::isfinite(settings.lambda), "soft_impute: lambda is ", settings.lambda,
          ", it needs to be positive and finite");
  require(settings.max_rank > 0 && settings.iterations > 0 && settings.tolerance > 0, "soft_impute: max_rank ", settings.max_rank,
          ", iterations ", settings.iterations, " and tolerance ", settings.tolerance, " need to be positive");
  const Vector<double> y = train.y - settings.centre.predict(train.where);
  const double lambda_max = detail::spectral_norm_of_observed(train.where, y);
  detail::SoftImputeIteration iteration(train.where, y, settings.max_rank, settings.seed);
  for (double lambda = lambda_max / 3; lambda > 1.5 * settings.lambda; lambda /= 3) iteration.run(lambda, 1e-2, 20);
  iteration.run(settings.lambda, settings.tolerance, settings.iterations);
  return detail::soft_impute_fit(iteration, settings.centre, settings.lambda, lambda_max);
}

struct SoftImputePath {
  double factor = 0.8;     ///< from one lambda to the next
  double smallest = 1e-3;  ///< the last lambda, relative to lambda_max
  Index patience =
      2;  ///< the path ends after so many lambdas in a row that lower the error by less than 0.1 %, while the rank rises or is 10
  Index max_rank = 100;
  double tolerance = 3e-4;  ///< relative change of W in a step: the validation error is then right to about 1e-4 of itself
  Index iterations = 200;   ///< at most, at each lambda
  bool centred = true;      ///< try y minus the best means of tune_means, too
  double seconds = std::numeric_limits<double>::infinity();  ///< the best fit so far is then taken
  std::uint64_t seed = 1;
};

struct SoftImputeTrial {
  bool centred;
  double lambda;
  Index rank;
  double validation_rmse;
};

/// Follows the path of lambdas downwards from lambda_max, each warm started, on y minus means and on y itself; the fit with the smallest validation error.
/// The second path is given up where its W has outgrown the best one's rank by 10 and its error is still 5 % above.
inline Tuned<SoftImpute, SoftImputeTrial> tune_soft_impute(const Data<double>& train, const Data<double>& validation,
                                                           const SoftImputePath& path = {}) {
  detail::require_validation("tune_soft_impute", train, validation);
  require(path.factor > 0 && path.factor < 1 && path.smallest > 0 && path.smallest < 1, "tune_soft_impute: factor ", path.factor,
          " and smallest ", path.smallest, " need to lie between 0 and 1");
  require(path.patience > 0 && path.max_rank > 0 && path.iterations > 0 && path.tolerance > 0, "tune_soft_impute: patience ", path.patience,
          ", max_rank ", path.max_rank, ", iterations ", path.iterations, " and tolerance ", path.tolerance, " need to be positive");
  Tuned<SoftImpute, SoftImputeTrial> best;
  const auto started = std::chrono::steady_clock::now();
  const auto late = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count() > path.seconds; };
  std::vector<Means> centres;
  if (path.centred) centres.push_back(tune_means(train, validation).fit);
  centres.emplace_back();
  for (const Means& centre : centres) {
    const Vector<double> y = train.y - centre.predict(train.where);
    const double lambda_max = detail::spectral_norm_of_observed(train.where, y);
    detail::SoftImputeIteration iteration(train.where, y, path.max_rank, path.seed);
    double least = std::numeric_limits<double>::infinity();
    Index worse = 0, rank = 0;
    for (double lambda = lambda_max; worse < path.patience && lambda >= path.smallest * lambda_max && (best.trials.empty() || !late());
         lambda *= path.factor) {
      if (lambda > 0) iteration.run(lambda, path.tolerance, path.iterations);
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

}  // namespace tacit
