// SPDX-License-Identifier: MIT
#pragma once
// What tests of trees share: features, row lists, and the error on the second half of the rows, which trees have not seen.
#include <cmath>
#include <tacit/core/random.hpp>
#include <tacit/core/scalar.hpp>
#include <vector>

namespace tree_tasks {

inline tacit::Matrix<double> uniform(tacit::Index rows, tacit::Index cols, std::uint64_t seed) {
  tacit::Random random(seed, "trees");
  tacit::Matrix<double> X(rows, cols);
  for (double& x : X.reshaped()) x = 2 * random.uniform() - 1;
  return X;
}
inline std::vector<tacit::Index> first(tacit::Index count) {
  std::vector<tacit::Index> rows;
  for (tacit::Index i = 0; i < count; ++i) rows.push_back(i);
  return rows;
}
inline double error(const tacit::Vector<double>& z, const tacit::Vector<double>& y) {
  return std::sqrt((z - y).tail(y.size() / 2).squaredNorm() / static_cast<double>(y.size() / 2));
}

}  // namespace tree_tasks
