// SPDX-License-Identifier: MIT
#pragma once
// Descent at the rate 1 / lambda_max by hand, on a convex quadratic whose Hessian is formed by products: every step is taken at c /
// lambda_max with momentum.

#include <Eigen/Eigenvalues>

namespace twins {

template <class P>
tacit::Vector<double> sharpness_rate(const P& problem, tacit::Vector<double> theta, tacit::Index steps) {
  auto ws = problem.workspace();
  const tacit::Index n = theta.size();
  tacit::Matrix<double> H(n, n);
  tacit::Vector<double> g(n), column(n), trial(n), velocity = tacit::Vector<double>::Zero(n);
  for (tacit::Index k = 0; k < n; ++k) {
    problem.hessian_times(theta, tacit::Vector<double>::Unit(n, k), ws, column);
    H.col(k) = column;
  }
  const double eta = 1 / Eigen::SelfAdjointEigenSolver<tacit::Matrix<double>>(H).eigenvalues()[n - 1];
  for (; steps > 0; --steps) {
    const double before = problem.value_and_gradient(theta, ws, g).objective;
    tacit::Vector<double> update = -eta * g + 0.5 * velocity;
    if (problem.value(theta + update, ws).objective > before) update = -eta * g;
    theta += update;
    velocity = update;
  }
  return theta;
}

}  // namespace twins
