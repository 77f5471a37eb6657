// SPDX-License-Identifier: MIT
#include <tacit/race/profile.hpp>
#include <tacit/race/tables.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace race_profile_tests {
constexpr double never = std::numeric_limits<double>::infinity();
bool near(double a, double b) { return std::abs(a - b) <= 1e-14; }

TEST_CASE("ratios are to the least work of all on a workload, and profiles count those up to tau") {
  const auto ratios = performance_ratios({{10, 20}, {30, 10}, {never, 5}, {never, never}});
  CHECK(ratios == std::vector<std::vector<double>>{{1, 2}, {3, 1}, {never, 1}, {never, never}});
  CHECK(profile_at(ratios, 0, 1) == 0.25);
  CHECK(profile_at(ratios, 0, 2.9) == 0.25);
  CHECK(profile_at(ratios, 0, 3) == 0.5);
  CHECK(profile_at(ratios, 1, 8) == 0.75);  // of all workloads, the one that nobody solved among them
}

TEST_CASE("the score is the integral of the profile from 1 to tau_max, over its length") {
  const auto ratios = performance_ratios({{10, 20}, {30, 10}, {never, 5}, {never, never}});
  for (const std::size_t s : {0, 1}) {
    const int n = 1'000'000;  // the step function by the midpoint rule
    double sum = 0;
    for (int k = 0; k < n; ++k) sum += profile_at(ratios, s, 1 + 7 * (k + 0.5) / n);
    CHECK(std::abs(profile_score(ratios, s, 8) - sum / n) < 1e-5);
  }
  CHECK(near(profile_score(ratios, 0, 8), (1 + 5.0 / 7) / 4));
  CHECK(near(profile_score(ratios, 1, 8), (6.0 / 7 + 2) / 4));
  CHECK(profile_score(performance_ratios({{1, 9}}), 1, 8) == 0);
}

TEST_CASE("work below one gradient counts as one") {
  CHECK(performance_ratios({{0, 2}}) == std::vector<std::vector<double>>{{1, 2}});
  CHECK(thrown([] { performance_ratios({{1, 2}, {1}}); }).find("a workload has 1 optimizers") != std::string::npos);
  CHECK(thrown([] { performance_ratios({{-1}}); }) == "performance_ratios: the work -1 is no amount of work");
}

TEST_CASE("a band is the middle value and those a quarter from either end, infinities last") {
  const RaceBand five = band_of({5, never, 1, 3, 2});
  CHECK(five.median == 3);
  CHECK(five.low == 2);
  CHECK(five.high == 5);
  CHECK(band_of({1, never, never}).median == never);
  CHECK(band_of({4, 2}).median == 3);
}

}  // namespace race_profile_tests
