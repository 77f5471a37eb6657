// SPDX-License-Identifier: MIT
#pragma once
// What the tests of block-wise optimizers share: Gaussian matrices, orthogonal changes, and one transform applied to one gradient.
#include <tacit/core/random.hpp>
#include <tacit/optimizer/chain.hpp>

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <Eigen/SVD>

#include "catch.hpp"

namespace block_examples {

using namespace tacit;

inline Matrix<double> gaussian(Index rows, Index cols, std::uint64_t seed) {
  Random random(seed, "block examples");
  Matrix<double> W(rows, cols);
  for (double& entry : W.reshaped()) entry = random.normal();
  return W;
}
inline Matrix<double> orthogonal(Index n, std::uint64_t seed) {
  return Eigen::HouseholderQR<Matrix<double>>(gaussian(n, n, seed)).householderQ();
}
inline Vector<double> flat(const Matrix<double>& W) { return W.reshaped(); }
inline Layout one_block(Index rows, Index cols, StorageOrder order = StorageOrder::column_major) {
  Layout layout;
  layout.add("W", {rows, cols}, order);
  return layout;
}

/// The direction that a transform makes of a gradient, from a fresh state.
template <class T>
Vector<double> direction(const T& transform, const Layout& layout, const Vector<double>& gradient, const Vector<double>& theta) {
  Step<double> step(gradient.size());
  step.begin();
  step.gradient = gradient;
  step.theta = theta;
  auto state = transform.template start<double>(layout);
  transform.apply(step, state);
  REQUIRE_FALSE(step.stalled);
  return step.own();
}
template <class T>
Matrix<double> direction(const T& transform, const Matrix<double>& G) {
  const Vector<double> u = direction(transform, one_block(G.rows(), G.cols()), flat(G), Vector<double>::Zero(G.size()));
  return u.reshaped(G.rows(), G.cols());
}

}  // namespace block_examples
