// SPDX-License-Identifier: MIT
#include <tacit/core/archive.hpp>
#include <tacit/hook/schedule.hpp>
#include <tacit/hook/trajectory.hpp>

#include <array>

#include "catch.hpp"
#include "example.hpp"
#include "thrown.hpp"

using namespace example;

namespace {
const auto twice = probe("twice", [](const auto& now) { return 2 * now.iteration(); });
const auto pair = probe("pair", [](const auto& now) { return std::array<double, 2>{static_cast<double>(now.iteration()), 0.5}; });
const auto head = probe("theta", [](const auto& now) { return now.theta().head(3).eval(); });
}  // namespace

TEST_CASE("a row each time it is called, a column for every number") {
  Trajectory history(twice, pair, head, tacit::loss);
  CHECK(history.rows() == 0);
  const auto outcome = watch(10, every(4, history));
  CHECK(history.names() == std::vector<std::string>{"iteration", "twice", "pair_1", "pair_2", "theta_1", "theta_2", "theta_3", "loss"});
  CHECK(history.rows() == 4);
  CHECK(history.cols() == 8);
  CHECK(history.column("iteration") == std::vector<double>{0, 4, 8, 10});
  CHECK(history.column("twice") == std::vector<double>{0, 8, 16, 20});
  CHECK(history(1, 2) == 4);
  CHECK(history(2, 3) == 0.5);
  CHECK(history(0, 5) == start()[1]);
  CHECK(history.last("loss") == outcome.loss);
}

TEST_CASE("the closing row replaces one of the same iteration; going on replaces the closing one") {
  const auto p = problem();
  Trajectory history(tacit::loss, rate);
  Run run(p, start(), gradient_descent({.rate = 0.1}), history);
  run.advance(3);
  run.finish();
  run.finish();
  CHECK(history.column("iteration") == std::vector<double>{0, 1, 2, 3});
  CHECK(history.column("rate") == std::vector<double>{0.1, 0.1, 0.1, 0.1});
  run.advance(2);
  CHECK(history.column("iteration") == std::vector<double>{0, 1, 2, 3, 4});
  CHECK(history.column("rate") == std::vector<double>{0.1, 0.1, 0.1, 0.1, 0.1});
}

TEST_CASE("a probe that throws leaves no half row") {
  bool angry = true;
  Trajectory history(tacit::loss, probe("angry", [&](const auto& now) -> double {
                       if (angry && now.iteration() == 2) throw std::runtime_error("no");
                       return 1;
                     }));
  const auto p = problem();
  Run run(p, start(), gradient_descent({.rate = 0.1}), history);
  CHECK_THROWS_AS(run.advance(5), std::runtime_error);
  CHECK(history.column("iteration") == std::vector<double>{0, 1});
  angry = false;
  run.advance(3);
  CHECK(history.column("iteration") == std::vector<double>{0, 1, 3, 4});

  Trajectory from_the_start(tacit::loss, probe("angry", [](const auto& now) -> double {
                              if (now.iteration() == 0) throw std::runtime_error("no");
                              return 1;
                            }));
  Run other(p, start(), gradient_descent({.rate = 0.1}), from_the_start);
  CHECK_THROWS_AS(other.advance(5), std::runtime_error);
  CHECK(from_the_start.names().empty());
  other.advance(2);
  CHECK(from_the_start.names() == std::vector<std::string>{"iteration", "loss", "angry"});
  CHECK(from_the_start.column("iteration") == std::vector<double>{1});
}

TEST_CASE("rows of different lengths, and columns that are not there, are refused with a sentence") {
  Trajectory growing(
      probe("grows", [](const auto& now) { return std::vector<double>(static_cast<std::size_t>(now.iteration() + 1), 1.0); }));
  CHECK(thrown([&] { watch(3, growing); }) == "Trajectory: the probes returned 3 numbers in a row of 2");
  CHECK(growing.rows() == 1);
  CHECK(thrown([&] { growing.column("missing"); }) == "Trajectory: there is no column 'missing'");
  Trajectory empty(tacit::loss);
  CHECK(thrown([&] { empty.last("loss"); }) == "Trajectory: there is no column 'loss'");
}

TEST_CASE("a trajectory survives an archive") {
  Trajectory before(tacit::loss, pair), after(tacit::loss, pair);
  watch(6, every(2, before));
  OutputArchive out;
  out("history", before);
  InputArchive in(out.bytes(), "archive");
  in("history", after);
  CHECK(after.names() == before.names());
  CHECK(after.column("loss") == before.column("loss"));
  CHECK(after.column("pair_1") == before.column("pair_1"));
}

TEST_CASE("it prints as a table") {
  Trajectory history(twice, probe("a_rather_long_name", [](const auto&) { return 0.125; }));
  watch(1, history);
  CHECK(sentence(history) ==
        "     iteration         twice  a_rather_long_name\n"
        "             0             0               0.125\n"
        "             1             2               0.125\n");
}
