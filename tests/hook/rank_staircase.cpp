// SPDX-License-Identifier: MIT
#include <tacit/hook/rank_staircase.hpp>

#include <tacit/hook/schedule.hpp>
#include <tacit/hook/spectrum.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/io/csv_reader.hpp>
#include <tacit/output/trajectory_csv.hpp>

#include "catch.hpp"
#include "data/scratch.hpp"
#include "hook/example.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace rank_staircase_tests {
Table record(const std::vector<double>& rank) {
  std::vector<double> iteration;
  for (std::size_t r = 0; r < rank.size(); ++r) iteration.push_back(10 * static_cast<double>(r));
  Table table;
  table.add_column("iteration", iteration).add_column("rank", rank);
  return table;
}
}  // namespace rank_staircase_tests

TEST_CASE("the staircase of the rank: steps, their times, and whether they go up one by one") {
  using rank_staircase_tests::record;
  const RankStaircase stairs = rank_staircase(record({0, 0, 1, 1, 1, 2, 3, 3}), {.rank = "rank"});
  CHECK(stairs.ranks() == std::vector<double>{0, 1, 2, 3});
  CHECK(stairs.one_by_one());
  CHECK_FALSE(stairs.falls());
  CHECK(stairs.list[1].from == 20);
  CHECK(stairs.list[1].to == 40);
  CHECK(stairs.list[1].rows == 3);
  CHECK(sentence(rank_staircase(record({0, 1}), {.rank = "rank"})) == "rank 0 from 0 to 0\nrank 1 from 10 to 10\n");
  // Leaps, falls, and a flicker that is passed over where rows are asked for.
  CHECK_FALSE(rank_staircase(record({0, 0, 2}), {.rank = "rank"}).one_by_one());
  CHECK(rank_staircase(record({0, 1, 2, 1}), {.rank = "rank"}).falls());
  CHECK_FALSE(rank_staircase(record({1, 1, 1}), {.rank = "rank"}).one_by_one());
  CHECK_FALSE(rank_staircase(record({0, 0, 1, 0, 1, 1}), {.rank = "rank"}).one_by_one());
  const RankStaircase steady = rank_staircase(record({0, 0, 1, 0, 1, 1, 2, 2}), {.rank = "rank", .rows = 2});
  CHECK(steady.ranks() == std::vector<double>{0, 1, 2});
  CHECK(steady.list[1].from == 40);
}
TEST_CASE("the staircase from singular values is that of the recorded rank, in memory and from CSV; missing columns are named") {
  const scratch::Folder folder;
  Trajectory history(numerical_rank(0.3), singular_values(4));
  example::watch(200, history);
  history.write_csv(folder / "history.csv");
  const Table back = read_csv_table(folder / "history.csv");
  const auto sigma = numbered_columns(back, "sigma");
  const std::string recorded = sentence(rank_staircase(history, {.rank = "numerical_rank_0.3"}));
  CHECK(rank_staircase(history, {.rank = "numerical_rank_0.3"}).list.size() > 1);
  CHECK(sentence(rank_staircase(back, {.rank = "numerical_rank_0.3"})) == recorded);
  CHECK(sentence(rank_staircase(history, sigma, {.threshold = 0.3})) == recorded);
  CHECK(sentence(rank_staircase(back, sigma, {.threshold = 0.3})) == recorded);
  CHECK(sentence(rank_staircase(back, sigma, {.threshold = 0.9})) != recorded);
  const std::string has = "; it has iteration, numerical_rank_0.3, sigma_1, sigma_2, sigma_3, sigma_4";
  CHECK(thrown([&] { rank_staircase(back); }) == "rank_staircase: the trajectory lacks 'numerical_rank_0.1'" + has);
  CHECK(thrown([&] { rank_staircase(back, {"sigma_7"}, {.threshold = 1, .time = "flow_time"}); }) ==
        "rank_staircase: the trajectory lacks 'flow_time', 'sigma_7'" + has);
  CHECK(thrown([&] { rank_staircase(back, sigma, {.threshold = 0}); }) == "rank_staircase: .threshold is 0, it needs to be positive");
  CHECK(thrown([&] { rank_staircase(back, {}, {.threshold = 1}); }) == "rank_staircase: no columns are named");
  CHECK(thrown([&] { rank_staircase(back, {.rank = "sigma_1", .rows = 0}); }) == "rank_staircase: .rows is 0, it needs to be at least 1");
}
