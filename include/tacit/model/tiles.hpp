// SPDX-License-Identifier: MIT
#pragma once
// In which order the observed entries of a large sparse tensor are visited: tile by tile, a tile being a block of every mode but one, and along that one within a tile.
// The rows of a tile then stay in a near cache while those of the one mode stream by, once for every tile.

#include <algorithm>
#include <cmath>
#include <vector>

#include "../core/shape.hpp"
#include "../observation/sort_entries.hpp"

namespace tacit::detail {

/// `bytes` is what the rows of all modes but `streamed` take; a row of that one is worth streaming for `worth` entries. Empty: as they stand, by mode 0.
inline std::vector<std::uint32_t> visiting_order(const Shape& shape, const std::vector<std::vector<std::int32_t>>& index, Index streamed,
                                                 double bytes, double worth) {
  constexpr double near = 1 << 20;
  const auto stream = static_cast<std::size_t>(streamed);
  const Index rows = shape[streamed];
  const double visits = static_cast<double>(index[0].size()) / static_cast<double>(rows) / worth;
  const double cuts =
      std::min(std::ceil(bytes / near), std::floor(std::pow(visits, 1.0 / std::max(1.0, static_cast<double>(index.size()) - 1))));
  if (cuts < 2 && streamed == 0) return {};
  std::vector<Index> parts(index.size(), 1), sizes(index.size(), 1);
  Index tiles = 1;
  for (std::size_t n = 0; n < index.size(); tiles *= parts[n++]) {
    const Index size = shape[static_cast<Index>(n)];
    if (n != stream) parts[n] = std::clamp<Index>(static_cast<Index>(cuts), 1, size);
    sizes[n] = (size + parts[n] - 1) / parts[n];
  }
  return sorted_by(index[0].size(), tiles * rows, [&](std::size_t k) {
    Index tile = 0;
    for (std::size_t n = 0; n < index.size(); ++n) tile = tile * parts[n] + (n == stream ? 0 : index[n][k] / sizes[n]);
    return tile * rows + index[stream][k];
  });
}

}  // namespace tacit::detail
