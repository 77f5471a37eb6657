// SPDX-License-Identifier: MIT
#pragma once
// Runs in which nothing may allocate; EIGEN_RUNTIME_NO_MALLOC is to be defined before. operator new counts in no_allocation.cpp; Eigen's own allocations go around it, and are made assertions by its own switch.
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/optimizer/diagonal_flow.hpp>
#include <tacit/optimizer/recipes.hpp>

#include <atomic>

#include "catch.hpp"

using namespace tacit;

extern std::atomic<long> allocations;

/// Eigen's allocations go around operator new: its own switch makes each of them an assertion.
struct NoEigenMalloc {
  NoEigenMalloc() { Eigen::internal::set_is_malloc_allowed(false); }
  ~NoEigenMalloc() { Eigen::internal::set_is_malloc_allowed(true); }
};

template <class S, class O>
Data<S, O> targets(O at) {
  const Index m = at.count();
  return {std::move(at), Vector<S>::LinSpaced(m, -1, 1), Vector<S>::Constant(m, S(0.5))};
}
inline Entries some(Index rows, Index cols) {
  Entries::Indices row, col;
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j)
      if ((7 * i + 3 * j) % 5 == 0) row.push_back(static_cast<std::int32_t>(i)), col.push_back(static_cast<std::int32_t>(j));
  return Entries(rows, cols, row, col);
}

/// Runs one step, and then nine in which nothing may allocate.
template <class P, class Optimizer>
void check(const P& problem, const Optimizer& optimizer) {
  using S = typename P::scalar_type;
  INFO(problem.model() << ", " << optimizer);
  Random random(1, "start");
  Vector<S> theta(problem.dimension());
  for (Index k = 0; k < theta.size(); ++k) theta[k] = static_cast<S>(0.05 * random.normal());
  if constexpr (std::same_as<Optimizer, DiagonalFlow>) theta = theta.cwiseAbs();
  Trajectory history(loss, objective, gradient_norm, parameter_norm, rate);
  Trajectory sparse(frobenius_norm);  // a type of its own
  long before = 0, during = -1;
  Run run(problem, theta, optimizer, history, every(3, sparse), [&](const auto& now) {
    if (now.iteration() == 1) before = allocations;
    if (now.iteration() == 9) during = allocations - before;
  });
  run.advance(1);
  {
    const NoEigenMalloc guard;
    run.advance(9);
  }
  CHECK(during == 0);
  CHECK(history.rows() == 10);
}
