// SPDX-License-Identifier: MIT
#pragma once
// Schedule-free methods by hand.

#include <tacit/core/scalar.hpp>

#include <algorithm>
#include <cmath>

namespace twins {

/// adamw: divides the gradient by the root of its second moment. Rate 0.2, or 0.01; beta = 0.8, warm-up of 10 steps, lambda = 0.1.
template <class P>
tacit::Vector<double> schedule_free(const P& problem, const tacit::Vector<double>& start, tacit::Index steps, bool adamw) {
  auto ws = problem.workspace();
  tacit::Vector<double> x = start, z = start, y = start, g(start.size()), v = tacit::Vector<double>::Zero(start.size());
  const double beta = 0.8;
  double sum = 0, largest = 0;
  for (tacit::Index t = 0; t < steps; ++t) {
    problem.value_and_gradient(y, ws, g);
    const double k = static_cast<double>(t), eta = (adamw ? 0.01 : 0.2) * std::min(1.0, (k + 1) / 10),
                 scale = 1 / (1 - std::pow(0.9, k + 1));
    largest = std::max(largest, eta);
    const double a = std::pow(largest, 2.0);
    sum += a;
    const double c = a / sum;
    for (tacit::Index i = 0; i < g.size(); ++i) {
      v[i] += (1 - 0.9) * (g[i] * g[i] - v[i]);
      const double u = adamw ? g[i] / (std::sqrt(scale * v[i]) + 1e-8) : g[i];
      z[i] -= eta * u + (eta * 0.1) * y[i];
      x[i] = (1 - c) * x[i] + c * z[i];
      y[i] = beta * x[i] + (1 - beta) * z[i];
    }
  }
  return x;
}
template <class P>
tacit::Vector<double> schedule_free_sgd(const P& problem, const tacit::Vector<double>& start, tacit::Index steps) {
  return schedule_free(problem, start, steps, false);
}
template <class P>
tacit::Vector<double> schedule_free_adamw(const P& problem, const tacit::Vector<double>& start, tacit::Index steps) {
  return schedule_free(problem, start, steps, true);
}

}  // namespace twins
