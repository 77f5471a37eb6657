// SPDX-License-Identifier: MIT
#include <tacit/race/race.hpp>

#include <tacit/io/atomic_file.hpp>
#include <tacit/io/read_file.hpp>
#include <tacit/race/tables.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"
#include "planted.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace race_tests {

RaceProtocol small() {
  return {
      .trials = 5, .grid = 3, .tuning_seeds = {1}, .fresh_seeds = {101, 102, 103}, .gradients = 200, .targets = {1e-1, 1e-3}, .quorum = 2};
}
const std::vector<OracleCost> costs{{0.5, 2}, {0.5, 2}};

Entrant descent() {
  return race_entrant(
      "descent", [](double rate) { return planted::asking(rate); }, 0.1);
}
Entrant dear() {
  return race_entrant(
      "dear", [](double rate) { return planted::asking(rate, {.values = 6}); }, 0.1);
}
/// Whatever its rate.
Entrant diverging() {
  return race_entrant(
      "diverging", [](double) { return planted::asking(3); }, 0.1);
}
/// Gets nowhere, and stays where it is.
Entrant idle() {
  return race_entrant(
      "idle", [](double) { return planted::asking(1e-12); }, 0.1);
}
std::vector<RaceProblem> completions() {
  return {race_problem("matrix_completion({.rows = 8, .cols = 8, .rank = 1, .observed = 40, .depth = 2, .product_scale = 0.1})"),
          planted::quadratic("quadratic", 1, 5)};
}
std::vector<Entrant> entrants() {
  return {race_entrant("adam"), race_entrant("lbfgs"), race_entrant("momentum({.beta = 0.5|0.9})"), diverging()};
}
std::string bytes(const Race& race) {
  scratch::Folder folder;
  std::string all;
  for (const std::string& name : write_race(folder.path().string(), race))
    if (name.find("seconds") == std::string::npos) all += name + "\n" + read_file(folder / name);
  return all;
}
Index row_of(const Table& table, const std::string& entrant) {
  for (Index r = 0; r < table.rows(); ++r)
    if (table.at(r, "entrant").text() == entrant) return r;
  return -1;
}
std::string refusal(const auto& action) {
  try {
    action();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST_CASE("a diverging optimizer is ranked last, and present in every table") {
  const Race result = race({diverging(), idle(), dear(), descent()}, {planted::quadratic()}, small(), {.threads = 1, .costs = {{0.5, 2}}});
  const Table results = race_results(result);
  REQUIRE(results.rows() == 4);
  CHECK(results.at(0, "entrant").text() == "descent");
  CHECK(results.at(1, "entrant").text() == "dear");
  CHECK(results.at(2, "entrant").text() == "idle");
  CHECK(results.at(3, "entrant").text() == "diverging");
  CHECK(results.at(3, "score").number() == 0);
  CHECK(results.at(3, "diverged").number() == 3);
  CHECK(results.at(0, "score").number() == 1);
  for (const Table& table : {race_cells(result), race_runs(result), race_trials(result), race_curves(result), race_bands(result),
                             race_profiles(result), race_seconds(result), race_seconds_scores(result)})
    CHECK(row_of(table, "diverging") >= 0);
  const auto remarks = race_remarks(result);
  CHECK(std::find(remarks.begin(), remarks.end(), "diverging diverged on quadratic in 3 of 3 runs, which count as not reaching.") !=
        remarks.end());
}

TEST_CASE("scores are integrals of profiles over problems and fresh seeds: four times the work scores by the ratio 4") {
  const Race result = race({descent(), dear()}, {planted::quadratic()}, small(), {.threads = 1, .costs = {{0.5, 2}}});
  const Table results = race_results(result);
  CHECK(std::abs(results.at(1, "score").number() - (8 - 4) / (8 - 1.0)) < 1e-14);  // both make one step of rate 1
  CHECK(results.at(1, "solved").number() == 2);
}

TEST_CASE("a target that nobody reached is said, and counts against everybody") {
  const Race result = race({idle(), descent()}, {planted::quadratic("easy", 1, 1), planted::quadratic("hard", 1, 1e9)}, small(),
                           {.threads = 1, .costs = costs});
  const auto remarks = race_remarks(result);
  CHECK(std::find(remarks.begin(), remarks.end(), "The target 0.001 on hard was reached by nobody.") != remarks.end());
  CHECK(race_results(result).at(0, "score_at_0.001").number() == 0.5);
}

TEST_CASE("an edge winner is flagged in the tables and the remarks") {
  const Entrant far = race_entrant(
      "far", [](double rate) { return planted::asking(rate); }, 1e-5);
  const Race result = race({far}, {planted::quadratic()}, small(), {.threads = 1, .costs = {{0.5, 2}}});
  CHECK(race_cells(result).at(0, "on_edge").number() == 1);
  CHECK(race_results(result).at(0, "on_edge").number() == 1);
  const auto remarks = race_remarks(result);
  CHECK(std::any_of(remarks.begin(), remarks.end(),
                    [](const std::string& one) { return one.find("is on the edge of what 5 trials could try") != std::string::npos; }));
}

TEST_CASE("a problem is solved where a quorum of its fresh seeds reach the target, and its work is then the median") {
  const auto easy_up_to = [](std::uint64_t last) {  // on later seeds the start is where descent of any rate stays
    return RaceProblem{"some", [last](std::uint64_t seed) { return planted::quadratic("q", 1, seed <= last ? 1 : 1e9).make(seed); }};
  };
  for (const std::uint64_t last : {101, 102, 103}) {
    const Race result = race({descent()}, {easy_up_to(last)}, small(), {.threads = 1, .costs = {{0.5, 2}}});
    const bool solved = last >= 102;
    CHECK(race_results(result).at(0, "solved").number() == (solved ? 2 : 0));
    CHECK(race_cells(result).at(0, "work_to_0.1").number() == (solved ? 1 : RaceRun::never));
    CHECK(race_cells(result).at(0, "work_to_0.1_low").number() == 1);
    CHECK(race_results(result).at(0, "reached").number() == static_cast<double>(last - 100) / 3);
  }
}

TEST_CASE("tuning sees the tuning seeds alone, and scores the fresh ones alone") {
  const auto shifted = [](double by) {  // of the fresh seeds alone
    return RaceProblem{"shifted",
                       [by](std::uint64_t seed) { return planted::quadratic("q", seed > 100 ? by : 1, seed > 100 ? by : 1).make(seed); }};
  };
  const Race a = race({descent()}, {shifted(0.5)}, small(), {.threads = 1, .costs = {{0.5, 2}}}),
             b = race({descent()}, {shifted(1.5)}, small(), {.threads = 1, .costs = {{0.5, 2}}});
  CHECK(a.cell(0, 0).tuning.best().value == b.cell(0, 0).tuning.best().value);
  CHECK(a.cell(0, 0).runs.size() == 3);
  CHECK(a.cell(0, 0).runs[0].reached != std::vector<double>{1, 1});
}

TEST_CASE("all optimizers have the same start on a problem and a seed, and other seeds have others") {
  const Race result =
      race({race_entrant("adam"), race_entrant("lbfgs")}, {completions().front()}, small(), {.threads = 1, .costs = {{0.5, 2}}});
  for (std::size_t s = 0; s < 3; ++s) CHECK(result.cell(0, 0).runs[s].start_loss == result.cell(0, 1).runs[s].start_loss);
  CHECK(result.cell(0, 0).runs[0].start_loss != result.cell(0, 0).runs[1].start_loss);
}

TEST_CASE("a race is the same, byte for byte, at one thread and at two") {
  const Race one = race(entrants(), completions(), small(), {.threads = 1, .costs = costs});
  CHECK(bytes(one) == bytes(race(entrants(), completions(), small(), {.threads = 2, .costs = costs})));
}

TEST_CASE("a race that was killed in the middle goes on there, and equals one that never was") {
  const std::string whole = bytes(race(entrants(), completions(), small(), {.threads = 2, .costs = costs}));
  scratch::Folder folder;
  struct Killed {};
  Index made = 0;
  const auto until = [&](Index last) {
    return RaceOptions{.threads = 1, .folder = folder / "race", .costs = costs, .progress = [&made, last](const RaceProgress& now) {
                         made += !now.reused;
                         if (now.done == last) throw Killed{};
                       }};
  };
  CHECK_THROWS_AS(race(entrants(), completions(), small(), until(11)), Killed);
  CHECK(made == 11);
  const Race resumed = race(entrants(), completions(), small(), until(-1));
  CHECK(made == 2 * (3 * (5 + 3) + (1 + 3)));  // every run once: lbfgs has nothing to search
  CHECK(bytes(resumed) == whole);
  CHECK(bytes(race(entrants(), completions(), small(), until(-1))) == whole);
  CHECK(made == 56);
}

TEST_CASE("measured costs are kept in the folder and used again") {
  scratch::Folder folder;
  const Race one = race({descent()}, {planted::quadratic()}, small(), {.threads = 1, .folder = folder / "race"});
  std::string identity = read_file(folder / "race/race_of.json");
  const std::size_t at = identity.find("\"value\": ") + 9;
  identity.replace(at, identity.find(',', at) - at, "7.5");
  write_file(folder / "race/race_of.json", identity);
  CHECK(race({descent()}, {planted::quadratic()}, small(), {.threads = 1, .folder = folder / "race"}).costs.front().value == 7.5);
}

TEST_CASE("a folder of another race is refused; entrants and problems may join") {
  scratch::Folder folder;
  const RaceOptions options{.threads = 1, .folder = folder / "race"};
  race({descent()}, {planted::quadratic()}, small(), options);
  RaceProtocol other = small();
  other.gradients = 300;
  CHECK(refusal([&] {
          race({descent()}, {planted::quadratic()}, other, options);
        }).find("race: holds another race: its protocol is 'gradients 200") != std::string::npos);
  CHECK(refusal([&] {
          race({dear()}, {planted::quadratic()}, small(), options);
        }).find("'descent' ran in it, and is not among these entrants") != std::string::npos);
  CHECK(refusal([&] { race({descent()}, {planted::quadratic("q", 1, 2)}, small(), options); }).find("'quadratic' was a problem of it") !=
        std::string::npos);
  Index made = 0;
  RaceOptions counting = options;
  counting.progress = [&](const RaceProgress& now) { made += !now.reused; };
  race({descent(), dear()}, {planted::quadratic()}, small(), counting);
  CHECK(made == 8);
}

TEST_CASE("problems of one name with other data or another start are not taken for each other") {
  scratch::Folder folder;
  Index made = 0;
  const RaceOptions options{
      .threads = 1, .folder = folder / "race", .costs = {{0.5, 2}}, .progress = [&](const RaceProgress& now) { made += !now.reused; }};
  const auto with_start = [](double scale) {
    return RaceProblem{"q", [scale](std::uint64_t seed) {
                         RaceInstance one = planted::quadratic().make(seed);
                         one.theta *= scale;
                         return one;
                       }};
  };
  race({descent()}, {planted::quadratic("q", 1, 1)}, small(), options);
  CHECK(made == 8);
  race({descent()}, {planted::quadratic("q", 1, 2)}, small(), options);
  CHECK(made == 16);
  race({descent()}, {with_start(2)}, small(), options);
  CHECK(made == 24);
  race({descent()}, {with_start(1)}, small(), options);
  CHECK(made == 24);
}

TEST_CASE("an optimizer that does not run on a problem has reached nothing, with its sentence") {
  const Race result = race({race_entrant("scaled_gd"), descent()}, {planted::quadratic()}, small(), {.threads = 1, .costs = {{0.5, 2}}});
  CHECK(result.cell(0, 0).runs[0].why.find("refused: ") == 0);
  CHECK(race_results(result).at(1, "entrant").text() == "scaled_gd");
  CHECK(row_of(race_curves(result), "scaled_gd") >= 0);
  const auto remarks = race_remarks(result);
  CHECK(std::any_of(remarks.begin(), remarks.end(),
                    [](const std::string& one) { return one.find("scaled_gd does not run on quadratic: ") == 0; }));
}

TEST_CASE("an optimizer that refuses a rate has reached nothing there, and the search goes on") {
  const Entrant small_only = race_entrant(
      "small rates alone",
      [](double rate) {
        require(rate < 0.2, "the rate is too large");
        return planted::asking(rate);
      },
      0.1);
  const Race result = race({small_only}, {planted::quadratic()}, small(), {.threads = 1, .costs = {{0.5, 2}}});
  CHECK(result.cell(0, 0).tuning.best().value < 0.2);
  CHECK(race_results(result).at(0, "reached").number() == 1);
}

TEST_CASE("nobody, nothing, and names that are there twice are refused") {
  const RaceOptions options{.threads = 1, .costs = {}};
  CHECK(thrown([&] { race({}, {planted::quadratic()}, small(), options); }) == "race: there are no entrants");
  CHECK(thrown([&] { race({descent()}, {}, small(), options); }) == "race: there are no problems");
  CHECK(thrown([&] {
          race({descent(), descent()}, {planted::quadratic()}, small(), options);
        }) == "race: 'descent' is there twice among the entrants");
  CHECK(thrown([&] {
          race({race_entrant("momentum({.beta = 0.1|0.2|0.3|0.4})")}, {planted::quadratic()}, small(), options);
        }).find("are more than the 5 trials that every optimizer has") != std::string::npos);
  CHECK(thrown([&] {
          race({descent()}, {planted::quadratic()}, small(), {.costs = {{1, 1}, {1, 1}}});
        }) == "race: .costs are of 2 problems, there are 1");
}

}  // namespace race_tests
