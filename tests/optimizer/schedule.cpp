// SPDX-License-Identifier: MIT
#include <tacit/optimizer/decaying_rate.hpp>
#include <tacit/optimizer/learning_rate.hpp>
#include <tacit/optimizer/one_cycle.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinRel;

namespace {
std::vector<SettingText> identity(auto schedule) { return detail::settings_of(LearningRate{schedule}); }
}  // namespace

TEST_CASE("schedules one after another count their own iterations from 0") {
  const auto falls = cosine({.rate = 0.1, .final = 0.01, .iterations = 40});
  const auto s = warm_up(10, 0.1).then(falls).then(constant(0.005));
  for (Index t = 0; t < 10; ++t) CHECK(s(t) == warm_up(10, 0.1)(t));
  for (Index t = 10; t < 50; ++t) CHECK(s(t) == falls(t - 10));
  CHECK(s(50) == 0.005);
  CHECK(s(1'000'000) == 0.005);

  const auto in_parts = warm_up(10, 0.1).then(falls.then(constant(0.005)));
  for (Index t = 0; t < 60; ++t) CHECK(in_parts(t) == s(t));

  const auto steps = step_rate({.rate = 1, .every = 3}).lasting(6).then(linear({.rate = 2, .final = 1, .iterations = 4})).then([](Index t) {
    return 100.0 + static_cast<double>(t);
  });
  CHECK(steps(5) == 0.1);
  CHECK(steps(6) == 2);
  CHECK(steps(8) == 1.5);
  CHECK(steps(10) == 100);
  CHECK(steps(12) == 102);
}

TEST_CASE("a warm-up without a rate rises to the first rate of what follows") {
  const auto s = warm_up(4).then(step_rate({.rate = 8, .every = 5}));
  CHECK(s(0) == 2);
  CHECK(s(3) == 8);
  CHECK(s(4) == 8);
  CHECK(s(8) == 8);
  CHECK_THAT(s(9), WithinRel(0.8, 1e-15));
}

TEST_CASE("linear rates go from one to the other, and stay") {
  const auto s = linear({.rate = 3, .final = 1, .iterations = 4});
  CHECK(s(0) == 3);
  CHECK(s(1) == 2.5);
  CHECK(s(4) == 1);
  CHECK(s(99) == 1);
}

TEST_CASE("one cycle rises to its rate and falls far below its first") {
  for (const Anneal anneal : {Anneal::cosine, Anneal::linear}) {
    const auto s = one_cycle({.rate = 0.5, .iterations = 100, .anneal = anneal});
    CHECK_THAT(s(0), WithinRel(0.02, 1e-14));
    CHECK_THAT(s(29), WithinRel(0.5, 1e-14));
    CHECK_THAT(s(99), WithinRel(2e-6, 1e-14));
    CHECK(s(1000) == s(99));
    for (Index t = 0; t < 29; ++t) CHECK(s(t + 1) > s(t));
    for (Index t = 29; t < 99; ++t) CHECK(s(t + 1) < s(t));
  }
  CHECK(one_cycle({.rate = 1, .iterations = 100})(50) != one_cycle({.rate = 1, .iterations = 100, .anneal = Anneal::linear})(50));
}

TEST_CASE("inverse square roots rise to their rate, inverse times begin at it") {
  const auto s = inverse_sqrt({.rate = 0.4, .warm_up = 9});
  CHECK_THAT(s(0), WithinRel(0.4 / 9, 1e-15));
  CHECK(s(8) == 0.4);
  CHECK_THAT(s(35), WithinRel(0.2, 1e-15));
  CHECK(inverse_time({.rate = 3, .decay = 0.5})(0) == 3);
  CHECK(inverse_time({.rate = 3, .decay = 0.5})(4) == 1);
}

TEST_CASE("schedules are identified by their kind and their values") {
  CHECK(identity(cosine({.rate = 1, .final = 0.5, .iterations = 7})) == identity(cosine({.rate = 1, .final = 0.5, .iterations = 7})));
  CHECK_FALSE(identity(cosine({.rate = 1, .final = 0.5, .iterations = 7})) == identity(linear({.rate = 1, .final = 0.5, .iterations = 7})));
  CHECK_FALSE(identity(one_cycle({.rate = 1, .iterations = 50})) ==
              identity(one_cycle({.rate = 1, .iterations = 50, .anneal = Anneal::linear})));
  const auto first = constant(0.1).lasting(50);
  CHECK(identity(first.then(constant(0.2))) == identity(constant(0.1).lasting(50).then(constant(0.2))));
  CHECK_FALSE(identity(first.then(constant(0.2))) == identity(constant(0.1).lasting(51).then(constant(0.2))));
  CHECK_FALSE(identity(first.then(constant(0.2))) == identity(first.then(constant(0.3))));
  const auto formula = [](double c) { return [c](Index t) { return c / static_cast<double>(1 + t); }; };
  CHECK(identity(first.then(formula(1))) == identity(first.then(formula(1))));
  CHECK_FALSE(identity(first.then(formula(1))) == identity(first.then(formula(2))));
}

TEST_CASE("schedules one after another print as they are written") {
  CHECK(sentence(LearningRate{warm_up(5, 0.1).then(constant(0.2).lasting(3)).then(inverse_sqrt({.rate = 1, .warm_up = 2}))}) ==
        "LearningRate{warm_up(5, 0.1).then(constant(0.2).lasting(3).then(inverse_sqrt({.rate = 1, .warm_up = 2})))}");
  CHECK(sentence(one_cycle({.rate = 1, .iterations = 50})) ==
        "one_cycle({.rate = 1, .iterations = 50, .rise = 0.3, .divide_first = 25, .divide_last = 10000, .anneal = Anneal::cosine})");
  CHECK(sentence(linear({.rate = 1, .final = 2, .iterations = 3})) == "linear({.rate = 1, .final = 2, .iterations = 3})");
  CHECK(sentence(inverse_time({.rate = 1, .decay = 2})) == "inverse_time({.rate = 1, .decay = 2})");
}

TEST_CASE("schedules that cannot be are refused with a sentence") {
  CHECK(thrown([] { linear({.rate = 1, .final = 2, .iterations = 0}); }) ==
        "linear: rate 1 and iterations 0 need to be positive, final 2 not negative");
  CHECK(thrown([] { one_cycle({.rate = -1, .iterations = 50}); }) == "one_cycle: .rate is -1, it needs to be positive");
  CHECK(thrown([] { one_cycle({.rate = 1, .iterations = 3}); }) ==
        "one_cycle: .iterations is 3, of which the part .rise = 0.3 is not more than one iteration");
  CHECK(thrown([] { one_cycle({.rate = 1, .iterations = 50, .rise = 1}); }) == "one_cycle: .rise is 1, it needs to be in (0, 1)");
  CHECK(thrown([] { inverse_sqrt({.rate = 1, .warm_up = 0}); }) == "inverse_sqrt: .warm_up is 0, it needs to be at least 1");
  CHECK(thrown([] { inverse_time({.rate = 1, .decay = -1}); }) == "inverse_time: .decay is -1, it needs to be at least 0");
  CHECK(thrown([] { constant(1).lasting(0); }) == "lasting: iterations is 0, it needs to be at least 1");
  CHECK(thrown([] { warm_up(0); }) == "warm_up: iterations is 0, it needs to be at least 1");
}
