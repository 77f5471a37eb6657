// SPDX-License-Identifier: MIT
#pragma once
// A 4 x 5 completion problem of depth 2, whose runs the tests of hooks watch.

#include <tacit/core/random.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

namespace example {

using namespace tacit;

template <class S = double>
Vector<S> normal(Index size, std::uint64_t seed, double std_dev = 0.5) {
  Random random(seed, "example");
  Vector<S> x(size);
  for (Index k = 0; k < size; ++k) x[k] = static_cast<S>(std_dev * random.normal());
  return x;
}
template <class S = double>
Data<S> data() {
  return observed<S>(4, 5, {0, 0, 1, 1, 2, 2, 3, 3, 3}, {0, 3, 1, 4, 0, 2, 1, 2, 4}, normal<S>(9, 1));
}
template <class S = double>
DeepMatrix<S> model() {
  return DeepMatrix<S>({5, 3, 4});
}
template <class S = double>
auto problem() {
  return Problem(model<S>(), data<S>(), MeanSquares{}, WeightDecayPenalty{0.01});
}
template <class S = double>
Vector<S> start() {
  return normal<S>(3 * 5 + 4 * 3, 2);
}
/// W = W_2 W_1 of a theta of this model.
inline Matrix<double> product(const Vector<double>& theta) {
  const auto m = model();
  return Matrix<double>(m.layer(theta, 1)) * Matrix<double>(m.layer(theta, 0));
}

/// Runs `iterations` of gradient descent under these hooks.
template <class... Hooks>
auto watch(Index iterations, Hooks&&... hooks) {
  const auto p = problem();
  Vector<double> theta = start();
  return train(p, theta, gradient_descent({.rate = 0.1}), {.iterations = iterations}, std::forward<Hooks>(hooks)...);
}

}  // namespace example
