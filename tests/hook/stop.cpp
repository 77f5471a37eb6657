// SPDX-License-Identifier: MIT
#include <tacit/core/archive.hpp>
#include <tacit/hook/best.hpp>
#include <tacit/hook/progress.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/stop.hpp>

#include <limits>

#include "catch.hpp"
#include "example.hpp"
#include "thrown.hpp"

using namespace example;

namespace {

const double nan_ = std::numeric_limits<double>::quiet_NaN();

/// A probe that returns these values, one at each iteration.
auto scripted(std::vector<double> values) {
  return probe("script", [values](const auto& now) { return values.at(static_cast<std::size_t>(now.iteration())); });
}
/// Where the run stops under this condition, or -1.
template <class Condition>
Index stops_at(Condition condition) {
  const auto outcome = watch(8, stop_when(condition));
  if (outcome.reason != Reason::stopped_by_hook) return -1;
  CHECK(outcome.why.find("script ") == 0);
  return outcome.iterations;
}
std::ptrdiff_t lines(const std::ostringstream& out) {
  const std::string text = out.str();
  return std::count(text.begin(), text.end(), '\n');
}
/// A Snapshot as far as plateau looks at it.
struct Loss {
  double value;
  double loss() const { return value; }
};

}  // namespace

TEST_CASE("below a tolerance, for as many checks in a row as asked") {
  const std::vector<double> values = {5, 1, 2, 1, nan_, 1, 0.5, 1, 9};
  CHECK(stops_at(below(scripted(values), 1)) == 1);
  CHECK(stops_at(below(scripted(values), 1, 2)) == 6);
  CHECK(stops_at(below(scripted(values), 1, 3)) == 7);
  CHECK(stops_at(below(scripted(values), 1, 4)) == -1);
  CHECK(stops_at(below(scripted(values), 0.1)) == -1);
  CHECK(below(scripted({}), 1).sentence() == "script at most 1");
  CHECK(below(scripted({}), 1, 3).sentence() == "script at most 1 at 3 checks in a row");
}

TEST_CASE("loss and gradient") {
  const auto outcome = watch(1000, stop_when(loss_below(0.05)));
  CHECK(outcome.reason == Reason::stopped_by_hook);
  CHECK(outcome.loss <= 0.05);
  CHECK(outcome.why == "loss at most 0.05");
  const auto small = watch(1000, stop_when(gradient_below(0.02, 2)));
  CHECK(small.reason == Reason::stopped_by_hook);
  CHECK(small.why == "gradient_norm at most 0.02 at 2 checks in a row");
}

TEST_CASE("each call is a check") {
  CHECK(watch(8, every(3, stop_when(below(scripted(std::vector<double>(9, 0.0)), 1, 2)))).iterations == 3);
}

TEST_CASE("in a minibatch run conditions on all data are checked once an epoch, or at each call if asked") {
  const auto p = problem();  // nine observations
  const auto looks = [&](auto condition, Index iterations) {
    /// A probe of all data that counts how often it is asked, in place of the loss.
    Index count = 0;
    auto stop = stop_when(condition);
    Vector<double> theta = start();
    train(p, theta, sgd({.rate = 1e-3, .batch = 3}), {.iterations = iterations}, [&](const auto& now) {
      const bool had = now.memo().full.has_value();
      stop(now);
      count += !now.closing() && now.memo().full.has_value() && !had;
    });
    return count;
  };
  CHECK(looks(loss_below(0), 12) == 4);  // a pass is three batches
  CHECK(looks(gradient_below(0), 12) == 4);
  CHECK(looks(plateau({.calls = 100}), 12) == 4);
  CHECK(looks(loss_below(0).every_call(), 12) == 12);
  CHECK(looks(plateau({.calls = 100}).every_call(), 12) == 12);
  CHECK(watch(12, stop_when(loss_below(1e9, 3))).iterations == 2);  // full gradients: each call is a check, as ever
}

TEST_CASE("a plateau compares with the loss some checks ago") {
  const auto first = [](std::vector<double> losses, PlateauSettings options) {
    auto condition = plateau(options);
    for (std::size_t t = 0; t < losses.size(); ++t)
      if (condition(Loss{losses[t]})) return static_cast<Index>(t);
    return Index(-1);
  };
  CHECK(first({8, 4, 2, 1, 0.999, 0.998}, {.calls = 1, .relative = 0.01}) == 4);
  CHECK(first({8, 4, 2, 1, 0.999, 0.998}, {.calls = 2, .relative = 0.01}) == 5);
  CHECK(first({8, 4, 2, 1, 0.999, 0.5}, {.calls = 2, .relative = 0.01}) == -1);
  CHECK(first({1, nan_, 1, nan_}, {.calls = 1}) == -1);
  CHECK(plateau({.calls = 2, .relative = 0.01}).sentence() == "the loss changed by less than 0.01 relative over 2 checks");
  // Armed late: the flat start of a small initialisation is none.
  CHECK(first({8, 8, 8, 1, 1}, {.calls = 1, .below = 0.5}) == 4);
}

TEST_CASE("worse on a probe, with patience") {
  CHECK(stops_at(worse_on(scripted({5, 4, 4.5, 4.2, 3, 3.5, 3, 3.1, 0}), 2)) == 3);
  CHECK(stops_at(worse_on(scripted({5, 4, 4.5, 4.2, 3, 3.5, 3, 3.1, 0}), 3)) == 7);
  CHECK(stops_at(worse_on(scripted({5, 4, 3, 2, 1, 0, -1, -2, -3}), 1)) == -1);
  CHECK(watch(8, stop_when(worse_on(scripted({5, 4, 4.5, 4.2, 3}), 2))).why == "script has not improved on 4 for 2 checks");
  CHECK(stops_at(worse_on(scripted({nan_, nan_, 1, 1, 1, 1, 1, 1, 1}), 3)) == 5);
}

TEST_CASE("a condition of one's own, and a time limit") {
  const auto outcome = watch(8, stop_when(time_limit(0)));
  CHECK(outcome.iterations == 0);
  CHECK(outcome.why == "the time limit of 0 s is over");
  const auto own = watch(8, stop_if("it is four", [](const auto& now) { return now.iteration() == 4; }));
  CHECK(own.iterations == 4);
  CHECK(own.why == "it is four");
}

TEST_CASE("the closing snapshot stops nothing") {
  const auto outcome = watch(3, stop_if("always at three", [](const auto& now) { return now.iteration() == 3; }));
  CHECK(outcome.reason == Reason::reached_limit);
}

TEST_CASE("conditions remember across an archive") {
  auto before = stop_when(worse_on(scripted({}), 3));
  before.condition.best = 2;
  before.condition.since = 1;
  OutputArchive out;
  out("stop", before);
  auto after = stop_when(worse_on(scripted({}), 3));
  InputArchive in(out.bytes(), "archive");
  in("stop", after);
  CHECK(after.condition.best == 2);
  CHECK(after.condition.since == 1);
}

TEST_CASE("a plateau and a count of checks go on across an archive") {
  const auto through = [](auto before, auto after) {
    OutputArchive out;
    out("stop", before);
    InputArchive in(out.bytes(), "archive");
    in("stop", after);
    return after;
  };
  auto flat = plateau({.calls = 2, .below = 0.5});
  flat.last = {3, 4};
  flat.seen = 7;
  flat.first = 9;
  const auto after = through(flat, plateau({.calls = 2, .below = 0.5}));
  CHECK(after.last == flat.last);
  CHECK(after.seen == 7);
  CHECK(after.first == 9);
  auto low = loss_below(1, 5);
  low.passed = 3;
  CHECK(through(low, loss_below(1, 5)).passed == 3);
}

TEST_CASE("conditions that cannot be are refused with a sentence") {
  CHECK(thrown([] { loss_below(1, 0); }) == "below: checks is 0, it needs to be at least 1");
  CHECK(thrown([] { plateau({.calls = 0}); }) == "plateau: .calls is 0, it needs to be at least 1");
  CHECK(thrown([] { worse_on(tacit::loss, 0); }) == "worse_on: the patience is 0, it needs to be at least 1");
}

TEST_CASE("the best theta is kept") {
  std::vector<Vector<double>> path;
  auto best = keep_best(scripted({5, nan_, 3, 4, 2, 2, 7, 2.5, 9}));
  CHECK(best.theta().size() == 0);
  CHECK(best.name() == "script");
  watch(8, best, [&](const auto& now) { path.push_back(now.theta()); });
  CHECK(best.value() == 2);
  CHECK(best.iteration() == 4);
  CHECK(best.theta() == path[4]);
  OutputArchive out;
  out("best", best);
  auto after = keep_best(scripted({}));
  InputArchive in(out.bytes(), "archive");
  in("best", after);
  CHECK(after.theta() == best.theta());
  CHECK(after.value() == 2);
  CHECK(after.iteration() == 4);
}

TEST_CASE("progress in a log: a line each time, with where the run is and its loss") {
  std::ostringstream log, line;
  watch(8, every(4, progress_log(log)), progress_line(line));
  CHECK(log.str().find("iteration 0 of 8  ") == 0);
  CHECK(log.str().find("\niteration 4 of 8  ") != std::string::npos);
  CHECK(log.str().find("\niteration 8 of 8  ") != std::string::npos);
  CHECK(lines(log) == 3);
  CHECK(line.str().find("\riteration 0 of 8  ") == 0);
  CHECK(lines(line) == 1);
  CHECK(line.str().back() == '\n');
}
