// SPDX-License-Identifier: MIT
// Polyak's rate: its formula, and its rate of convergence on quadratics.
#include <tacit/optimizer/on_batches.hpp>
#include <tacit/optimizer/polyak_rate.hpp>
#include <tacit/train.hpp>

#include "bitwise/example.hpp"
#include "catch.hpp"
#include "random_quartic.hpp"
#include "thrown.hpp"

using namespace tacit;
using namespace functions;

TEST_CASE("Polyak's rate brings every step nearer to the minimiser of a quadratic by what the theory says") {
  for (const double least : {0.0, 3.0, -2.0}) {
    Vector<double> at;
    const Function f = random_quadratic(5, 20, 4, &at, least);
    Drive drive(f, random_point(5, 5), polyak({.minimum = least}));
    for (int t = 0; t < 60; ++t) {
      const Vector<double> from = drive.step.theta;
      double value = 0;
      const Vector<double> g = drive.gradient_at(from, &value);
      REQUIRE(drive());
      const double eta = (value - least) / g.squaredNorm();
      CHECK(std::abs(drive.step.rate - eta) <= 1e-12 * eta);
      // |x' - x*|^2 = |x - x*|^2 - 2 eta g^T (x - x*) + eta^2 |g|^2, and g^T (x - x*) = 2 (L - L*) here: three times (L - L*)^2 / |g|^2 less.
      CHECK(std::abs((drive.step.theta - at).squaredNorm() - (from - at).squaredNorm() + 3 * eta * (value - least)) <= 1e-12);
    }
    CHECK((drive.step.theta - at).norm() < 0.1);
  }
}

TEST_CASE("Polyak's rate is bounded, and halves with a c of two") {
  const Function f = random_quadratic(3, 5, 1);
  const auto rate = [&](PolyakSettings s) {
    Drive drive(f, random_point(3, 1), polyak(s));
    REQUIRE(drive());
    return drive.step.rate;
  };
  const double full = rate({});
  CHECK(rate({.c = 2}) == full / 2);
  CHECK(rate({.largest = full / 3}) == full / 3);
}

TEST_CASE("Polyak's rate arrives at the least value, and makes no step on a batch that is fitted") {
  const Function f = random_quadratic(3, 5, 1);
  Drive arrived(f, random_point(3, 1), polyak({.minimum = 1e9}));
  CHECK_FALSE(arrived());
  CHECK(arrived.step.arrived);
  CHECK(arrived.step.why == "PolyakRate: the objective is not above the least value 1000000000");
  const auto p = bitwise::problem<double>();
  Run run(p, bitwise::start<double>(), on_batches({.size = 5}, FullGradient{}) | PolyakRate{.minimum = 1e9});
  CHECK(run.advance(20) == Reason::reached_limit);
  CHECK(bitwise::same_bits(run.theta(), bitwise::start<double>()));
}

TEST_CASE("Polyak's rate takes no step on a direction that climbs") {
  CHECK(says_of_climbing(PolyakRate{}).find("PolyakRate: the direction climbs, the slope along it is ") == 0);
}

TEST_CASE("PolyakRate refuses settings that cannot be") {
  const Function f = random_quadratic(3, 2, 1);
  const auto refusal = [&](const PolyakRate& s) { return thrown([&] { (void)s.start(f); }); };
  CHECK(refusal({.minimum = std::nan("")}) == "PolyakRate: .minimum is nan");
  CHECK(refusal({.c = 0}) == "PolyakRate: .c is 0, it needs to be positive and finite");
  CHECK(refusal({.largest = 0}) == "PolyakRate: .largest is 0, it needs to be positive");
}
