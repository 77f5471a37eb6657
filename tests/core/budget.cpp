// SPDX-License-Identifier: MIT
// A budget of time, of counted work, and its end on request.
#include <tacit/core/budget.hpp>

#include <limits>
#include <thread>

#include "catch.hpp"

using namespace tacit;

TEST_CASE("a counted budget knows only the work that was spent, and 10^9 multiplications are one second") {
  Budget budget(2, {.counted = true});
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  CHECK(budget.left() == 2);
  budget.spend(5e8);
  CHECK(budget.left() == 1.5);
  CHECK(!budget.over());
  CHECK(budget.steps(1e9, 300) == 1);
  CHECK(budget.steps(1e8, 300) == 15);
  CHECK(budget.steps(1e6, 300) == 300);
  budget.spend(1.5e9);
  CHECK(budget.over());
  CHECK(budget.steps(1e6, 300) == 1);  // one step at least, as every search makes one
}

TEST_CASE("a budget of time passes by itself, and work does not count") {
  Budget budget(1e-3);
  budget.spend(1e20);
  CHECK(budget.steps(1e20, 300) == 300);
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
  CHECK(budget.over());
  CHECK(!Budget(std::numeric_limits<double>::infinity()).over());
}

TEST_CASE("how much more work fits is known by counting, or by the pace of the work that was timed") {
  Budget counted(2, {.counted = true});
  CHECK(counted.fit(5e8) == 4);
  counted.spend(1e9, Budget::Clock::now() - std::chrono::hours(1));  // where work counts, time does not
  CHECK(counted.fit(5e8) == 2);
  counted.spend(2e9);
  CHECK(counted.fit(5e8) < 0);

  Budget timed(1000);
  CHECK(timed.fit(1e30) == std::numeric_limits<double>::infinity());  // no pace to go by yet
  timed.spend(1e30);
  CHECK(timed.fit(1e30) == std::numeric_limits<double>::infinity());
  timed.spend(1e6, Budget::Clock::now() - std::chrono::seconds(100));  // 10^4 a second
  CHECK_THAT(timed.fit(1e6), Catch::Matchers::WithinRel(10, 1e-2));
  CHECK_THAT(timed.fit(4e6), Catch::Matchers::WithinRel(2.5, 1e-2));
}

TEST_CASE("the next question after a stop throws") {
  bool stop = false;
  const Budget budget(1e9, {.counted = true, .stop = [&] { return stop; }});
  CHECK(budget.left() == 1e9);
  stop = true;
  CHECK_THROWS_AS(budget.left(), Stopped);
  CHECK_THROWS_AS(budget.over(), Stopped);
}
