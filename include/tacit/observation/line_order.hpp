// SPDX-License-Identifier: MIT
#pragma once
// That the order of the lines of a mode means something (time, wavelength, place in a picture), and where each of them stands: neighbours are then alike. Lines need not be
// sorted, nor their steps even.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "../core/check.hpp"
#include "../core/scalar.hpp"

namespace tacit {

struct LineOrder {
  Index mode = 0;
  std::vector<double> at = {};  ///< where each line stands; empty: line i stands at i
  std::string found = {};       ///< by what, in words, as in: date; empty: asked for

  /// Throws where it does not fit a mode of so many lines.
  void check(const char* who, Index lines) const {
    require(at.empty() || static_cast<Index>(at.size()) == lines, who, ": the order of mode ", mode, " has ", at.size(), " places for ",
            lines, " lines");
    std::vector<double> sorted = at;
    for (const double x : sorted) require(std::isfinite(x), who, ": a line of mode ", mode, " stands at ", x);
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t k = 1; k < sorted.size(); ++k)
      require(sorted[k] > sorted[k - 1], who, ": two lines of mode ", mode, " stand at ", sorted[k]);
  }
};

}  // namespace tacit
