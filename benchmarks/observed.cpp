// SPDX-License-Identifier: MIT
// Where the dense path and the per-entry path cross: one gradient through each, over densities. observation/bilinear.hpp's dense_from is read off here.
#include <tacit/tacit.hpp>

#include <benchmark/benchmark.h>

#include "plain_loop.hpp"

namespace {

using namespace tacit;

template <class S, Path path>
void gradient(benchmark::State& state) {
  bench::Completion<S> example(state.range(0), state.range(1), static_cast<double>(state.range(2)) / 100);
  example.seen.where = example.seen.where.through(path);
  const Problem problem(example.model, std::move(example.seen), MeanSquares{});
  auto ws = problem.workspace();
  Vector<S> g(problem.dimension());
  for (auto _ : state) benchmark::DoNotOptimize(problem.value_and_gradient(example.theta, ws, g).loss);
}

void densities(benchmark::internal::Benchmark* bench) {
  bench->ArgsProduct({{50, 100, 200, 400}, {2, 3}, {5, 10, 20, 30, 40, 50, 60, 80}})->ArgNames({"n", "depth", "percent"});
  bench->Unit(benchmark::kMicrosecond);
}

}  // namespace

BENCHMARK(gradient<double, Path::dense>)->Apply(densities);
BENCHMARK(gradient<double, Path::per_entry>)->Apply(densities);
BENCHMARK(gradient<float, Path::dense>)->Apply(densities);
BENCHMARK(gradient<float, Path::per_entry>)->Apply(densities);

BENCHMARK_MAIN();
