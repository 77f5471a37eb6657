// SPDX-License-Identifier: MIT
// The frame of examples/paper_checks: what verdict figures get, and how rows are made, run and written.
#include "../../examples/paper_checks/table.hpp"

#include <tacit/io/json_reader.hpp>

#include <sstream>

#include "catch.hpp"

namespace paper_checks {

namespace {

std::vector<Figures> draws_of(const Values& values) {
  std::vector<Figures> draws;
  for (const double value : values) draws.push_back(Figures{{"x", value}});
  return draws;
}
Verdict verdict(const Bound& bound, const Values& values, bool control = false) {
  return judge({bound}, control, draws_of(values)).verdict;
}

/// x is the seed, or the number of the problem.
Check seed_itself(std::vector<Bound> bounds, std::vector<std::uint64_t> seeds) {
  return {.item = "1",
          .claim = "c",
          .provenance = "derived",
          .setting = "s",
          .bounds = std::move(bounds),
          .seeds = std::move(seeds),
          .measure = [](std::uint64_t seed) {
            return Figures{{"x", static_cast<double>(seed)}};
          }};
}
std::vector<Row> ran(Check check, const std::vector<std::uint64_t>& seeds = {}, unsigned threads = 2) {
  std::vector<Row> rows = rows_of({{.name = "p", .source = "P", .checks = {std::move(check)}}}, seeds);
  run(rows, threads, [](const Row&) {});
  return rows;
}

}  // namespace

TEST_CASE("a bound on every draw: holds in all, in the median, or fails; of a control that is control failed") {
  CHECK(verdict(below("x", 1), {0, 0.5, 0.9}) == Verdict::holds);
  CHECK(verdict(below("x", 1), {0, 0.5, 1}) == Verdict::holds_in_the_median);
  CHECK(verdict(below("x", 1), {0, 1, 1}) == Verdict::fails);
  CHECK(verdict(below("x", 1), {0, 1, 1}, true) == Verdict::control_failed);
  CHECK(verdict(below("x", 1), {0, 0.5, 1}, true) == Verdict::holds_in_the_median);
  CHECK(verdict(below("x", 1), {0.5, 1.4}) == Verdict::holds_in_the_median);  // the mean of both is 0.95
  CHECK(verdict(below("x", 1), {0.5, 1.6}) == Verdict::fails);
  CHECK(verdict(below("x", 1), {1}) == Verdict::fails);
}
TEST_CASE("bounds are closed or open as their text says, and NaN keeps to none") {
  CHECK(verdict(at_most("x", 1), {1}) == Verdict::holds);
  CHECK(verdict(above("x", 1), {1}) == Verdict::fails);
  CHECK(verdict(at_least("x", 1), {1}) == Verdict::holds);
  CHECK(verdict(within("x", 10, 1), {9, 11}) == Verdict::holds);
  CHECK(verdict(within("x", 10, 1), {8.9}) == Verdict::fails);
  CHECK(verdict(equal("x", 0), {-0.0}) == Verdict::holds);
  for (const Bound& bound : {below("x", 1), above("x", 1), between("x", 0, 1)}) {
    CHECK(verdict(bound, {std::nan("")}) == Verdict::fails);
    CHECK(verdict(bound, {std::nan(""), std::nan(""), 0.5}) == Verdict::fails);
  }
  CHECK(verdict(below("x", 1), {std::nan(""), 0, 0}) == Verdict::holds_in_the_median);
  CHECK(verdict(above("x", 1), {std::nan(""), 2, 2}) == Verdict::holds_in_the_median);
  CHECK(below("x", 0.05).text() == "x < 0.05");
  CHECK(equal("x", 1).in_at_least(4, 6).text() == "x = 1 in at least 67 % of the draws");
}
TEST_CASE("bounds on the median, on a share of the draws and on a figure of all draws") {
  CHECK(verdict(below("x", 1).in_the_median(), {0, 0, 5}) == Verdict::holds);
  CHECK(verdict(below("x", 1).in_the_median(), {0, 5, 5}) == Verdict::fails);
  CHECK(verdict(equal("x", 1).in_at_least(4, 6), {1, 1, 1, 1, 0, 0}) == Verdict::holds);
  CHECK(verdict(equal("x", 1).in_at_least(4, 6), {1, 1, 0}) == Verdict::holds);
  CHECK(verdict(equal("x", 1).in_at_least(4, 6), {1, 1, 1, 0, 0, 0}) == Verdict::fails);
  CHECK(judge({above("y", 2).of_all_draws()}, false, draws_of({0}), Figures{{"y", 3}}).verdict == Verdict::holds);
  CHECK(judge({above("y", 2).of_all_draws()}, false, draws_of({0}), Figures{{"y", 2}}).verdict == Verdict::fails);
}
TEST_CASE("several values of a figure: all must keep to the bound, and the median is that of each place") {
  const auto draw = [](double a, double b) { return Figures{{"x", a}, {"x", b}}; };
  CHECK(judge({below("x", 1)}, false, {draw(0, 0), draw(0, 2), draw(0, 0)}).verdict == Verdict::holds_in_the_median);
  CHECK(judge({below("x", 1)}, false, {draw(0, 2), draw(0, 2), draw(0, 0)}).verdict == Verdict::fails);
}
TEST_CASE("draws that do not have a figure do not meet a condition of the claim; without any the row fails, and says why") {
  CHECK(judge({below("x", 1)}, false, {Figures{}, Figures{{"x", 0}}}).verdict == Verdict::holds);
  CHECK_THROWS_WITH(judge({below("y", 1)}, false, draws_of({0})), "there is no figure 'y', which a bound is on");
  const std::vector<Row> rows = ran(seed_itself({below("y", 1)}, {}));
  CHECK(rows[0].judgement.verdict == Verdict::fails);
  CHECK(reason_of(rows[0]) == "error: there is no figure 'y', which a bound is on");
}
TEST_CASE("other seeds replace those of random checks, fixed problems stay") {
  CHECK(measured_of(ran(seed_itself({above("x", 0)}, {1, 2}), {7, 8, 9})[0]) == "x: 7 8 9");
  const std::vector<Row> fixed = ran(seed_itself({at_least("x", 0)}, {}), {7, 8, 9});
  CHECK(measured_of(fixed[0]) == "x: 0");
  CHECK(seeds_of(fixed[0]) == "fixed");
  Check several = seed_itself({at_least("x", 0)}, {});
  several.problems = 3;
  CHECK(measured_of(ran(several, {7})[0]) == "x: 0 1 2");
}
TEST_CASE("a claim and its control read one run, each with its figures; whatever the number of threads") {
  for (const unsigned threads : {1u, 3u}) {
    std::atomic<int> calls = 0;
    Check check = seed_itself({below("x", 1)}, {1, 2, 3, 4});
    check.reason = "Because.";
    check.control = {"not so", {above("y", 1)}};
    check.measure = [&](std::uint64_t seed) {
      ++calls;
      return Figures{{"x", 0}, {"y", static_cast<double>(seed)}, {"z", 5}};
    };
    const std::vector<Row> rows = ran(check, {}, threads);
    REQUIRE(rows.size() == 2);
    CHECK(calls == 4);
    CHECK(rows[0].name == "p/1");
    CHECK(rows[1].name == "p/1-control");
    CHECK(rows[1].is_asked_for("p/1"));
    CHECK_FALSE(rows[0].is_asked_for("p/1-control"));
    CHECK(measured_of(rows[0]) == "x: 0 0 0 0; z: 5 5 5 5");
    CHECK(measured_of(rows[1]) == "y: 1 2 3 4");
    CHECK(reason_of(rows[0]).empty());
    CHECK(rows[1].judgement.verdict == Verdict::holds_in_the_median);
    CHECK(reason_of(rows[1]) == "y > 1 (in 3 of 4 draws)");
  }
}
TEST_CASE("a check that is itself the control of another item is judged as one") {
  Check check = seed_itself({below("x", 1)}, {});
  check.problems = 3;
  check.control_of = "7";
  const std::vector<Row> rows = ran(check);
  CHECK(rows[0].control_of == "p/7");
  CHECK(measured_of(rows[0]) == "x: 0 1 2");
  CHECK(rows[0].judgement.verdict == Verdict::control_failed);
}
TEST_CASE("a draw that throws fails its row and its control alone, with what it said") {
  Check check = seed_itself({above("x", 0)}, {1, 2});
  check.control = {"not so", {above("x", 0)}};
  check.measure = [](std::uint64_t seed) -> Figures {
    if (seed == 2) throw std::runtime_error("seed 2");
    return Figures{{"x", 1}};
  };
  const std::vector<Row> rows = ran(check);
  CHECK(rows[0].judgement.verdict == Verdict::fails);
  CHECK(rows[1].judgement.verdict == Verdict::control_failed);
  CHECK(reason_of(rows[0]) == "error: seed 2");
}
TEST_CASE("the table as JSON: what --list says, and every draw's figures, unrounded") {
  Check check = seed_itself({above("x", 1)}, {1, 2});
  check.claim = "a \"claim\"";
  check.reason = "Because.";
  check.measure = [](std::uint64_t seed) { return Figures{{"x", 1 / (3.0 * static_cast<double>(seed))}, {"bad", std::nan("")}}; };
  check.summarise = [](const std::vector<Figures>& draws) { return Figures{{"median", median(gathered(draws, "x"))}}; };
  const std::vector<Row> rows = ran(check);
  const tacit::JsonValue table = tacit::JsonReader("table", json_of(rows, true, 2, 0.5)).read();
  CHECK(table["threads"].integer() == 2);
  CHECK(table["verdicts"]["fails"].integer() == 1);
  const tacit::JsonValue& row = table["checks"][0];
  CHECK(row["claim"].text() == "a \"claim\"");
  CHECK(row["source"].text() == "P, item 1");
  CHECK(row["seeds"][1].seed() == 2);
  CHECK(row["measured"][0]["by_draw"][1][0].number() == 1 / 6.0);
  CHECK(row["measured"][1]["by_draw"][0][0].is_null());
  CHECK(row["measured"][2]["of_all_draws"][0].number() == 0.25);
  CHECK(row["verdict"].text() == "fails");
  CHECK(row["reason"].text() == "x > 1 (in 0 of 2 draws). Because.");
  CHECK_FALSE(tacit::JsonReader("list", json_of(rows, false, 2, 0)).read()["checks"][0].has("verdict"));
  std::ostringstream text;
  list(text, rows);
  CHECK(text.str() ==
        "name | claim | source | provenance | setting | bound | seeds | control | quick\n"
        "p/1 | a \"claim\" | P, item 1 | derived | s | x > 1 | 1,2 | - | -\n");
}

}  // namespace paper_checks
