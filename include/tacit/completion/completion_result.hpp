// SPDX-License-Identifier: MIT
#pragma once
// What complete() (complete.hpp) can be asked for, and what it answers: apart from it, because whoever only shows results need not compile the methods.

#include <algorithm>
#include <vector>

#include "../core/budget.hpp"
#include "deep_fit.hpp"
#include "holdout.hpp"
#include "method_result.hpp"

namespace tacit {

struct CompletionSettings {
  Index folds = 5, repeats = 1;  ///< repeats draw new folds
  double validation = 0.1;       ///< of each training part
  double budget = 60;  ///< seconds for the folds: half of them go to our fits, which end early where that is too little; one fold is
                       ///< always finished; the closing fit comes on top. Results depend on the machine where time runs out, else not
  Holdout holdout = {};
  std::vector<Index> depths = {2, 3};  ///< of descents; depth 2 also brings its average over the posterior
  Index width = 0;                     ///< of hidden layers; 0: chosen, at most min(n1, n2, 100)
  bool refit = true;                   ///< the closing fit is made once more on everything; else it stays the one of its training part
  bool baselines = true;
  double coverage = 0.9;  ///< of the intervals
  bool deterministic =
      true;  ///< false: descent on ratings takes blocks as they come, a little faster, and never twice with the same digits
  std::uint64_t seed = 1;
  int threads = 0;         ///< 0: all cores
  Index iterations = 300;  ///< at most, of every descent and average that is tried: DeepGrid::iterations
  Pace pace = {};  ///< counted: `budget` is work, of two cores, so that results never depend on the machine's speed; and who may stop it
};

struct CompletionResult {
  std::vector<MethodResult> methods;
  Index folds = 0, folds_asked = 0;  ///< finished, and asked for
  DeepFit fit;
  std::vector<double> absolute_errors;  ///< of the chosen method on test folds
  std::vector<double>
      interval_errors;                ///< what intervals are made of: refit_errors.hpp where gaps are random, else the errors on test folds
  double width = 0;                   ///< half an interval of the asked coverage
  Vector<double> tested_y, tested_z;  ///< what the chosen method predicted on test folds,
  std::vector<Entry> tested_at;       ///< and where

  const MethodResult& chosen() const {
    const auto one = std::find_if(methods.begin(), methods.end(), [](const MethodResult& m) { return m.chosen; });
    require(one != methods.end(), "CompletionResult: no method is chosen among ", methods.size(), "; complete(data) comes first");
    return *one;
  }
  Table table() const { return method_table(methods, folds); }
};

}  // namespace tacit
