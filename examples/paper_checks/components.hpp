// SPDX-License-Identifier: MIT
#pragma once
// How components leave zero, one after another: of those that end as the largest, the iteration at which each first passes half of its final norm.

#include <cstdlib>
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
  return tacit::probe("norm", [modes](const auto& now) { return now.model().local_component_norms(now.theta(), now.model().node_of(modes)); });
}

struct Rises {
  std::vector<double> final, half;  ///< of the largest at the end, descending

  template <class T>
  static Rises of(const T& history, std::size_t count) {
    std::vector<tacit::Index> largest;
    const tacit::Index last = history.rows() - 1;
    for (tacit::Index k = 1; k < history.cols(); ++k) largest.push_back(k);
    std::partial_sort(largest.begin(), largest.begin() + static_cast<std::ptrdiff_t>(count), largest.end(),
                      [&](tacit::Index a, tacit::Index b) { return history(last, a) > history(last, b); });
    Rises rises;
    for (std::size_t k = 0; k < count; ++k) {
      const double end = history(last, largest[k]);
      tacit::Index row = 0;
      while (row < last && !(history(row, largest[k]) > end / 2)) ++row;
      rises.final.push_back(end);
      rises.half.push_back(history(row, 0));
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
