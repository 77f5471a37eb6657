// SPDX-License-Identifier: MIT
#pragma once
// Averages of gradient descent by hand.

#include <tacit/core/scalar.hpp>

#include <vector>

namespace twins {

/// theta_0, ..., theta_steps of gradient descent.
template <class P>
std::vector<tacit::Vector<double>> descent_path(const P& problem, const tacit::Vector<double>& start, tacit::Index steps) {
  auto ws = problem.workspace();
  std::vector<tacit::Vector<double>> path{start};
  tacit::Vector<double> g(start.size());
  for (; steps > 0; --steps) {
    problem.value_and_gradient(path.back(), ws, g);
    tacit::Vector<double> next = path.back();
    for (tacit::Index k = 0; k < g.size(); ++k) next[k] -= 0.3 * g[k];
    path.push_back(next);
  }
  return path;
}

template <class P>
tacit::Vector<double> uniform_average(const P& problem, const tacit::Vector<double>& start, tacit::Index steps) {
  const auto path = descent_path(problem, start, steps);
  tacit::Vector<double> mean = path[5];
  for (std::size_t t = 6; t < path.size(); ++t)
    for (tacit::Index k = 0; k < mean.size(); ++k) mean[k] += (path[t][k] - mean[k]) / static_cast<double>(t - 4);
  return mean;
}

template <class P>
tacit::Vector<double> exponential_average(const P& problem, const tacit::Vector<double>& start, tacit::Index steps) {
  const auto path = descent_path(problem, start, steps);
  tacit::Vector<double> mean = path[0];
  for (std::size_t t = 1; t < path.size(); ++t)
    for (tacit::Index k = 0; k < mean.size(); ++k) mean[k] += (1 - 0.9) * (path[t][k] - mean[k]);
  return mean;
}

}  // namespace twins
