// SPDX-License-Identifier: MIT
#pragma once
// The stages in which a deep factorization leaves one saddle after another, each adding one to the rank: bursts of the gradient norm
// between valleys where it is small.                                                                                    [Cao et al. 2022]
// A function of a recorded run, a Trajectory or its CSV file read back:
//
//   Trajectory history(loss, gradient_norm, numerical_rank(0.1), least_eigenvalue());     train(..., every(100, history));
//   const Stages stages = find_stages(history, {.rank = "numerical_rank_0.1"});            std::cout << stages;
//   find_stages(read_csv_table("history.csv"), {.rank = "numerical_rank_0.1"});
//
// Of log|gradient|, smoothed by a running mean, a burst is a maximum from which it falls by the factor `fall` on both sides before it comes
// as high again (or the record ends) and that reaches `share` of the largest. A stage is a burst with the rank in the valleys before and
// after it. At a strict saddle the least eigenvalue of the Hessian is negative, at a second-order critical point it is not: with its
// column, every valley shows it.

#include <cmath>
#include <limits>
#include <ostream>

#include "trajectory_columns.hpp"

namespace tacit {

struct StageSettings {
  std::string rank = "numerical_rank_0.1";  ///< the column of the rank
  std::string gradient = "gradient_norm";
  std::string loss = "loss", least = "least_eigenvalue";  ///< shown where they were recorded
  double fall = 3;                                        ///< factor between a burst and the valleys around it
  double share = 0.02;                                    ///< of the largest gradient norm: what a burst reaches at least
  Index smoothing = 3;                                    ///< rows of the running mean, odd
};

struct Stage {
  double rank_before = 0, rank_after = 0;
  double burst = 0, burst_gradient = 0;      ///< iteration and gradient norm at the maximum
  double valley = 0, valley_gradient = 0;    ///< ... at the minimum behind it: the last row where the record ends before another burst
  double valley_loss = 0, valley_least = 0;  ///< NaN where not recorded
};

struct Stages {
  std::vector<Stage> list;  ///< one a burst, also where it left the rank as it was
  bool rank_falls = false;  ///< somewhere in the record
  double first_least = 0;   ///< the least eigenvalue in the valley before the first burst; NaN where not recorded

  Index bursts() const { return static_cast<Index>(list.size()); }
  /// Bursts that raised the rank.
  Index count() const {
    return std::count_if(list.begin(), list.end(), [](const Stage& stage) { return stage.rank_after > stage.rank_before; });
  }
  /// Whether the stages raised the rank one by one, from 0 on, and nothing lowered it.
  bool one_rank_each() const {
    double rank = 0;
    for (const Stage& stage : list) {
      if (stage.rank_before != rank || (stage.rank_after != rank && stage.rank_after != rank + 1)) return false;
      rank = stage.rank_after;
    }
    return rank > 0 && !rank_falls;
  }
  friend std::ostream& operator<<(std::ostream& out, const Stages& stages) {
    for (const Stage& s : stages.list)
      out << "rank " << s.rank_before << " -> " << s.rank_after << ": burst " << s.burst_gradient << " at " << s.burst << ", valley "
          << s.valley_gradient << " at " << s.valley << ", loss " << s.valley_loss << ", least eigenvalue " << s.valley_least << '\n';
    return out;
  }
};

template <class Record>
Stages find_stages(const Record& record, const StageSettings& settings = {}) {
  require(settings.fall > 1, "find_stages: .fall is ", settings.fall, ", it needs to be above 1");
  require(settings.share >= 0 && settings.share < 1, "find_stages: .share is ", settings.share, ", it needs to be in [0, 1)");
  require(settings.smoothing >= 1 && settings.smoothing % 2 == 1, "find_stages: .smoothing is ", settings.smoothing,
          ", it needs to be odd and at least 1");
  detail::require_columns("find_stages", record, {"iteration", settings.gradient, settings.rank});
  const std::vector<double> time = detail::column_of(record, "iteration"), gradient = detail::column_of(record, settings.gradient),
                            rank = detail::column_of(record, settings.rank);
  const auto optional = [&](const std::string& name) {
    return detail::has_column(record, name) ? detail::column_of(record, name)
                                            : std::vector<double>(time.size(), std::numeric_limits<double>::quiet_NaN());
  };
  const std::vector<double> loss = optional(settings.loss), least = optional(settings.least);
  const Index rows = static_cast<Index>(time.size()), reach = settings.smoothing / 2;
  require(rows >= 3, "find_stages: the trajectory has ", rows, " rows, stages need at least 3");
  const auto at = [](const std::vector<double>& x, Index row) { return x[static_cast<std::size_t>(row)]; };
  std::vector<double> height;
  double highest = -std::numeric_limits<double>::infinity();
  for (Index r = 0; r < rows; ++r) {
    require(at(gradient, r) >= 0, "find_stages: column '", settings.gradient, "' holds ", at(gradient, r), " in row ", r + 1,
            ", a norm is not negative");
    double sum = 0;
    const Index from = std::max<Index>(0, r - reach), to = std::min(rows - 1, r + reach);
    for (Index k = from; k <= to; ++k) sum += std::log(std::max(at(gradient, k), std::numeric_limits<double>::min()));
    height.push_back(sum / static_cast<double>(to - from + 1));
    highest = std::max(highest, height.back());
  }
  Stages stages;
  for (Index r = 1; r < rows; ++r) stages.rank_falls = stages.rank_falls || at(rank, r) < at(rank, r - 1);
  // Up and down in turns: the running extreme is kept until the height has gone back from it by log(fall).
  const double fall = std::log(settings.fall), threshold = highest + std::log(std::max(settings.share, 1e-300));
  std::vector<Index> valleys, bursts;
  Index low = 0, high = 0;
  bool rising = false;
  for (Index r = 0; r < rows; ++r) {
    const double h = at(height, r);
    if (!rising) {
      if (h < at(height, low)) low = r;
      if (h > at(height, low) + fall && h >= threshold) valleys.push_back(low), rising = true, high = r;
    } else {
      if (h > at(height, high)) high = r;
      if (h < at(height, high) - fall) bursts.push_back(high), rising = false, low = r;
    }
  }
  if (!rising && !bursts.empty()) valleys.push_back(low);
  if (!valleys.empty()) stages.first_least = at(least, valleys[0]);
  for (std::size_t k = 0; k < bursts.size(); ++k) {
    const Index before = valleys[k], burst = bursts[k], after = k + 1 < valleys.size() ? valleys[k + 1] : rows - 1;
    stages.list.push_back({at(rank, before), at(rank, after), at(time, burst), at(gradient, burst), at(time, after), at(gradient, after),
                           at(loss, after), at(least, after)});
  }
  return stages;
}

}  // namespace tacit
