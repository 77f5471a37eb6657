// SPDX-License-Identifier: MIT
#pragma once
// A Trajectory as a Table, which CSV, JSON Lines and the report are written from: a row for each record, the column "iteration" of integers,
// then the probes' columns of numbers in their order.

#include "../hook/trajectory.hpp"
#include "../io/table.hpp"

namespace tacit {

/// Empty, without columns, where nothing was recorded. One copy: 8 bytes a cell.
template <class... Probes>
Table table_of(const Trajectory<Probes...>& trajectory) {
  Table table;
  for (Index c = 0; c < trajectory.cols(); ++c) {
    const std::string& name = trajectory.names()[static_cast<std::size_t>(c)];
    if (c == 0) {
      std::vector<std::int64_t> iterations;
      for (Index r = 0; r < trajectory.rows(); ++r) iterations.push_back(static_cast<std::int64_t>(trajectory(r, 0)));
      table.add_column(name, iterations);
    } else {
      table.add_column(name, trajectory.column(name));
    }
  }
  return table;
}

}  // namespace tacit
