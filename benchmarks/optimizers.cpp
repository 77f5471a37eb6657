// SPDX-License-Identifier: MIT
// A step of every optimizer on one problem (100 x 100, depth 3, a fifth observed), without hooks: what each costs above its gradients.
#include <tacit/tacit.hpp>

#include <benchmark/benchmark.h>

#include "plain_loop.hpp"

namespace {

using namespace tacit;

template <class Optimizer>
void step(benchmark::State& state, const Optimizer& optimizer) {
  const bench::Completion<double> example(100, 3, 0.2);
  const Problem problem(example.model, example.seen, MeanSquares{});
  Run run(problem, example.theta, optimizer);
  while (state.KeepRunningBatch(16)) run.advance(16);
  state.SetLabel(sentence(optimizer));
}

template <class Optimizer>
void add(const char* name, const Optimizer& optimizer) {
  benchmark::RegisterBenchmark(name, [optimizer](benchmark::State& state) { step(state, optimizer); })->Unit(benchmark::kMicrosecond);
}

}  // namespace

int main(int argc, char** argv) {
  add("gradient_descent", gradient_descent({.rate = 1e-3}));
  add("momentum", momentum({.rate = 1e-3}));
  add("nesterov", FullGradient{} | Nesterov{0.9} | LearningRate{1e-3});
  add("adam", adam({.rate = 1e-3}));
  add("group_rmsprop", group_rmsprop({.rate = 1e-3}));
  add("gradient_regularized", gradient_regularized({.rate = 1e-3, .lambda = 0.1}));
  add("sharpness_rate", SharpnessRate{});
  add("sgd, batch 256", sgd({.rate = 1e-3, .batch = 256, .seed = 1}));
  add("clip, decay, cosine", FullGradient{} | Clip{1} | WeightDecay{1e-4} | LearningRate{cosine({.rate = 1e-3, .iterations = 1'000'000})});
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
