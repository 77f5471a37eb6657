// SPDX-License-Identifier: MIT
#pragma once
// Small completion tasks for the tests of the baselines.

#include <tacit/core/random.hpp>
#include <tacit/observation/data.hpp>

#include <vector>

#include "normal.hpp"

namespace tacit::testing {

/// W_ij = b_i + c_j, of standard normal numbers.
inline Matrix<double> additive(Index rows, Index cols, unsigned seed) {
  return normal(rows, 1, seed).replicate(1, cols) + normal(1, cols, seed + 1000).replicate(rows, 1);
}

/// Each entry of W with this probability.
inline Data<double> sampled(const Matrix<double>& W, double density, unsigned seed) {
  Random random(seed, "sample");
  std::vector<Triplet<double>> entries;
  for (Index i = 0; i < W.rows(); ++i)
    for (Index j = 0; j < W.cols(); ++j)
      if (random.uniform() < density) entries.push_back({i, j, W(i, j)});
  return observed(W.rows(), W.cols(), entries);
}

/// P_Omega(y), and P_Omega(y - W).
inline Matrix<double> dense(const Entries& where, const Vector<double>& y) {
  Matrix<double> W = Matrix<double>::Zero(where.rows(), where.cols());
  for (Index k = 0; k < y.size(); ++k) W(where[k].row, where[k].col) = y[k];
  return W;
}

/// A point of every entry of an n1 x n2 matrix.
inline Entries everywhere(Index rows, Index cols) { return sampled(Matrix<double>::Zero(rows, cols), 2, 1).where; }

}  // namespace tacit::testing
