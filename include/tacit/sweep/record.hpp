// SPDX-License-Identifier: MIT
#pragma once
// What a sweep keeps of one run: a Table, and of its Outcome why and where it ended. A run may return any of
//   a Trajectory, a Table, NamedCells (one row)                                        without an outcome
//   std::pair{history, outcome}, or a struct with members `history` and `outcome`      with one
// record_of() turns each into a RunRecord.

#include <cstdint>
#include <string>
#include <utility>

#include "../outcome.hpp"
#include "../output/trajectory_table.hpp"

namespace tacit {

struct RunRecord {
  Table table;
  bool has_outcome = false;
  std::string reason = {};  ///< to_string(Outcome::reason)
  std::int64_t iterations = 0;
  double seconds = 0;  ///< wall time of the training; written into tables only where asked for
};

namespace detail {

template <class T>
inline constexpr bool is_trajectory = false;
template <class... Probes>
inline constexpr bool is_trajectory<Trajectory<Probes...>> = true;
template <class T>
inline constexpr bool is_outcome = false;
template <Scalar S>
inline constexpr bool is_outcome<Outcome<S>> = true;

template <class T>
concept History = is_trajectory<T> || std::same_as<T, Table> || std::same_as<T, NamedCells>;
template <class T>
concept PairWithOutcome = requires(T t) {
  requires History<std::remove_cvref_t<decltype(t.first)>>;
  requires is_outcome<std::remove_cvref_t<decltype(t.second)>>;
};
template <class T>
concept StructWithOutcome = requires(T t) {
  requires History<std::remove_cvref_t<decltype(t.history)>>;
  requires is_outcome<std::remove_cvref_t<decltype(t.outcome)>>;
};

inline Table to_table(Table table) { return table; }
inline Table to_table(const NamedCells& row) {
  std::vector<std::string> names;
  std::vector<Cell> cells;
  for (const auto& [name, cell] : row) {
    names.push_back(name);
    cells.push_back(cell);
  }
  Table table(names);
  if (!cells.empty()) table.add(cells);
  return table;
}
template <class... Probes>
Table to_table(const Trajectory<Probes...>& trajectory) {
  return table_of(trajectory);
}

template <class H, Scalar S>
RunRecord record(H&& history, const Outcome<S>& outcome) {
  return {to_table(std::forward<H>(history)), true, to_string(outcome.reason), static_cast<std::int64_t>(outcome.iterations),
          outcome.seconds};
}

}  // namespace detail

/// What a run of a sweep may return.
template <class T>
concept RunResult = detail::History<T> || detail::PairWithOutcome<T> || detail::StructWithOutcome<T>;

template <RunResult T>
RunRecord record_of(T result) {
  if constexpr (detail::History<T>) return {detail::to_table(std::move(result))};
  else if constexpr (detail::PairWithOutcome<T>) return detail::record(std::move(result.first), result.second);
  else return detail::record(std::move(result.history), result.outcome);
}

}  // namespace tacit
