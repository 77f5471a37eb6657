// SPDX-License-Identifier: MIT
#include <tacit/hook/drift.hpp>

#include <tacit/hook/schedule.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/io/csv_reader.hpp>
#include <tacit/optimizer/fixed_flow.hpp>
#include <tacit/output/trajectory_csv.hpp>

#include "catch.hpp"
#include "data/scratch.hpp"
#include "hook/example.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace drift_tests {
Table line(const std::vector<double>& time, double slope) {
  std::vector<double> x, y;
  for (const double t : time) x.push_back(slope * t), y.push_back(1 - slope * t);
  Table table;
  table.add_column("time", time).add_column("x", x).add_column("y", y);
  return table;
}
}  // namespace drift_tests

TEST_CASE("the drift between two records at equal times, between the rows of the second on straight lines") {
  using drift_tests::line;
  const Drift drift = find_drift(line({-1, 0, 0.5, 2, 3, 9}, 2), line({0, 2, 4}, 1), {"x", "y"}, {.time = "time"});
  CHECK(drift.time == std::vector<double>{0, 0.5, 2, 3});
  CHECK(drift.left_out == 2);
  for (std::size_t r = 0; r < 4; ++r) CHECK_THAT(drift.distance[r], WithinAbs(std::sqrt(2.0) * drift.time[r], 1e-15));
  CHECK(drift.largest == drift.distance[3]);
  CHECK(drift.time_of_largest == 3);
  CHECK(drift.last == drift.distance[3]);
  const Drift relative = find_drift(line({1, 2}, 3), line({0, 4}, 1), {"x"}, {.time = "time", .relative = true});
  CHECK_THAT(relative.largest, WithinAbs(2, 1e-14));
  CHECK(find_drift(line({0, 1}, 1), line({0, 4}, 1), {"x", "y"}, {.time = "time"}).largest == 0);
}
TEST_CASE("descent drifts from the flow in proportion to its rate, in memory and read back") {
  const auto problem = example::problem();
  const scratch::Folder folder;
  const std::vector<std::string> entries{"W_0_0", "W_1_2"};
  const auto record = [&](double interval, auto optimizer) {
    Trajectory history(flow_time, entry(0, 0), entry(1, 2));
    Vector<double> theta = example::start();
    train(problem, theta, optimizer, {.iterations = std::lround(4 / interval)}, history);
    return history;
  };
  const auto flow = record(0.01, FixedFlow{.interval = 0.01});
  const double coarse = find_drift(record(0.04, gradient_descent({.rate = 0.04})), flow, entries, {.time = "flow_time"}).largest;
  const double fine = find_drift(record(0.02, gradient_descent({.rate = 0.02})), flow, entries, {.time = "flow_time"}).largest;
  CHECK_THAT(coarse / fine, WithinAbs(2, 0.1));
  flow.write_csv(folder / "flow.csv");
  CHECK(find_drift(record(0.02, gradient_descent({.rate = 0.02})), read_csv_table(folder / "flow.csv"), entries, {.time = "flow_time"})
            .largest == fine);
  CHECK(find_drift(flow, flow, entries, {.time = "flow_time"}).largest == 0);
}
TEST_CASE("records without the columns or without a time in common are refused") {
  using drift_tests::line;
  CHECK(thrown([&] {
          find_drift(line({0, 1}, 1), line({0, 1}, 1), {"x", "z"});
        }) == "find_drift: the trajectory lacks 'iteration', 'z'; it has time, x, y");
  Table other;
  other.add_column("time", std::vector<double>{0, 1}).add_column("z", std::vector<double>{0, 1});
  CHECK(thrown([&] {
          find_drift(line({0, 1}, 1), other, {"x"}, {.time = "time"});
        }) == "find_drift (the reference): the trajectory lacks 'x'; it has time, z");
  CHECK(thrown([&] {
          find_drift(line({0, 1}, 1), line({2, 3}, 1), {"x"}, {.time = "time"});
        }) == "find_drift: column 'time' goes from 0 to 1 in the record and from 2 to 3 in the reference: they have no time in common");
  CHECK(thrown([&] { find_drift(line({0, 1}, 1), line({0, 1}, 1), {}); }) == "find_drift: no columns are named");
}
