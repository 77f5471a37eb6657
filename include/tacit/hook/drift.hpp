// SPDX-License-Identifier: MIT
#pragma once
// How far one recorded run drifts from another at equal times: a descent from the flow that it discretises, a deep factorization from the
// recursion of its singular values. While both run, hook/distance_to_run.hpp compares all of theta.      [Barrett & Dherin 2021; Chou et al. 2024]
// A function of two recorded runs, each a Trajectory or its CSV file read back:
//
//   Trajectory descent(flow_time, singular_values(3)), flow(flow_time, singular_values(3));
//   const Drift drift = find_drift(descent, flow, {"sigma_1", "sigma_2", "sigma_3"}, {.time = "flow_time"});     drift.largest
//
// In every row of the first record:  |x(t) - y(t)|_2  over the columns, y between the rows of the second record on straight lines. Times that
// the second record does not span are left out; where it spans none, that is an error.

#include "trajectory_columns.hpp"

namespace tacit {

struct DriftSettings {
  std::string time = "iteration";  ///< the column of the time, in both records
  bool relative = false;           ///< |x - y| / |y|
};

struct Drift {
  std::vector<double> time, distance;  ///< a row of the first record each
  double largest = 0, last = 0;        ///< of the distances
  double time_of_largest = 0;
  Index left_out = 0;  ///< rows of the first record at times that the second does not span
};

template <class Record, class Reference>
Drift find_drift(const Record& record, const Reference& reference, const std::vector<std::string>& columns,
                 const DriftSettings& settings = {}) {
  require(!columns.empty(), "find_drift: no columns are named");
  std::vector<std::string> wanted = columns;
  wanted.insert(wanted.begin(), settings.time);
  detail::require_columns("find_drift", record, wanted);
  detail::require_columns("find_drift (the reference)", reference, wanted);
  const std::vector<double> time = detail::time_of("find_drift", record, settings.time),
                            other = detail::time_of("find_drift (the reference)", reference, settings.time);
  std::vector<std::vector<double>> x, y;
  for (const std::string& column : columns) {
    x.push_back(detail::column_of(record, column));
    y.push_back(detail::column_of(reference, column));
  }
  Drift drift;
  for (std::size_t r = 0, at = 0; r < time.size(); ++r) {
    if (time[r] < other.front() || time[r] > other.back()) {
      ++drift.left_out;
      continue;
    }
    while (at + 1 < other.size() && other[at + 1] <= time[r]) ++at;  // other[at] <= time[r]
    const bool on_row = other[at] == time[r];
    const double along = on_row ? 0 : (time[r] - other[at]) / (other[at + 1] - other[at]);
    double squares = 0, size = 0;
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const double there = on_row ? y[k][at] : y[k][at] + along * (y[k][at + 1] - y[k][at]);
      squares += (x[k][r] - there) * (x[k][r] - there);
      size += there * there;
    }
    drift.time.push_back(time[r]);
    drift.distance.push_back(settings.relative ? std::sqrt(squares / size) : std::sqrt(squares));
    drift.last = drift.distance.back();
    if (!(drift.last <= drift.largest)) drift.largest = drift.last, drift.time_of_largest = time[r];
  }
  require(!drift.time.empty(), "find_drift: column '", settings.time, "' goes from ", time.front(), " to ", time.back(),
          " in the record and from ", other.front(), " to ", other.back(), " in the reference: they have no time in common");
  return drift;
}

}  // namespace tacit
