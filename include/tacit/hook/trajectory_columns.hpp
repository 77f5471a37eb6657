// SPDX-License-Identifier: MIT
#pragma once
// The columns of a recorded run by name, be it a Trajectory or the Table that its CSV file is read back into (io/csv_reader.hpp): what
// functions of a trajectory look at.

#include <algorithm>
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

}  // namespace tacit::detail
