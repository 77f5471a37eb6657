// SPDX-License-Identifier: MIT
#pragma once
// How components leave zero, one after another: of those that end as the largest, the iteration at which each first passes half of its final norm.

#include <algorithm>
#include <string>
#include <vector>

#include <tacit/hook/probe.hpp>
#include <tacit/hook/trajectory.hpp>

/// A probe of all component norms, where they stand: they keep their place in the columns norm_1, norm_2, ...
inline auto every_component() {
  return tacit::probe("norm", [](const auto& now) { return now.model().component_norms(now.theta()); });
}
inline auto every_local_component(std::vector<tacit::Index> modes) {
  return tacit::probe("norm",
                      [modes](const auto& now) { return now.model().local_component_norms(now.theta(), now.model().node_of(modes)); });
}

struct Rises {
  std::vector<double> final, half;  ///< of the largest at the end, descending
  double early = 0,
         late =
             1;  ///< when one passes half, the largest share of its final norm that any later one has; the smallest that an earlier one has
  double company =
      0;  ///< at a half-rise, how many others are on their way, between 10 and 90 % of their final norm: the mean; 0 means one at a time

  template <class T>
  static Rises of(const T& history, std::size_t count) {
    std::vector<tacit::Index> largest;
    const tacit::Index last = history.rows() - 1;
    for (tacit::Index k = 1; k < history.cols(); ++k) largest.push_back(k);
    std::partial_sort(largest.begin(), largest.begin() + static_cast<std::ptrdiff_t>(count), largest.end(),
                      [&](tacit::Index a, tacit::Index b) { return history(last, a) > history(last, b); });
    Rises rises;
    std::vector<tacit::Index> rows;
    for (std::size_t k = 0; k < count; ++k) {
      const double end = history(last, largest[k]);
      tacit::Index row = 0;
      while (row < last && !(history(row, largest[k]) > end / 2)) ++row;
      rises.final.push_back(end);
      rises.half.push_back(history(row, 0));
      rows.push_back(row);
    }
    for (std::size_t k = 0; k + 1 < count; ++k)  // the last one is there to be small
      for (std::size_t m = 0; m + 1 < count; ++m) {
        const double share = history(rows[k], largest[m]) / rises.final[m];
        if (m != k && share > 0.1 && share < 0.9) rises.company += 1 / static_cast<double>(count - 1);
      }
    std::vector<std::size_t> order;
    for (std::size_t k = 0; k + 1 < count; ++k) order.push_back(k);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rises.half[a] < rises.half[b]; });
    for (std::size_t k = 0; k < order.size(); ++k)
      for (std::size_t m = k + 1; m < order.size(); ++m) {
        const std::size_t before = order[k], next = order[m];
        rises.early = std::max(rises.early, history(rows[before], largest[next]) / rises.final[next]);
        rises.late = std::min(rises.late, history(rows[next], largest[before]) / rises.final[before]);
      }
    return rises;
  }
  /// The first `count` half-rises in time's order.
  std::vector<double> in_time(std::size_t count) const {
    std::vector<double> times(half.begin(), half.begin() + static_cast<std::ptrdiff_t>(count));
    std::sort(times.begin(), times.end());
    return times;
  }
  /// Their least distance.
  double separation(std::size_t count) const {
    const std::vector<double> times = in_time(count);
    double least = times.back();
    for (std::size_t k = 1; k < count; ++k) least = std::min(least, times[k] - times[k - 1]);
    return least;
  }
};
