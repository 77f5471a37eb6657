// SPDX-License-Identifier: MIT
#pragma once
// How far a run has come from another one of the same parameters, iteration for iteration: from the flow that a descent discretises, say,
// where FixedFlow's interval is the descent's rate. The other run is advanced to the iteration that is shown.
//
//   Run flow(problem, theta, FixedFlow{.interval = h, .substeps = 8});
//   Trajectory history(loss, distance_to_run("to_flow", flow));     train(problem, theta, gradient_descent({.rate = h}), {...}, every(10, history));
//
// Of two recorded runs: hook/drift.hpp.

#include "../train.hpp"
#include "probe.hpp"

namespace tacit {

/// |theta - other.theta()|; the other run is referred to. NaN where it has ended before; it may not be ahead, since it cannot go back.
template <class P, class O, class... Hooks>
auto distance_to_run(std::string name, Run<P, O, Hooks...>& other) {
  return probe(name, [name, &other](const auto& now) {
    require(other.theta().size() == now.theta().size(), name, ": the other run has ", other.theta().size(), " parameters, this one ",
            now.theta().size());
    require(other.iteration() <= now.iteration(), name, ": the other run is at iteration ", other.iteration(), " already, this one at ",
            now.iteration());
    if (now.iteration() > other.iteration()) other.advance(now.iteration() - other.iteration());
    if (other.iteration() != now.iteration()) return std::numeric_limits<double>::quiet_NaN();
    return static_cast<double>(detail::distance(now.theta().data(), other.theta().data(), now.theta().size()));
  });
}

}  // namespace tacit
