// SPDX-License-Identifier: MIT
#pragma once
// One run of a race: an instance and an optimizer, from the instance's start until the budget is spent, the hardest target is reached, it
// diverges or stalls. The work up to theta_t is all that was asked before it: in gradient equivalents, values alone and Hessian-vector
// products included (cost.hpp). In minibatch runs, and where a stage reports another theta than the iterate, the objective of all data is
// looked at once a gradient equivalent, unpaid. Everything but the seconds is the same, bit for bit, at every call.

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "../hook/snapshot.hpp"
#include "../optimizer/any_optimizer.hpp"
#include "../outcome.hpp"
#include "cost.hpp"
#include "protocol.hpp"

namespace tacit {

/// A point of a curve: where the run stood when so much work was done.
struct RacePoint {
  double gradients = 0;  ///< gradient equivalents
  double loss = 0;       ///< relative: (f - floor) / (f(start) - floor)
  double best = 0;       ///< the least so far
};

struct RaceRun {
  static constexpr double never = std::numeric_limits<double>::infinity();

  Reason reason = Reason::reached_limit;
  std::string why = {};
  Index iterations = 0;
  double gradients = 0;               ///< work of the whole run
  double start_loss = 0;              ///< f(start), the objective
  double final_loss = 0;              ///< relative, at the last theta; infinity where the run diverged
  double best_loss = 0;               ///< relative, the least that was seen
  double validation_error = 0;        ///< at the last theta; not a number where there is none
  double rate = 0;                    ///< of the last step
  std::vector<double> reached = {};   ///< gradient equivalents at which each target was first reached; never: infinity
  std::vector<RacePoint> curve = {};  ///< on a log grid of work
  double seconds = 0;                 ///< of the run, and up to each target: not the same twice
  std::vector<double> reached_seconds = {};
  Vector<double> theta = {};  ///< the last one; not kept in tables

  bool diverged() const { return reason == Reason::diverged; }
};

using RaceSnapshot = Snapshot<AnyOracle<double>>;
/// Sees every theta of a run, once closing() at the last; may ask to stop.
using RaceWatch = std::function<Flow(const RaceSnapshot&)>;

RaceRun race_run(const RaceInstance& instance, const AnyOptimizer<double>& optimizer, const RaceProtocol& protocol = {},
                 const OracleCost& cost = {}, const RaceWatch& watch = {});

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/run.hpp"
#endif
