// SPDX-License-Identifier: MIT
#pragma once
// Reparametrised descent by hand: two draws a step, rate 0.01. The gradient at a draw is that of the model without the Gaussian.

#include <tacit/expected_term.hpp>

#include "optimizer/optimizer_laws.hpp"

namespace optimizer_laws {

/// A Gaussian of rank two over both factors of a factorization on 23 entries.
inline auto gaussian() {
  const tacit::Gaussian model(tacit::DeepMatrix<double>({6, 2, 5}), {.rank = 2, .samples = 2, .seed = 4});
  return Case{tacit::Problem(model, data<double>(), tacit::MeanSquares{}),
              model.at_prior(normal<double>(model.mean_count(), 3, 0.5), {.std = {0.3}})};
}

}  // namespace optimizer_laws

namespace twins {

template <class P>
tacit::Vector<double> reparametrised_gradient(const P& problem, tacit::Vector<double> theta, tacit::Index steps) {
  using tacit::Index;
  const tacit::Problem plain(problem.model().model(), problem.data(), problem.data_term().loss());
  auto ws = plain.workspace();
  const Index n = plain.dimension();
  tacit::Vector<double> w(n), g(n), update(3 * n);
  tacit::Random random(5, "reparametrised_gradient");
  for (; steps > 0; --steps) {
    for (int k = 0; k < 2; ++k) {
      const double a = random.normal(), b = random.normal();
      for (Index i = 0; i < n; ++i) w[i] = theta[i] + a * theta[n + i] + b * theta[2 * n + i];
      plain.value_and_gradient(w, ws, g);
      for (Index i = 0; i < n; ++i) {
        update[i] = (k ? update[i] : 0) + 0.5 * g[i];
        update[n + i] = (k ? update[n + i] : 0) + 0.5 * a * g[i];
        update[2 * n + i] = (k ? update[2 * n + i] : 0) + 0.5 * b * g[i];
      }
    }
    for (Index i = 0; i < theta.size(); ++i) theta[i] -= 0.01 * update[i];
  }
  return theta;
}

}  // namespace twins
