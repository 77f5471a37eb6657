// SPDX-License-Identifier: MIT
#pragma once
// L-BFGS by hand: lists of pairs, two loops.

#include "strong_wolfe.hpp"

namespace twins {

template <class P>
tacit::Vector<double> lbfgs(const P& problem, tacit::Vector<double> theta, tacit::Index steps) {
  using V = tacit::Vector<double>;
  auto ws = problem.workspace();
  V g(theta.size()), last_theta, last_g;
  std::vector<V> s, y;
  for (tacit::Index step = 0; step < steps; ++step) {
    problem.value_and_gradient(theta, ws, g);
    if (step > 0 && dot(g - last_g, theta - last_theta) > 1e-10) s.push_back(theta - last_theta), y.push_back(g - last_g);
    if (s.size() > 4) s.erase(s.begin()), y.erase(y.begin());
    last_theta = theta, last_g = g;
    V d = -g;
    std::vector<double> a(s.size());
    for (std::size_t k = s.size(); k-- > 0;) {
      a[k] = dot(s[k], d) / dot(y[k], s[k]);
      d -= a[k] * y[k];
    }
    if (!s.empty()) d *= dot(y.back(), s.back()) / dot(y.back(), y.back());
    for (std::size_t k = 0; k < s.size(); ++k) d += s[k] * (a[k] - dot(y[k], d) / dot(y[k], s[k]));
    double sum = 0;
    for (const double x : g) sum += std::abs(x);
    wolfe_step(problem, ws, theta, d, step == 0 ? std::min(1.0, 1 / sum) : 1, 1e-4, 0.9);
  }
  return theta;
}

}  // namespace twins
