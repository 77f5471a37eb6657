// SPDX-License-Identifier: MIT
#pragma once
// Levenberg and Marquardt's steps by hand.

#include <tacit/core/scalar.hpp>

#include <algorithm>
#include <cmath>

namespace twins {

template <class P>
tacit::Vector<double> damped_steps(const P& problem, tacit::Vector<double> theta, tacit::Index steps, double mu, bool marquardt,
                                   bool relative) {
  using V = tacit::Vector<double>;
  auto ws = problem.workspace();
  V g(theta.size()), Cp(theta.size()), D = V::Ones(theta.size());
  const auto C = [&](const V& v) {
    problem.gauss_newton_times_linearized(theta, v, ws, Cp);
    return Cp;
  };
  const auto sum = [](const V& a, const V& b) {
    double s = 0;
    for (tacit::Index k = 0; k < a.size(); ++k) s += a[k] * b[k];
    return s;
  };
  for (double nu = 2; steps > 0; --steps) {
    const double f = problem.value_and_gradient(theta, ws, g).objective;
    V diagonal(theta.size());
    for (tacit::Index k = 0; k < g.size(); ++k) diagonal[k] = C(V::Unit(g.size(), k))[k];
    if (relative) mu *= diagonal.maxCoeff(), relative = false;
    if (marquardt) D = diagonal;
    for (int tries = 0; tries < 60; ++tries) {  // at the end, rounding may refuse all
      problem.value_and_gradient(theta, ws, g);
      V p = V::Zero(g.size()), r = -g, d = r;
      const double size = std::sqrt(sum(g, g));
      for (int k = 0; k < 100 && (k == 0 || std::sqrt(sum(r, r)) > std::min(0.5, std::sqrt(size)) * size); ++k) {
        const V q = C(d) + mu * D.cwiseProduct(d);
        const double before = sum(r, r), a = before / sum(d, q);
        p += a * d, r -= a * q;
        d = r + sum(r, r) / before * d;
      }
      const double expected = -sum(g, p) - sum(p, C(p)) / 2, rho = (f - problem.value(theta + p, ws).objective) / expected;
      if (rho > 0) {
        theta += p, mu *= std::max(1.0 / 3, 1 - std::pow(2 * rho - 1, 3)), nu = 2;
        break;
      }
      mu *= nu, nu *= 2;
    }
  }
  return theta;
}
template <class P>
tacit::Vector<double> levenberg_marquardt(const P& problem, const tacit::Vector<double>& theta, tacit::Index steps) {
  return damped_steps(problem, theta, steps, 1e3, false, true);
}
template <class P>
tacit::Vector<double> marquardt(const P& problem, const tacit::Vector<double>& theta, tacit::Index steps) {
  return damped_steps(problem, theta, steps, 1e3, true, true);
}

}  // namespace twins
