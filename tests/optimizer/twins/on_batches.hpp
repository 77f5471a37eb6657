// SPDX-License-Identifier: MIT
#pragma once
// Gradient descent on minibatches by hand.

#include <tacit/core/random.hpp>

#include <span>

#include "loop.hpp"

namespace twins {

/// Batches of five: epochs of a fresh shuffle, whose last batch is shorter.
template <class P>
tacit::Vector<double> sgd(const P& problem, const tacit::Vector<double>& start, Index steps) {
  tacit::Random random(3, "minibatch");
  std::vector<Index> order(static_cast<std::size_t>(problem.count()));
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = static_cast<Index>(k);
  auto ws = problem.workspace();
  tacit::Vector<double> theta = start, g(start.size());
  std::size_t next = order.size();
  for (; steps > 0; --steps) {
    if (next == order.size()) random.shuffle(order), next = 0;
    const std::size_t size = std::min<std::size_t>(5, order.size() - next);
    problem.value_and_gradient(theta, std::span<const Index>(order).subspan(next, size), ws, g);
    next += size;
    for (Index k = 0; k < g.size(); ++k) theta[k] -= 0.1 * g[k];
  }
  return theta;
}

}  // namespace twins
