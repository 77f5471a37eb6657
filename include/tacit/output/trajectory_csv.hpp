// SPDX-License-Identifier: MIT
#pragma once
// A Trajectory as a CSV file, in the form of csv.hpp: the column "iteration" of integers, then the probes' columns, numbers in their shortest exact
// form. The file appears whole or not at all, with `path`.meta.json beside it.
//
//   history.write_csv("history.csv");     or     write_csv("history.csv", history, provenance);
//   pandas.read_csv("history.csv", float_precision="round_trip")

#include "../io/csv_writer.hpp"
#include "trajectory_table.hpp"

namespace tacit {

/// Refused with a sentence where nothing was recorded.
template <class... Probes>
void write_csv(const std::string& path, const Trajectory<Probes...>& trajectory, const Provenance& provenance = {}) {
  require(trajectory.rows() > 0, "write_csv: the trajectory for ", path, " has no rows: nothing was recorded yet");
  write_csv(path, table_of(trajectory), provenance);
}
/// What Trajectory::write_csv calls.
template <class... Probes, class... Provenances>
void save_trajectory(const Trajectory<Probes...>& trajectory, const std::string& path, const Provenances&... provenance) {
  write_csv(path, trajectory, provenance...);
}

}  // namespace tacit
