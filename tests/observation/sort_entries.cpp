// SPDX-License-Identifier: MIT
#include <tacit/observation/sort_entries.hpp>

#include <algorithm>
#include <random>

#include "catch.hpp"

using namespace tacit;
using Indices = std::vector<std::int32_t>;

TEST_CASE("entries are sorted as std::stable_sort sorts them, pairs that come twice included") {
  std::mt19937_64 random(1);
  for (const auto& [rows, cols, count] :
       std::vector<std::tuple<int, int, int>>{{1, 1, 3}, {3, 5, 40}, {1000, 2, 500}, {2, 1000, 500}, {50, 60, 1000}}) {
    Indices row, col;
    for (int k = 0; k < count; ++k) {
      row.push_back(static_cast<std::int32_t>(random() % static_cast<unsigned>(rows)));
      col.push_back(static_cast<std::int32_t>(random() % static_cast<unsigned>(cols)));
    }
    std::vector<std::uint32_t> expected(row.size());
    std::iota(expected.begin(), expected.end(), 0u);
    std::stable_sort(expected.begin(), expected.end(),
                     [&](auto a, auto b) { return std::pair(row[a], col[a]) < std::pair(row[b], col[b]); });
    const Indices old_row = row, old_col = col;
    const std::vector<std::uint32_t> order = detail::sort_entries(rows, cols, row, col);
    REQUIRE(order == expected);
    for (std::size_t s = 0; s < order.size(); ++s) {
      CHECK(row[s] == old_row[order[s]]);
      CHECK(col[s] == old_col[order[s]]);
    }
    std::vector<std::int32_t> items = old_col;
    detail::reorder(order, items);
    CHECK(items == col);
  }
}

TEST_CASE("sorted entries stay as they are") {
  Indices row{0, 0, 2}, col{1, 3, 0};
  CHECK(detail::sort_entries(3, 4, row, col).empty());
  CHECK(row == Indices{0, 0, 2});
  Indices none_row, none_col;
  CHECK(detail::sort_entries(3, 4, none_row, none_col).empty());
  Indices twice_row{1, 1}, twice_col{2, 2};
  CHECK(detail::sort_entries(3, 4, twice_row, twice_col) == std::vector<std::uint32_t>{0, 1});  // the caller sees the pair
}
