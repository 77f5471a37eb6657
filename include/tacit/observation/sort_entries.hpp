// SPDX-License-Identifier: MIT
#pragma once
// Entries in any order into the order of Entries, by row, then column: a radix sort whose two digits are the column and the row. Each pass reads in
// order and writes 8 bytes an entry to its place.                                         O(m + rows + cols) time, 20 bytes an entry beside the input

#include <cstdint>
#include <numeric>
#include <vector>

#include "../core/scalar.hpp"

namespace tacit::detail {

/// next[key] becomes where the first entry of that key goes.
inline std::vector<std::uint32_t> first_places(const std::vector<std::int32_t>& key, Index n) {
  std::vector<std::uint32_t> next(static_cast<std::size_t>(n) + 1, 0);
  for (std::int32_t k : key) ++next[static_cast<std::size_t>(k) + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  return next;
}

/// The positions 0 ... m - 1 in ascending order of key(k) < n; equal keys keep theirs.
template <class Key>
std::vector<std::uint32_t> sorted_by(std::size_t m, Index n, Key&& key) {
  std::vector<std::uint32_t> next(static_cast<std::size_t>(n) + 1, 0), order(m);
  for (std::size_t k = 0; k < m; ++k) ++next[static_cast<std::size_t>(key(k)) + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  for (std::size_t k = 0; k < m; ++k) order[next[static_cast<std::size_t>(key(k))]++] = static_cast<std::uint32_t>(k);
  return order;
}

/// Sorts row and col in place and returns which entry went where: position s holds what was entry order[s]. Equal entries keep their order. Empty where
/// they were sorted already, without a pair twice. Indices lie in their ranges, and there are fewer than 2^32.
inline std::vector<std::uint32_t> sort_entries(Index rows, Index cols, std::vector<std::int32_t>& row, std::vector<std::int32_t>& col) {
  const std::size_t m = row.size();
  bool sorted = true;
  for (std::size_t k = 1; k < m && sorted; ++k) sorted = row[k - 1] < row[k] || (row[k - 1] == row[k] && col[k - 1] < col[k]);
  if (sorted) return {};
  // An entry as 64 bits: the other index above, its number k below.
  std::vector<std::uint64_t> by_col(m), by_row(m);
  std::vector<std::uint32_t> next = first_places(col, cols);
  for (std::size_t k = 0; k < m; ++k)
    by_col[next[static_cast<std::size_t>(col[k])]++] = static_cast<std::uint64_t>(row[k]) << 32 | static_cast<std::uint32_t>(k);
  const std::vector<std::uint32_t> col_end = std::move(next);  // by now every place is that of the next column
  next = first_places(row, rows);
  std::size_t s = 0;
  for (std::size_t j = 0; j < static_cast<std::size_t>(cols); ++j)
    for (; s < col_end[j]; ++s)
      by_row[next[by_col[s] >> 32]++] = static_cast<std::uint64_t>(j) << 32 | static_cast<std::uint32_t>(by_col[s]);
  by_col = {};
  std::vector<std::uint32_t> order(m);
  s = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(rows); ++i)
    for (; s < next[i]; ++s) {
      row[s] = static_cast<std::int32_t>(i);
      col[s] = static_cast<std::int32_t>(by_row[s] >> 32);
      order[s] = static_cast<std::uint32_t>(by_row[s]);
    }
  return order;
}

inline std::vector<std::uint32_t> sorted_by(const std::vector<std::int32_t>& key, Index n) {
  return sorted_by(key.size(), n, [&](std::size_t k) { return key[k]; });
}

/// items[order[s]] for every s.
template <class T>
std::vector<T> reordered(const std::vector<std::uint32_t>& order, const std::vector<T>& items) {
  std::vector<T> made(order.size());
  for (std::size_t s = 0; s < order.size(); ++s) made[s] = items[order[s]];
  return made;
}
/// items[s] = old items[order[s]].
template <class Items>
void reorder(const std::vector<std::uint32_t>& order, Items& items) {
  using Position = decltype(items.size());
  Items old(items.size());
  old.swap(items);
  for (std::size_t s = 0; s < order.size(); ++s) items[static_cast<Position>(s)] = old[static_cast<Position>(order[s])];
}

}  // namespace tacit::detail
