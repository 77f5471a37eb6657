// SPDX-License-Identifier: MIT
#include <tacit/optimizer/learning_rate.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinRel;

TEST_CASE("schedules") {
  const auto steps = step_rate({.rate = 2, .factor = 0.1, .every = 10});
  CHECK(steps(0) == 2);
  CHECK(steps(9) == 2);
  CHECK_THAT(steps(10), WithinRel(0.2, 1e-15));
  CHECK_THAT(steps(39), WithinRel(0.002, 1e-14));

  const auto half_wave = cosine({.rate = 3, .final = 1, .iterations = 100});
  CHECK(half_wave(0) == 3);
  CHECK_THAT(half_wave(50), WithinRel(2.0, 1e-15));
  CHECK(half_wave(25) + half_wave(75) == 4);
  CHECK(half_wave(100) == 1);
  CHECK(half_wave(1'000'000) == 1);
  for (Index t = 0; t < 100; ++t) CHECK(half_wave(t + 1) < half_wave(t));

  const auto warm = warm_up(4, 8.0);
  CHECK(warm(0) == 2);
  CHECK(warm(3) == 8);
  CHECK(warm(100) == 8);
  const auto nested = warm_up(4, half_wave);
  CHECK(nested(1) == half_wave(1) / 2);
  CHECK(nested(7) == half_wave(7));
}

TEST_CASE("a rate scales the step, and says how far it went") {
  Step<double> step(2);
  step.gradient << 3, 4;
  step.begin();
  step.iteration = 10;
  step.scale(0.5);  // as a scaling before it would
  Nothing nothing;
  LearningRate{step_rate({.rate = 2, .factor = 0.1, .every = 10})}.apply(step, nothing);
  CHECK_THAT(step.factor(), WithinRel(-0.1, 1e-15));
  CHECK_THAT(step.rate, WithinRel(0.1, 1e-15));
  CHECK(&step.direction() == &step.gradient);  // no pass over theta
}

TEST_CASE("whole numbers are rates, too") {
  const Layout layout;
  CHECK(LearningRate{1}.schedule.rate == 1);
  CHECK(LearningRate{0.5f}.schedule.rate == 0.5);
}

TEST_CASE("schedules print as they are written") {
  CHECK(sentence(LearningRate{0.5}) == "LearningRate{0.5}");
  CHECK(sentence(LearningRate{step_rate({.rate = 2, .every = 10})}) == "LearningRate{step_rate({.rate = 2, .factor = 0.1, .every = 10})}");
  CHECK(sentence(LearningRate{warm_up(5, cosine({.rate = 1, .iterations = 9}))}) ==
        "LearningRate{warm_up(5, cosine({.rate = 1, .final = 0, .iterations = 9}))}");
}

TEST_CASE("rates that cannot be are refused with a sentence") {
  const Layout layout;
  const auto refusal = [&](auto rate) { return thrown([&] { (void)rate.template start<double>(layout); }); };
  CHECK(refusal(LearningRate{0.0}) == "LearningRate: the rate is 0, it needs to be positive and finite");
  CHECK(refusal(LearningRate{-0.1}) == "LearningRate: the rate is -0.1, it needs to be positive and finite");
  CHECK(refusal(LearningRate{std::nan("")}) == "LearningRate: the rate is nan, it needs to be positive and finite");
  CHECK(refusal(LearningRate{warm_up(5, -1.0)}) == "LearningRate: the rate is -0.2, it needs to be positive and finite");
  CHECK(thrown([] { step_rate({.rate = 1, .every = 0}); }) == "step_rate: rate 1, factor 0.1 and every 0 need to be positive");
  CHECK(thrown([] { cosine({.rate = 1, .iterations = 0}); }) ==
        "cosine: rate 1 and iterations 0 need to be positive, final 0 not negative");
  CHECK(thrown([] { warm_up(0, 1.0); }) == "warm_up: iterations is 0, it needs to be at least 1");
}
