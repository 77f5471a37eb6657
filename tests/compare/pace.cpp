// SPDX-License-Identifier: MIT
// complete() under a budget of counted work, and stopped from outside; a result that is empty.
#include <tacit/compare/complete.hpp>
#include <tacit/data/low_rank.hpp>

#include <atomic>
#include <chrono>
#include <thread>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {

/// Work of a small fraction of a second: every search ends by its budget.
CompletionSettings scarce() {
  CompletionSettings s;
  s.folds = 3;
  s.budget = 0.02;
  s.threads = 1;
  s.pace.counted = true;
  return s;
}
void require_same(const CompletionResult& one, const CompletionResult& two) {
  REQUIRE(one.methods.size() == two.methods.size());
  for (std::size_t m = 0; m < one.methods.size(); ++m) {
    INFO(one.methods[m].name);
    CHECK(one.methods[m].settings == two.methods[m].settings);
    if (one.methods[m].settings.find("left out") == 0) continue;  // no numbers
    CHECK(one.methods[m].of_folds == two.methods[m].of_folds);
  }
  CHECK(one.folds == 3);
  CHECK(two.folds == 3);
  CHECK(one.fit.theta == two.fit.theta);
  CHECK(one.width == two.width);
}

}  // namespace

TEST_CASE("a counted budget that ends every search gives the same numbers with one thread, and with two beside a busy one") {
  const auto task = low_rank_completion({.rows = 60, .cols = 50, .rank = 3, .observed = 1500, .seed = 1, .noise_std = 0.3});
  const auto alone = complete(task.seen, scarce());
  std::atomic<bool> done = false;
  std::thread busy([&] {
    for (volatile double x = 1; !done;) x = x + 1;
  });
  CompletionSettings s = scarce();
  s.threads = 2;
  const auto beside = complete(task.seen, s);
  done = true;
  busy.join();
  require_same(alone, beside);
}

TEST_CASE("a counted budget is the same for ratings, and more of it searches longer") {
  const auto task = low_rank_completion({.rows = 400, .cols = 300, .rank = 3, .observed = 12'000, .seed = 2, .noise_std = 0.3});
  CompletionSettings s = scarce();
  s.budget = 0.05;
  const auto one = complete(task.seen, s);
  s.threads = 2;
  require_same(one, complete(task.seen, s));
  CHECK(one.methods[0].name == "depth 2 + biases");
  s.budget = 5;
  CHECK(complete(task.seen, s).chosen().validation_rmse < one.chosen().validation_rmse);
}

TEST_CASE("few iterations limit what every fit of the search makes") {
  const auto task = low_rank_completion({.rows = 40, .cols = 30, .rank = 2, .observed = 700, .seed = 3, .noise_std = 0.3});
  CompletionSettings s = scarce();
  s.budget = 60;
  s.iterations = 4;
  s.baselines = false;
  const auto result = complete(task.seen, s);
  REQUIRE(!result.fit.choice.steps.empty());
  if (result.fit.choice.by == Simplicity::averaging)
    for (Index steps : result.fit.choice.steps) CHECK(steps <= 4);
  s.iterations = 0;
  CHECK(thrown([&] { complete(task.seen, s); }) == "complete: the iterations are 0, they need to be positive");
}

TEST_CASE("whoever waits for a completion can stop it: no thread works on once it was told") {
  const auto task = low_rank_completion({.rows = 300, .cols = 200, .rank = 5, .observed = 20'000, .seed = 4, .noise_std = 0.3});
  for (const int patience : {0, 40, 400}) {
    std::atomic<int> asked = 0, told = 0;
    CompletionSettings s;
    s.threads = 2;
    s.pace.stop = [&] { return asked++ >= patience && ++told > 0; };
    CHECK_THROWS_AS(complete(task.seen, s), Stopped);
    INFO("told " << told << " times after " << patience);
    CHECK(told <= s.threads);
  }
}

TEST_CASE("an empty result says that nothing was chosen") {
  CHECK(thrown([] { return CompletionResult().chosen(); }).find("no method is chosen among 0; complete(data) comes first") !=
        std::string::npos);
}
