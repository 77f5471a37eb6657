// SPDX-License-Identifier: MIT
#include <tacit/core/random.hpp>
#include <tacit/race/claims.hpp>

#include "catch.hpp"

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace paired_tests {

/// Two optimizers on `seeds` seeds in three depths: what both share of a seed is large, what differs is exp(effect) and a little noise.
Table planted(double effect, std::uint64_t draw, Index seeds = 5, std::uint64_t first = 1) {
  Table table({"optimizer", "problem", "depth", "scale", "seed", "end_effective_rank"});
  Random random(draw, "planted");
  for (Index depth = 1; depth <= 3; ++depth)
    for (Index seed = 0; seed < seeds; ++seed) {
      const double shared = 1 + 3 * random.uniform();
      for (const char* name : {"gradient_descent", "adam"})
        table.add({name, "p({.size = 3})", depth, 0.1, first + static_cast<std::uint64_t>(seed),
                   shared * std::exp((name[0] == 'a' ? effect : 0) + 0.02 * random.normal())});
    }
  return table;
}
const PairedSettings rank{.quantity = "end_effective_rank"};

TEST_CASE("quantiles of Student's t are those of the tables") {
  // Abramowitz & Stegun, table 26.10; Fisher & Yates.
  CHECK_THAT(student_t_quantile(0.95, 1), WithinAbs(12.706, 5e-4));
  CHECK_THAT(student_t_quantile(0.95, 4), WithinAbs(2.776, 5e-4));
  CHECK_THAT(student_t_quantile(0.99, 4), WithinAbs(4.604, 5e-4));
  CHECK_THAT(student_t_quantile(0.999, 4), WithinAbs(8.610, 5e-4));
  CHECK_THAT(student_t_quantile(0.95, 10), WithinAbs(2.228, 5e-4));
  CHECK_THAT(student_t_quantile(0.95, 1e6), WithinAbs(1.95996, 1e-5));
  CHECK(student_t_quantile(0, 3) < 1e-9);
  // One degree of freedom is Cauchy, two have a closed form.
  for (const double t : {0.1, 1.0, 3.0, 40.0}) {
    CHECK_THAT(student_t_two_sided(t, 1), WithinRel(1 - 2 / M_PI * std::atan(t), 1e-12));
    CHECK_THAT(student_t_two_sided(t, 2), WithinRel(1 - t / std::sqrt(2 + t * t), 1e-12));
  }
  CHECK_THAT(student_t_two_sided(1e5, 1), WithinRel(2 / M_PI * std::atan(1e-5), 1e-10));
  for (const double nu : {1.0, 2.5, 4.0, 30.0})
    for (const double c : {0.1, 0.5, 0.95, 0.9999}) CHECK_THAT(student_t_two_sided(student_t_quantile(c, nu), nu), WithinRel(1 - c, 1e-9));
}

TEST_CASE("a t interval by hand") {
  // 1 ... 5: mean 3, standard deviation sqrt(2.5), error sqrt(0.5), t = 3 / 0.7071 = 4.2426; P(|T_4| >= 4.2426) = 0.01324 (tables: 0.0132)
  const TInterval of = t_interval({1, 2, 3, 4, 5});
  CHECK(of.count == 5);
  CHECK(of.mean == 3);
  CHECK_THAT(of.error, WithinRel(std::sqrt(0.5), 1e-14));
  CHECK_THAT(of.low, WithinAbs(3 - 2.776445 * std::sqrt(0.5), 1e-6));
  CHECK_THAT(of.high, WithinAbs(3 + 2.776445 * std::sqrt(0.5), 1e-6));
  CHECK_THAT(of.p, WithinAbs(0.01324, 5e-5));
  CHECK(t_interval({1, 2, 3, 4, 5}, 0.95, 3).p == 1);
  CHECK(t_interval({7}).p == 1);
  CHECK(std::isinf(t_interval({7}).high));
  CHECK(t_interval({0, 0, 0}).p == 1);
  CHECK(t_interval({2, 2, 2}).p == 0);
}

TEST_CASE("Holm's correction by hand") {
  // Ascending 0.005, 0.01, 0.03, 0.04 times 4, 3, 2, 1: 0.02, 0.03, 0.06, 0.04 -> the last is raised to 0.06.
  const std::vector<double> adjusted = holm({0.01, 0.04, 0.03, 0.005});
  const std::vector<double> expected{0.03, 0.06, 0.06, 0.02};
  for (std::size_t k = 0; k < 4; ++k) CHECK_THAT(adjusted[k], WithinRel(expected[k], 1e-14));
  CHECK(holm({0.5, 0.6}) == std::vector<double>{1, 1});
  CHECK(holm({std::nan(""), 0.01})[0] == 1);
  CHECK(holm({}).empty());
}

TEST_CASE("a planted difference is found, and a planted null is not") {
  int found = 0, false_alarms = 0, false_without = 0;
  for (std::uint64_t draw = 1; draw <= 20; ++draw) {
    const auto effect = compare_with(planted(0.3, draw), "gradient_descent", rank);
    REQUIRE(effect.size() == 3);
    found += claimed(effect).size() == 3;
    for (const PairedDifference& d : effect) CHECK(d.ratio);
    const auto null = compare_with(planted(0, draw), "gradient_descent", rank);
    false_alarms += !claimed(null).empty();
    for (const PairedDifference& d : null) false_without += d.over.p <= 0.05;
  }
  // A difference of 0.3 with noise of 0.02 sqrt 2 in five pairs has t about 24, against 7 for the smallest of three p at 5 %.
  CHECK(found == 20);
  // 20 families at 5 %: more than four false alarms have a chance of 0.3 %.
  CHECK(false_alarms <= 4);
  // 60 comparisons without correction: more than nine have a chance of 0.1 %.
  CHECK(false_without <= 9);
}

TEST_CASE("what is shared by a seed does not blur a difference: pairs are what is compared") {
  Table table = planted(0.3, 3);
  const auto cells = paired_differences(table, {.quantity = "end_effective_rank", .a = "gradient_descent", .b = "adam"});
  REQUIRE(cells.size() == 3);
  const auto values = table.numbers("end_effective_rank");
  std::vector<double> by_hand;
  for (std::size_t k = 0; k < 5; ++k) by_hand.push_back(std::log(values[2 * k + 1] / values[2 * k]));
  for (std::size_t k = 0; k < 5; ++k) CHECK_THAT(cells[0].values[k], WithinRel(by_hand[k], 1e-12));
  CHECK(cells[0].over.high - cells[0].over.low < 0.2);  // the seeds themselves spread by a factor of 4
  const auto pooled =
      paired_differences(table, {.quantity = "end_effective_rank", .a = "gradient_descent", .b = "adam", .cells = {"problem"}});
  REQUIRE(pooled.size() == 1);
  CHECK(pooled[0].over.count == 5);  // seeds, not runs: cells of one seed are no independent evidence
  double mean = 0;
  for (const PairedDifference& d : cells) mean += d.over.mean / 3;
  CHECK_THAT(pooled[0].over.mean, WithinRel(mean, 1e-12));
}

TEST_CASE("a difference that would not matter is not claimed, however little the noise") {
  Table table({"optimizer", "seed", "x"});
  for (int seed = 1; seed <= 5; ++seed) {
    table.add({"a", seed, 2.0});
    table.add({"b", seed, 2.0 * (1.008 + 1e-6 * seed)});
    table.add({"c", seed, 2.0 * (1.03 + 1e-6 * seed)});
  }
  const auto p = [&](const char* b, double least) {
    PairedSettings settings{.quantity = "x", .a = "a", .b = b, .cells = {}};
    settings.least = least;
    return paired_differences(table, settings)[0].over.p;
  };
  CHECK(p("b", 0.01) == 1);
  CHECK(p("b", 0) < 1e-6);
  CHECK(p("c", 0.01) < 1e-6);
}

TEST_CASE("missing values and runs that are not to be compared are left out and counted") {
  Table table({"optimizer", "seed", "x", "reached"});
  for (int seed = 1; seed <= 5; ++seed) {
    table.add({"a", seed, seed == 2 ? Cell() : Cell(1.0), 1});
    table.add({"b", seed, 2.0 + 0.1 * seed, seed != 4});
  }
  const auto all = paired_differences(table, {.quantity = "x", .a = "a", .b = "b", .cells = {}});
  REQUIRE(all.size() == 1);
  CHECK(all[0].over.count == 4);
  CHECK(all[0].left_out == 1);
  const auto reached = paired_differences(table, {.quantity = "x", .a = "a", .b = "b", .cells = {}, .where = "reached"});
  CHECK(reached[0].over.count == 3);
  CHECK(reached[0].left_out == 2);
  CHECK(in_words(reached[0]).find("3 seeds") != std::string::npos);
  CHECK(in_words(reached[0]).find("2 pairs left out") != std::string::npos);
}

TEST_CASE("claims are sentences computed from the table, and are asked again on fresh seeds") {
  const Table first = planted(0.3, 1);
  const auto family = compare_with(first, "gradient_descent", rank);
  const auto claims = claimed(family);
  REQUIRE(claims.size() == 3);
  const std::string words = in_words(claims[0]);
  INFO(words);
  CHECK(words.find("p, depth 1, start scale 0.1, at the end of the budget: adam has ") == 0);
  CHECK(words.find(rounded(claims[0].times(), 3) + " times the effective rank of gradient_descent (95 % interval ") != std::string::npos);
  CHECK(words.find(rounded(std::exp(claims[0].over.low), 3) + " to " + rounded(std::exp(claims[0].over.high), 3) + ", 5 seeds") !=
        std::string::npos);
  const std::string summary = summary_in_words(family);
  INFO(summary);
  CHECK(summary.find("Effective rank at the end of the budget: of 3 comparisons with gradient_descent that have two pairs or more, 3 "
                     "differ by more than 1 %, beyond the noise") == 0);
  CHECK(summary.find("adam, of 3 cells: higher in 3 (by a factor of ") != std::string::npos);
  CHECK(summary_in_words(compare_with(planted(0, 2), "gradient_descent", rank)).find("in no cell for adam.") != std::string::npos);

  const auto verdicts = [&](const Table& second) {
    const Table asked = rerun(claims, second, rank);
    std::string all;
    for (Index r = 0; r < asked.rows(); ++r) all += asked.at(r, "verdict").text() + (r + 1 < asked.rows() ? ", " : "");
    return all;
  };
  CHECK(verdicts(planted(0.3, 7, 5, 101)) == "held, held, held");
  CHECK(verdicts(planted(-0.3, 7, 5, 101)) == "reversed, reversed, reversed");
  CHECK(verdicts(planted(0.3, 7, 1, 101)) == "gone, gone, gone");
  CHECK(verdicts(planted(0, 7, 5, 101)).find("held, held") == std::string::npos);
}

}  // namespace paired_tests
