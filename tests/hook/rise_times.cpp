// SPDX-License-Identifier: MIT
#include <tacit/hook/rise_times.hpp>

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
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace rise_times_tests {

/// 1 / (1 + e^(-(t - c) / 20)) times the end value, half of which is reached at t = c; c = 400, 100, 250, and a fourth that stays at 1e-6.
Table logistic_curves(double interval = 10) {
  std::vector<double> iteration, x[4];
  for (double t = 0; t <= 1000; t += interval) {
    iteration.push_back(t);
    int k = 0;
    for (const auto& [centre, end] : {std::pair{400.0, -5.0}, {100.0, 3.0}, {250.0, 2.0}})
      x[k++].push_back(end / (1 + std::exp(-(t - centre) / 20)));
    x[3].push_back(1e-6 * (1 + t / 1000));
  }
  Table table;
  table.add_column("iteration", iteration);
  for (int k = 0; k < 4; ++k) table.add_column(sentence("x_", k + 1), x[k]);
  return table;
}

}  // namespace rise_times_tests
using namespace rise_times_tests;

TEST_CASE("rises are where they were put, between the rows, in their order; what stays small has not risen") {
  const RiseTimes rises = rise_times(logistic_curves(), numbered_columns(logistic_curves(), "x"));
  REQUIRE(rises.list.size() == 4);
  CHECK(rises.count() == 3);
  CHECK_THAT(rises.list[0].time, WithinAbs(400, 1e-9));
  CHECK_THAT(rises.list[1].time, WithinAbs(100, 1e-9));
  CHECK_THAT(rises.list[2].time, WithinAbs(250, 1e-9));
  CHECK_FALSE(rises.list[3].risen());
  CHECK(rises.order() == std::vector<Index>{1, 2, 0});
  CHECK_FALSE(rises.in_order());
  CHECK(rise_times(logistic_curves(), {"x_2", "x_3", "x_4", "x_1"}).in_order());
  const std::vector<double> steps = rises.steps();
  REQUIRE(steps.size() == 2);
  CHECK_THAT(steps[0], WithinAbs(150, 1e-9));
  CHECK_THAT(steps[1], WithinAbs(150, 1e-9));
  CHECK(rises.list[0].end == -5 / (1 + std::exp(-30.0)));
  // Off the rows: nine tenths are reached 20 log 9 later; a straight line of length h is off by h^2 / 8 max|x''| / min|x'|, 0.71 here for 10, 0.0055 for 1.
  CHECK_THAT(rise_times(logistic_curves(), {"x_2"}, {.fraction = 0.9}).list[0].time, WithinAbs(100 + 20 * std::log(9.0), 0.71));
  CHECK_THAT(rise_times(logistic_curves(1), {"x_2"}, {.fraction = 0.9}).list[0].time, WithinAbs(100 + 20 * std::log(9.0), 0.0055));
  // Half of another limit; and one that the column never reaches.
  CHECK_THAT(rise_times(logistic_curves(1), {"x_2"}, {.limits = {1.5}}).list[0].time, WithinAbs(100 - 20 * std::log(3.0), 0.01));
  CHECK(rise_times(logistic_curves(), {"x_2"}, {.limits = {7}}).count() == 0);
  // Alone it is the largest, and has its half at the start.
  CHECK(rise_times(logistic_curves(), {"x_4"}).list[0].at_start);
  CHECK(rise_times(logistic_curves(), {"x_4"}).list[0].time == 0);
}
TEST_CASE("rises of a trajectory and of its CSV file are the same, and missing columns are named with those that are there") {
  const scratch::Folder folder;
  Trajectory history(singular_values(3));
  example::watch(60, every(2, history));
  history.write_csv(folder / "history.csv");
  const Table back = read_csv_table(folder / "history.csv");
  const auto sigma = numbered_columns(history, "sigma");
  CHECK(sigma == std::vector<std::string>{"sigma_1", "sigma_2", "sigma_3"});
  CHECK(numbered_columns(back, "sigma") == sigma);
  CHECK(sentence(rise_times(history, sigma, {.fraction = 0.9})) == sentence(rise_times(back, sigma, {.fraction = 0.9})));
  CHECK(rise_times(history, sigma).count() == 3);
  const std::string lacks = "the trajectory lacks 'x_1'; it has iteration, sigma_1, sigma_2, sigma_3";
  CHECK(thrown([&] { numbered_columns(history, "x"); }) == "numbered_columns: " + lacks);
  CHECK(thrown([&] { rise_times(back, {"sigma_1", "x_1"}); }) == "rise_times: " + lacks);
  CHECK(thrown([&] { rise_times(back, sigma, {.time = "flow_time"}); }) ==
        "rise_times: the trajectory lacks 'flow_time'; it has iteration, sigma_1, sigma_2, sigma_3");
  CHECK(thrown([&] { rise_times(back, {}); }) == "rise_times: no columns are named");
  CHECK(thrown([&] { rise_times(back, sigma, {.fraction = 1}); }) == "rise_times: .fraction is 1, it needs to be in (0, 1)");
  CHECK(thrown([&] { rise_times(back, sigma, {.share = -1}); }) == "rise_times: .share is -1, it needs to be in [0, 1]");
  CHECK(thrown([&] { rise_times(back, sigma, {.limits = {1, 2}}); }) == "rise_times: 2 limits are given for 3 columns");
  Table backwards;
  backwards.add_column("iteration", std::vector<double>{0, 2, 1}).add_column("x_1", std::vector<double>{0, 1, 2});
  CHECK(thrown([&] { rise_times(backwards, {"x_1"}); }) ==
        "rise_times: column 'iteration' holds 1 in row 3 after 2, time is finite and does not run backwards");
  Table none;
  none.add_column("iteration", std::vector<double>{}).add_column("x_1", std::vector<double>{});
  CHECK(thrown([&] { rise_times(none, {"x_1"}); }) == "rise_times: the trajectory has no rows");
}
