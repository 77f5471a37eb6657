// SPDX-License-Identifier: MIT
#pragma once
// What complete() (complete.hpp) can be asked for, and what it answers: apart from it, because whoever only shows results need not compile the methods.

#include <algorithm>
#include <array>
#include <vector>

#include "../core/budget.hpp"
#include "../fit/cold_lines.hpp"
#include "../fit/deep_fit.hpp"
#include "../fit/tensor_fit.hpp"
#include "../model/half_widths.hpp"
#include "../observation/line_features.hpp"
#include "../observation/line_order.hpp"
#include "../solver/scaling.hpp"
#include "holdout.hpp"
#include "method_result.hpp"

namespace tacit {

/// Columns of a matrix by their logarithm or logit (choose_transforms.hpp).
struct TransformSettings {
  enum class Which { automatic, none, log, logit };
  Which all = Which::automatic;  ///< log, logit: of every column whose values allow it
  std::vector<std::pair<Index, TransformKind>> columns =
      {};                                ///< of these in any case, none included; log1p for a log where there are zeros
  std::vector<ColumnRange> ranges = {};  ///< known ones, for the logit
  std::vector<std::string> names = {};   ///< of columns, for errors; empty: their numbers from 0
};

struct CompletionSettings {
  Index folds = 5, repeats = 1;  ///< repeats draw new folds
  double validation = 0.1;       ///< of each training part
  double budget =
      60;  ///< seconds for the folds, most of them for our fits, which end early where that is too little (large tensors want more than this default); one
  ///< fold is always finished; the closing fit comes on top, but of matrices of more than 3 x 10^6 entries. Results depend on the machine where time runs out, else not
  Holdout holdout = {};
  Scaling scaling = Scaling::
      automatic;  ///< scales of columns, of rows, of slices: choose_scaling.hpp, choose_tensor_scaling.hpp; one decision for all methods
  std::vector<LineOrder> ordered = {};   ///< modes whose order means something: methods that use it are compared, too
  std::vector<Index> scaled_modes = {};  ///< of tensors: scales for the lines of these modes
  TransformSettings transform = {};      ///< of columns of a matrix: choose_transforms.hpp
  std::vector<Index> depths = {2, 3};    ///< of descents; depth 2 also brings its average over the posterior. Of tensors: of the deep kinds
  Index width = 0;                       ///< of hidden layers; 0: chosen, at most min(n1, n2, 100)
  std::vector<TensorKind> kinds = {TensorKind::cp, TensorKind::tucker, TensorKind::tensor_train, TensorKind::hierarchical};  ///< of tensors
  std::vector<Index> ranks = {2, 4, 8, 16, 32, 64};  ///< of tensors, to choose from; of every mode or cut
  Index compared_entries = 500'000;  ///< of a long table: methods are compared on rows with so many entries (compared_rows.hpp); 0: on all
  bool refit = true;                 ///< the closing fit is made once more on everything; else it stays the one of its training part
  bool baselines = true;
  bool race = true;       ///< methods that are hopeless on the first fold are left out of the others (race.hpp)
  bool stack = true;      ///< a weighted average of methods is compared, too; not without baselines
  bool clip = true;       ///< predictions of ratings may end at the range of the data, where validation says so
  double coverage = 0.9;  ///< of the intervals
  bool deterministic =
      true;  ///< false: descent on ratings takes blocks as they come, a little faster, and never twice with the same digits
  std::uint64_t seed = 1;
  int threads = 0;             ///< 0: all cores
  SideFeatures features = {};  ///< of rows and columns of a matrix: in methods of their own, and for rows and columns without entries
  Index iterations = 300;      ///< at most, of every descent and average that is tried: DeepGrid::iterations
  Pace pace = {};  ///< counted: `budget` is work, of two cores, so that results never depend on the machine's speed; and who may stop it
};

/// How the chosen method did in one line of the mode that is told apart: columns, rows where these have scales of their own, slices.
struct LineError {
  Index line = 0;
  double spread = 0;  ///< standard deviation of its observed entries
  Index tested = 0;   ///< entries on test folds
  double rmse = 0;    ///< in the units of the file; NaN where nothing was tested
  double relative() const { return spread > 0 ? rmse / spread : 0; }
};

template <IndexedEntries O>
struct CompletionResultOf {
  std::vector<MethodResult> methods;
  Index folds = 0, folds_asked = 0;  ///< finished, and asked for
  Index compared_rows = 0;           ///< that methods were compared on; 0: all
  bool validated_in_runs = false;    ///< half of the validation entries stood in runs, as the gaps do: gap_validation.hpp
  std::conditional_t<std::is_same_v<O, Entries>, DeepFit, TensorFit> fit;
  std::vector<TensorTrial> trials;      ///< of the closing fit of a tensor
  std::vector<double> absolute_errors;  ///< of the chosen method on test folds
  std::vector<double>
      interval_errors;     ///< what intervals are made of: refit_errors.hpp where gaps are random, else the errors on test folds
  double width = 0;        ///< half an interval of the asked coverage, if it were one for all
  HalfWidths half_widths;  ///< half an interval by place
  std::vector<double> slice_ridges =
      {};  ///< of a tensor, for new slices of each mode (fit/new_slices.hpp); NaN where choosing one would take too long
  std::vector<std::array<double, 2>>
      calibration;             ///< coverages that intervals by place promise, and what they hold (LocalWidths::calibration)
  ScalingChoice scaling = {};  ///< of all methods; their errors are relative to the spread of each line where lines are in different units
  std::vector<LineError> lines = {};         ///< of the mode scaling.lines, one each
  std::vector<Index> constant_columns = {};  ///< filled with their constant, and left out of everything else
  double spread = 0;                         ///< standard deviation of the data, in the units that methods' errors are in
  double fold_seconds = 0, closing_seconds = 0,
         interval_seconds = 0;             ///< of the clock: the comparison, which the budget bounds, and what comes on top
  std::vector<ColdLines> cold_lines = {};  ///< of rows and columns without entries that have features
  Vector<double> tested_y, tested_z;       ///< what the chosen method predicted on test folds (of more than 10^6 every second, third ...),
  TensorEntryList tested_at = TensorEntryList();  ///< and where

  const MethodResult& chosen() const {
    const auto one = std::find_if(methods.begin(), methods.end(), [](const MethodResult& m) { return m.chosen; });
    require(one != methods.end(), "CompletionResult: no method is chosen among ", methods.size(), "; complete(data) comes first");
    return *one;
  }
  bool relative() const { return scaling.relative; }
  Table table() const { return method_table(methods, folds); }
};
using CompletionResult = CompletionResultOf<Entries>;
using TensorCompletionResult = CompletionResultOf<TensorEntries>;

}  // namespace tacit
