// SPDX-License-Identifier: MIT
#pragma once
// What holds for every optimizer of optimizers.txt, on a small problem of the kind that its row names:
//   the laws of runs (bitwise/run_laws.hpp): reuse, split, save and resume, hooks that watch, stop or throw
//   it equals its twin, a naive loop: bit for bit, or to the tolerance that the row gives, where sums stand in another order
//   nothing is allocated in a step after the first ones
//   on batches the same laws; and batches that are all of the data change no bit

#include <tacit/model/diagonal_net.hpp>
#include <tacit/observation/linear_map.hpp>
#include <tacit/optimizer/on_batches.hpp>
#include <tacit/train.hpp>

#include <atomic>

#include "bitwise/run_laws.hpp"

/// Counted in counting_new.cpp.
extern std::atomic<long> allocations;

namespace optimizer_laws {

using namespace bitwise;

/// A problem and where to start.
template <class P>
struct Case {
  P problem;
  Vector<double> start;
};
template <class P>
Case(P, Vector<double>) -> Case<P>;

/// A factorization of depth two on 23 entries.
inline auto deep() { return Case{bitwise::problem<double>(), bitwise::start<double>()}; }
/// One plain matrix on the same entries.
inline auto linear() { return Case{Problem(DeepMatrix<double>({6, 5}), data<double>(), MeanSquares{}), normal<double>(30, 3, 0.4)}; }
/// Two square factors on twelve measurements: every block's gradient has full rank.
inline auto square() {
  Matrix<double> A(16, 12);
  A.reshaped() = normal<double>(192, 10, 1);
  return Case{Problem(DeepMatrix<double>({4, 4, 4}),
                      Data<double, LinearMap<double>>{LinearMap<double>(4, 4, A), normal<double>(12, 11, 1), {}}, HalfMeanSquares{}),
              normal<double>(32, 12, 0.5)};
}
/// x = u^2 - v^2 on four measurements.
inline auto diagonal() {
  Matrix<double> A(6, 4);
  A.reshaped() = normal<double>(24, 4, 1);
  return Case{Problem(DiagonalNet<double>({.size = 6, .depth = 2}),
                      Data<double, LinearMap<double>>{LinearMap<double>(6, 1, A), normal<double>(4, 5, 0.3), {}}, HalfMeanSquares{}),
              Vector<double>(Vector<double>::Constant(12, 0.3) + 0.1 * normal<double>(12, 6, 1).cwiseAbs())};
}
/// A strongly convex quadratic in 12 parameters.
inline auto quadratic() {
  Matrix<double> A(12, 20);
  A.reshaped() = normal<double>(240, 7, 1);
  return Case{Problem(DeepMatrix<double>({4, 3}), Data<double, LinearMap<double>>{LinearMap<double>(3, 4, A), normal<double>(20, 8, 1), {}},
                      HalfMeanSquares{}),
              normal<double>(12, 9, 1)};
}

template <class Source, class F>
auto with_source(const Source& source, F&& wrap) requires SourceLike<Source> {
  return Chain<decltype(wrap(source))>{wrap(source), {}};
}
template <class Source, class... Stages, class F>
auto with_source(const Chain<Source, Stages...>& chain, F&& wrap) {
  return Chain<decltype(wrap(chain.source)), Stages...>{wrap(chain.source), chain.stages};
}

/// theta after n iterations.
template <class P, class Optimizer>
Vector<double> after(const P& p, const Vector<double>& start, const Optimizer& optimizer, Index n) {
  Run run(p, start, optimizer, HookOn<P>([](const Snapshot<P>&) { return Flow::proceed; }));
  run.advance(n);
  return run.theta();
}

template <class P, class Optimizer>
void allocates_nothing(const P& p, const Vector<double>& start, const Optimizer& optimizer) {
  long before = 0, during = -1;
  Run run(p, start, optimizer, HookOn<P>([&](const Snapshot<P>& now) {
            if (now.iteration() == 4) before = allocations;
            if (now.iteration() == 10) during = allocations - before;
            return Flow::proceed;
          }));
  run.advance(4);
  Eigen::internal::set_is_malloc_allowed(false);
  run.advance(7);
  Eigen::internal::set_is_malloc_allowed(true);
  CHECK(during == 0);
}

template <class P, class Optimizer, class Twin>
void equals_its_twin(const P& p, const Vector<double>& start, const Optimizer& optimizer, Twin&& twin, double tolerance) {
  const Index n = possible_iterations(p, start, optimizer, 50);
  const Vector<double> theta = after(p, start, optimizer, n);
  const Vector<double> by_hand = twin(p, start, n);
  if (tolerance == 0) CHECK(same_bits(theta, by_hand));
  else CHECK((theta - by_hand).norm() <= tolerance * by_hand.norm());
  CHECK_FALSE(same_bits(theta, start));
}

template <class P, class Optimizer>
void holds_on_batches(const P& p, const Vector<double>& start, const Optimizer& optimizer) {
  const auto batched = [&](BatchSettings batches) {
    return with_source(optimizer, [&](const auto& source) { return on_batches(batches, source); });
  };
  keeps_the_run_laws(p, start, batched({.size = p.count() / 3, .seed = 2}));
  allocates_nothing(p, start, batched({.size = p.count() / 3, .seed = 2}));
  const Index n = possible_iterations(p, start, optimizer, 50);
  CHECK(same_bits(after(p, start, optimizer, n), after(p, start, batched({.size = p.count()}), n)));
}

}  // namespace optimizer_laws
