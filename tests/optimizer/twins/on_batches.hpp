// SPDX-License-Identifier: MIT
#pragma once
// Stochastic gradient descent by hand: epochs of a fresh shuffle, whose last batch is shorter.

#include <tacit/core/random.hpp>

#include <algorithm>
#include <numeric>
#include <span>
#include <vector>

namespace twins {

template <class P>
tacit::Vector<double> sgd(const P& problem, tacit::Vector<double> theta, tacit::Index steps) {
  auto ws = problem.workspace();
  tacit::Vector<double> g(theta.size());
  std::vector<tacit::Index> order(static_cast<std::size_t>(problem.count()));
  std::iota(order.begin(), order.end(), tacit::Index(0));
  tacit::Random random(3, "minibatch");
  for (std::size_t next = order.size(); steps > 0; --steps) {
    if (next == order.size()) random.shuffle(order), next = 0;
    const std::size_t b = std::min<std::size_t>(6, order.size() - next);
    problem.value_and_gradient(theta, std::span<const tacit::Index>(order).subspan(next, b), ws, g);
    next += b;
    for (tacit::Index k = 0; k < g.size(); ++k) theta[k] -= 0.1 * g[k];
  }
  return theta;
}

}  // namespace twins
