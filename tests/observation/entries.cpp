// SPDX-License-Identifier: MIT
#include <tacit/observation/entries.hpp>

#include <thread>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

TEST_CASE("entries are indexed by row and by column") {
  const Entries at(3, 4, {0, 0, 2, 2, 2}, {1, 3, 0, 1, 2});
  CHECK(at.rows() == 3);
  CHECK(at.cols() == 4);
  CHECK(at.shape() == Shape{3, 4});
  CHECK(at.count() == 5);
  CHECK(at.density() == 5.0 / 12);
  CHECK(at[3] == Entry{2, 1});
  CHECK(at.where(1) == "entry (0, 3)");
  CHECK(std::vector<Index>(at.row_start(), at.row_start() + 4) == std::vector<Index>{0, 2, 2, 5});
  CHECK(std::vector<Index>(at.col_start(), at.col_start() + 5) == std::vector<Index>{0, 1, 3, 4, 5});
  for (Index j = 0; j < 4; ++j)
    for (Index s = at.col_start()[j]; s < at.col_start()[j + 1]; ++s) {
      CHECK(at[at.by_col()[s]].col == j);
      CHECK(at[at.by_col()[s]].row == at.row_by_col()[s]);
    }
}

TEST_CASE("a path is chosen without touching the entries") {
  const Entries at(2, 2, {0, 1}, {1, 0});
  CHECK(at.path() == Path::automatic);
  const Entries dense = at.through(Path::dense);
  CHECK(dense.path() == Path::dense);
  CHECK(at.path() == Path::automatic);
  CHECK(dense[1] == at[1]);
}

TEST_CASE("copies share their lists, and the index by columns is made once, for all of them, on whichever thread asks first") {
  Entries::Indices row, col;
  for (std::int32_t k = 0; k < 20'000; ++k)
    if (k % 3) row.push_back(k / 100), col.push_back(k % 100);
  const Entries at(200, 100, row, col), copy = at, dense = at.through(Path::dense), same(200, 100, row, col);
  CHECK(copy.row() == at.row());
  CHECK(dense.col() == at.col());
  CHECK(same.row() != at.row());
  const std::int32_t* found[4] = {};
  std::vector<std::thread> threads;
  for (const std::int32_t*& one : found) threads.emplace_back([&] { one = copy.by_col(); });
  for (std::thread& thread : threads) thread.join();
  for (const std::int32_t* one : found) CHECK(one == at.by_col());
  CHECK(same.by_col() != at.by_col());
  CHECK(std::equal(at.by_col(), at.by_col() + at.count(), same.by_col()));
  CHECK(std::equal(at.row_by_col(), at.row_by_col() + at.count(), same.row_by_col()));
}

TEST_CASE("batches are gathered in any order, any size") {
  const Entries at(3, 4, {0, 0, 2, 2, 2}, {1, 3, 0, 1, 2});
  EntryList batch = at.batch();
  CHECK(batch.count() == 0);
  const Index which[] = {4, 0, 0, 2};
  at.gather(which, 4, batch);
  CHECK(batch.count() == 4);
  CHECK(batch[0] == Entry{2, 2});
  CHECK(batch[1] == batch[2]);
  CHECK(batch[3] == Entry{2, 0});
  at.gather(which, 2, batch);
  CHECK(batch.count() == 2);
  CHECK(batch.rows() == 3);
  CHECK(batch.cols() == 4);
}

TEST_CASE("what is not a set of entries is refused with a sentence") {
  const auto refusal = [](Index rows, Index cols, Entries::Indices row, Entries::Indices col) {
    return thrown([&] { Entries(rows, cols, row, col); });
  };
  CHECK(refusal(0, 3, {}, {}) == "Entries: the matrix is 0 x 3, both sizes need to be at least 1");
  CHECK(refusal(Index(1) << 32, 3, {0}, {0}) == "Entries: the matrix is 4294967296 x 3, indices take 32 bits");
  CHECK(refusal(2, 3, {0, 1}, {0}) == "Entries: got 2 row and 1 column indices");
  CHECK(refusal(2, 3, {}, {}) == "Entries: no entry of the 2 x 3 matrix is observed");
  CHECK(refusal(2, 3, {0, 2}, {0, 1}) == "Entries: observation 1 is at (2, 1), outside the 2 x 3 matrix (indices start at 0)");
  CHECK(refusal(2, 3, {-1}, {1}) == "Entries: observation 0 is at (-1, 1), outside the 2 x 3 matrix (indices start at 0)");
  CHECK(refusal(2, 3, {0}, {3}) == "Entries: observation 0 is at (0, 3), outside the 2 x 3 matrix (indices start at 0)");
  CHECK(refusal(2, 3, {0, 0}, {1, 1}) == "Entries: (0, 1) is observed twice");
  CHECK(refusal(2, 3, {1, 0}, {1, 1}) ==
        "Entries: observation 1 at (0, 1) comes after (1, 1); sort by row, then column, or build a Data, which sorts");
  CHECK(refusal(2, 3, {1, 1}, {2, 1}) ==
        "Entries: observation 1 at (1, 1) comes after (1, 2); sort by row, then column, or build a Data, which sorts");
}
