// SPDX-License-Identifier: MIT
#pragma once
// SoftImpute: the convex completion    min over W  1/2 sum_observed (y - W)^2 + lambda |W|_*,     W = U diag(d) V^T,
// by iterated imputation and soft-thresholded singular values, with momentum (soft_impute_iteration.hpp has the steps and their cost), from
// lambda_max = |P_Omega(y)|_2, above which W = 0, downwards with warm starts.  This is the iteration of the first paper, not the alternating form
// (softImpute-ALS) of the second; both have the same minimum. Rank is limited to `max_rank`, and the fit says where that cut something off.
//   soft_impute        one lambda                 tune_soft_impute   lambda chosen on validation, centred or not
// Source: Mazumder, Hastie & Tibshirani 2010; Hastie, Mazumder, Lee & Zadeh 2015. Uses Eigen's symmetric eigensolver: not in <tacit/tacit.hpp>.

#include "../core/budget.hpp"
#include "means.hpp"

namespace tacit {

struct SoftImputeSettings {
  double lambda = 0;  ///< in units of y; needs to be given
  Index max_rank = 100;
  double tolerance = 1e-5;  ///< relative change of W in a step; below 1e-7 it drowns in rounding
  Index iterations = 2000;  ///< at most, at this lambda
  Centre centre = {};       ///< subtracted from y before, added to predictions; by default nothing is
  std::uint64_t seed = 1;   ///< of the block that the singular vectors are found with
  Pace pace = {};           ///< who may stop it, asked at every step
};

struct SoftImpute {
  Matrix<double> U, V;  ///< n1 x r and n2 x r, orthonormal columns
  Vector<double> d;     ///< singular values of W, descending, all positive
  Centre centre;
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
double soft_impute_lambda_max(const Data<double>& data);

SoftImpute soft_impute(const Data<double>& train, const SoftImputeSettings& settings);

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
  Pace pace = {};  ///< what `seconds` are counted in
};

struct SoftImputeTrial {
  bool centred;
  double lambda;
  Index rank;
  double validation_rmse;
};

/// Follows the path of lambdas downwards from lambda_max, each warm started, on y minus means and on y itself; the fit with the smallest validation error.
/// The second path is given up where its W has outgrown the best one's rank by 10 and its error is still 5 % above.
Tuned<SoftImpute, SoftImputeTrial> tune_soft_impute(const Data<double>& train, const Data<double>& validation,
                                                    const SoftImputePath& path = {});

/// The chosen lambda and means on other data.
SoftImpute refit(const SoftImpute& chosen, const Data<double>& data, const SoftImputePath& path = {});

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/soft_impute.hpp"
#endif
