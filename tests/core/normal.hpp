// SPDX-License-Identifier: MIT
#pragma once
// What the tests of singular values share: random matrices, and the promised error.

#include <tacit/core/scalar.hpp>

#include <random>
#include <type_traits>

template <class S>
constexpr double tolerance = std::is_same_v<S, double> ? 1e-12 : 1e-5;  // the promise, relative to sigma_1

template <class S = double>
tacit::Matrix<S> normal(tacit::Index rows, tacit::Index cols, unsigned seed) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<double> draw;
  return tacit::Matrix<S>::NullaryExpr(rows, cols, [&] { return S(draw(engine)); });
}
