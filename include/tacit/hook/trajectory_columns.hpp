// SPDX-License-Identifier: MIT
#pragma once
// The columns of a recorded run by name, be it a Trajectory or the Table that its CSV file is read back into (io/csv_reader.hpp): what
// functions of a trajectory look at.
//   numbered_columns(record, "sigma")   {"sigma_1", "sigma_2", ...}, as many as were recorded

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "../io/table.hpp"

namespace tacit::detail {

template <class Record>
std::vector<std::string> column_names(const Record& record) {
  if constexpr (requires { record.names(); }) {
    return record.names();
  } else {
    std::vector<std::string> names;
    for (Index c = 0; c < record.cols(); ++c) names.push_back(record.name(c));
    return names;
  }
}
template <class Record>
bool has_column(const Record& record, const std::string& name) {
  const std::vector<std::string> names = column_names(record);
  return std::find(names.begin(), names.end(), name) != names.end();
}
template <class Record>
std::vector<double> column_of(const Record& record, const std::string& name) {
  if constexpr (requires { record.numbers(name); }) return record.numbers(name);
  else return record.column(name);
}
/// Refuses a record without one of these columns, naming all that are missing.
template <class Record>
void require_columns(const char* who, const Record& record, const std::vector<std::string>& wanted) {
  std::string missing, present;
  for (const std::string& name : wanted)
    if (!has_column(record, name)) missing += (missing.empty() ? "'" : ", '") + name + "'";
  if (missing.empty()) return;
  for (const std::string& name : column_names(record)) present += (present.empty() ? "" : ", ") + name;
  require(false, who, ": the trajectory lacks ", missing, "; it has ", present.empty() ? "no columns" : present);
}
/// The column that serves as time, which may not run backwards.
template <class Record>
std::vector<double> time_of(const char* who, const Record& record, const std::string& name) {
  std::vector<double> time = column_of(record, name);
  require(!time.empty(), who, ": the trajectory has no rows");
  for (std::size_t r = 0; r < time.size(); ++r)
    require(std::isfinite(time[r]) && (r == 0 || time[r] >= time[r - 1]), who, ": column '", name, "' holds ", time[r], " in row ", r + 1,
            r == 0 ? "" : sentence(" after ", time[r - 1]), ", time is finite and does not run backwards");
  return time;
}

}  // namespace tacit::detail

namespace tacit {

/// The columns prefix_1, prefix_2, ..., which a probe of several numbers makes, as many as there are. Throws where there is none.
template <class Record>
std::vector<std::string> numbered_columns(const Record& record, const std::string& prefix) {
  const std::vector<std::string> present = detail::column_names(record);
  std::vector<std::string> names;
  for (std::string next = prefix + "_1"; std::find(present.begin(), present.end(), next) != present.end();
       next = sentence(prefix, '_', names.size() + 1))
    names.push_back(next);
  if (names.empty()) detail::require_columns("numbered_columns", record, {prefix + "_1"});
  return names;
}

}  // namespace tacit
