// SPDX-License-Identifier: MIT
#pragma once
// Gradient penalties by hand: rate 0.1, lambda = 0.2, differences of length 0.05.

#include <tacit/core/scalar.hpp>

namespace twins {

/// By the Hessian-vector product, at the rate 0.1 and lambda = 0.5.
template <class P>
tacit::Vector<double> gradient_regularized(const P& problem, tacit::Vector<double> theta, tacit::Index steps) {
  auto ws = problem.workspace();
  tacit::Vector<double> g(theta.size()), hg(theta.size());
  for (; steps > 0; --steps) {
    problem.value_and_gradient(theta, ws, g);
    problem.hessian_times(theta, g, ws, hg);
    for (tacit::Index k = 0; k < g.size(); ++k) theta[k] -= 0.1 * (g[k] + 0.5 * hg[k]);
  }
  return theta;
}

/// (1 - lambda/e) g + (lambda/e) g(theta + e g), with e = 0.05 or -0.05.
template <class P>
tacit::Vector<double> penalty_by_difference(const P& problem, tacit::Vector<double> theta, tacit::Index steps, double e) {
  auto ws = problem.workspace();
  tacit::Vector<double> g(theta.size()), other(theta.size()), there(theta.size());
  const double ratio = 0.2 / e;
  for (; steps > 0; --steps) {
    problem.value_and_gradient(theta, ws, g);
    for (tacit::Index k = 0; k < g.size(); ++k) there[k] = theta[k] + e * g[k];
    problem.value_and_gradient(there, ws, other);
    for (tacit::Index k = 0; k < g.size(); ++k) theta[k] -= 0.1 * ((1 - ratio) * g[k] + ratio * other[k]);
  }
  return theta;
}
template <class P>
tacit::Vector<double> forward_penalty(const P& problem, const tacit::Vector<double>& theta, tacit::Index steps) {
  return penalty_by_difference(problem, theta, steps, 0.05);
}
template <class P>
tacit::Vector<double> backward_penalty(const P& problem, const tacit::Vector<double>& theta, tacit::Index steps) {
  return penalty_by_difference(problem, theta, steps, -0.05);
}

}  // namespace twins
