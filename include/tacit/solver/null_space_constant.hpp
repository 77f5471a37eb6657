// SPDX-License-Identifier: MIT
#pragma once
// The constant rho of a support S with signs sigma: how far the l1 minimiser with that support is from not being unique.
//   rho  =  min { |A_{S^c}^T z|_inf : A_S^T z = sigma }  =  max { <sigma, n_S> : A n = 0, |n_{S^c}|_1 = 1 }
// Below 1, x is the only minimiser of |x|_1 under A x = y, and the flow of a diagonal net of depth 2 approaches it like alpha^(1 - rho), alpha the scale of x
// [Matt & Stoeger 2025]. Both sides are returned: z proves that rho <= upper, n that rho >= lower. With n_S eliminated (A_S of full column rank),
// it is a basis pursuit of m - |S| + 1 rows in n_{S^c}, and costs what basis_pursuit.hpp says.

#include <ostream>
#include <vector>

#include "../core/scalar.hpp"

namespace tacit {

struct NullSpaceConstantSettings {
  double threshold = 1e-8;  ///< the support: entries above this share of the largest one
  double gap = 1e-14;       ///< of the basis pursuit
};

struct NullSpaceConstant {
  double upper = 0;          ///< |A_{S^c}^T z|_inf
  double lower = 0;          ///< <sigma, n_S> / |n_{S^c}|_1
  Vector<double> z, n;       ///< n is empty where rho = 0
  double mismatch = 0;       ///< |A_S^T z - sigma|_inf
  double null_residual = 0;  ///< |A n| / |n|
  std::vector<Index> support;

  double rho() const { return upper; }
  friend std::ostream& operator<<(std::ostream& out, const NullSpaceConstant& c) {
    return out << "rho = " << c.upper << " on a support of " << c.support.size() << ": at least " << c.lower
               << ", certificate meets the signs to " << c.mismatch << ", null vector to " << c.null_residual << '\n';
  }
};

/// rho of the support of x. Throws where sizes differ, x is zero, or the columns of A on its support depend on each other.
NullSpaceConstant null_space_constant(const Matrix<double>& A, const Vector<double>& x, const NullSpaceConstantSettings& settings = {});

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/null_space_constant.hpp"
#endif
