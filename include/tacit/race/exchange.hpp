// SPDX-License-Identifier: MIT
#pragma once
// A race with other programs. export_problem() writes an instance for them, added_curve() takes a run that they made on it:
//
//   export_problem("out/problem", race_problem("matrix_completion({.depth = 3})"), 101);
//   AddedCurve theirs = added_curve("adam in PyTorch", "theirs.csv", "theirs.npy", problem, 101, protocol);
//
// theirs.csv has a column `gradients`, the work in gradient equivalents up to each row, and perhaps their own `loss`; theirs.npy holds
// the parameters at each row, rows x P, in the order of theta.npy. The objective is computed here from the parameters: a curve comes with
// them or not at all.

#include "../io/table.hpp"
#include "instance.hpp"
#include "protocol.hpp"
#include "run.hpp"

namespace tacit {

/// Writes data, start and settings of an instance; the names of the files. theta.npy is flat; every block stands in a file of its own,
/// too (output/blocks.hpp).
std::vector<std::string> export_problem(const std::string& folder, const RaceProblem& problem, std::uint64_t seed);

struct AddedCurve {
  std::string name, problem;
  std::uint64_t seed = 0;
  std::vector<RacePoint> curve = {};  ///< relative losses, computed here
  std::vector<double> reached = {};   ///< gradient equivalents at each target, infinity where it was not reached
  double validation_error = 0;        ///< at their last parameters
  double apart = 0;  ///< largest relative difference of their own losses from those computed here; not a number where they give none
};

/// Throws std::invalid_argument where parameters are not given, std::runtime_error for files that do not fit each other or the problem,
/// with the place.
AddedCurve added_curve(const std::string& name, const std::string& csv, const std::string& thetas, const RaceProblem& problem,
                       std::uint64_t seed, const RaceProtocol& protocol = {});

/// As race_curves() has it.
inline Table added_table(const std::vector<AddedCurve>& curves) {
  Table table({"problem", "entrant", "seed", "gradients", "loss", "best"});
  for (const AddedCurve& curve : curves)
    for (const RacePoint& point : curve.curve) table.add({curve.problem, curve.name, curve.seed, point.gradients, point.loss, point.best});
  return table;
}

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/exchange.hpp"
#endif
