// SPDX-License-Identifier: MIT
#pragma once
// Where the gradient flow of  1/2 |A x - y|^2,  x = u^p - v^p, ends from u = v = alpha 1: the point  x = alpha^p h_p(A^T nu)  with A x = y, computed
// without integrating anything, to long double's precision. [Wind et al. 2023; Matt & Stoeger 2025, D = p]
//
//   DiagonalLimit limit = diagonal_limit(A, y, {.depth = 3, .product_scale = 1e-6});     // alpha^p, or .factor_scale = alpha
//
// Cost: some ten Newton steps for each decade of alpha^p below |x|, 2 d m^2 flops each (dual_path.hpp). As alpha falls, x tends to a minimiser of the l1 norm.

#include <optional>
#include <ostream>

#include "../core/scalar.hpp"

namespace tacit {

struct DiagonalLimitSettings {
  double depth;  ///< p >= 2, any real number
  std::optional<double> product_scale = {}, factor_scale = {};
};

struct DiagonalLimit {
  Vector<long double> x;
  Vector<long double> nu;  ///< x = alpha^p h_p(A^T nu); one number for each row of A
  double depth = 0, product_scale = 0;
  double residual = 0;  ///< |A x - y| / |y|, of the long doubles
  Index steps = 0;      ///< Newton steps

  friend std::ostream& operator<<(std::ostream& out, const DiagonalLimit& limit) {
    return out << "limit of the flow at depth " << limit.depth << ", alpha^p = " << limit.product_scale
               << ": |x|_1 = " << static_cast<double>(limit.x.lpNorm<1>()) << "; A x = y to " << limit.residual << " |y|, " << limit.steps
               << " steps\n";
  }
};

/// Throws std::invalid_argument where the depth is below 2 or infinite, not exactly one scale is given, sizes differ, or A x = y has no solution.
DiagonalLimit diagonal_limit(const Matrix<double>& A, const Vector<double>& y, const DiagonalLimitSettings& settings);

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/diagonal_limit.hpp"
#endif
