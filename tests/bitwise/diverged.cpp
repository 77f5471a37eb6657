// SPDX-License-Identifier: MIT
// A run that diverges returns the last theta whose loss was finite, bit for bit, with every row that was recorded before.
#include <tacit/core/archive.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/trajectory.hpp>
#include <tacit/optimizer/recipes.hpp>

#include "example.hpp"

using namespace bitwise;

namespace {

struct Record {
  std::vector<Vector<double>> path;
  std::vector<double> loss, flow_time;
  template <class P>
  void operator()(const Snapshot<P>& now) {
    if (now.closing()) return;
    path.push_back(now.theta());
    loss.push_back(now.loss());
    flow_time.push_back(now.flow_time());
  }
};

}  // namespace

TEST_CASE("a rate that is too large") {
  const auto p = problem<double>();
  Record record;
  Trajectory history(tacit::loss, gradient_norm, rate);
  Vector<double> theta = start<double>();
  const auto outcome = train(p, theta, gradient_descent({.rate = 50}), {.iterations = 1000}, record, history);
  const auto last = static_cast<Index>(record.path.size()) - 1;
  CHECK(outcome.reason == Reason::diverged);
  CHECK(last > 3);
  CHECK(last < 100);
  CHECK(outcome.iterations == last);
  CHECK(same_bits(theta, record.path.back()));
  CHECK(outcome.loss == record.loss.back());
  CHECK(std::isfinite(outcome.loss));
  CHECK(outcome.flow_time == record.flow_time.back());
  CHECK(outcome.why.find("the loss is not finite at iteration " + std::to_string(last + 1)) == 0);
  REQUIRE(history.rows() == last + 1);
  for (Index t = 0; t <= last; ++t) {
    CHECK(history(t, 0) == static_cast<double>(t));
    CHECK(history(t, 1) == record.loss[static_cast<std::size_t>(t)]);
  }

  SECTION("also where the last step of all is the one that leads astray, which only finish() can see") {
    Vector<double> again = start<double>();
    const auto at_the_end = train(p, again, gradient_descent({.rate = 50}), {.iterations = last + 1});
    CHECK(at_the_end.reason == Reason::diverged);
    CHECK(at_the_end.iterations == last);
    CHECK(at_the_end.loss == outcome.loss);
    CHECK(at_the_end.flow_time == outcome.flow_time);
    CHECK(at_the_end.why == outcome.why);
    CHECK(same_bits(again, theta));
  }
  SECTION("one step less is an ordinary run") {
    Vector<double> again = start<double>();
    CHECK(train(p, again, gradient_descent({.rate = 50}), {.iterations = last}).reason == Reason::reached_limit);
    CHECK(same_bits(again, theta));
  }
  SECTION("also where an archive comes between that step and its evaluation") {
    Run before(p, start<double>(), gradient_descent({.rate = 50}));
    before.advance(last + 1);
    OutputArchive out;
    before.persist(out);
    Run after(p, Vector<double>(2 * start<double>()), gradient_descent({.rate = 50}));
    InputArchive in(out.bytes(), "archive");
    after.persist(in);
    CHECK(after.advance(1) == Reason::diverged);
    const auto ended = after.finish();
    CHECK(ended.iterations == last);
    CHECK(ended.flow_time == outcome.flow_time);
    CHECK(same_bits(after.theta(), theta));
  }
  SECTION("a diverged run stays where it is") {
    Run run(p, start<double>(), gradient_descent({.rate = 50}));
    CHECK(run.advance(1000) == Reason::diverged);
    CHECK(run.advance(1000) == Reason::diverged);
    CHECK(run.finish().reason == Reason::diverged);
    CHECK(run.finish().iterations == last);
    CHECK(same_bits(run.theta(), theta));
  }
}

TEST_CASE("a start whose loss is not finite") {
  const Vector<double> far = Vector<double>::Constant(44, 1e200);
  Vector<double> theta = far;
  int calls = 0;
  const auto outcome = train(problem<double>(), theta, gradient_descent({.rate = 0.1}), {.iterations = 10},
                             [&](const auto& now) { calls += !now.closing(); });
  CHECK(outcome.reason == Reason::diverged);
  CHECK(outcome.iterations == 0);
  CHECK(same_bits(theta, far));
  CHECK(calls == 0);
  CHECK(outcome.why == "the loss is not finite at iteration 0; the prediction of entry (0, 1) is inf");
}
