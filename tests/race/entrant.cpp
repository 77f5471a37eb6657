// SPDX-License-Identifier: MIT
#include <tacit/race/entrant.hpp>

#include <sstream>

#include "catch.hpp"
#include "planted.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace race_entrant_tests {
std::string text(const AnyOptimizer<double>& optimizer) { return sentence(optimizer); }

TEST_CASE("an entrant by its name searches its rate around the default") {
  const Entrant adam = race_entrant("adam");
  CHECK(adam.searched == "rate");
  CHECK(adam.centre == 1e-3);
  CHECK(adam.alternatives.size() == 1);
  CHECK(text(adam.at(0.25)) == text(AnyOptimizer<double>("adam({.rate = 0.25})")));
  CHECK(race_entrant("gradient_descent").centre == 0.1);
  CHECK(race_entrant("polyak").searched == "c");
}

TEST_CASE("R marks the setting that is searched, a bar separates alternatives of another") {
  const Entrant one = race_entrant("adam({.rate = 1e-2, .beta1 = R, .beta2 = 0.99|0.999, .eps = 1e-8|1e-4})");
  CHECK(one.searched == "beta1");
  CHECK(one.centre == 0.9);
  REQUIRE(one.alternatives.size() == 4);
  CHECK(text(one.at(0.5, one.alternatives[1])) ==
        text(AnyOptimizer<double>("adam({.rate = 1e-2, .beta1 = 0.5, .beta2 = 0.99, .eps = 1e-4})")));
}

TEST_CASE("where nothing is left to search nothing is searched") {
  CHECK(race_entrant("lbfgs").searched.empty());
  const Entrant fixed = race_entrant("gradient_descent({.rate = 0.3})");
  CHECK(fixed.searched.empty());
  CHECK(text(fixed.at(77)) == text(AnyOptimizer<double>("gradient_descent({.rate = 0.3})")));
}

TEST_CASE("one's own entrant is a function of the searched value") {
  const Entrant mine = race_entrant(
      "mine", [](double rate) { return planted::asking(rate); }, 0.5);
  CHECK(mine.searched == "rate");
  CHECK(mine.centre == 0.5);
  CHECK(text(mine.at(0.5)) == text(planted::asking(0.5)));
  CHECK(thrown([] {
          race_entrant(
              "mine", [](double rate) { return planted::asking(rate); }, 0);
        }).find("around 0") != std::string::npos);
}

TEST_CASE("names and settings of entrants that nobody knows are refused with what is near") {
  CHECK(thrown([] { race_entrant("adan"); }).find("there is no optimizer 'adan'; the nearest are adam") == 0);
  CHECK(thrown([] { race_entrant("adam({.beta3 = 1})"); }).find("there is no setting .beta3") != std::string::npos);
  CHECK(thrown([] { race_entrant("adam({.rat = R})"); }) == "adam: there is no setting .rat to be searched");
  CHECK(thrown([] { race_entrant("adam({.rate = R, .beta1 = R})"); }) == "adam: .rate and .beta1 are both R; one setting is searched");
  CHECK(thrown([] { race_entrant("adam({.beta1 = 0.9|})"); }) == "adam: one of the alternatives of .beta1 is empty");
  CHECK(thrown([] { race_entrant("adam({.beta1 0.9})"); }).find("has no value") != std::string::npos);
  CHECK(thrown([] { race_entrant("adam({.beta1 = 0.9|many})"); }).find("'many'") != std::string::npos);
}

}  // namespace race_entrant_tests
