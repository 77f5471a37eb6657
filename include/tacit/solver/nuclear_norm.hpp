// SPDX-License-Identifier: MIT
#pragma once
// What the trained factorizations are compared with: the matrix of least nuclear norm among all that agree with the data,
//   minimum_nuclear_norm   min ||X||_*            over  A(X) = y,  or |A(X) - y| <= box entrywise,  or ||A(X) - y||_2 <= noise
//   minimum_trace_psd      min tr X,  X = X^T >= 0,  under the same constraints  (the nuclear norm of a positive semidefinite matrix)
// by Douglas-Rachford splitting between the constraint set and a spectral shrinkage, with a threshold tau that balances both residuals.
// The result carries its own proof: X, and multipliers lambda with ||A*(lambda)||_2 <= 1 (PSD: lambda_max <= 1), for which weak duality says
//   min over feasible z of <lambda, z>  =  <lambda, y> - box ||lambda||_1 - noise ||lambda||_2   <=   ||X'||_*  for every feasible X'.
// Computed in double whatever the data's scalar. Cost an iteration: one symmetric eigendecomposition of size min(n1, n2), for the nuclear
// norm O(n1 n2 rank) above 150, and a projection (constraint.hpp). 100 x 100 with 2000 entries: some 200 iterations, half a second. Source: Lions & Mercier 1979; the problem as in Arora et al. 2019,
// Gunasekar et al. 2017. This header uses Eigen's decompositions, so <tacit/tacit.hpp> does not include it.

#include <limits>
#include <ostream>
#include <string>

#include "../core/budget.hpp"
#include "../observation/data.hpp"
#include "../observation/dense.hpp"

namespace tacit {

struct MinimumNormSettings {
  double box = 0;          ///< |A(X)_k - y_k| <= box for every observation
  double noise = 0;        ///< ||A(X) - y||_2 <= noise; at most one of the two, none means A(X) = y
  double gap = 1e-5;       ///< stop when the certified relative duality gap is at most this
  double residual = 1e-7;  ///< ... and X violates the constraints by at most this times ||y||_2
  Index iterations = 10'000;
  double seconds = std::numeric_limits<double>::infinity();  ///< a limit like that of iterations
  Pace pace = {};  ///< what `seconds` are counted in, and who may stop it; asked at every iteration
};

/// A nearly minimal X with its certificate. `gap` and `residual` are those of this X, not of the iteration that found it.
struct MinimumNorm {
  enum class Reason { converged, reached_limit };

  Matrix<double> X;
  double norm = 0;        ///< of X, from above: ||X||_*, or tr X
  double lower = 0;       ///< the dual value of lambda: no feasible matrix has a smaller norm
  Vector<double> lambda;  ///< one multiplier per observation, in the order of the data
  double residual = 0;    ///< distance of A(X) from the feasible set over ||y||_2; 0 or rounding for the nuclear norm
  /// (norm - lower) / norm for a feasible X. One that misses the set by a vector e is feasible for targets moved by e, and has that problem's
  /// gap here, plus |<lambda, e>|: what the move is worth to first order.
  double gap = 0;
  Index iterations = 0;
  Reason reason = Reason::reached_limit;
  std::string problem;  ///< as in: nuclear norm of a 100 x 100 matrix under 2000 observations, each to +-0.001

  friend std::ostream& operator<<(std::ostream& out, const MinimumNorm& result) {
    out << "minimum " << result.problem << ": " << result.norm << "\n  ";
    if (result.residual > 1e-6) out << "not certified, X is not feasible: ";
    return out << "relative duality gap " << result.gap << ", no feasible matrix is below " << result.lower << "; constraints met to "
               << result.residual << " ||y||; " << (result.reason == Reason::converged ? "converged after " : "stopped at the limit of ")
               << result.iterations << " iterations\n";
  }
};

namespace detail {

struct NuclearProblem;
struct TraceProblem;
/// Defined for observed entries, all entries and linear measurements.
template <class Problem, Scalar S, class O>
MinimumNorm minimum_norm(const Data<S, O>& data, const MinimumNormSettings& settings);
/// Features, rank-one and sparse measurements come as linear ones, whose m matrices of n1 x n2 are formed.
template <Scalar S, class O>
decltype(auto) as_constraints(const Data<S, O>& data) {
  if constexpr (Measures<O, S> && !std::same_as<O, LinearMap<S>>) {
    const Index size = data.where.shape().count(), m = data.where.count();
    Shape{size, m}.require_dense("minimum norm under structured measurements");
    Matrix<S> A(size, m);
    Vector<S> unit = Vector<S>::Zero(m);
    for (Index k = 0; k < m; ++k) {
      unit[k] = 1;
      data.where.spread(unit, Write::set, A.data() + k * size);
      unit[k] = 0;
    }
    return Data<S, LinearMap<S>>(LinearMap<S>(data.where.shape(), std::move(A)), data.y, data.weight);
  } else {
    return data;
  }
}

}  // namespace detail

/// The matrix of least nuclear norm that agrees with the data (observed entries, all entries, or measurements of any kind).
/// Throws std::invalid_argument where the settings contradict each other, the data carry weights, or dependent measurements have
/// contradicting targets. Reaching the limit of iterations is no error: the result says so, and its gap holds all the same.
template <Scalar S, class O>
MinimumNorm minimum_nuclear_norm(const Data<S, O>& data, const MinimumNormSettings& settings = {}) {
  return detail::minimum_norm<detail::NuclearProblem>(detail::as_constraints(data), settings);
}

/// The positive semidefinite matrix of least trace that agrees with the data. X is positive semidefinite exactly (a Gram matrix) and meets
/// the constraints to `residual`. Throws, beside the above, where the matrix is not square, entries (i, j) and (j, i) contradict each
/// other, a diagonal entry is negative, or the multipliers prove that no such matrix exists.
template <Scalar S, class O>
MinimumNorm minimum_trace_psd(const Data<S, O>& data, const MinimumNormSettings& settings = {}) {
  return detail::minimum_norm<detail::TraceProblem>(detail::as_constraints(data), settings);
}

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/nuclear_norm.hpp"
#endif
