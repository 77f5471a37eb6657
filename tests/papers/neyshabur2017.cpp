// SPDX-License-Identifier: MIT
// Neyshabur 2017, Implicit Regularization in Deep Learning: all acceptance lines.
#include "papers/neyshabur2017.hpp"

#include "catch.hpp"

namespace neyshabur2017 {

// Item 1.
TEST_CASE("Path-SGD goes the same way end to end from weights and from node-rescaled weights; gradient descent does not") {
  const Equivariance found = equivariance(1);
  REQUIRE(found.at_start < 1e-13);
  CHECK(found.path_sgd < 1e-10);
  CHECK(found.moved > 0.1);
  CHECK(found.descent > 0.1);
}

// Item 2.
TEST_CASE("the path norm by a pass of ones is the sum over all paths; without absolute values it would not be") {
  const Enumeration found = enumeration(2);
  for (const double relative : found.relative) CHECK(relative <= 1e-12);
  CHECK(found.without_absolute_values > 0.1);
  // The probe says the same of a run.
  const DeepMatrix<double> model({3, 3, 2, 2});
  const auto [truth, seen] = low_rank_completion({.rows = 2, .cols = 3, .rank = 1, .observed = 5, .seed = 1});
  const Problem problem(model, seen, MeanSquares{});
  Trajectory history(path_norm(1.5));
  Vector<double> last = random_weights(model.parameter_count(), 2);
  train(problem, last, gradient_descent({.rate = 1e-3}), {.iterations = 3}, history);
  CHECK(history.last("path_norm_1.5") == path_norm(model, last, 1.5));
}

// Item 3.
TEST_CASE("the path scale is the derivative of the squared path norm by each squared weight") {
  const ScaleError furthest = scale_error(3);
  CHECK(furthest.squared_weight <= 1e-6);
  CHECK(furthest.weight > 0.1);  // of the derivative by the weight itself it is not a multiple
}

// Item 4.
TEST_CASE("node rescaling leaves the path norms and changes the Frobenius norm") {
  const Rescaling changes = rescaling(4);
  for (const double relative : changes.path_norms) CHECK(relative <= 1e-12);
  CHECK(changes.frobenius > 1);
}

}  // namespace neyshabur2017
