// SPDX-License-Identifier: MIT
#pragma once
// When singular values, component norms or modes rise: the time at which each column of a recorded run first reaches a fraction of its end
// value, half of it unless said otherwise, the order in which they do and the times between one and the next. Deep factorizations learn
// components one after another, shallow ones all at once.            [Gidel et al. 2019; Razin et al. 2021, 2022; Chou et al. 2024]
// A function of a recorded run, a Trajectory or its CSV file read back:
//
//   Trajectory history(singular_values(6));                                    train(..., every(25, history));
//   const RiseTimes rises = rise_times(history, numbered_columns(history, "sigma"));     std::cout << rises;
//
// Between the last row below the fraction and the first one that reaches it the column is taken to be a line, so the time is as exact as the
// record is fine. A column whose end value is below `share` of the largest (in absolute value) has not risen; nor has one that never gets
// there. Negative end values are reached from above.

#include <limits>
#include <ostream>

#include "trajectory_columns.hpp"

namespace tacit {

struct RiseSettings {
  double fraction = 0.5;            ///< of the end value
  double share = 0.01;              ///< of the largest |end value|: what a column ends with at least
  std::vector<double> limits = {};  ///< in place of the values in the last row, one a column
  std::string time = "iteration";   ///< the column of the time
};

struct Rise {
  std::string column;
  double end = 0;                                          ///< the value in the last row, or the limit given
  double time = std::numeric_limits<double>::quiet_NaN();  ///< NaN where it has not risen
  bool at_start = false;                                   ///< it was there in the first row: then that row's time
  bool risen() const { return time == time; }
};

struct RiseTimes {
  std::vector<Rise> list;  ///< in the order of the columns asked for

  /// Columns that rose.
  Index count() const {
    return std::count_if(list.begin(), list.end(), [](const Rise& rise) { return rise.risen(); });
  }
  /// Their places in the list, earliest first.
  std::vector<Index> order() const {
    std::vector<Index> places;
    for (std::size_t k = 0; k < list.size(); ++k)
      if (list[k].risen()) places.push_back(static_cast<Index>(k));
    std::stable_sort(places.begin(), places.end(), [&](Index a, Index b) { return at(a).time < at(b).time; });
    return places;
  }
  /// Whether those that rose did so one after another in the order in which they stand.
  bool in_order() const {
    const Rise* before = nullptr;
    for (const Rise& rise : list) {
      if (!rise.risen()) continue;
      if (before && !(before->time < rise.time)) return false;
      before = &rise;
    }
    return before != nullptr;
  }
  /// Times between one rise and the next, in the order of time.
  std::vector<double> steps() const {
    std::vector<double> between;
    const std::vector<Index> places = order();
    for (std::size_t k = 1; k < places.size(); ++k) between.push_back(at(places[k]).time - at(places[k - 1]).time);
    return between;
  }
  friend std::ostream& operator<<(std::ostream& out, const RiseTimes& rises) {
    for (const Rise& rise : rises.list)
      if (rise.risen()) out << rise.column << " rises at " << rise.time << " to " << rise.end << '\n';
      else out << rise.column << " does not rise, it ends at " << rise.end << '\n';
    return out;
  }

 private:
  const Rise& at(Index k) const { return list[static_cast<std::size_t>(k)]; }
};

template <class Record>
RiseTimes rise_times(const Record& record, const std::vector<std::string>& columns, const RiseSettings& settings = {}) {
  require(!columns.empty(), "rise_times: no columns are named");
  require(settings.fraction > 0 && settings.fraction < 1, "rise_times: .fraction is ", settings.fraction, ", it needs to be in (0, 1)");
  require(settings.share >= 0 && settings.share <= 1, "rise_times: .share is ", settings.share, ", it needs to be in [0, 1]");
  require(settings.limits.empty() || settings.limits.size() == columns.size(), "rise_times: ", settings.limits.size(),
          " limits are given for ", columns.size(), " columns");
  std::vector<std::string> wanted = columns;
  wanted.insert(wanted.begin(), settings.time);
  detail::require_columns("rise_times", record, wanted);
  const std::vector<double> time = detail::time_of("rise_times", record, settings.time);
  std::vector<std::vector<double>> values;
  RiseTimes rises;
  double largest = 0;
  for (std::size_t k = 0; k < columns.size(); ++k) {
    values.push_back(detail::column_of(record, columns[k]));
    rises.list.push_back({columns[k], settings.limits.empty() ? values[k].back() : settings.limits[k]});
    largest = std::max(largest, std::abs(rises.list[k].end));
  }
  for (std::size_t k = 0; k < columns.size(); ++k) {
    Rise& rise = rises.list[k];
    if (!(std::abs(rise.end) >= settings.share * largest && std::abs(rise.end) > 0)) continue;
    const auto part = [&](std::size_t row) { return values[k][row] / rise.end; };
    std::size_t row = 0;
    while (row < time.size() && !(part(row) >= settings.fraction)) ++row;
    if (row == time.size()) continue;
    rise.at_start = row == 0;
    const double below = row ? part(row - 1) : std::numeric_limits<double>::quiet_NaN(),
                 along = (settings.fraction - below) / (part(row) - below);
    rise.time = std::isfinite(along) ? time[row - 1] + along * (time[row] - time[row - 1]) : time[row];
  }
  return rises;
}

}  // namespace tacit
