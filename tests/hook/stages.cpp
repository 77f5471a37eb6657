// SPDX-License-Identifier: MIT
#include <tacit/hook/stages.hpp>

#include <tacit/hook/trajectory.hpp>
#include <tacit/io/csv_reader.hpp>
#include <tacit/output/trajectory_csv.hpp>

#include "catch.hpp"
#include "data/scratch.hpp"
#include "hook/example.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;

namespace {

/// A gradient norm that bursts three times, ever lower, with a rank that rises each time, and noise at the end.
Table bursts() {
  std::vector<double> iteration, gradient, rank, losses, least;
  Random random(1, "stages");
  for (int r = 0; r < 120; ++r) {
    iteration.push_back(100 * r);
    double g = 1e-4 * (r > 100 ? 0.01 + random.uniform() : 1);
    for (int k = 0; k < 3; ++k) g += 0.1 / (k + 1) * std::exp(-0.1 * std::pow(r - (15 + 30 * k), 2));
    gradient.push_back(g);
    rank.push_back(r < 15 ? 0 : r < 45 ? 1 : r < 75 ? 2 : 3);
    losses.push_back(3 - rank.back());
    least.push_back(r < 75 ? -1 - rank.back() : 0.5);
  }
  Table table;
  table.add_column("iteration", iteration).add_column("gradient_norm", gradient).add_column("numerical_rank_0.1", rank);
  table.add_column("loss", losses).add_column("least_eigenvalue", least);
  return table;
}

}  // namespace

TEST_CASE("stages: bursts, valleys and ranks are where they were put, and noise after the last is none") {
  const Stages stages = find_stages(bursts());
  REQUIRE(stages.count() == 3);
  CHECK(stages.one_rank_each());
  CHECK_FALSE(stages.rank_falls);
  CHECK(stages.bursts() == 3);
  for (std::size_t k = 0; k < 3; ++k) {
    const Stage& stage = stages.list[k];
    CHECK(stage.burst == 1500 + 3000 * static_cast<double>(k));
    CHECK_THAT(stage.burst_gradient, WithinAbs(0.1 / static_cast<double>(k + 1), 2e-4));
    CHECK(stage.valley > stage.burst);
    CHECK(stage.valley_loss == 2 - static_cast<double>(k));
    CHECK((stage.valley_least < 0) == (k < 2));
  }
  CHECK(stages.first_least == -1);
  CHECK(find_stages(bursts(), {.share = 0.6}).bursts() == 1);
  CHECK(find_stages(bursts(), {.fall = 1e5}).count() == 0);
}
TEST_CASE("stages of a trajectory read back from its CSV file are the same, and columns that it lacks are named") {
  const scratch::Folder folder;
  const std::string path = folder / "history.csv";
  write_csv(path, bursts());
  const Table back = read_csv_table(path);
  CHECK(sentence(find_stages(back)) == sentence(find_stages(bursts())));
  Trajectory history(loss);
  example::watch(5, history);
  CHECK(scratch::error_of([&] { find_stages(history); }) ==
        "find_stages: the trajectory lacks 'gradient_norm', 'numerical_rank_0.1'; it has iteration, loss");
  history.write_csv(folder / "short.csv");
  CHECK(scratch::error_of([&] { find_stages(read_csv_table(folder / "short.csv")); }) ==
        "find_stages: the trajectory lacks 'gradient_norm', 'numerical_rank_0.1'; it has iteration, loss");
  CHECK(read_csv_table(folder / "short.csv").numbers("loss") == history.column("loss"));
  CHECK(scratch::mentions(scratch::error_of([&] { find_stages(back, {.fall = 1}); }), ".fall is 1"));
  CHECK(scratch::mentions(scratch::error_of([&] { find_stages(back, {.smoothing = 2}); }), ".smoothing is 2"));
}
