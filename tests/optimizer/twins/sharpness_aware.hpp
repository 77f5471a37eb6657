// SPDX-License-Identifier: MIT
#pragma once
// SAM by hand, at the rate 0.1.

#include <tacit/core/scalar.hpp>

#include <cmath>

namespace twins {

/// rho = 0.05, over the norm of g or not.
template <class P>
tacit::Vector<double> sharpness_aware(const P& problem, tacit::Vector<double> theta, tacit::Index steps, bool normalised) {
  auto ws = problem.workspace();
  tacit::Vector<double> g(theta.size()), there(theta.size());
  for (; steps > 0; --steps) {
    problem.value_and_gradient(theta, ws, g);
    double square = 0;
    for (const double x : g) square += x * x;
    const double length = normalised ? 0.05 / (std::sqrt(square) + 1e-12) : 0.05;
    for (tacit::Index k = 0; k < g.size(); ++k) there[k] = theta[k] + length * g[k];
    problem.value_and_gradient(there, ws, g);
    for (tacit::Index k = 0; k < g.size(); ++k) theta[k] -= 0.1 * g[k];
  }
  return theta;
}
template <class P>
tacit::Vector<double> sam(const P& problem, const tacit::Vector<double>& theta, tacit::Index steps) {
  return sharpness_aware(problem, theta, steps, true);
}
template <class P>
tacit::Vector<double> plain_sam(const P& problem, const tacit::Vector<double>& theta, tacit::Index steps) {
  return sharpness_aware(problem, theta, steps, false);
}

/// rho = 0.3, T = |theta| + 0.02.
template <class P>
tacit::Vector<double> asam(const P& problem, tacit::Vector<double> theta, tacit::Index steps) {
  auto ws = problem.workspace();
  tacit::Vector<double> g(theta.size()), there(theta.size());
  for (; steps > 0; --steps) {
    problem.value_and_gradient(theta, ws, g);
    double square = 0;
    for (tacit::Index k = 0; k < g.size(); ++k) square += std::pow((std::abs(theta[k]) + 0.02) * g[k], 2);
    for (tacit::Index k = 0; k < g.size(); ++k)
      there[k] = theta[k] + 0.3 * std::pow(std::abs(theta[k]) + 0.02, 2) * g[k] / (std::sqrt(square) + 1e-16);
    problem.value_and_gradient(there, ws, g);
    for (tacit::Index k = 0; k < g.size(); ++k) theta[k] -= 0.1 * g[k];
  }
  return theta;
}

}  // namespace twins
