// SPDX-License-Identifier: MIT
// What is around the arithmetic: a step of a 2 x 2 problem, where nothing else is left to measure, and what each kind of hook adds to a step at n = 100.
#include <tacit/hook/spectrum.hpp>
#include <tacit/tacit.hpp>

#include <benchmark/benchmark.h>

#include "plain_loop.hpp"

namespace {

using namespace tacit;

template <class... Hooks>
void advance(benchmark::State& state, Index n, double density, Hooks&&... hooks) {
  const bench::Completion<double> example(n, 3, density);
  const Problem problem(example.model, example.seen, MeanSquares{});
  Run run(problem, example.theta, gradient_descent({.rate = 1e-3}), std::forward<Hooks>(hooks)...);
  while (state.KeepRunningBatch(64)) run.advance(64);
}

void smallest_bare(benchmark::State& state) { advance(state, 2, 0.75); }
void smallest_with_loss(benchmark::State& state) {
  Trajectory history(loss);
  advance(state, 2, 0.75, every(1, history));
}

void bare(benchmark::State& state) { advance(state, 100, 0.2); }
void loss_and_gradient_norm(benchmark::State& state) {
  Trajectory history(loss, gradient_norm);
  advance(state, 100, 0.2, every(1, history));
}
void norms(benchmark::State& state) {
  Trajectory history(parameter_norm, frobenius_norm);
  advance(state, 100, 0.2, every(1, history));
}
void spectrum_every_step(benchmark::State& state) {
  Trajectory history(effective_rank, nuclear_norm, singular_values(10));
  advance(state, 100, 0.2, every(1, history));
}
void stops(benchmark::State& state) { advance(state, 100, 0.2, stop_when(loss_below(0)), stop_when(gradient_below(0))); }

}  // namespace

BENCHMARK(smallest_bare)->Unit(benchmark::kNanosecond);
BENCHMARK(smallest_with_loss)->Unit(benchmark::kNanosecond);
BENCHMARK(bare)->Unit(benchmark::kMicrosecond);
BENCHMARK(loss_and_gradient_norm)->Unit(benchmark::kMicrosecond);
BENCHMARK(norms)->Unit(benchmark::kMicrosecond);
BENCHMARK(spectrum_every_step)->Unit(benchmark::kMicrosecond);
BENCHMARK(stops)->Unit(benchmark::kMicrosecond);

BENCHMARK_MAIN();
