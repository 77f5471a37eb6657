// SPDX-License-Identifier: MIT
#pragma once
// Basis pursuit,  min |x|_1  s.t.  A x = y,  for dense A. The result carries its own proof: x, and lambda with |A^T lambda|_inf <= 1, for which
// weak duality says  <lambda, y>  <=  |x'|_1  for every x' with A x' = y. Found by following the central path (dual_path.hpp with p = infinity) to a gap of
// about 2 d t; where the minimiser is not unique, x is the centre of the set of minimisers. Cost: some hundred Newton steps of 2 d m^2 flops, in long double.
//
//   std::cout << basis_pursuit(A, y);      // minimum l1 norm 1.76397: relative duality gap ..., A x = y to ... |y|

#include <ostream>

#include "../observation/data.hpp"
#include "../observation/linear_map.hpp"

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
BasisPursuit basis_pursuit(const Matrix<double>& A, const Vector<double>& y, const BasisPursuitSettings& settings = {});

/// The same for a problem's data: linear measurements of a vector.
template <Scalar S>
BasisPursuit basis_pursuit(const Data<S, LinearMap<S>>& data, const BasisPursuitSettings& settings = {}) {
  require(data.weight.size() == 0, "basis_pursuit: the data carry weights, which constraints do not have; leave them out");
  return basis_pursuit(data.where.matrix().leftCols(data.count()).transpose().template cast<double>(), data.y.template cast<double>(),
                       settings);
}

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/basis_pursuit.hpp"
#endif
