// SPDX-License-Identifier: MIT
#include <tacit/hook/progress.hpp>
#include <tacit/hook/schedule.hpp>

#include <sstream>

#include "catch.hpp"
#include "example.hpp"

using namespace example;

TEST_CASE("a log has a line each time it is called: iteration, speed, what is left, loss") {
  std::ostringstream out;
  watch(40, every(20, progress_log(out)));
  const std::string text = out.str();
  CHECK(std::count(text.begin(), text.end(), '\n') == 3);
  CHECK(text.find("iteration 0 of 40") == 0);
  CHECK(text.find("\niteration 20 of 40") != std::string::npos);
  CHECK(text.find("left  loss ") != std::string::npos);
  CHECK(text.find("\niteration 40 of 40") != std::string::npos);
  CHECK(text.find("done  loss ") != std::string::npos);
  CHECK(text.find('\r') == std::string::npos);
}

TEST_CASE("a terminal has one line, rewritten") {
  std::ostringstream out;
  watch(40, progress_line(out));
  const std::string text = out.str();
  CHECK(text.front() == '\r');
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
  CHECK(text.back() == '\n');
  CHECK(text.find("iteration 40 of 40") != std::string::npos);
}

TEST_CASE("times are told in the unit that fits") {
  CHECK(tacit::detail::short_time(12.3) == "12 s");
  CHECK(tacit::detail::short_time(600) == "10 min");
  CHECK(tacit::detail::short_time(9000) == "2.5 h");
}
