// SPDX-License-Identifier: MIT
// One step of train() (FullGradient | LearningRate, loss recorded) and of the plain Eigen loop of plain_loop.hpp, over sizes, depths and densities.
#include <tacit/tacit.hpp>

#include <benchmark/benchmark.h>

#include "plain_loop.hpp"

namespace {

using namespace tacit;

template <class S>
bench::Completion<S> task(const benchmark::State& state) {
  return {state.range(0), state.range(1), static_cast<double>(state.range(2)) / 100};
}

template <class S>
void ours(benchmark::State& state) {
  const auto example = task<S>(state);
  const Problem problem(example.model, example.seen, MeanSquares{});
  Trajectory history(loss);
  Run run(problem, example.theta, gradient_descent({.rate = 1e-3}), every(1, history));
  while (state.KeepRunningBatch(16)) run.advance(16);
}

template <class S>
void plain_loop(benchmark::State& state) {
  bench::PlainLoop<S> plain(task<S>(state), 1e-3);
  for (auto _ : state) benchmark::DoNotOptimize(plain.step());
}

void sizes(benchmark::internal::Benchmark* bench) {
  bench->ArgsProduct({{50, 100, 200}, {2, 3, 4}, {5, 20}})->ArgNames({"n", "depth", "percent"})->Unit(benchmark::kMicrosecond);
}

}  // namespace

BENCHMARK(ours<double>)->Apply(sizes);
BENCHMARK(plain_loop<double>)->Apply(sizes);
BENCHMARK(ours<float>)->Apply(sizes);
BENCHMARK(plain_loop<float>)->Apply(sizes);

BENCHMARK_MAIN();
