// SPDX-License-Identifier: MIT
// Through the dense W, a model keeps the laws on every observation, and gives the numbers that it gives by itself.
#include <tacit/model/through_dense.hpp>

#include <tacit/model/cp.hpp>

#include "deep_matrices.hpp"
#include "tensor_laws.hpp"

using namespace laws;

TEST_CASE("through_dense keeps the laws and changes no number") {
  const DeepMatrix<double> model({4, 2, 5, 3});
  const auto dense = through_dense(model);
  const Entries at = some_entries(3, 4);
  verbs_agree(dense, AllEntries(3, 4));
  verbs_agree(dense, at);
  verbs_agree(dense, some_measurements<double>(3, 4));

  const Vector<double> theta = normal<double>(model.parameter_count(), 91, 0.5), v = normal<double>(theta.size(), 92);
  const Vector<double> zbar = normal<double>(at.count(), 93), dzbar = normal<double>(at.count(), 94);
  Verbs<DeepMatrix<double>, Entries> one(model, at);
  Verbs<ThroughDense<DeepMatrix<double>>, Entries> other(dense, at);
  check_close(one.evaluate(theta), other.evaluate(theta), 1e-14);
  check_close(one.pullback(theta, zbar), other.pullback(theta, zbar), 1e-14);
  check_close(one.pushforward(theta, v), other.pushforward(theta, v), 1e-14);
  check_close(one.pullback_tangent(theta, zbar, dzbar, v), other.pullback_tangent(theta, zbar, dzbar, v), 1e-14);
}
TEST_CASE("through_dense in float") { verbs_agree(through_dense(DeepMatrix<float>({4, 2, 3})), some_entries(3, 4)); }
TEST_CASE("through_dense of a tensor, on its entries, a batch of them, and the unfolding") {
  const Shape shape{3, 2, 4};
  const auto dense = through_dense(CP<double>({.shape = shape, .rank = 2}));
  verbs_agree(dense, some_tensor_entries(shape));
  verbs_agree(dense, some_tensor_list(shape));
  verbs_agree(dense, some_list(3, 8));
  verbs_agree(dense, some_tensor_measurements<double>(shape));
}
