// SPDX-License-Identifier: MIT
#pragma once
// The staircase of the numerical rank along a run: which rank was held from when to when. Started near zero, a deep factorization goes
// through 0, 1, 2, ... one by one.                                        [Gidel et al. 2019; Cao et al. 2022; Chou et al. 2024]
// A function of a recorded run, a Trajectory or its CSV file read back:
//
//   Trajectory history(numerical_rank(0.1), singular_values(6));                     train(..., every(25, history));
//   const RankStaircase stairs = rank_staircase(history, {.rank = "numerical_rank_0.1"});            stairs.ranks()
//   rank_staircase(history, numbered_columns(history, "sigma"), {.threshold = 0.1});         other thresholds afterwards
//
// The second form counts the columns above the threshold. A rank seen in fewer than `rows` rows in succession is passed over, as where a
// singular value that oscillates crosses the threshold more than once.

#include <ostream>

#include "trajectory_columns.hpp"

namespace tacit {

struct RankColumn {
  std::string rank = "numerical_rank_0.1";  ///< the column of the rank
  Index rows = 1;                           ///< in succession that a rank is held at least
  std::string time = "iteration";           ///< the column of the time
};
struct RankThreshold {
  double threshold;  ///< absolute: columns above it count
  Index rows = 1;
  std::string time = "iteration";
};

struct RankStep {
  double rank = 0;
  double from = 0, to = 0;  ///< times of the first and the last row
  Index rows = 0;
};

struct RankStaircase {
  std::vector<RankStep> list;  ///< in time's order; neighbours have different ranks

  std::vector<double> ranks() const {
    std::vector<double> all;
    for (const RankStep& step : list) all.push_back(step.rank);
    return all;
  }
  bool falls() const {
    for (std::size_t k = 1; k < list.size(); ++k)
      if (list[k].rank < list[k - 1].rank) return true;
    return false;
  }
  /// Whether there are steps, and each adds one to the rank.
  bool one_by_one() const {
    for (std::size_t k = 1; k < list.size(); ++k)
      if (list[k].rank != list[k - 1].rank + 1) return false;
    return list.size() > 1;
  }
  friend std::ostream& operator<<(std::ostream& out, const RankStaircase& stairs) {
    for (const RankStep& step : stairs.list) out << "rank " << step.rank << " from " << step.from << " to " << step.to << '\n';
    return out;
  }
};

namespace detail {
inline RankStaircase staircase_of(const std::vector<double>& time, const std::vector<double>& rank, Index rows) {
  require(rows >= 1, "rank_staircase: .rows is ", rows, ", it needs to be at least 1");
  RankStaircase stairs;
  for (std::size_t from = 0, to; from < rank.size(); from = to) {
    for (to = from + 1; to < rank.size() && rank[to] == rank[from];) ++to;
    if (static_cast<Index>(to - from) < rows) continue;
    if (stairs.list.empty() || stairs.list.back().rank != rank[from]) stairs.list.push_back({rank[from], time[from], 0, 0});
    stairs.list.back().to = time[to - 1];
    stairs.list.back().rows += static_cast<Index>(to - from);
  }
  return stairs;
}
}  // namespace detail

template <class Record>
RankStaircase rank_staircase(const Record& record, const RankColumn& settings = {}) {
  detail::require_columns("rank_staircase", record, {settings.time, settings.rank});
  return detail::staircase_of(detail::time_of("rank_staircase", record, settings.time), detail::column_of(record, settings.rank),
                              settings.rows);
}
template <class Record>
RankStaircase rank_staircase(const Record& record, const std::vector<std::string>& columns, const RankThreshold& settings) {
  require(!columns.empty(), "rank_staircase: no columns are named");
  require(settings.threshold > 0, "rank_staircase: .threshold is ", settings.threshold, ", it needs to be positive");
  std::vector<std::string> wanted = columns;
  wanted.insert(wanted.begin(), settings.time);
  detail::require_columns("rank_staircase", record, wanted);
  const std::vector<double> time = detail::time_of("rank_staircase", record, settings.time);
  std::vector<double> rank(time.size());
  for (const std::string& column : columns) {
    const std::vector<double> values = detail::column_of(record, column);
    for (std::size_t r = 0; r < rank.size(); ++r) rank[r] += values[r] > settings.threshold;
  }
  return detail::staircase_of(time, rank, settings.rows);
}

}  // namespace tacit
