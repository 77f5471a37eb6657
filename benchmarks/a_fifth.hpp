// SPDX-License-Identifier: MIT
#pragma once
// What models are measured on where their own data are none of the question: a fifth of the entries of their shape, with normal targets.
#include <tacit/core/random.hpp>
#include <tacit/observation/tensor_data.hpp>
#include <tacit/problem.hpp>

#include <limits>

namespace bench {

template <tacit::Scalar S>
auto a_fifth(const tacit::Shape& shape) {
  using namespace tacit;
  Random random(1, "bench");
  Tensor<S> tensor(shape);
  for (Index k = 0; k < tensor.values.size(); ++k)
    tensor.values[k] = random.uniform() < 0.2 ? static_cast<S>(random.normal()) : std::numeric_limits<S>::quiet_NaN();
  return tensor;
}

/// Calls f(problem) with the squared loss of this model.
template <class Model, class F>
void on_a_fifth(const Model& model, F&& f) {
  using namespace tacit;
  const auto tensor = a_fifth<typename Model::scalar_type>(model.shape());
  if constexpr (requires { model.rows(); }) f(Problem(model, observed(unfold(tensor, 0)), MeanSquares{}));  // a model of matrices
  else f(Problem(model, observed(tensor), MeanSquares{}));
}

}  // namespace bench
