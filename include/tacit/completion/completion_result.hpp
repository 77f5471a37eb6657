// SPDX-License-Identifier: MIT
#pragma once
// What complete() (complete.hpp) can be asked for, and what it answers: apart from it, because whoever only shows results need not compile the methods.

#include <algorithm>
#include <vector>

#include "../core/budget.hpp"
#include "../model/half_widths.hpp"
#include "deep_fit.hpp"
#include "holdout.hpp"
#include "method_result.hpp"
#include "scaling.hpp"

namespace tacit {

struct CompletionSettings {
  Index folds = 5, repeats = 1;  ///< repeats draw new folds
  double validation = 0.1;       ///< of each training part
  double budget = 60;  ///< seconds for the folds: half of them go to our fits, which end early where that is too little; one fold is
                       ///< always finished; the closing fit comes on top. Results depend on the machine where time runs out, else not
  Holdout holdout = {};
  Scaling scaling = Scaling::automatic;  ///< scales of columns, of rows: choose_scaling.hpp, one decision for all methods
  std::vector<Index> depths = {2, 3};    ///< of descents; depth 2 also brings its average over the posterior
  Index width = 0;                       ///< of hidden layers; 0: chosen, at most min(n1, n2, 100)
  bool refit = true;                     ///< the closing fit is made once more on everything; else it stays the one of its training part
  bool baselines = true;
  double coverage = 0.9;  ///< of the intervals
  bool deterministic =
      true;  ///< false: descent on ratings takes blocks as they come, a little faster, and never twice with the same digits
  std::uint64_t seed = 1;
  int threads = 0;         ///< 0: all cores
  Index iterations = 300;  ///< at most, of every descent and average that is tried: DeepGrid::iterations
  Pace pace = {};  ///< counted: `budget` is work, of two cores, so that results never depend on the machine's speed; and who may stop it
};

/// How the chosen method did in one column (row, where rows have scales of their own).
struct LineError {
  Index line = 0;
  double spread = 0;  ///< standard deviation of its observed entries
  Index tested = 0;   ///< entries on test folds
  double rmse = 0;    ///< in the units of the file; NaN where nothing was tested
  double relative() const { return spread > 0 ? rmse / spread : 0; }
};

struct CompletionResult {
  std::vector<MethodResult> methods;
  Index folds = 0, folds_asked = 0;  ///< finished, and asked for
  DeepFit fit;
  std::vector<double> absolute_errors;  ///< of the chosen method on test folds
  std::vector<double>
      interval_errors;                ///< what intervals are made of: refit_errors.hpp where gaps are random, else the errors on test folds
  double width = 0;                   ///< half an interval of the asked coverage, if it were one for all
  HalfWidths half_widths;             ///< half an interval by place
  Scaling scaling = Scaling::none;    ///< that was chosen
  bool relative_errors = false;       ///< of methods: relative to the spread of each line, because lines are in different units
  bool lines_are_rows = false;        ///< of `lines`: the mode that has scales, columns where none has
  std::vector<LineError> lines = {};  ///< one each
  double column_ratio = 1, row_ratio = 1;    ///< largest spread of a column (row) over the smallest
  std::vector<Index> constant_columns = {};  ///< filled with their constant, and left out of everything else
  Vector<double> tested_y, tested_z;         ///< what the chosen method predicted on test folds,
  std::vector<Entry> tested_at;              ///< and where

  const MethodResult& chosen() const {
    const auto one = std::find_if(methods.begin(), methods.end(), [](const MethodResult& m) { return m.chosen; });
    require(one != methods.end(), "CompletionResult: no method is chosen among ", methods.size(), "; complete(data) comes first");
    return *one;
  }
  bool relative() const { return relative_errors; }
  Table table() const { return method_table(methods, folds); }
};

}  // namespace tacit
