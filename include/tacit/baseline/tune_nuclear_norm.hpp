// SPDX-License-Identifier: MIT
#pragma once
// The minimum nuclear norm as a completion of noisy entries:   min ||X||_*   over   ||A(X) - y||_2 <= share ||y||_2,
// y with the best means of tune_means taken off; the share of y that counts as noise is chosen on validation entries, falling while that helps. Share 0 takes
// every entry at its word. Solved to a relative duality gap of 1e-2, far below what validation entries can tell apart. X is dense: for matrices whose smaller
// side is at most 1000. Cost a share: some 100 iterations of nuclear_norm.hpp, 4 n1 n2 min(n1, n2) + 10 min(n1, n2)^3 flops each.

#include <chrono>
#include <limits>

#include "means.hpp"
#include "nuclear_norm.hpp"

namespace tacit {

struct NuclearFit {
  Matrix<double> X;
  Means centre;
  double share = 0;  ///< of ||y||_2 that counts as noise
  double norm = 0, gap = 0;

  std::string name() const {
    return sentence("minimum nuclear norm, ", 100 * share, " % of y counts as noise", centre.form == "zero" ? "" : ", centred");
  }
  Vector<double> predict(const Entries& at) const {
    require(at.rows() == X.rows() && at.cols() == X.cols(), "NuclearFit: fitted to a ", X.rows(), " x ", X.cols(),
            " matrix, asked about entries of a ", at.rows(), " x ", at.cols(), " matrix");
    Vector<double> z = centre.predict(at);
    for (Index k = 0; k < z.size(); ++k) z[k] += X(at.row()[k], at.col()[k]);
    return z;
  }
};

struct NuclearPath {
  double first = 0.5, factor = 0.7, smallest = 0.005;
  Index patience = 2;      ///< shares in a row that do not lower the error, after which the path ends
  Index iterations = 300;  ///< at most, for each share
  double seconds = std::numeric_limits<double>::infinity();
};
struct NuclearTrial {
  double share, validation_rmse;
};

inline Tuned<NuclearFit, NuclearTrial> tune_nuclear_norm(const Data<double>& train, const Data<double>& validation,
                                                         const NuclearPath& path = {}) {
  detail::require_validation("tune_nuclear_norm", train, validation);
  require(path.first > 0 && path.first < 1 && path.factor > 0 && path.factor < 1 && path.smallest > 0,
          "tune_nuclear_norm: the shares from ", path.first, " down to ", path.smallest, " by ", path.factor,
          " need to lie between 0 and 1");
  const Means centre = tune_means(train, validation).fit;
  const Data<double> left = centre.subtracted_from(train);
  Tuned<NuclearFit, NuclearTrial> best;
  best.fit = {Matrix<double>::Zero(train.where.rows(), train.where.cols()), centre, 1, 0, 0};  // all of y is noise
  best.validation_rmse = detail::rmse(centre.predict(validation.where), validation.y);
  best.trials.push_back({1, best.validation_rmse});
  const double size = left.y.norm();
  const auto started = std::chrono::steady_clock::now();
  Index worse = 0;
  double least = best.validation_rmse;
  for (double share = path.first; size > 0 && share >= path.smallest && worse < path.patience; share *= path.factor) {
    if (std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count() > path.seconds) break;
    MinimumNorm solved = minimum_nuclear_norm(left, {.noise = share * size, .gap = 1e-2, .residual = 1e-4, .iterations = path.iterations});
    NuclearFit fit{std::move(solved.X), centre, share, solved.norm, solved.gap};
    const double error = detail::rmse(fit.predict(validation.where), validation.y);
    best.trials.push_back({share, error});
    worse = error < least ? 0 : worse + 1;
    least = std::min(least, error);
    if (error < best.validation_rmse) best.validation_rmse = error, best.fit = std::move(fit);
  }
  return best;
}

}  // namespace tacit
