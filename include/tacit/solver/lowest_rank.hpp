// SPDX-License-Identifier: MIT
#pragma once
// The lowest rank of a matrix that agrees with observed entries, for small problems: for k = 1, 2, ... fits  X = U V^T  of inner dimension k to the targets by
// Levenberg and Marquardt's method from several random starts, until one of them fits. From above this is a proof, X is there; from below it is none, as the
// fit is not convex: `misfit` says how near the lower ranks came. A rank that is only reached in the limit of unbounded factors counts as not fitting.
// With r the residuals at the m observations and K = J J^T (m x m, the tangent kernel of U V^T), a step is  -J^T s,  (K + mu) s = r,  and lowers the quadratic
// model of |r|^2 / 2 by (|r|^2 - mu^2 |s|^2) / 2. Cost a step: m^3 / 3 + 2 m^2 k flops. Sources: Levenberg 1944; Marquardt 1963; damping as in Madsen, Nielsen &
// Tingleff 2004. This header uses Eigen's decompositions, so <tacit/tacit.hpp> does not include it.

#include <Eigen/Cholesky>

#include "../core/random.hpp"
#include "../observation/data.hpp"

namespace tacit {

struct LowestRankSettings {
  Index starts = 60;
  double tolerance = 1e-20;  ///< what counts as a fit: |r|^2 <= tolerance |y|^2
  Index iterations = 200;    ///< a start
  Index most = 0;            ///< the largest rank tried; 0: min(n1, n2)
  std::uint64_t seed = 1;
};

struct LowestRank {
  Index rank = -1;             ///< -1: no start fitted, up to .most
  Matrix<double> X;            ///< of that rank, agreeing with the data; the best one found where no start fitted
  std::vector<double> misfit;  ///< at index k the least |r|^2 / |y|^2 of rank k, k = 0 ... the last rank tried
};

namespace detail {

/// U V^T at observed entries, fitted from where U and V stand.
struct LowRankFit {
  const Data<double>& data;
  Matrix<double> U, V;  ///< k x n1, k x n2: a column for each row and column of X
  double square = 0;    ///< |r|^2

  Index row(Index e) const { return data.where.row()[e]; }
  Index col(Index e) const { return data.where.col()[e]; }
  double residuals(const Matrix<double>& rows, const Matrix<double>& cols, Vector<double>& r) const {
    for (Index e = 0; e < r.size(); ++e) r[e] = rows.col(row(e)).dot(cols.col(col(e))) - data.y[e];
    return r.squaredNorm();
  }
  void run(double enough, Index iterations) {
    const Index m = data.count();
    Vector<double> r(m), fresh(m), s(m);
    Matrix<double> K(m, m), next_U, next_V;
    square = residuals(U, V, r);
    double mu = 0, grow = 2;
    bool moved = true;
    for (Index t = 0; t < iterations && square > enough && std::isfinite(square); ++t) {
      if (moved)
        for (Index a = 0; a < m; ++a)
          for (Index b = a; b < m; ++b) {
            K(b, a) = 0;
            if (row(a) == row(b)) K(b, a) += V.col(col(a)).dot(V.col(col(b)));
            if (col(a) == col(b)) K(b, a) += U.col(row(a)).dot(U.col(row(b)));
          }
      if (mu == 0) mu = 1e-2 * K.diagonal().maxCoeff();
      Matrix<double> damped = K;
      damped.diagonal().array() += mu;
      s = r;
      damped.selfadjointView<Eigen::Lower>().llt().solveInPlace(s);
      next_U = U, next_V = V;
      for (Index e = 0; e < m; ++e) next_U.col(row(e)) -= s[e] * V.col(col(e)), next_V.col(col(e)) -= s[e] * U.col(row(e));
      const double after = residuals(next_U, next_V, fresh), gain = (square - after) / (square - mu * mu * s.squaredNorm());
      moved = after < square;
      if (!moved) {
        mu *= grow, grow *= 2;
        if (!std::isfinite(mu)) return;
        continue;
      }
      const bool settled = square - after < 1e-12 * square;  // at a minimum that does not fit
      U.swap(next_U), V.swap(next_V), r.swap(fresh), square = after;
      if (settled) return;
      mu *= std::max(1.0 / 3, 1 - std::pow(2 * gain - 1, 3)), grow = 2;
    }
  }
};

}  // namespace detail

/// Of observed entries without weights, at most 2000. Throws std::invalid_argument for more of them, for weights, and for settings that are out of range.
inline LowestRank lowest_rank(const Data<double>& data, const LowestRankSettings& settings = {}) {
  const Index rows = data.where.rows(), cols = data.where.cols(), least = std::min(rows, cols);
  require(data.weight.size() == 0, "lowest_rank: the data carry weights, which do not change what fits exactly; leave them out");
  require(data.count() <= 2000, "lowest_rank: there are ", data.count(), " observations, it is meant for at most 2000");
  require(settings.starts >= 1, "lowest_rank: .starts is ", settings.starts, ", it needs to be at least 1");
  require(settings.iterations >= 1, "lowest_rank: .iterations is ", settings.iterations, ", it needs to be at least 1");
  require(settings.tolerance > 0, "lowest_rank: .tolerance is ", settings.tolerance, ", it needs to be positive");
  require(settings.most >= 0 && settings.most <= least, "lowest_rank: .most is ", settings.most, ", a ", rows, " x ", cols,
          " matrix has at most rank ", least);
  LowestRank found{-1, Matrix<double>::Zero(rows, cols), {1.0}};
  const double all = data.y.squaredNorm();
  if (all == 0) return {0, found.X, {0.0}};
  Random random(settings.seed, "lowest_rank");
  for (Index k = 1; k <= (settings.most ? settings.most : least); ++k) {
    const double std_dev = std::pow(all / static_cast<double>(data.count() * k), 0.25);
    found.misfit.push_back(std::numeric_limits<double>::infinity());
    for (Index start = 0; start < settings.starts; ++start) {
      detail::LowRankFit fit{data, Matrix<double>(k, rows), Matrix<double>(k, cols)};
      for (Matrix<double>* factor : {&fit.U, &fit.V})
        for (double& x : factor->reshaped()) x = std_dev * random.normal();
      fit.run(settings.tolerance * all, settings.iterations);
      if (!(fit.square < found.misfit.back() * all)) continue;
      found.misfit.back() = fit.square / all;
      found.X.noalias() = fit.U.transpose().lazyProduct(fit.V);
      if (fit.square <= settings.tolerance * all) {
        found.rank = k;
        return found;
      }
    }
  }
  return found;
}

}  // namespace tacit
