// SPDX-License-Identifier: MIT
// Backtracking: Armijo's condition holds at every step, and the next longer length did not satisfy it.
#include <tacit/optimizer/armijo.hpp>
#include <tacit/optimizer/on_batches.hpp>
#include <tacit/train.hpp>

#include "bitwise/example.hpp"
#include "catch.hpp"
#include "random_quartic.hpp"
#include "thrown.hpp"

using namespace tacit;
using namespace functions;

TEST_CASE("Armijo's condition holds at every step on random quartics, and not at the length tried before") {
  long steps = 0, taken_back = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Function f = random_quartic(6, seed);
    for (const double c1 : {1e-4, 0.3}) {
      Drive drive(f, random_point(6, seed, 3), armijo({.c1 = c1}));
      double last = 0;
      for (int t = 0; t < 40; ++t) {
        const Vector<double> from = drive.step.theta;
        double f0 = 0, f1 = 0, before = 0;
        const Vector<double> g = drive.gradient_at(from, &f0);
        if (!drive() || g.norm() < 1e-4) break;
        (void)drive.gradient_at(drive.step.theta, &f1);
        const double rate = drive.step.rate;
        CHECK(f1 <= f0 - c1 * rate * g.squaredNorm() + 1e-14 * std::abs(f0));
        if (rate < (last > 0 ? 2 * last : 1)) {
          (void)drive.gradient_at(from - 2 * rate * g, &before);
          CHECK(before > f0 - c1 * 2 * rate * g.squaredNorm() - 1e-14 * std::abs(f0));
          ++taken_back;
        } else {
          CHECK(rate == (last > 0 ? 2 * last : 1));
        }
        last = rate;
        ++steps;
      }
    }
  }
  CHECK(steps > 500);
  CHECK(taken_back > 200);
}

TEST_CASE("a first trial that is likely to be accepted is evaluated with its gradient, others by value alone") {
  const Function f = random_quadratic(4, 1, 1);
  Drive drive(f, random_point(4, 2), FullGradient{} | Armijo{.first = 0.5, .largest = 0.5});
  for (int t = 0; t < 10; ++t) REQUIRE(drive());
  CHECK(drive.ws.values == 1);      // in the first step nothing is known yet
  CHECK(drive.ws.gradients == 11);  // at ten thetas, and where the last step leads
  const Function curved = random_quadratic(4, 10, 1);
  Drive far(curved, random_point(4, 2), FullGradient{} | Armijo{.first = 64, .grow = 16});
  for (int t = 0; t < 10; ++t) REQUIRE(far());
  CHECK(far.ws.gradients == 10);
  CHECK(far.ws.values > 20);
}

TEST_CASE("on minibatches Armijo asks the batch, by values alone") {
  const auto p = bitwise::problem<double>();
  Run run(p, bitwise::start<double>(), on_batches({.size = 7}, FullGradient{}) | Armijo{.largest = 10});
  CHECK(run.advance(200) == Reason::reached_limit);
  CHECK(std::abs(run.finish().gradient_evaluations - 50) < 1e-9);  // four batches an epoch
  CHECK(run.finish().loss < 1);
}

TEST_CASE("Armijo's backtracking on a direction that climbs takes no step") {
  CHECK(says_of_climbing(Armijo{}).find("Armijo: the direction climbs, the slope along it is ") == 0);
}

TEST_CASE("Armijo says where no length is short enough") {
  const Function wrong(1, [](const Vector<double>& x, Vector<double>& g) { return g[0] = -1, x[0]; });  // a gradient of the wrong sign
  Drive drive(wrong, Vector<double>::Ones(1), armijo());
  CHECK_FALSE(drive());
  CHECK(drive.step.theta[0] == 1);
  CHECK(drive.step.why == "Armijo: none of 50 lengths lowers the objective enough");
}

TEST_CASE("Armijo stalls where the step is below the rounding of theta, and where the slope is no number") {
  // x^2 that ends at 1, behind which it is not a number: the steps shrink until they reach the wall.
  const Function wall(1, [](const Vector<double>& x, Vector<double>& g) {
    g[0] = 2 * x[0];
    return x[0] < 1 ? std::nan("") : x[0] * x[0];
  });
  Vector<double> x{{3}};
  const auto outcome = train(wall, x, armijo(), {.iterations = 10'000});
  CHECK(outcome.reason == Reason::stalled);
  CHECK(outcome.why.find("Armijo: ") == 0);
  CHECK(x[0] >= 1);
  CHECK(x[0] < 1 + 1e-12);
  const Function unsloped(1, [](const Vector<double>& at, Vector<double>& g) {
    g[0] = std::nan("");
    return at[0];
  });
  CHECK(train(unsloped, x, armijo(), {.iterations = 5}).why ==
        "Armijo: the slope along the direction is nan: the gradient or the update is not finite");
}

TEST_CASE("Armijo refuses settings that cannot be") {
  const Function f = random_quadratic(3, 2, 1);
  const auto refusal = [&](const Armijo& s) { return thrown([&] { (void)s.start(f); }); };
  CHECK(refusal({.c1 = 1}) == "Armijo: .c1 is 1, it needs to be between 0 and 1");
  CHECK(refusal({.shrink = 1}) == "Armijo: .shrink is 1, it needs to be between 0 and 1");
  CHECK(refusal({.first = 0}) == "Armijo: .first is 0, it needs to be positive and finite");
  CHECK(refusal({.grow = 0.5}) == "Armijo: .grow is 0.5, it needs to be at least 1");
  CHECK(refusal({.largest = 0}) == "Armijo: .largest is 0, it needs to be positive");
  CHECK(refusal({.trials = 0}) == "Armijo: .trials is 0, it needs to be at least 1");
}
