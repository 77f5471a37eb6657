// SPDX-License-Identifier: MIT
#include <tacit/observation/split.hpp>

#include <map>
#include <set>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;

namespace {

/// 60 of the 12 x 9 cells, with values and weights that say where they belong.
Data<double> example() {
  Entries::Indices row, col;
  std::vector<double> y, weight;
  for (std::int32_t i = 0; i < 12; ++i)
    for (std::int32_t j = 0; j < 9; ++j) {
      if ((i * 5 + j * 7) % 9 < 4) continue;
      row.push_back(i);
      col.push_back(j);
      y.push_back(i + 0.01 * j);
      weight.push_back(1 + i * 9 + j);
    }
  const auto m = static_cast<Index>(y.size());
  return observed<double>(12, 9, row, col, Eigen::Map<Vector<double>>(y.data(), m), Eigen::Map<Vector<double>>(weight.data(), m));
}

using Cells = std::set<std::pair<Index, Index>>;
Cells cells(const Data<double>& data) {
  Cells found;
  for (Index k = 0; k < data.count(); ++k) {
    const Entry at = data.where[k];
    found.insert({at.row, at.col});
    CHECK(data.y[k] == static_cast<double>(at.row) + 0.01 * static_cast<double>(at.col));
    CHECK(data.weight[k] == static_cast<double>(1 + at.row * 9 + at.col));
  }
  return found;
}

/// Disjoint, together the whole, all of the whole's shape.
void check_partition(const Data<double>& whole, const std::vector<Data<double>>& parts) {
  Cells all;
  std::size_t sum = 0;
  for (const auto& part : parts) {
    CHECK(part.where.rows() == whole.where.rows());
    CHECK(part.where.cols() == whole.where.cols());
    const Cells here = cells(part);
    sum += here.size();
    all.insert(here.begin(), here.end());
  }
  CHECK(sum == all.size());
  CHECK(all == cells(whole));
}

}  // namespace

TEST_CASE("entries are held out at random, in the fraction asked for") {
  const Data<double> data = example();
  REQUIRE(data.count() == 60);
  const auto [train, test] = hold_out_entries(data, {.test = 0.25, .seed = 3});
  CHECK(test.count() == 15);
  check_partition(data, {train, test});
  CHECK(cells(test) == cells(hold_out_entries(data, {.test = 0.25, .seed = 3}).test));
  CHECK(cells(test) != cells(hold_out_entries(data, {.test = 0.25, .seed = 4}).test));
}

TEST_CASE("train, validation and test") {
  const Data<double> data = example();
  const auto [train, validation, test] = split_entries(data, {.validation = 0.1, .test = 0.2, .seed = 1});
  CHECK(validation.count() == 6);
  CHECK(test.count() == 12);
  check_partition(data, {train, validation, test});
}

TEST_CASE("every observation is equally likely to be held out") {
  const Data<double> data = example();
  std::map<std::pair<Index, Index>, int> hits;
  for (std::uint64_t seed = 0; seed < 2000; ++seed)
    for (const auto& cell : cells(hold_out_entries(data, {.test = 0.2, .seed = seed}).test)) ++hits[cell];
  REQUIRE(hits.size() == 60);
  for (const auto& [cell, count] : hits) CHECK(std::abs(count - 400) < 5 * std::sqrt(2000 * 0.2 * 0.8));
}

TEST_CASE("cover keeps every observed row and column in train, plain splits do not") {
  const Data<double> data = example();
  int plain_gaps = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto [train, validation, test] = split_entries(data, {.validation = 0.3, .test = 0.3, .seed = seed, .cover = true});
    CHECK(validation.count() == 18);
    CHECK(test.count() == 18);
    check_partition(data, {train, validation, test});
    CHECK(unobserved(train.where).rows.empty());
    CHECK(unobserved(train.where).cols.empty());
    plain_gaps += static_cast<int>(unobserved(split_entries(data, {.validation = 0.3, .test = 0.3, .seed = seed}).train.where).rows.size());
  }
  CHECK(plain_gaps > 0);
  const std::string error = scratch::error_of([&] { hold_out_entries(data, {.test = 0.95, .cover = true}); });
  INFO(error);
  CHECK(scratch::mentions(error, "hold_out_entries: 57 of 60 observations are to be held out, but only 4"));
  CHECK(scratch::mentions(error, "set cover to false"));
}

TEST_CASE("rows are held out whole") {
  const Data<double> data = example();
  const auto [train, test] = hold_out_rows(data, {.test = 0.25, .seed = 2});
  check_partition(data, {train, test});
  std::set<Index> in_train, in_test;
  for (Index k = 0; k < train.count(); ++k) in_train.insert(train.where[k].row);
  for (Index k = 0; k < test.count(); ++k) in_test.insert(test.where[k].row);
  CHECK(in_test.size() == 3);
  CHECK(in_train.size() == 9);
}

TEST_CASE("a block is held out where it was asked for") {
  const Data<double> data = example();
  const auto [train, test] = hold_out_block(data, {.row = 2, .col = 1, .rows = 4, .cols = 3});
  check_partition(data, {train, test});
  for (Index k = 0; k < data.count(); ++k) {
    const Entry at = data.where[k];
    const bool inside = at.row >= 2 && at.row < 6 && at.col >= 1 && at.col < 4;
    CHECK(cells(test).count({at.row, at.col}) == (inside ? 1u : 0u));
  }
  CHECK_THROWS_WITH(hold_out_block(data, {.row = 10, .col = 0, .rows = 3, .cols = 3}),
                    "hold_out_block: a 3 x 3 block at (10, 0) does not lie inside the 12 x 9 matrix");
  CHECK_THROWS_WITH(hold_out_block(data, {.row = 0, .col = 0, .rows = 12, .cols = 9}), "hold_out_block: the train part would be empty");
}

TEST_CASE("folds test every observation exactly once") {
  const Data<double> data = example();
  const auto folds = k_folds(data, {.folds = 7, .seed = 5});
  REQUIRE(folds.size() == 7);
  std::vector<Data<double>> tests;
  for (const auto& [train, test] : folds) {
    check_partition(data, {train, test});
    CHECK((test.count() == 8 || test.count() == 9));
    tests.push_back(test);
  }
  check_partition(data, tests);
}

TEST_CASE("shards are disjoint and nearly equal, or keep rows together") {
  const Data<double> data = example();
  const auto parts = shards(data, {.parts = 7, .seed = 1});
  check_partition(data, parts);
  for (const auto& part : parts) CHECK((part.count() == 8 || part.count() == 9));
  const auto clients = shards(data, {.parts = 4, .seed = 1, .by = ShardBy::rows});
  check_partition(data, clients);
  std::set<Index> seen;
  for (const auto& client : clients) {
    std::set<Index> rows;
    for (Index k = 0; k < client.count(); ++k) rows.insert(client.where[k].row);
    CHECK(rows.size() == 3);
    for (Index row : rows) CHECK(seen.insert(row).second);
  }
  CHECK(shards(data, {.parts = 1}).size() == 1);
}

TEST_CASE("parts keep the path that was chosen for the whole") {
  Data<double> data = example();
  data.where = data.where.through(Path::per_entry);
  CHECK(hold_out_entries(data, {.test = 0.5}).train.where.path() == Path::per_entry);
}

TEST_CASE("impossible splits are refused with a sentence") {
  const Data<double> data = example();
  CHECK_THROWS_WITH(hold_out_entries(data, {.test = 0}), "hold_out_entries: the test fraction is 0, it needs to lie between 0 and 1");
  CHECK_THROWS_WITH(hold_out_entries(data, {.test = 1.5}), "hold_out_entries: the test fraction is 1.5, it needs to lie between 0 and 1");
  CHECK_THROWS_AS(hold_out_entries(data, {.test = std::nan("")}), std::invalid_argument);
  CHECK_THROWS_WITH(hold_out_entries(data, {.test = 0.001}),
                    "hold_out_entries: a test fraction of 0.001 of 60 observations leaves the test part empty");
  CHECK_THROWS_WITH(hold_out_entries(data, {.test = 0.999}),
                    "hold_out_entries: a test fraction of 0.999 of 60 observations leaves the train part empty");
  CHECK_THROWS_WITH(split_entries(data, {.validation = 0.5, .test = 0.5}),
                    "split_entries: validation 0.5 and test 0.5 of 60 observations leave the train part empty");
  CHECK_THROWS_WITH(hold_out_rows(data, {.test = 0.01}),
                    "hold_out_rows: a test fraction of 0.01 of 12 observed rows leaves the test part empty");
  CHECK_THROWS_AS(hold_out_rows(data, {.test = 0.5, .cover = true}), std::invalid_argument);
  CHECK_THROWS_WITH(k_folds(data, {.folds = 1}), "k_folds: 1 folds asked for of 60 observations, possible are 2 to 60");
  CHECK_THROWS_WITH(k_folds(data, {.folds = 61}), "k_folds: 61 folds asked for of 60 observations, possible are 2 to 60");
  CHECK_THROWS_WITH(shards(data, {.parts = 0}), "shards: 0 parts asked for of 60 observations, possible are 1 to 60");
  CHECK_THROWS_WITH(shards(data, {.parts = 13, .by = ShardBy::rows}),
                    "shards: 13 parts asked for of 12 observed rows, possible are 1 to 12");
}
