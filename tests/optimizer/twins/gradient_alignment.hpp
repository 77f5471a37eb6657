// SPDX-License-Identifier: MIT
#pragma once
// Gradient alignment by hand, with four clients of nearly equal size and equal weights: rate 0.1, beta = 0.3.

#include <tacit/observation/partition.hpp>

#include <vector>

namespace twins {

/// form 0: displaced, 1: exact, 2: three local steps from the displaced point.
template <class P>
tacit::Vector<double> alignment(const P& problem, tacit::Vector<double> theta, tacit::Index steps, int form) {
  auto ws = problem.workspace();
  const tacit::Partition clients = tacit::random_groups(problem.count(), 4, 3);
  std::vector<tacit::Vector<double>> g(4, theta);
  tacit::Vector<double> at = theta, off = theta;
  for (; steps > 0; --steps) {
    tacit::Vector<double> mean = 0 * theta, update = 0 * theta;
    for (tacit::Index i = 0; i < 4; ++i) {
      auto& own = g[static_cast<std::size_t>(i)];
      problem.value_and_gradient(theta, clients[i], ws, own);
      mean += own / 4;
    }
    for (tacit::Index i = 0; i < 4; ++i) {
      const auto& own = g[static_cast<std::size_t>(i)];
      if (form == 1) {  // d/dx of grad f_i along its distance from the mean
        problem.value_and_gradient(theta, clients[i], ws, at);
        off = own - mean;
        problem.hessian_times_linearized(theta, clients[i], off, ws, at);
        update += 0.1 * (own + 0.3 * at) / 4;
        continue;
      }
      tacit::Vector<double> w = theta - 0.3 * (mean - own), there(theta.size());
      const tacit::Vector<double> start = form == 0 ? w : theta;
      for (int k = 0; k < (form == 0 ? 1 : 3); ++k) {
        problem.value_and_gradient(w, clients[i], ws, there);
        w -= 0.1 * there;
      }
      update += (start - w) / 4;
    }
    theta -= update;
  }
  return theta;
}
template <class P>
tacit::Vector<double> grad_align(const P& problem, const tacit::Vector<double>& theta, tacit::Index steps) {
  return alignment(problem, theta, steps, 0);
}
template <class P>
tacit::Vector<double> exact_alignment(const P& problem, const tacit::Vector<double>& theta, tacit::Index steps) {
  return alignment(problem, theta, steps, 1);
}
template <class P>
tacit::Vector<double> fed_ga(const P& problem, const tacit::Vector<double>& theta, tacit::Index steps) {
  return alignment(problem, theta, steps, 2);
}

}  // namespace twins
