// SPDX-License-Identifier: MIT
#include <tacit/solver/ordered_posterior.hpp>

#include "catch.hpp"

using namespace tacit;

TEST_CASE(
    "one slow component on columns of different noise: its length and the noise of each column are found, and a row without entries is "
    "filled") {
  Random random(9, "ordered posterior");
  const Index n = 500;
  std::vector<Triplet<double>> entries;
  std::vector<double> truth;
  double x = random.normal();
  for (Index i = 0; i < n; ++i) {
    truth.push_back(x);
    for (Index j = 0; j < 6; ++j)
      if (i != 250) entries.push_back({i, j, (j % 2 ? -2.0 : 2.0) * x + (j < 3 ? 0.2 : 0.8) * random.normal()});
    x = 0.95 * x + std::sqrt(1 - 0.95 * 0.95) * random.normal();  // a length of 19.5 steps
  }
  const auto data = observed<double>(n, 6, entries);
  const detail::LineChain chain(n, {});
  detail::OrderedPosterior fit(data, 2, &chain, nullptr, 1);
  for (int sweep = 0; sweep < 60; ++sweep) fit.sweep();
  const auto& prior = fit.rows_prior();
  const Index large = prior[0].variance * fit.Bt().row(0).squaredNorm() > prior[1].variance * fit.Bt().row(1).squaredNorm() ? 0 : 1;
  CHECK(prior[static_cast<std::size_t>(large)].tau > 12);
  CHECK(prior[static_cast<std::size_t>(large)].tau < 32);
  for (Index j = 0; j < 6; ++j) CHECK(std::abs(std::sqrt(fit.noise()[j]) / (j < 3 ? 0.2 : 0.8) - 1) < 0.12);
  // Halfway between its neighbours, but for what two steps may do.
  const double between = fit.At().col(250).dot(fit.Bt().col(0));
  CHECK(std::abs(between - (truth[249] + truth[251])) < 0.15);
}
