// SPDX-License-Identifier: MIT
#pragma once
// A training step of any model: what models.cpp, made from the table of models, measures.
#include <tacit/data/random_entries.hpp>
#include <tacit/observation/tensor_data.hpp>
#include <tacit/tacit.hpp>

#include <benchmark/benchmark.h>

namespace bench {

/// A fifth of the entries of this shape, with normal targets.
template <tacit::Scalar S>
auto a_fifth(const tacit::Shape& shape) {
  using namespace tacit;
  Random random(1, "bench");
  Tensor<S> tensor(shape);
  for (Index k = 0; k < tensor.values.size(); ++k)
    tensor.values[k] = random.uniform() < 0.2 ? static_cast<S>(random.normal()) : std::numeric_limits<S>::quiet_NaN();
  return tensor;
}

template <class Make>
void step(benchmark::State& state, Make make) {
  using namespace tacit;
  const auto model = make();
  using S = typename std::remove_cvref_t<decltype(model)>::scalar_type;
  const Tensor<S> tensor = a_fifth<S>(model.shape());
  const auto run_on = [&](const auto& data) {
    const Problem problem(model, data, MeanSquares{});
    Run run(problem, model.near_zero({.entry_std = 0.05, .seed = 1}), group_rmsprop({.rate = 1e-4}));
    while (state.KeepRunningBatch(16)) run.advance(16);
  };
  if constexpr (requires { model.rows(); }) run_on(observed(unfold(tensor, 0)));  // a model of matrices
  else run_on(observed(tensor));
}

}  // namespace bench
