// SPDX-License-Identifier: MIT
#pragma once
// The plateaus of a column along a run: intervals in which it stays within a relative tolerance, such as those of the effective rank between
// the take-off of one eigenvalue and of the next.                                                                    [Chou et al. 2024]
// A function of a recorded run, a Trajectory or its CSV file read back:
//
//   Trajectory history(nuclear_over_spectral);                                        train(..., every(10, history));
//   const Plateaus plateaus = find_plateaus(history, "nuclear_over_spectral", {.tolerance = 0.02});     plateaus.values()
//
// A plateau is an interval of rows with  max x - min x <= tolerance * max |x|  that lasts at least the share `duration` of the record. Of
// overlapping ones the longest is taken first, then the longest in what is left on both sides, and so on. A column that drifts slowly
// therefore has plateaus, too, one beside the other; a smaller tolerance or a longer duration leaves them out. O(rows) a plateau.

#include <deque>
#include <limits>
#include <ostream>

#include "trajectory_columns.hpp"

namespace tacit {

struct FindPlateausSettings {
  double tolerance = 0.02;         ///< relative
  double duration = 0.05;          ///< of the time that the record spans
  std::string time = "iteration";  ///< the column of the time
};

struct PlateauInterval {
  double from = 0, to = 0;  ///< times of the first and the last row
  double value = 0;         ///< mean over the rows
  double spread = 0;        ///< max - min
  Index rows = 0;
};

struct Plateaus {
  std::vector<PlateauInterval> list;  ///< in time's order

  std::vector<double> values() const {
    std::vector<double> all;
    for (const PlateauInterval& plateau : list) all.push_back(plateau.value);
    return all;
  }
  /// The one whose value is nearest; throws where there is none.
  const PlateauInterval& nearest(double value) const {
    require(!list.empty(), "Plateaus::nearest: there is no plateau");
    return *std::min_element(list.begin(), list.end(), [&](const PlateauInterval& a, const PlateauInterval& b) {
      return std::abs(a.value - value) < std::abs(b.value - value);
    });
  }
  friend std::ostream& operator<<(std::ostream& out, const Plateaus& plateaus) {
    for (const PlateauInterval& p : plateaus.list) out << "plateau at " << p.value << " from " << p.from << " to " << p.to << '\n';
    return out;
  }
};

namespace detail {
/// Of the windows within rows [first, last] the one that lasts longest: its rows [from, to].
inline std::pair<std::size_t, std::size_t> longest_window(const std::vector<double>& time, const std::vector<double>& x, double tolerance,
                                                          std::size_t first, std::size_t last) {
  std::deque<std::size_t> highs, lows;  // rows whose values may become the window's largest and smallest, best in front
  std::pair<std::size_t, std::size_t> best{first, first};
  std::size_t from = first;
  for (std::size_t to = first; to <= last; ++to) {
    while (!highs.empty() && !(x[highs.back()] > x[to])) highs.pop_back();
    while (!lows.empty() && !(x[lows.back()] < x[to])) lows.pop_back();
    highs.push_back(to);
    lows.push_back(to);
    const auto flat = [&] {
      const double high = x[highs.front()], low = x[lows.front()];
      return high - low <= tolerance * std::max(std::abs(high), std::abs(low));
    };
    while (from < to && !flat()) {
      if (highs.front() == from) highs.pop_front();
      if (lows.front() == from) lows.pop_front();
      ++from;
    }
    if (time[to] - time[from] > time[best.second] - time[best.first]) best = {from, to};
  }
  return best;
}
}  // namespace detail

template <class Record>
Plateaus find_plateaus(const Record& record, const std::string& column, const FindPlateausSettings& settings = {}) {
  require(settings.tolerance >= 0 && std::isfinite(settings.tolerance), "find_plateaus: .tolerance is ", settings.tolerance,
          ", it needs to be 0 or more");
  require(settings.duration > 0 && settings.duration <= 1, "find_plateaus: .duration is ", settings.duration, ", it needs to be in (0, 1]");
  detail::require_columns("find_plateaus", record, {settings.time, column});
  const std::vector<double> time = detail::time_of("find_plateaus", record, settings.time), x = detail::column_of(record, column);
  for (std::size_t r = 0; r < x.size(); ++r)
    require(std::isfinite(x[r]), "find_plateaus: column '", column, "' holds ", x[r], " in row ", r + 1, ", which is not finite");
  const double least = settings.duration * (time.back() - time.front());
  Plateaus plateaus;
  std::vector<std::pair<std::size_t, std::size_t>> open{{0, time.size() - 1}};  // rows that are not spoken for, both ends included
  while (!open.empty()) {
    const auto [first, last] = open.back();
    open.pop_back();
    const auto [from, to] = detail::longest_window(time, x, settings.tolerance, first, last);
    if (from == to || time[to] - time[from] < least) continue;
    const auto begin = x.begin() + static_cast<std::ptrdiff_t>(from), end = x.begin() + static_cast<std::ptrdiff_t>(to) + 1;
    const auto [low, high] = std::minmax_element(begin, end);
    PlateauInterval plateau{time[from], time[to], 0, *high - *low, static_cast<Index>(to - from) + 1};
    for (auto value = begin; value != end; ++value) plateau.value += *value / static_cast<double>(plateau.rows);
    plateaus.list.push_back(plateau);
    if (from > first) open.emplace_back(first, from - 1);
    if (to < last) open.emplace_back(to + 1, last);
  }
  std::sort(plateaus.list.begin(), plateaus.list.end(), [](const PlateauInterval& a, const PlateauInterval& b) { return a.from < b.from; });
  return plateaus;
}

}  // namespace tacit
