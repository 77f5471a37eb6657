// SPDX-License-Identifier: MIT
#pragma once
// A penalty on singular values that was chosen on some lines of a matrix, for a fit to all of them: the largest singular value of n1 x n2 entries of noise is
// sqrt(n1) + sqrt(n2) times their deviation, so the penalty grows as that does. 1 where the sizes are the same.

#include <cmath>

#include "../observation/entries.hpp"

namespace tacit::detail {

inline double penalty_ratio(const Entries& where, Index rows, Index cols) {
  if (rows == where.rows() && cols == where.cols()) return 1;
  const auto noise = [](Index n1, Index n2) { return std::sqrt(static_cast<double>(n1)) + std::sqrt(static_cast<double>(n2)); };
  return noise(where.rows(), where.cols()) / noise(rows, cols);
}

}  // namespace tacit::detail
