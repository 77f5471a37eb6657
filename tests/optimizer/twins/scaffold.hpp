// SPDX-License-Identifier: MIT
#pragma once
// SCAFFOLD by hand, with four clients of equal weights and three local steps of rate 0.1.

#include <tacit/observation/partition.hpp>

#include <vector>

namespace twins {

/// option 1, 2, or 0: control variates afresh.
template <class P>
tacit::Vector<double> scaffold_of(const P& problem, tacit::Vector<double> x, tacit::Index steps, int option) {
  auto ws = problem.workspace();
  const tacit::Partition clients = tacit::random_groups(problem.count(), 4, 3);
  tacit::Vector<double> g(x.size()), c = 0 * x;
  std::vector<tacit::Vector<double>> own(4, c);
  for (; steps > 0; --steps) {
    tacit::Vector<double> mean = 0 * x, change = 0 * x;
    if (option == 0) {
      c.setZero();
      for (tacit::Index i = 0; i < 4; ++i) {
        problem.value_and_gradient(x, clients[i], ws, own[static_cast<std::size_t>(i)]);
        c += own[static_cast<std::size_t>(i)] / 4;
      }
    }
    for (tacit::Index i = 0; i < 4; ++i) {
      tacit::Vector<double>& ci = own[static_cast<std::size_t>(i)];
      tacit::Vector<double> w = x, next = ci;
      for (int k = 0; k < 3; ++k) {
        problem.value_and_gradient(w, clients[i], ws, g);
        if (k == 0 && option == 1) next = g;
        w -= 0.1 * (g - ci + c);
      }
      if (option == 2) next = ci - c + (x - w) / (3 * 0.1);
      change += (next - ci) / 4;
      ci = next;
      mean += w / 4;
    }
    c += change;
    x = mean;
  }
  return x;
}
template <class P>
tacit::Vector<double> scaffold_gradient(const P& problem, const tacit::Vector<double>& x, tacit::Index steps) {
  return scaffold_of(problem, x, steps, 1);
}
template <class P>
tacit::Vector<double> scaffold(const P& problem, const tacit::Vector<double>& x, tacit::Index steps) {
  return scaffold_of(problem, x, steps, 2);
}
template <class P>
tacit::Vector<double> scaffold_fresh(const P& problem, const tacit::Vector<double>& x, tacit::Index steps) {
  return scaffold_of(problem, x, steps, 0);
}

}  // namespace twins
