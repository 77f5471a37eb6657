// SPDX-License-Identifier: MIT
#pragma once
// The deep matrices that laws are tried on: depths 1 to 4, square, rectangular, with bottlenecks, wide enough for every unrolled loop.

#include <vector>

#include "laws.hpp"

namespace laws {

using Widths = std::vector<Index>;
inline std::vector<Widths> small_deep_matrices() {
  return {{4, 3}, {1, 1}, {4, 2, 3}, {3, 5, 4}, {1, 2, 1}, {4, 2, 5, 3}, {3, 3, 3, 3}, {3, 4, 2, 4, 5}, {2, 1, 3, 1, 2}};
}
inline std::vector<Widths> large_deep_matrices() { return {{20, 12}, {12, 83, 9}, {30, 17, 35, 20}, {9, 16, 8, 31, 13}}; }

}  // namespace laws
