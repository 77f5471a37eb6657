// SPDX-License-Identifier: MIT
#pragma once
// Split-conformal intervals: prediction +- q with q the ceil((n + 1) c)-th smallest of the n absolute errors on entries that the fit did not see. Where gaps
// are as random as those entries were, a new entry lies inside with probability at least c, and at most c + 1 / (n + 1), whatever the
// method and the noise. Where gaps have a pattern of their own (whole rows, the largest values), nothing is promised.      [Vovk, Gammerman & Shafer 2005]

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "../core/check.hpp"
#include "../core/scalar.hpp"

namespace tacit {

/// Half the width of intervals of this coverage; infinite where there are too few errors to promise that much.
inline double conformal_width(std::vector<double> absolute_errors, double coverage) {
  require(coverage > 0 && coverage < 1, "conformal_width: the coverage is ", coverage, ", it needs to lie between 0 and 1");
  require(!absolute_errors.empty(), "conformal_width: there are no errors to go by");
  const double rank = std::ceil((static_cast<double>(absolute_errors.size()) + 1) * coverage);
  if (rank > static_cast<double>(absolute_errors.size())) return std::numeric_limits<double>::infinity();
  const auto at = absolute_errors.begin() + static_cast<std::ptrdiff_t>(rank) - 1;
  std::nth_element(absolute_errors.begin(), at, absolute_errors.end());
  return *at;
}

}  // namespace tacit
