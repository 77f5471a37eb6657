// SPDX-License-Identifier: MIT
#include <tacit/core/random.hpp>
#include <tacit/solver/chain_residual.hpp>
#include <tacit/solver/posterior_mean.hpp>

#include "catch.hpp"

using namespace tacit;

TEST_CASE("the smoothed residual and its variance are those of kriging with an exponential covariance") {
  // One column, entries at 6 of 9 rows, which stand in another order and in uneven steps.
  const std::vector<double> at{0, 1, 3, 2, 4, 9, 10, 11, 12};
  const Entries where(9, 1, {0, 1, 2, 5, 6, 8}, {0, 0, 0, 0, 0, 0});
  const detail::LineChain chain(9, at);
  Vector<double> r(6);
  r << 1, 2, -1, 0.5, 0.7, -2;
  const double v = 1.5, noise = 0.3, tau = 20;
  detail::ChainResidual residual(where, chain, Vector<double>::Constant(1, v));
  residual.sweep(r, Vector<double>::Constant(1, noise), false);
  REQUIRE(residual.process()[0].tau == tau);
  const auto covariance = [&](Index a, Index b) {
    return v * std::exp(-std::abs(at[static_cast<std::size_t>(a)] - at[static_cast<std::size_t>(b)]) / tau);
  };
  Matrix<double> K(6, 6);
  for (Index a = 0; a < 6; ++a)
    for (Index b = 0; b < 6; ++b) K(a, b) = covariance(where.row()[a], where.row()[b]) + (a == b ? noise : 0);
  Vector<double> column(6);
  detail::invert(K, column);
  for (Index i = 0; i < 9; ++i) {
    double mean = 0, variance = v;
    for (Index a = 0; a < 6; ++a)
      for (Index b = 0; b < 6; ++b) {
        mean += covariance(i, where.row()[a]) * K(a, b) * r[b];
        variance -= covariance(i, where.row()[a]) * K(a, b) * covariance(where.row()[b], i);
      }
    CHECK(std::abs(residual.mean()(i, 0) - mean) < 1e-10);
    for (Index k = 0; k < 6; ++k)
      if (where.row()[k] == i) CHECK(std::abs(residual.variance()[k] - variance) < 1e-10);
  }
}

TEST_CASE("what columns have of their own is found, with its length; noise alone leaves next to nothing") {
  Random random(5, "residual");
  const Index n = 600;
  Entries::Indices row, col;
  Vector<double> r(2 * n);
  double x = random.normal();
  for (Index i = 0; i < n; ++i) {
    x = 0.95 * x + std::sqrt(1 - 0.95 * 0.95) * random.normal();
    for (std::int32_t j : {0, 1}) row.push_back(static_cast<std::int32_t>(i)), col.push_back(j);
    r[2 * i] = x + 0.3 * random.normal(), r[2 * i + 1] = random.normal();
  }
  const Entries where(n, 2, std::move(row), std::move(col));
  const detail::LineChain chain(n, {});
  detail::ChainResidual residual(where, chain, Vector<double>::Constant(2, 0.5));
  Vector<double> noise = Vector<double>::Constant(2, 0.5);
  for (int sweep = 0; sweep < 40; ++sweep) {
    residual.sweep(r, noise, true);
    noise.setZero();
    for (Index k = 0; k < 2 * n; ++k) {
      const double left = r[k] - residual.mean()(where.row()[k], where.col()[k]);
      noise[where.col()[k]] += (left * left + residual.variance()[k]) / n;
    }
  }
  CHECK(std::abs(residual.process()[0].tau - 19.5) < 8);
  CHECK(std::abs(std::sqrt(noise[0]) - 0.3) < 0.05);
  double left = 0;  // of the second column, ten rows away from where it was seen nothing may stand
  for (Index i = 0; i < n; ++i) left += residual.mean()(i, 1) * residual.mean()(i, 1) / n;
  const detail::Autoregression& of_noise = residual.process()[1];
  CHECK((of_noise.tau < 1 || left < 0.05));
}
