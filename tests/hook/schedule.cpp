// SPDX-License-Identifier: MIT
#include <tacit/hook/schedule.hpp>

#include "catch.hpp"
#include "example.hpp"
#include "thrown.hpp"

using namespace example;

namespace {

/// Lists the iterations that it is called at; the closing call as -t.
struct List {
  std::vector<Index> at = {};
  Index prepared = -1;
  void operator()(const auto& now) { at.push_back(now.closing() ? -now.iteration() : now.iteration()); }
  void prepare(Index calls) { prepared = calls; }
};
using Calls = std::vector<Index>;

struct Stop {
  Flow operator()(const auto&) { return Flow::stop; }
  std::string sentence() const { return "enough"; }
};

template <class Wrap>
List calls(Index iterations, Wrap&& wrap) {
  List list;
  watch(iterations, wrap(list));
  CHECK(static_cast<Index>(list.at.size()) <= list.prepared);  // what a record reserves is enough
  return list;
}

}  // namespace

TEST_CASE("every n iterations, and at the end") {
  CHECK(calls(10, [](List& l) { return every(4, l); }).at == Calls{0, 4, 8, -10});
  CHECK(calls(8, [](List& l) { return every(4, l); }).at == Calls{0, 4, -8});
  CHECK(calls(3, [](List& l) { return every(1, l); }).at == Calls{0, 1, 2, -3});
  CHECK(calls(0, [](List& l) { return every(4, l); }).at == Calls{0});
  List both;
  watch(30, every(4, every(6, both)));
  CHECK(both.at == Calls{0, 12, 24, -30});
}

TEST_CASE("equidistant on a logarithmic axis") {
  CHECK(calls(2000, [](List& l) { return log_spaced(1, l); }).at == Calls{0, 1, 10, 100, 1000, -2000});
  // Four a decade: 10^(i/4), rounded up.
  CHECK(calls(101, [](List& l) { return log_spaced(4, l); }).at == Calls{0, 1, 2, 4, 6, 10, 18, 32, 57, 100, -101});
  const auto at = calls(2000, [](List& l) { return log_spaced(10, l); }).at;
  for (std::size_t k = 0; k + 2 < at.size(); ++k) {
    CHECK(at[k + 1] > at[k]);
    if (at[k] >= 20) {
      const double ratio = static_cast<double>(at[k + 1]) / static_cast<double>(at[k]);
      CHECK(std::abs(ratio / std::pow(10, 0.1) - 1) < 1.5 / static_cast<double>(at[k]));
    }
  }
  // Denser than the integers: every one of them.
  CHECK(calls(5, [](List& l) { return log_spaced(1000, l); }).at == Calls{0, 1, 2, 3, 4, -5});
}

TEST_CASE("once, and at the end alone") {
  CHECK(calls(10, [](List& l) { return once(7, l); }).at == Calls{7});
  CHECK(calls(10, [](List& l) { return once(10, l); }).at == Calls{});
  CHECK(calls(10, [](List& l) { return at_the_end(l); }).at == Calls{-10});
}

TEST_CASE("a hook given by name is the caller's, a temporary is kept") {
  List mine;
  auto schedule = every(5, mine);
  watch(10, schedule);
  CHECK(mine.at == Calls{0, 5, -10});
  auto kept = every(5, List{});
  watch(10, kept);
  CHECK(kept.hook.at == Calls{0, 5, -10});
}

TEST_CASE("a scheduled hook stops the run, and says why") {
  const auto outcome = watch(10, once(6, Stop{}));
  CHECK(outcome.reason == Reason::stopped_by_hook);
  CHECK(outcome.iterations == 6);
  CHECK(outcome.why == "enough");
}

TEST_CASE("schedules that cannot be are refused with a sentence") {
  CHECK(thrown([] { every(0, List{}); }) == "every: the interval is 0, it needs to be at least 1");
  CHECK(thrown([] { log_spaced(0, List{}); }) == "log_spaced: 0 points a decade, needs a positive number");
}
