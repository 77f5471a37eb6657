// SPDX-License-Identifier: MIT
#pragma once
// A step of an optimizer, without hooks: what the files made from the table of optimizers measure. The problem is 100 x 100 completion at
// depth 3, a fifth observed, or one of the kind that the row names. Settings are the table's, which are made for small problems: where a
// run comes to its end, another one begins.

#include <tacit/model/diagonal_net.hpp>
#include <tacit/observation/linear_map.hpp>
#include <tacit/train.hpp>

#include <benchmark/benchmark.h>

#include <memory>
#include <utility>

#include "plain_loop.hpp"

namespace bench::optimizers {

using namespace tacit;

/// A problem and where to start.
template <class P>
struct Case {
  P problem;
  Vector<double> start;
};
template <class P>
Case(P, Vector<double>) -> Case<P>;

inline auto deep() {
  const Completion<double> task(100, 3, 0.2);
  return Case{Problem(task.model, task.seen, MeanSquares{}), task.theta};
}
inline auto linear() {
  const Completion<double> task(100, 1, 0.2);
  return Case{Problem(task.model, task.seen, MeanSquares{}), task.theta};
}
/// m normal measurements of a rows x cols matrix, with normal targets.
inline Data<double, LinearMap<double>> measured(Index rows, Index cols, Index m) {
  Random random(1, "measurements");
  Matrix<double> A(rows * cols, m);
  for (double& x : A.reshaped()) x = random.normal() / 10;
  Vector<double> y(m);
  for (double& x : y) x = random.normal();
  return {LinearMap<double>(rows, cols, A), y, {}};
}
/// Two square factors.
inline auto square() {
  const DeepMatrix<double> model({20, 20, 20});
  return Case{Problem(model, measured(20, 20, 200), HalfMeanSquares{}), model.near_zero({.product_scale = 0.1, .seed = 1})};
}
inline auto diagonal() {
  const DiagonalNet<double> model({.size = 100, .depth = 2});
  return Case{Problem(model, measured(100, 1, 50), HalfMeanSquares{}), model.constant({.product_scale = 0.1})};
}
/// Strongly convex.
inline auto quadratic() {
  const DeepMatrix<double> model({20, 20});
  return Case{Problem(model, measured(20, 20, 600), HalfMeanSquares{}), model.near_zero({.product_scale = 0.1, .seed = 1})};
}

/// make(problem) is the optimizer.
template <class P, class Make>
void add(const char* name, Case<P> given, Make make) {
  const auto shared = std::make_shared<const Case<P>>(std::move(given));
  benchmark::RegisterBenchmark(name, [shared, make](benchmark::State& state) {
    const auto& [problem, start] = *shared;
    const auto optimizer = make(problem);
    const auto begin = [&, &problem = problem, &start = start] {
      return std::make_unique<decltype(Run(problem, start, optimizer))>(problem, start, optimizer);
    };
    auto run = begin();
    for (auto _ : state)
      if (run->advance(1) != Reason::reached_limit) {
        state.PauseTiming();
        run = begin();
        state.ResumeTiming();
      }
    state.SetLabel(sentence(optimizer));
  })->Unit(benchmark::kMicrosecond);
}

}  // namespace bench::optimizers
