// SPDX-License-Identifier: MIT
#pragma once
// Omega drawn uniformly without replacement: `count` distinct cells of a rows x cols matrix, sorted by row, then column.
// Sparse draws collect random cells until `count` differ (O(m log m) time, 8 bytes a cell while drawing); above a quarter of all cells one
// pass over the matrix keeps each with probability needed / left (O(rows cols)). Both are exactly uniform over the sets of that size.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "../core/random.hpp"
#include "../observation/entries.hpp"

namespace tacit {

inline Entries random_entries(Index rows, Index cols, Index count, Random& random) {
  const Shape shape{rows, cols};
  const Index total = shape.count();
  require(count > 0, "random_entries: ", count, " observed entries asked for, at least 1 is needed");
  require(count <= total, "random_entries: ", count, " observed entries asked for, a ", shape, " matrix has ", total);
  const auto wanted = static_cast<std::size_t>(count);

  std::vector<std::uint64_t> cells;
  cells.reserve(wanted);
  if (count > total / 4) {
    for (Index cell = 0; cells.size() < wanted; ++cell)
      if (random.below(static_cast<std::uint64_t>(total - cell)) < wanted - cells.size()) cells.push_back(static_cast<std::uint64_t>(cell));
  } else {
    while (cells.size() < wanted) {  // a second round replaces the few that came twice
      const auto known = static_cast<std::ptrdiff_t>(cells.size());
      while (cells.size() < wanted) cells.push_back(random.below(static_cast<std::uint64_t>(total)));
      std::sort(cells.begin() + known, cells.end());
      std::inplace_merge(cells.begin(), cells.begin() + known, cells.end());
      cells.erase(std::unique(cells.begin(), cells.end()), cells.end());
    }
  }

  Entries::Indices row(wanted), col(wanted);
  for (std::size_t k = 0; k < wanted; ++k) {
    row[k] = static_cast<std::int32_t>(cells[k] / static_cast<std::uint64_t>(cols));
    col[k] = static_cast<std::int32_t>(cells[k] % static_cast<std::uint64_t>(cols));
  }
  cells = {};  // before Entries builds its second index: 8 of the 24 bytes an entry that stand at the peak
  return Entries(rows, cols, std::move(row), std::move(col));
}

/// The same from a seed of its own:  random_entries(100, 100, 2000, 1).
inline Entries random_entries(Index rows, Index cols, Index count, std::uint64_t seed) {
  Random random(seed, "entries");
  return random_entries(rows, cols, count, random);
}

}  // namespace tacit
