// SPDX-License-Identifier: MIT
#pragma once
// The tables of a race. None but race_seconds() holds a time, so that they are the same, byte for byte, for any number of threads.
// Targets are named by their number: work_to_0.01 is in gradient equivalents, inf where it was not reached.
//   median, low, high    of the fresh seeds, the order statistics: the middle one (of an even number the mean of two), and those a
//   quarter from either end
//   solved               the target is reached on .quorum fresh seeds or more, and by the median

#include "../io/table.hpp"
#include "profile.hpp"
#include "race.hpp"

namespace tacit {

struct RaceBand {
  double median, low, high;
};
/// Of values in any order, infinities last; refuses none.
RaceBand band_of(std::vector<double> values);

/// One row an entrant, the best first: rank, score (mean over targets of the integrals of its profiles) and one for each target, how many
/// targets on how many problems it solved, median final loss, runs that diverged, choices on an edge. Of equal scores the one that
/// reached more, then the lower final loss goes first.
Table race_results(const Race& race);
/// One row for each problem and entrant: what was chosen and how, work to each target, final loss and validation error with bands.
Table race_cells(const Race& race);
/// One row for each run on a fresh seed.
Table race_runs(const Race& race);
/// One row for each trial.
Table race_trials(const Race& race);
/// Long: every run on a fresh seed at every point of its curve.
Table race_curves(const Race& race);
/// Long: median, low and high over fresh seeds of the best relative loss so far, on the grid of work; a run that has ended keeps its
/// last value.
Table race_bands(const Race& race);
/// Long: the share of workloads with ratio up to tau, tau on a log grid of 33 values from 1 to tau_max.
Table race_profiles(const Race& race);
/// Seconds of each run and up to each target, and by them the same scores as of race_results: another table every time.
Table race_seconds(const Race& race);
Table race_seconds_scores(const Race& race);
/// Sentences on what a reader should know before the tables: targets that nobody reached, entrants that diverged, edge winners,
/// optimizers that refused a problem.
std::vector<std::string> race_remarks(const Race& race);

/// results.csv, cells.csv, runs.csv, trials.csv, curves.csv, bands.csv, profiles.csv, seconds.csv, seconds_scores.csv and race.json in a
/// folder; the names written.
std::vector<std::string> write_race(const std::string& folder, const Race& race);

}  // namespace tacit

#ifndef TACIT_COMPILED
#include "impl/tables.hpp"
#include "impl/write_race.hpp"
#endif
