// SPDX-License-Identifier: MIT
#pragma once
// A matrix of normal entries, by seed.

#include <tacit/core/random.hpp>

inline tacit::Matrix<double> normal(tacit::Index rows, tacit::Index cols, std::uint64_t seed) {
  tacit::Random random(seed, "test");
  tacit::Matrix<double> A(rows, cols);
  for (double& entry : A.reshaped()) entry = random.normal();
  return A;
}
