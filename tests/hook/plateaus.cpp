// SPDX-License-Identifier: MIT
#include <tacit/hook/plateaus.hpp>

#include <tacit/hook/schedule.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/io/csv_reader.hpp>
#include <tacit/output/trajectory_csv.hpp>

#include "catch.hpp"
#include "data/scratch.hpp"
#include "hook/example.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;

namespace plateaus_tests {
/// 1 up to t = 300, 2 from 400 to 700, 2.5 from 750 on, straight lines between, and noise of 1e-3.
Table record(double noise = 1e-3) {
  Random random(1, "plateaus");
  std::vector<double> iteration, x;
  for (double t = 0; t <= 1000; t += 10) {
    iteration.push_back(t);
    x.push_back((t <= 300   ? 1
                 : t < 400  ? 1 + (t - 300) / 100
                 : t <= 700 ? 2
                 : t < 750  ? 2 + (t - 700) / 100
                            : 2.5) +
                noise * random.uniform(-1, 1));
  }
  Table table;
  table.add_column("iteration", iteration).add_column("x", x);
  return table;
}
/// The longest flat interval, by looking at all of them.
std::pair<double, double> longest(const Table& table, double tolerance) {
  const std::vector<double> t = table.numbers("iteration"), x = table.numbers("x");
  std::pair<double, double> best{0, 0};
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t j = i; j < x.size(); ++j) {
      const double high = *std::max_element(x.begin() + static_cast<std::ptrdiff_t>(i), x.begin() + static_cast<std::ptrdiff_t>(j) + 1);
      const double low = *std::min_element(x.begin() + static_cast<std::ptrdiff_t>(i), x.begin() + static_cast<std::ptrdiff_t>(j) + 1);
      if (high - low <= tolerance * std::max(std::abs(high), std::abs(low)) && t[j] - t[i] > best.second - best.first) best = {t[i], t[j]};
    }
  return best;
}
}  // namespace plateaus_tests

TEST_CASE("plateaus are where they were put, with their values; a slope has none of that length") {
  const Plateaus found = find_plateaus(plateaus_tests::record(), "x", {.tolerance = 0.01, .duration = 0.1});
  INFO(found);
  REQUIRE(found.list.size() == 3);
  const double from[] = {0, 400, 750}, to[] = {300, 700, 1000}, value[] = {1, 2, 2.5};
  for (std::size_t k = 0; k < 3; ++k) {
    CHECK(found.list[k].from == from[k]);
    CHECK(found.list[k].to == to[k]);
    CHECK_THAT(found.list[k].value, WithinAbs(value[k], 1e-3));
    CHECK(found.list[k].spread <= 2e-3);
    CHECK(found.list[k].rows == static_cast<Index>((to[k] - from[k]) / 10) + 1);
  }
  CHECK(found.values().size() == 3);
  CHECK(found.nearest(2.2).from == 400);
  CHECK(find_plateaus(plateaus_tests::record(), "x", {.tolerance = 0.01, .duration = 0.26}).list.size() == 2);
  CHECK(find_plateaus(plateaus_tests::record(0.5), "x", {.tolerance = 0.01, .duration = 0.1}).list.empty());
  Table slope;
  std::vector<double> t, x;
  for (int k = 0; k <= 100; ++k) t.push_back(k), x.push_back(1 + k / 100.0);
  slope.add_column("iteration", t).add_column("x", x);
  CHECK(find_plateaus(slope, "x", {.tolerance = 0.02, .duration = 0.1}).list.empty());
  CHECK(thrown([&] { find_plateaus(slope, "x", {.tolerance = 0.02, .duration = 0.1}).nearest(1); }) ==
        "Plateaus::nearest: there is no plateau");
}
TEST_CASE("the longest flat interval is that of looking at all of them") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Random random(seed, "walk");
    std::vector<double> t, x;
    double at = 5;
    for (int k = 0; k < 120; ++k) t.push_back((t.empty() ? 0 : t.back()) + random.uniform()), x.push_back(at += 0.1 * random.normal());
    Table table;
    table.add_column("iteration", t).add_column("x", x);
    const auto [from, to] = plateaus_tests::longest(table, 0.08);
    const Plateaus found = find_plateaus(table, "x", {.tolerance = 0.08, .duration = 1e-6});
    const auto& best = *std::max_element(found.list.begin(), found.list.end(),
                                         [](const PlateauInterval& a, const PlateauInterval& b) { return a.to - a.from < b.to - b.from; });
    CHECK(best.from == from);
    CHECK(best.to == to);
    for (std::size_t k = 1; k < found.list.size(); ++k) CHECK(found.list[k].from > found.list[k - 1].to);
  }
}
TEST_CASE("plateaus of a trajectory and of its CSV file are the same, and missing columns are named") {
  const scratch::Folder folder;
  Trajectory history(loss);
  example::watch(3000, every(50, history));
  history.write_csv(folder / "history.csv");
  const Table back = read_csv_table(folder / "history.csv");
  CHECK_FALSE(find_plateaus(history, "loss").list.empty());
  CHECK(sentence(find_plateaus(history, "loss")) == sentence(find_plateaus(back, "loss")));
  CHECK(thrown([&] { find_plateaus(back, "rank", {.time = "flow_time"}); }) ==
        "find_plateaus: the trajectory lacks 'flow_time', 'rank'; it has iteration, loss");
  CHECK(thrown([&] { find_plateaus(back, "loss", {.tolerance = -1}); }) == "find_plateaus: .tolerance is -1, it needs to be 0 or more");
  CHECK(thrown([&] { find_plateaus(back, "loss", {.duration = 0}); }) == "find_plateaus: .duration is 0, it needs to be in (0, 1]");
  Table holes;
  holes.add_column("iteration", std::vector<double>{0, 1}).add_column("x", std::vector<double>{1, std::nan("")});
  CHECK(thrown([&] { find_plateaus(holes, "x"); }) == "find_plateaus: column 'x' holds nan in row 2, which is not finite");
}
