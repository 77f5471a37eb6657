// SPDX-License-Identifier: MIT
#pragma once
// Omega drawn uniformly without replacement: `count` distinct cells of a rows x cols matrix, sorted by row, then column, or of a tensor of any order.
// Sparse draws collect random cells until `count` differ (O(m log m) time, 8 bytes a cell while drawing); above a quarter of all cells one
// pass over them keeps each with probability needed / left (O(rows cols)). Both are exactly uniform over the sets of that size.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "../core/random.hpp"
#include "../observation/tensor_entries.hpp"

namespace tacit {

namespace detail {

/// `count` distinct numbers below the number of entries, ascending: cells, last index fastest.
inline std::vector<std::uint64_t> random_cells(const Shape& shape, Index count, Random& random) {
  const Index total = shape.count();
  const char* kind = shape.order() > 2 ? " tensor has " : " matrix has ";
  require(count > 0, "random_entries: ", count, " observed entries asked for, at least 1 is needed");
  require(count <= total, "random_entries: ", count, " observed entries asked for, a ", shape, kind, total);
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
  return cells;
}

}  // namespace detail

inline Entries random_entries(Index rows, Index cols, Index count, Random& random) {
  std::vector<std::uint64_t> cells = detail::random_cells({rows, cols}, count, random);
  const std::size_t wanted = cells.size();
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

/// Of a tensor:  random_entries({10, 10, 10, 10}, 2000, 1). The product of the sizes must fit an index.
inline TensorEntries random_entries(const Shape& shape, Index count, Random& random) {
  require(shape.order() > 0, "random_entries: the shape has no mode");
  const std::vector<std::uint64_t> cells = detail::random_cells(shape, count, random);
  std::vector<TensorEntries::Indices> index(static_cast<std::size_t>(shape.order()), TensorEntries::Indices(cells.size()));
  for (std::size_t k = 0; k < cells.size(); ++k) {
    std::uint64_t rest = cells[k];
    for (Index n = shape.order() - 1; n >= 0; --n) {
      const auto size = static_cast<std::uint64_t>(shape[n]);
      index[static_cast<std::size_t>(n)][k] = static_cast<std::int32_t>(rest % size);
      rest /= size;
    }
  }
  return TensorEntries(shape, std::move(index));
}
inline TensorEntries random_entries(const Shape& shape, Index count, std::uint64_t seed) {
  Random random(seed, "entries");
  return random_entries(shape, count, random);
}

}  // namespace tacit
