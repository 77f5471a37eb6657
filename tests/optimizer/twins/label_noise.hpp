// SPDX-License-Identifier: MIT
#pragma once
// Label noise by hand: a problem of its own for every step, on noisy copies of the data. Rate 0.1, noise +-0.3.

#include <tacit/problem.hpp>

namespace twins {

template <class P>
tacit::Vector<double> label_noise(const P& problem, tacit::Vector<double> theta, tacit::Index steps) {
  tacit::Vector<double> g(theta.size());
  tacit::Random random(5, "label_noise");
  for (; steps > 0; --steps) {
    auto noisy = problem.data();
    for (double& y : noisy.y) y += random.below(2) ? 0.3 : -0.3;
    const tacit::Problem disturbed(problem.model(), noisy, problem.data_term().loss());
    auto ws = disturbed.workspace();
    disturbed.value_and_gradient(theta, ws, g);
    for (tacit::Index k = 0; k < g.size(); ++k) theta[k] -= 0.1 * g[k];
  }
  return theta;
}

}  // namespace twins
