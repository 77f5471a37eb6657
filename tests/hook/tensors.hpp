// SPDX-License-Identifier: MIT
#pragma once
// A Snapshot of a tensor model at a given theta, for tests of probes.

#include <tacit/core/random.hpp>
#include <tacit/observation/tensor_data.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

namespace tensors {

using namespace tacit;

inline Vector<double> normal(Index size, std::uint64_t seed) {
  Random random(seed, "tensors");
  Vector<double> x(size);
  for (double& value : x) value = random.normal();
  return x;
}
inline Tensor<double> normal_tensor(const Shape& shape, std::uint64_t seed) { return {shape, normal(shape.count(), seed)}; }

/// check(snapshot) at theta, once.
template <class Model, class Check>
void look_at(const Model& model, const Vector<double>& theta, Check&& check) {
  const Problem problem(model, fully_observed(normal_tensor(model.shape(), 9)), MeanSquares{});
  Vector<double> copy = theta;
  int seen = 0;
  train(problem, copy, gradient_descent({.rate = 1e-9}), {.iterations = 1}, [&](const auto& now) {
    if (!now.closing()) check(now), ++seen;
  });
  REQUIRE(seen == 1);
}
/// W(theta) as the model itself evaluates it.
template <class Model>
Tensor<double> formed(const Model& model, const Vector<double>& theta) {
  const AllEntries all(model.shape());
  auto ws = model.workspace(all);
  Tensor<double> W(model.shape());
  model.evaluate(theta, all, ws, W.values);
  return W;
}

}  // namespace tensors
