// SPDX-License-Identifier: MIT
// Strong Wolfe: both conditions hold at every step, checked apart from the search; directions that climb are refused.
#include <tacit/optimizer/lbfgs.hpp>
#include <tacit/optimizer/strong_wolfe.hpp>

#include "catch.hpp"
#include "random_quartic.hpp"
#include "thrown.hpp"

using namespace tacit;
using namespace functions;

TEST_CASE("the strong Wolfe conditions hold at every step on random quartics") {
  long steps = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Function f = random_quartic(6, seed);
    const auto holds = [&](auto optimizer, double c1, double c2, int most) {
      Drive drive(f, random_point(6, seed, 3), std::move(optimizer));
      for (int t = 0; t < most; ++t) {
        const Vector<double> from = drive.step.theta;
        double f0 = 0, f1 = 0;
        const Vector<double> g0 = drive.gradient_at(from, &f0);
        if (!drive() || g0.norm() < 1e-4) break;  // below that, differences of values are rounding
        const Vector<double> g1 = drive.gradient_at(drive.step.theta, &f1), s = drive.step.theta - from;
        CHECK(f1 <= f0 + c1 * g0.dot(s) + 1e-14 * std::abs(f0));
        CHECK(std::abs(g1.dot(s)) <= c2 * std::abs(g0.dot(s)) * (1 + 1e-9));
        ++steps;
      }
    };
    holds(lbfgs(), 1e-4, 0.9, 60);
    holds(FullGradient{} | StrongWolfe{}, 1e-4, 0.9, 30);
    holds(FullGradient{} | StrongWolfe{.first = 1e-3, .c1 = 0.1, .c2 = 0.2}, 0.1, 0.2, 30);
    holds(FullGradient{} | StrongWolfe{.first = 100, .c1 = 1e-3, .c2 = 0.01, .begin = FirstTrial::same_decrease}, 1e-3, 0.01, 30);
  }
  CHECK(steps > 1500);
}

TEST_CASE("what a strong Wolfe search has evaluated, the next step takes over") {
  const Function f = random_quartic(5, 3);
  Drive drive(f, random_point(5, 3), FullGradient{} | StrongWolfe{});
  for (int t = 0; t < 10; ++t) {
    REQUIRE(drive());
    CHECK(drive.step.ahead.theta == drive.step.theta);
    CHECK(drive.step.ahead.gradient == drive.gradient_at(drive.step.theta));
  }
}

TEST_CASE("a strong Wolfe search on a direction that climbs takes no step") {
  CHECK(says_of_climbing(StrongWolfe{}).find("StrongWolfe: the direction climbs, the slope along it is ") == 0);
}

TEST_CASE("a strong Wolfe search meets values that are not finite, and comes back") {
  const Function f(1, [](const Vector<double>& x, Vector<double>& g) {
    g[0] = x[0] < 2 ? x[0] - 0.5 / (2 - x[0]) + 0.25 : std::nan("");
    return x[0] < 2 ? x[0] * x[0] / 2 + 0.5 * std::log(2 - x[0]) + 0.25 * x[0] : std::nan("");
  });
  Drive drive(f, Vector<double>::Constant(1, -3), FullGradient{} | StrongWolfe{.first = 1000});
  for (int t = 0; t < 5; ++t) {
    if (!drive()) break;
    CHECK(std::isfinite(drive.step.theta[0]));
    CHECK(drive.step.theta[0] < 2);
  }
  CHECK(drive.step.iteration > 0);
}

TEST_CASE("StrongWolfe refuses settings that cannot be") {
  const Function f = random_quadratic(3, 2, 1);
  const auto refusal = [&](const StrongWolfe& s) { return thrown([&] { (void)s.start(f); }); };
  CHECK(refusal({.first = 0}) == "StrongWolfe: .first is 0, it needs to be positive and finite");
  CHECK(refusal({.c1 = 0.5, .c2 = 0.1}) == "StrongWolfe: .c1 is 0.5 and .c2 is 0.1, they need 0 < c1 < c2 < 1");
  CHECK(refusal({.trials = 0}) == "StrongWolfe: .trials is 0, it needs to be at least 1");
  CHECK(refusal({.tiny = -1}) == "StrongWolfe: .tiny is -1, it needs to be at least 0");
}
