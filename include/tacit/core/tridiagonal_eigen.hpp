// SPDX-License-Identifier: MIT
#pragma once
// Eigenvalues of a symmetric tridiagonal matrix by implicit QL steps with Wilkinson's shift, and what its rotations make of the columns of
// another matrix Z: of the unit matrix the eigenvectors, of the row e_1^T their first entries, which are all that a Gauss quadrature from a
// Lanczos run needs (O(n^2) instead of O(n^3)). In place, nothing is allocated.                  [Golub & Van Loan, 8.3; Golub & Welsch
// 1969]

#include <algorithm>
#include <cmath>
#include <limits>

#include "scalar.hpp"

namespace tacit::detail {

/// Of the leading n x n part: `diagonal` becomes the eigenvalues, in no order, and Z (`rows` x n) becomes Z V. `below` is the
/// subdiagonal and has room for n numbers; it is overwritten. False where an eigenvalue did not converge in 60 steps, as where the
/// matrix is not finite.
inline bool tridiagonal_eigen(Vector<double>& diagonal, Vector<double>& below, Index n, Matrix<double>& Z, Index rows) {
  if (n > 0) below[n - 1] = 0;
  for (Index l = 0; l < n; ++l)
    for (int step = 0;; ++step) {
      Index m = l;
      for (; m + 1 < n; ++m)
        if (std::abs(below[m]) <= std::numeric_limits<double>::epsilon() * (std::abs(diagonal[m]) + std::abs(diagonal[m + 1]))) break;
      if (m == l) break;
      if (step == 60) return false;
      double g = (diagonal[l + 1] - diagonal[l]) / (2 * below[l]);
      g = diagonal[m] - diagonal[l] + below[l] / (g + std::copysign(std::hypot(g, 1.0), g));
      double s = 1, c = 1, moved = 0, r = 0;
      Index i = m - 1;
      for (; i >= l; --i) {
        const double f = s * below[i], b = c * below[i];
        below[i + 1] = r = std::hypot(f, g);
        if (r == 0) {  // the matrix splits here
          diagonal[i + 1] -= moved;
          below[m] = 0;
          break;
        }
        s = f / r, c = g / r;
        g = diagonal[i + 1] - moved;
        r = (diagonal[i] - g) * s + 2 * c * b;
        moved = s * r;
        diagonal[i + 1] = g + moved;
        g = c * r - b;
        for (Index k = 0; k < rows; ++k) {
          const double high = Z(k, i + 1), low = Z(k, i);
          Z(k, i + 1) = s * low + c * high;
          Z(k, i) = c * low - s * high;
        }
      }
      if (r == 0 && i >= l) continue;
      diagonal[l] -= moved;
      below[l] = g;
      below[m] = 0;
    }
  return true;
}

}  // namespace tacit::detail
