// SPDX-License-Identifier: MIT
#pragma once
// Alternating least squares:  W = A B^T of rank k,  A n1 x k, B n2 x k,
//   min over A, B   1/2 sum_observed (y - W)^2 + 1/2 sum_i penalty_i |a_i|^2 + 1/2 sum_j penalty_j |b_j|^2,
// penalty = lambda, or with `weighted` lambda times the number of entries of the row or column (ALS-WR). Unweighted, lambda is SoftImpute's: with k
// at least the rank of its minimum, both have the same one. A start drawn by seed, then sweeps (als_sweep.hpp) that never raise the objective.
// Cost of a sweep 4 m k^2 + (n1 + n2) k^3 / 3 flops.        als   one setting       tune_als   rank, lambda, weighting, centre and sweeps on validation
// Source: Zhou, Wilkinson, Schreiber & Pan 2008; Hastie, Mazumder, Lee & Zadeh 2015, section 2.

#include "../core/random.hpp"
#include "als_sweep.hpp"
#include "means.hpp"

namespace tacit {

struct AlsSettings {
  Index rank = 10;
  double lambda =
      0;  ///< in units of y, weighted: of y^2 per entry over those of |b|^2; 0 only where every row and column determines its factor
  bool weighted = false;    ///< penalty_i = lambda n_i
  Index sweeps = 500;       ///< at most
  double tolerance = 1e-6;  ///< stops on the relative change of W at the observed entries in a sweep
  Centre centre = {};       ///< subtracted from y before, added to predictions; by default nothing is
  std::uint64_t seed = 1;
};

/// So many sweeps at a lambda.
struct AlsStep {
  double lambda;
  Index sweeps;
};

struct Als {
  Matrix<double> A, B;
  Centre centre;
  double lambda = 0;
  bool weighted = false;
  double objective = 0;
  Index sweeps = 0;
  bool converged = false;
  std::vector<AlsStep> path = {};  ///< where tuned: the lambdas that led here, this one last

  Index rank() const { return A.cols(); }
  std::string name() const {
    return sentence("ALS, rank ", rank(), ", lambda ", lambda, weighted ? " an entry" : "", centre.form == "zero" ? "" : ", centred");
  }
  double predict(Index i, Index j) const {
    detail::require_inside("Als", i, j, A.rows(), B.rows());
    return centre.predict(i, j) + A.row(i).cwiseProduct(B.row(j)).sum();
  }
  Vector<double> predict(const Entries& at) const {
    require(at.rows() == A.rows() && at.cols() == B.rows(), "Als: fitted to a ", A.rows(), " x ", B.rows(),
            " matrix, asked about entries of a ", at.rows(), " x ", at.cols(), " matrix");
    Vector<double> z;
    detail::product_at(A.transpose(), B.transpose(), at, z);
    return z + centre.predict(at);
  }
};

namespace detail {

/// Adds normal numbers to B^T, of a size with which A and B share the size of y.
inline void draw_als_start(const Vector<double>& y, double scale, Random& random, Matrix<double>& Bt) {
  const double size =
      scale * std::sqrt(std::sqrt(y.squaredNorm() / static_cast<double>(y.size())) / std::sqrt(static_cast<double>(Bt.rows())));
  for (Index s = 0; s < Bt.size(); ++s) Bt.data()[s] += size * random.normal();
}

}  // namespace detail

inline Als als(const Data<double>& train, const AlsSettings& settings) {
  detail::require_unweighted("als", train);
  require(settings.rank > 0 && settings.sweeps > 0 && settings.tolerance > 0, "als: rank ", settings.rank, ", sweeps ", settings.sweeps,
          " and tolerance ", settings.tolerance, " need to be positive");
  require(settings.lambda >= 0 && std::isfinite(settings.lambda), "als: lambda is ", settings.lambda,
          ", it needs to be finite and not negative");
  const Vector<double> y = train.y - settings.centre.predict(train.where);
  Matrix<double> At = Matrix<double>::Zero(settings.rank, train.where.rows()), Bt = Matrix<double>::Zero(settings.rank, train.where.cols());
  Random random(settings.seed, "ALS");
  detail::draw_als_start(y, 1, random, Bt);
  detail::AlsSweeps sweep(train.where, y);
  Als fit{{}, {}, settings.centre, settings.lambda, settings.weighted, 0, 0, false};
  Vector<double> z = Vector<double>::Zero(y.size()), before;
  while (fit.sweeps < settings.sweeps && !fit.converged) {
    ++fit.sweeps;
    before = z;
    sweep(At, Bt, settings.lambda, settings.weighted);
    detail::product_at(At, Bt, train.where, z);
    if (!z.allFinite()) break;
    fit.converged = (z - before).norm() <= settings.tolerance * z.norm();
  }
  fit.objective = sweep.objective(At, Bt, z, settings.lambda, settings.weighted);
  fit.A = At.transpose(), fit.B = Bt.transpose();
  return fit;
}

}  // namespace tacit
