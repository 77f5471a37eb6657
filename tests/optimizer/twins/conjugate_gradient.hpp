// SPDX-License-Identifier: MIT
#pragma once
// Conjugate gradients (PR+) by hand.

#include "strong_wolfe.hpp"

namespace twins {

template <class P>
tacit::Vector<double> conjugate_gradient(const P& problem, tacit::Vector<double> theta, tacit::Index steps) {
  auto ws = problem.workspace();
  tacit::Vector<double> g(theta.size()), d, last;
  double decrease = 0;
  for (tacit::Index step = 0; step < steps; ++step) {
    problem.value_and_gradient(theta, ws, g);
    const double beta = step == 0 ? 0 : std::max(0.0, dot(g, g - last) / dot(last, last));
    if (step == 0 || dot(g, beta * d - g) >= 0) d = -g;
    else d = beta * d - g;
    last = g;
    double sum = 0;
    for (const double x : g) sum += std::abs(x);
    const double slope = dot(g, d), first = step == 0 ? std::min(1.0, 1 / sum) : decrease / slope;
    decrease = wolfe_step(problem, ws, theta, d, first, 1e-4, 0.1) * slope;
  }
  return theta;
}

}  // namespace twins
