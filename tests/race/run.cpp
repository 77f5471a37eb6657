// SPDX-License-Identifier: MIT
#include <tacit/race/run.hpp>

#include <tacit/optimizer/named_optimizers.hpp>

#include "catch.hpp"
#include "planted.hpp"

using namespace tacit;

namespace race_run_tests {
const RaceProtocol protocol{.gradients = 100, .targets = {1e-1, 1e-2, 1e-4, 1e-6}};
RaceRun run(const AnyOptimizer<double>& optimizer, const RaceProtocol& how = protocol,
            const OracleCost& cost = {.value = 0.5, .hessian_product = 2}) {
  return race_run(planted::quadratic().make(1), optimizer, how, cost);
}
using Works = std::vector<double>;

TEST_CASE("a target is reached at the first theta below it, and the work up to that theta counts") {
  const RaceRun one = run(planted::asking(0.5));  // f falls by 4 in each step
  CHECK(one.reached == Works{2, 4, 7, 10});
  CHECK(one.start_loss == 1);
  CHECK(one.final_loss == std::pow(0.25, 10));
  CHECK(one.reason == Reason::stopped_by_hook);
  CHECK(one.why == "the hardest target is reached");
  CHECK(one.gradients == 11);
  CHECK(one.rate == 0.5);
}

TEST_CASE("a value and a Hessian-vector product count what they cost beside a gradient") {
  CHECK(run(planted::asking(0.5, {.values = 2})).reached == Works{4, 8, 14, 20});
  CHECK(run(planted::asking(0.5, {.products = 1})).reached == Works{6, 12, 21, 30});
  CHECK(run(planted::asking(0.5, {.values = 1, .products = 1}), protocol, {.value = 1, .hessian_product = 3.5}).reached ==
        Works{11, 22, 38.5, 55});
}

TEST_CASE("of a minibatch its share counts") {
  RaceProtocol how = protocol;
  how.targets = {1e-30};
  how.gradients = 20;
  const RaceRun one = run(AnyOptimizer<double>("sgd({.rate = 0.1, .batch = 1})"), how);
  CHECK(one.why == "the budget of work is spent");
  CHECK(one.gradients == 20.5);
  CHECK(one.iterations == 40);
}

TEST_CASE("a run ends where its budget of work is spent, and what came later does not count") {
  RaceProtocol how = protocol;
  how.gradients = 6;
  const RaceRun one = run(planted::asking(0.5), how);
  CHECK(one.reached == Works{2, 4, RaceRun::never, RaceRun::never});
  CHECK(one.final_loss == std::pow(0.25, 6));
  how.gradients = 3;  // two gradients a step with two values: the second step would end at 4
  CHECK(run(planted::asking(0.5, {.values = 2}), how).reached.front() == RaceRun::never);
}

TEST_CASE("a run ends where its budget of seconds is spent") {
  RaceProtocol how = protocol;
  how.seconds = 1e-9;
  const RaceRun one = run(planted::asking(1e-3), how);
  CHECK(one.why == "the budget of seconds is spent");
  CHECK(one.iterations == 0);
}

TEST_CASE("a run that diverges has reached nothing, whatever it passed on the way") {
  const RaceRun blown = run(planted::asking(3));
  CHECK(blown.diverged());
  CHECK(blown.final_loss == RaceRun::never);
  CHECK(run(planted::asking(1e200)).diverged());  // not finite
  RaceProtocol how = protocol;
  how.stop_at_last_target = false;
  const RaceRun turned = run(planted::asking(0.5, {.turns = 5}), how);
  CHECK(turned.diverged());
  CHECK(turned.best_loss == std::pow(0.25, 5));
  CHECK(turned.reached == Works(4, RaceRun::never));
  CHECK_FALSE(run(planted::asking(0.5), how).diverged());
}

TEST_CASE("targets are relative to the distance of the start from the floor") {
  RaceInstance one = planted::quadratic().make(1);
  one.floor = -1;  // f(start) = 1: a tenth of the way is f = -0.8, which a quadratic never gets to
  CHECK(race_run(one, planted::asking(0.5), protocol).reached.front() == RaceRun::never);
  one.floor = 1;
  CHECK_THROWS_AS(race_run(one, planted::asking(0.5), protocol), std::invalid_argument);
}

TEST_CASE("a curve stands on the log grid of work, with the loss where the run was at that work") {
  const RaceRun one = run(planted::asking(0.5));
  REQUIRE(one.curve.size() > 3);
  CHECK(one.curve.front().gradients == 0);
  CHECK(one.curve.front().loss == 1);
  CHECK(one.curve.back().gradients == 10);
  for (const RacePoint& point : one.curve) CHECK(point.loss == std::pow(0.25, std::floor(point.gradients + 1e-12)));
}

TEST_CASE("a run is the same at every call, and a watch sees every theta") {
  const AnyOptimizer<double> adam("adam({.rate = 0.1})");
  const RaceRun a = run(adam), b = run(adam);
  CHECK(a.theta == b.theta);
  CHECK(a.reached == b.reached);
  Index seen = 0;
  const RaceRun watched = race_run(planted::quadratic().make(1), adam, protocol, {}, [&](const RaceSnapshot& now) {
    seen += !now.closing();
    return now.iteration() == 7 ? Flow::stop : Flow::proceed;
  });
  CHECK(seen == 8);
  CHECK(watched.iterations == 7);
}

TEST_CASE("costs are measured in halves of a gradient") {
  const OracleCost cost = measured_cost(planted::quadratic().make(1), 20);
  for (const double x : {cost.value, cost.hessian_product}) {
    CHECK(x >= 0.5);
    CHECK(2 * x == std::round(2 * x));
  }
}

}  // namespace race_run_tests
