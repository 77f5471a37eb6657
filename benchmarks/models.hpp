// SPDX-License-Identifier: MIT
#pragma once
// A training step of any model: what models.cpp, made from the table of models, measures.
#include <tacit/tacit.hpp>

#include <benchmark/benchmark.h>

#include "a_fifth.hpp"

namespace bench {

template <class Make>
void step(benchmark::State& state, Make make) {
  using namespace tacit;
  const auto model = make();
  on_a_fifth(model, [&](const auto& problem) {
    Run run(problem, model.near_zero({.entry_std = 0.05, .seed = 1}), group_rmsprop({.rate = 1e-4}));
    while (state.KeepRunningBatch(16)) run.advance(16);
  });
}

}  // namespace bench
