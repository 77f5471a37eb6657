// SPDX-License-Identifier: MIT
#pragma once
// FedAvg and FedProx by hand, with four clients of equal weights and three local steps of rate 0.1.

#include <tacit/observation/partition.hpp>

namespace twins {

template <class P>
tacit::Vector<double> fed_prox_of(const P& problem, tacit::Vector<double> x, tacit::Index steps, double mu) {
  auto ws = problem.workspace();
  const tacit::Partition clients = tacit::random_groups(problem.count(), 4, 3);
  tacit::Vector<double> g(x.size());
  for (; steps > 0; --steps) {
    tacit::Vector<double> mean = 0 * x;
    for (tacit::Index i = 0; i < 4; ++i) {
      tacit::Vector<double> w = x;
      for (int k = 0; k < 3; ++k) {
        problem.value_and_gradient(w, clients[i], ws, g);
        w -= 0.1 * (g + mu * (w - x));
      }
      mean += w / 4;
    }
    x = mean;
  }
  return x;
}
template <class P>
tacit::Vector<double> fed_avg(const P& problem, const tacit::Vector<double>& x, tacit::Index steps) {
  return fed_prox_of(problem, x, steps, 0);
}
template <class P>
tacit::Vector<double> fed_prox(const P& problem, const tacit::Vector<double>& x, tacit::Index steps) {
  return fed_prox_of(problem, x, steps, 0.5);
}

}  // namespace twins
