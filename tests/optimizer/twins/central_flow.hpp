// SPDX-License-Identifier: MIT
#pragma once
// The central flow of descent at rate 0.75 with one eigenvalue at the edge, by hand: the Hessian whole, from central differences of
// gradients, its eigenvectors by
// Eigen, the gradient of the eigenvalue from second differences. The differences leave 1e-10 of the Hessian and of the third derivatives
// undetermined: the two agree to 1e-10.

#include <tacit/core/scalar.hpp>

#include <Eigen/Eigenvalues>

namespace twins {

template <class P>
tacit::Vector<double> central_flow(const P& problem, tacit::Vector<double> theta, tacit::Index steps) {
  using V = tacit::Vector<double>;
  auto ws = problem.workspace();
  const auto gradient = [&](const V& at) {
    V g(at.size());
    problem.value_and_gradient(at, ws, g);
    return g;
  };
  const double eta = 0.75, dt = 0.25;
  const tacit::Index n = theta.size();
  for (tacit::Index t = 0; t < 4 * steps; ++t) {
    tacit::Matrix<double> H(n, n);
    for (tacit::Index j = 0; j < n; ++j) {
      const V e = 1e-5 * V::Unit(n, j);
      H.col(j) = (gradient(theta + e) - gradient(theta - e)) / 2e-5;
    }
    const Eigen::SelfAdjointEigenSolver<tacit::Matrix<double>> eigen((H + H.transpose()) / 2);
    const double sharpness = eigen.eigenvalues()[n - 1];
    const V u = eigen.eigenvectors().col(n - 1), g = gradient(theta);
    V move = g;
    if (sharpness > 1.95 / eta) {
      const V N = (gradient(theta + 1e-3 * u) + gradient(theta - 1e-3 * u) - 2 * g) / 1e-6;
      const double A = 2 / eta - sharpness + dt * eta * N.dot(g), B = dt * eta / 2 * N.squaredNorm();
      move += std::max(0.0, -A / B) / 2 * N;
    }
    theta -= dt * eta * move;
  }
  return theta;
}

}  // namespace twins
