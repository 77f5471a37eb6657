// SPDX-License-Identifier: MIT
#include <tacit/sweep.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;
using scratch::error_of;

namespace {
/// A run without any training: the rows depend on the setting alone.
Table rows(const Setting& s) {
  Table table({"iteration", "loss"});
  for (Index t = 0; t <= s.depth(); ++t) table.add({t, 1.0 / (1.0 + static_cast<double>(t * static_cast<Index>(s.seed())))});
  return table;
}
const Grid grid = depths({0, 1}) * seeds(2);
std::string written(const SweepResult& result, const scratch::Folder& folder) {
  result.write_csv(folder / "out.csv");
  return scratch::get(folder / "out.csv");
}
}  // namespace

TEST_CASE("one long table in the order of the grid") {
  scratch::Folder folder;
  const SweepResult result = sweep(grid, rows);
  CHECK(written(result, folder) ==
        "depth,seed,iteration,loss,error\n0,1,0,1,\n0,2,0,1,\n1,1,0,1,\n1,1,1,0.5,\n1,2,0,1,\n1,2,1,0.3333333333333333,\n");
  Provenance own{.program = "p"};
  own.set("rate", 0.5);
  const std::string meta = json(result.provenance(own));
  CHECK(scratch::mentions(meta, "\"rate\": 0.5,\n    \"depth\": \"0, 1\",\n    \"seed\": \"1, 2\""));
  CHECK(scratch::mentions(scratch::get(folder / "out.csv.meta.json"), "\"seed\": \"1, 2\""));
  CHECK(sentence(result) == "4 runs, none failed\n");
}

TEST_CASE("an outcome adds why and where; wall time only where asked for") {
  scratch::Folder folder;
  const auto run = [](const Setting& s) {
    Outcome<float> outcome;
    outcome.reason = s.seed() == 1 ? Reason::diverged : Reason::stopped_by_hook;
    outcome.iterations = 10 * s.depth();
    outcome.seconds = 0.25;
    return std::pair{rows(s), outcome};
  };
  CHECK(written(sweep(depths({0}) * seeds(2), run), folder) ==
        "depth,seed,iteration,loss,reason,iterations,error\n0,1,0,1,diverged,0,\n0,2,0,1,stopped,0,\n");
  CHECK(written(sweep(depths({0}) * seeds(1), run, {.seconds = true}), folder) ==
        "depth,seed,iteration,loss,reason,iterations,seconds,error\n0,1,0,1,diverged,0,0.25,\n");
  struct Both {
    NamedCells history;
    Outcome<double> outcome;
  };
  const auto row = [](const Setting&) { return Both{{{"gap", 0.5}, {"method", "als"}}, {}}; };
  CHECK(written(sweep(seeds(1), row), folder) == "seed,gap,method,reason,iterations,error\n1,0.5,als,reached limit,0,\n");
}

TEST_CASE("runs that throw are reported, the others are not lost") {
  scratch::Folder folder;
  const unsigned threads = GENERATE(1u, 3u);
  const auto run = [](const Setting& s) {
    if (s.number() == 0) throw std::runtime_error("no luck, today");
    if (s.number() == 2) throw 42;
    if (s.number() == 3) throw std::invalid_argument("");
    return rows(s);
  };
  const SweepResult result = sweep(grid, run, {.threads = threads});
  REQUIRE(result.failures().size() == 3);
  CHECK(sentence(result.failures()[0].setting) == "depth = 0, seed = 1");
  CHECK(result.failures()[0].sentence == "no luck, today");
  CHECK(written(result, folder) ==
        "depth,seed,iteration,loss,error\n0,1,,,\"no luck, today\"\n0,2,0,1,\n1,1,,,something was thrown that is no "
        "std::exception\n1,2,,,an exception without a text\n");
  CHECK(sentence(result) ==
        "4 runs, 3 failed\n  failed at depth = 0, seed = 1: no luck, today\n"
        "  failed at depth = 1, seed = 1: something was thrown that is no std::exception\n  failed at depth = 1, seed = 2: an exception "
        "without a text\n");
}

TEST_CASE("a run that records nothing, or other columns, keeps its place") {
  scratch::Folder folder;
  const auto run = [](const Setting& s) {
    Table table({s.seed() == 2 ? "b" : "a"});
    return s.seed() == 1 ? Table() : table.add({Cell(s.seed())});
  };
  CHECK(written(sweep(seeds(3), run), folder) == "seed,b,a,error\n1,,,\n2,2,,\n3,,3,\n");
}

TEST_CASE("columns whose names are taken end the sweep with a sentence") {
  const auto axis_again = [](const Setting&) { return NamedCells{{"seed", 1}}; };
  CHECK(error_of([&] { sweep(seeds(3), axis_again); }) ==
        "sweep: the run records a column 'seed', which is an axis of the grid, too; give one of the two another name");
  const auto reserved = [](const Setting&) { return NamedCells{{"reason", 1}}; };
  CHECK(error_of([&] { sweep(seeds(3), reserved); }) ==
        "sweep: the run records a column 'reason', which is one that the sweep adds itself; give one of the two another name");
}

TEST_CASE("progress sees every run once, one call at a time; what it throws ends the sweep") {
  std::vector<Index> done;
  std::vector<int> seen(4);
  const auto progress = [&](const SweepProgress& p) {
    done.push_back(p.done);
    ++seen[static_cast<std::size_t>(p.setting.number())];
    CHECK(p.total == 4);
    CHECK(p.error.empty());
  };
  sweep(grid, rows, {.threads = 3, .progress = progress});
  CHECK(done == std::vector<Index>{1, 2, 3, 4});
  CHECK(seen == std::vector<int>(4, 1));
  CHECK(error_of([] { sweep(grid, rows, {.progress = [](const SweepProgress&) { throw std::runtime_error("enough"); }}); }) == "enough");
}

TEST_CASE("an interrupted sweep does only what is missing, and ends with the same bytes") {
  scratch::Folder folder;
  std::atomic<int> calls = 0;
  bool unlucky = true;
  const auto run = [&](const Setting& s) {
    ++calls;
    if (unlucky && s.number() == 3) throw std::runtime_error("later, perhaps");
    Outcome<double> outcome;
    outcome.iterations = s.depth();
    return std::pair{rows(s), outcome};
  };
  const SweepOptions options{.threads = 1, .store = folder / "runs", .key = "code 1"};
  SweepOptions stopping = options;
  stopping.progress = [](const SweepProgress& p) {
    if (p.done == 2) throw std::runtime_error("interrupted");
  };
  CHECK(error_of([&] { sweep(grid, run, stopping); }) == "interrupted");
  CHECK(calls == 2);
  const SweepResult second = sweep(grid, run, options);
  CHECK(calls == 4);
  CHECK(second.reused() == 2);
  CHECK(second.failures().size() == 1);
  CHECK(sentence(second).substr(0, 41) == "4 runs, 2 of them from the store, 1 faile");
  unlucky = false;
  const SweepResult third = sweep(grid, run, options);  // what failed is tried again
  CHECK(calls == 5);
  CHECK(third.reused() == 3);
  CHECK(scratch::mentions(json(third.provenance()), "\"key\": \"code 1\""));
  const std::string resumed = written(third, folder);
  CHECK(resumed == written(sweep(grid, run, {.threads = 2}), folder));
  CHECK(calls == 9);
  CHECK(sweep(grid, run, {.store = folder / "runs", .key = "code 2"}).reused() == 0);
  CHECK(sweep(grid * axis("new", {1}), run, options).reused() == 0);
  CHECK(written(sweep(grid, run, {.threads = 8, .store = folder / "runs", .key = "code 1"}), folder) == resumed);
}

TEST_CASE("a store needs a key, and a run that cannot be kept is not lost") {
  CHECK(error_of([] { sweep(grid, rows, {.store = "runs"}); }) ==
        "sweep: .store and .key go together; .key is a text of yours that changes whenever the code of run does, so that runs of older "
        "code are not taken for done");
  scratch::Folder folder;
  const auto run = [&](const Setting& s) {
    if (s.number() == 0) scratch::fs::remove_all(folder / "runs");
    return rows(s);
  };
  const SweepResult result = sweep(seeds(1) * depths({0}), run, {.store = folder / "runs", .key = "1"});
  REQUIRE(result.warnings().size() == 1);
  CHECK(scratch::mentions(result.warnings()[0], "cannot be written: No such file or directory"));
  CHECK(scratch::mentions(sentence(result), "  not kept: "));
  CHECK(result.failures().empty());
  CHECK(written(result, folder) == "seed,depth,iteration,loss,error\n1,0,0,1,\n");
}
