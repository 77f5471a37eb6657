// SPDX-License-Identifier: MIT
#include <tacit/data/random_entries.hpp>

#include <set>
#include <utility>

#include "catch.hpp"

using namespace tacit;

namespace random_entries_tests {

TEST_CASE("random entries are distinct, sorted, in range and as many as asked for") {
  const Index count = GENERATE(1, 7, 24, 26, 99, 100);  // on both sides of the quarter, up to all
  const Entries where = random_entries(20, 5, count, 3);
  REQUIRE(where.count() == count);  // Entries itself refuses duplicates, disorder and range
  CHECK(where.rows() == 20);
  CHECK(where.cols() == 5);
}

TEST_CASE("the seed decides") {
  const Entries a = random_entries(50, 40, 300, 1), b = random_entries(50, 40, 300, 1), c = random_entries(50, 40, 300, 2);
  CHECK(std::equal(a.row(), a.row() + 300, b.row()));
  CHECK(std::equal(a.col(), a.col() + 300, b.col()));
  CHECK_FALSE(std::equal(a.col(), a.col() + 300, c.col()));
}

TEST_CASE("every cell and every pair of cells is equally likely") {
  const Index count = GENERATE(2, 3);  // of 8 cells: 2 collects, 3 passes once over the matrix
  Matrix<double> both = Matrix<double>::Zero(8, 8);
  Random random(7, "entries");
  const int draws = 40000;
  for (int d = 0; d < draws; ++d) {
    const Entries where = random_entries(2, 4, count, random);
    for (Index a = 0; a < count; ++a)
      for (Index b = 0; b < count; ++b) both(where[a].row * 4 + where[a].col, where[b].row * 4 + where[b].col) += 1.0 / draws;
  }
  const double one = static_cast<double>(count) / 8, pair = one * static_cast<double>(count - 1) / 7;
  for (Index a = 0; a < 8; ++a)
    for (Index b = 0; b < 8; ++b) {
      const double p = a == b ? one : pair;
      CHECK_THAT(both(a, b), Catch::Matchers::WithinAbs(p, 5 * std::sqrt(p * (1 - p) / draws)));
    }
}

TEST_CASE("impossible numbers of entries are refused") {
  CHECK_THROWS_WITH(random_entries(4, 5, 0, 1), "random_entries: 0 observed entries asked for, at least 1 is needed");
  CHECK_THROWS_WITH(random_entries(4, 5, 21, 1), "random_entries: 21 observed entries asked for, a 4 x 5 matrix has 20");
}

}  // namespace random_entries_tests
