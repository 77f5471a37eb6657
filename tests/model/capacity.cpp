// SPDX-License-Identifier: MIT
// Capacity measures and bounds on a net small enough to write them down.
#include <tacit/model/capacity.hpp>

#include <tacit/model/deep_matrix.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinRel;

TEST_CASE("measures and bounds of diagonal layers, whose norms are at hand") {
  // W_1 = diag(3, 4), W_2 = diag(2, 1); from W_1 = diag(3, 3), W_2 = diag(2, 2).
  const DeepMatrix<double> model({2, 2, 2});
  Vector<double> theta = Vector<double>::Zero(8), start = theta;
  model.layer(theta, 0).diagonal() << 3, 4;
  model.layer(theta, 1).diagonal() << 2, 1;
  model.layer(start, 0).diagonal() << 3, 3;
  model.layer(start, 1).diagonal() << 2, 2;
  const double margin = 0.5, m = 100;
  const CapacityMeasures M = capacity_measures(model, theta, margin);
  CHECK_THAT(M.one_inf, WithinRel(8 / margin, 1e-14));
  CHECK_THAT(M.frobenius, WithinRel(5 * std::sqrt(5.0) / margin, 1e-14));
  CHECK_THAT(M.three, WithinRel(std::pow(std::pow(3, 1.5) + 8, 2 / 3.0) * std::pow(std::pow(2, 1.5) + 1, 2 / 3.0) / margin, 1e-14));
  CHECK_THAT(M.spectral, WithinRel(8 / margin, 1e-14));
  CHECK_THAT(M.schatten, WithinRel(M.three, 1e-14));  // of diagonal matrices, whose units have norm |w|
  CHECK_THAT(M.trace, WithinRel(21 / margin, 1e-14));
  CHECK_THAT(M.path_1, WithinRel((6 + 4) / margin, 1e-14));
  CHECK_THAT(M.path_1_5, WithinRel(std::pow(std::pow(6, 1.5) + 8, 2 / 3.0) / margin, 1e-14));
  CHECK_THAT(M.path_2, WithinRel(std::sqrt(36 + 16.0) / margin, 1e-14));
  const CapacityBounds B = capacity_bounds(model, theta, start, margin, m);
  const double alpha = std::sqrt(2 + std::log(2.0));
  CHECK_THAT(B.one_inf, WithinRel(alpha * 16 / 10, 1e-13));
  CHECK_THAT(B.frobenius, WithinRel(alpha * M.frobenius / 10, 1e-13));
  CHECK_THAT(B.three, WithinRel(alpha * M.three / std::pow(100, 1 / 3.0), 1e-13));
  // Each layer moved by one entry of 1; spectral norms 4 and 2.
  CHECK_THAT(B.spectral_21,
             WithinRel(std::log(100.0) * std::log(8.0) * 16 * std::pow(std::pow(0.25, 2 / 3.0) + std::pow(0.5, 2 / 3.0), 1.5) / 10, 1e-13));
  CHECK_THAT(B.spectral_fro, WithinRel(2 * 16.0 * std::sqrt(2 * (1 / 16.0 + 1 / 4.0)) / 10, 1e-13));
  // Bounds by the distance from the start vanish there, the others do not.
  const CapacityBounds still = capacity_bounds(model, theta, theta, margin, m);
  CHECK(still.spectral_21 == 0);
  CHECK(still.spectral_fro == 0);
  CHECK(still.frobenius == B.frobenius);
  CHECK(thrown([&] { capacity_bounds(model, theta, Vector<double>(theta.head(7)), margin, m); }).find("capacity_bounds (the start)") == 0);
  CHECK(thrown([&] { capacity_bounds(model, theta, start, margin, 0); }) == "capacity_bounds: 0 samples, there needs to be at least 1");
}
