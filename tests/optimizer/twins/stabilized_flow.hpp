// SPDX-License-Identifier: MIT
#pragma once
// RKC2 by hand, tolerances 1e-3 and 1e-6: Chebyshev polynomials by their closed forms T_j(cosh x) = cosh(j x), every estimate of the
// spectral radius by the
// power method, every gradient computed anew. Numbers agree to rounding, which the closed forms and sums bring in other ways.

#include <tacit/core/random.hpp>

#include <algorithm>
#include <cmath>

namespace twins {

template <class P>
tacit::Vector<double> stabilized_flow(const P& problem, tacit::Vector<double> theta, tacit::Index steps) {
  using V = tacit::Vector<double>;
  auto ws = problem.workspace();
  const auto gradient = [&](const V& at) {
    V g(at.size());
    problem.value_and_gradient(at, ws, g);
    return g;
  };
  const auto weighted = [&](const V& e, const V& a, const V& b) {
    double sum = 0;
    for (tacit::Index i = 0; i < e.size(); ++i) sum += std::pow(e[i] / (1e-6 + 1e-3 * std::max(std::abs(a[i]), std::abs(b[i]))), 2);
    return std::sqrt(sum / static_cast<double>(e.size()));
  };
  V v(theta.size()), hv(theta.size());
  tacit::Random random(1, "spectral radius");
  for (double& x : v) x = random.normal();
  v /= v.norm();
  const auto power = [&] {
    for (double before = 0, now = 0; /* at most 50 rounds */;) {
      for (int round = 0; round < 50; ++round) {
        problem.hessian_times(theta, v, ws, hv);
        before = now, now = hv.norm();
        v = hv / now;
        if (round > 0 && std::abs(now - before) <= 0.01 * now) break;
      }
      return 1.2 * now;
    }
  };
  double radius = power(), h = 0, last_h = 0, last_error = 0;
  int since = 0;
  const V g0 = gradient(theta);
  const double euler = std::min(0.01 * weighted(theta, theta, theta) / weighted(g0, theta, theta), 1 / radius);
  h = std::clamp(0.1 * euler / std::sqrt(euler * weighted(gradient(theta - euler * g0) - g0, theta, theta)), 0.01 * euler, 100 * euler);
  for (; steps > 0; --steps) {
    const V g = gradient(theta);
    bool fresh = since == 0;
    if (since == 25) radius = power(), since = 0, fresh = true;
    for (;;) {
      const int s = 1 + static_cast<int>(std::sqrt(1.54 * h * radius + 1));
      const double w0 = 1 + 2.0 / (13 * s * s), x = std::acosh(w0);
      const auto T = [&](int j) { return std::cosh(j * x); };
      const auto d = [&](int j) { return j * std::sinh(j * x) / std::sinh(x); };
      const auto dd = [&](int j) { return (j * j * T(j) - w0 * d(j)) / (w0 * w0 - 1); };
      const auto b = [&](int j) { return dd(std::max(j, 2)) / std::pow(d(std::max(j, 2)), 2); };
      const double w1 = d(s) / dd(s);
      V before = theta, y = theta - b(1) * w1 * h * g;
      for (int j = 2; j <= s; ++j) {
        const double m = 2 * b(j) * w0 / b(j - 1), n = -b(j) / b(j - 2), mh = 2 * b(j) * w1 / b(j - 1) * h;
        const V next = (1 - m - n) * theta + m * y + n * before - mh * (gradient(y) - (1 - b(j - 1) * T(j - 1)) * g);
        before = y, y = next;
      }
      const double error = weighted(0.8 * (theta - y) - 0.4 * h * (g + gradient(y)), theta, y);
      if (error <= 1) {
        const double e = std::max(error, 1e-4);
        const double factor = last_h > 0 ? 0.8 * std::cbrt(last_error / (e * e)) * h / last_h : 0.8 / std::cbrt(e);
        last_h = h, last_error = e, theta = y, ++since;
        h *= std::clamp(factor, 0.1, 10.0);
        break;
      }
      h *= std::clamp(0.8 / std::cbrt(error), 0.1, 0.8);
      if (!fresh) radius = power(), fresh = true;
      since = 0;
    }
  }
  return theta;
}

}  // namespace twins
