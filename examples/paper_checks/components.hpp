// SPDX-License-Identifier: MIT
#pragma once
// How components leave zero, one after another: the half-rise of the k-th largest one is the iteration at which it first passes half of its final value.

#include <algorithm>
#include <string>
#include <vector>

#include <tacit/hook/trajectory.hpp>

struct Rises {
  std::vector<double> final, half;

  /// Of the columns name_1 ... name_count of a trajectory.
  template <class T>
  static Rises of(const T& history, const std::string& name, int count) {
    Rises rises;
    const std::vector<double> iterations = history.column("iteration");
    for (int k = 1; k <= count; ++k) {
      const std::vector<double> norms = history.column(name + "_" + std::to_string(k));
      const auto passes = std::find_if(norms.begin(), norms.end(), [&](double norm) { return norm > norms.back() / 2; });
      rises.final.push_back(norms.back());
      rises.half.push_back(passes == norms.end() ? 0 : iterations[static_cast<std::size_t>(passes - norms.begin())]);
    }
    return rises;
  }
  /// The least distance of the first `count` half-rises in time.
  double separation(std::size_t count) const {
    std::vector<double> times(half.begin(), half.begin() + static_cast<std::ptrdiff_t>(count));
    std::sort(times.begin(), times.end());
    double least = times.back();
    for (std::size_t k = 1; k < count; ++k) least = std::min(least, times[k] - times[k - 1]);
    return least;
  }
};
