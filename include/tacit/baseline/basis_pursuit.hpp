// SPDX-License-Identifier: MIT
#pragma once
// Basis pursuit,  min |x|_1  s.t.  A x = y,  for dense A. The result carries its own proof: x, and lambda with |A^T lambda|_inf <= 1, for which
// weak duality says  <lambda, y>  <=  |x'|_1  for every x' with A x' = y. Found by following the central path (dual_path.hpp with p = infinity) to a gap of
// about 2 d t; where the minimiser is not unique, x is the centre of the set of minimisers. Cost: some hundred Newton steps of 2 d m^2 flops, in long double.
//
//   std::cout << basis_pursuit(A, y);      // minimum l1 norm 1.76397: relative duality gap ..., A x = y to ... |y|

#include <ostream>

#include "../observation/data.hpp"
#include "dual_path.hpp"

namespace tacit {

struct BasisPursuitSettings {
  double gap = 1e-14;  ///< the relative duality gap to go for
};

struct BasisPursuit {
  Vector<double> x;
  double norm = 0;        ///< |x|_1
  double lower = 0;       ///< <lambda, y>: no solution of A x = y has a smaller norm
  Vector<double> lambda;  ///< one multiplier for each row of A
  double gap = 0;         ///< (norm - lower) / norm
  double residual = 0;    ///< |A x - y| / |y|
  Index steps = 0;        ///< Newton steps

  friend std::ostream& operator<<(std::ostream& out, const BasisPursuit& result) {
    return out << "minimum l1 norm " << result.norm << ": relative duality gap " << result.gap << ", no solution is below " << result.lower
               << "; A x = y to " << result.residual << " |y|, " << result.steps << " steps\n";
  }
};

/// Throws std::invalid_argument where sizes differ, the gap is not positive, or A x = y has no solution (the sentence names the residual).
inline BasisPursuit basis_pursuit(const Matrix<double>& A, const Vector<double>& y, const BasisPursuitSettings& settings = {}) {
  require(settings.gap > 0, "basis_pursuit: .gap is ", settings.gap, ", it needs to be positive");
  constexpr auto infinity = std::numeric_limits<long double>::infinity();
  detail::DualPath path("basis_pursuit", A, y, infinity);
  BasisPursuit result;
  if (y.norm() > 0) {
    // At the first t, |x|_1 is known up to a factor that the second makes up for.
    const auto target = [&] { return settings.gap * path.x().lpNorm<1>() / (2 * static_cast<long double>(A.cols())); };
    path.follow(1e-3L * path.size());
    path.follow(target());
  }
  result.x = path.x().cast<double>();
  result.norm = result.x.lpNorm<1>();
  result.lambda = path.nu().cast<double>();
  result.lambda /= std::max(1.0, (A.transpose() * result.lambda).lpNorm<Eigen::Infinity>());
  result.lower = result.lambda.dot(y);
  if (result.norm > 0) {
    result.gap = std::max(result.norm - result.lower, 0.0) / result.norm;
    result.residual = (A * result.x - y).norm() / y.norm();
  }
  result.steps = path.steps();
  return result;
}

/// The same for a problem's data: linear measurements of a vector.
template <Scalar S>
BasisPursuit basis_pursuit(const Data<S, LinearMap<S>>& data, const BasisPursuitSettings& settings = {}) {
  require(data.weight.size() == 0, "basis_pursuit: the data carry weights, which constraints do not have; leave them out");
  return basis_pursuit(data.where.matrix().leftCols(data.count()).transpose().template cast<double>(), data.y.template cast<double>(),
                       settings);
}

}  // namespace tacit
