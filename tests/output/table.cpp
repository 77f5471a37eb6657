// SPDX-License-Identifier: MIT
#include <tacit/io/table.hpp>

#include <sstream>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;

namespace {
std::string printed(const Table& table) {
  std::ostringstream out;
  out << table;
  return out.str();
}
}  // namespace

TEST_CASE("rows of integers, numbers and text") {
  Table table({"depth", "error", "reason"});
  table.add({2, 0.25, "stalled"}).add({Index(3), 1e-3f, std::string("converged")});
  REQUIRE(table.rows() == 2);
  REQUIRE(table.cols() == 3);
  CHECK(table.at(0, "depth").is_integer());
  CHECK(table.at(0, "depth").number() == 2);
  CHECK(table.at(1, "error").number() == static_cast<double>(1e-3f));
  CHECK(table.at(1, "reason").text() == "converged");
  CHECK(table.numbers("depth") == std::vector<double>{2, 3});
  CHECK(table.has("error"));
  CHECK_FALSE(table.has("errors"));
}

TEST_CASE("a column widens when a cell needs it, and keeps what it holds") {
  Table table({"x"});
  table.add({1});
  CHECK(table.at(0, 0).is_integer());
  table.add({0.5});
  CHECK_FALSE(table.at(0, 0).is_integer());
  CHECK(table.numbers("x") == std::vector<double>{1, 0.5});
  table.add({Cell()});
  CHECK(table.at(2, 0).is_missing());
  table.add({"many"});
  CHECK(table.at(0, 0).text() == "1");
  CHECK(table.at(1, 0).text() == "0.5");
  CHECK(table.at(2, 0).text().empty());
  CHECK(table.at(3, 0).text() == "many");
  table.add({7});
  CHECK(table.at(4, 0).text() == "7");
}

TEST_CASE("large seeds keep their digits") {
  CHECK(Cell(std::uint64_t(9223372036854775807ull)).is_integer());
  CHECK(Cell(std::uint64_t(18446744073709551615ull)).text() == "18446744073709551615");
  CHECK(Cell(true).text() == "1");
}

TEST_CASE("columns are added whole") {
  Table table;
  table.add_column("iteration", std::vector<Index>{0, 100}).add_column("loss", std::vector<double>{1.5, 0.5});
  table.add_column("loss32", Vector<float>(Vector<float>::Constant(2, 0.5f))).add_column("note", std::vector<const char*>{"a", "b"});
  CHECK(table.rows() == 2);
  CHECK(table.at(1, "iteration").is_integer());
  CHECK(table.at(1, "loss").number() == 0.5);
  CHECK(table.at(0, "loss32").number() == 0.5);
  CHECK(table.at(1, "note").text() == "b");
}

TEST_CASE("tables of runs make one long table, settings in front") {
  Table first, second, all;
  first.add_column("iteration", std::vector<int>{0, 100}).add_column("loss", std::vector<double>{2, 1});
  second.add_column("iteration", std::vector<int>{0}).add_column("rank", std::vector<double>{3});
  all.append(first, {{"depth", 2}, {"init", "identity"}}).append(second, {{"depth", 3}, {"init", "gaussian"}});
  REQUIRE(all.rows() == 3);
  CHECK(all.name(0) == "depth");
  CHECK(all.name(1) == "init");
  CHECK(all.name(2) == "iteration");
  CHECK(all.numbers("depth") == std::vector<double>{2, 2, 3});
  CHECK(all.at(2, "init").text() == "gaussian");
  CHECK(all.at(1, "loss").number() == 1);
  CHECK(all.at(2, "loss").is_missing());
  CHECK(all.at(0, "rank").is_missing());
  CHECK(all.at(2, "rank").number() == 3);
  CHECK(all.at(2, "iteration").is_integer());
}

TEST_CASE("printed columns are aligned, numbers to the right and rounded") {
  Table table({"depth", "why", "error"});
  table.add({2, "stalled", 1.0 / 3}).add({13, "ok", 1e-9});
  CHECK(printed(table) ==
        "depth  why         error\n"
        "    2  stalled  0.333333\n"
        "   13  ok          1e-09\n");
}

TEST_CASE("letters outside ASCII are as wide as others") {
  Table table({"a", "b"});
  table.add({"\xC3\xA9\xC3\xA9", 1}).add({"xyz", 2});
  CHECK(printed(table) == "a    b\n\xC3\xA9\xC3\xA9   1\nxyz  2\n");
}

TEST_CASE("long tables print their ends") {
  Table table({"k"});
  for (int k = 0; k < 100; ++k) table.add({k});
  const std::string text = printed(table);
  CHECK(scratch::mentions(text, "19\n... 60 more rows; print(out) prints all, write_csv(path, table) saves them ...\n80\n"));
  CHECK(std::count(text.begin(), text.end(), '\n') == 42);
  std::ostringstream all;
  table.print(all);
  CHECK(scratch::mentions(all.str(), "\n49\n50\n"));
  const std::string whole = all.str();
  CHECK(std::count(whole.begin(), whole.end(), '\n') == 101);
}

TEST_CASE("misuse is refused with a sentence") {
  Table table({"depth", "why"});
  table.add({2, "ok"});
  CHECK_THROWS_WITH(table.add({2}), "Table: got 1 cells for 2 columns");
  CHECK_THROWS_WITH(table.at(0, "deep"), "Table: there is no column 'deep'; there are depth, why");
  CHECK_THROWS_WITH(table.numbers("why"), "Table: column 'why' holds text where numbers are due");
  CHECK_THROWS_WITH(table.at(0, "why").number(), "Table: 'ok' is text where a number is due");
  CHECK_THROWS_WITH(table.add_column("why", std::vector<int>{1}), "Table: two columns are called 'why'");
  CHECK_THROWS_WITH(table.add_column("x", std::vector<int>{1, 2}), "Table: column 'x' has 2 cells, the table has 1 rows");
  CHECK_THROWS_WITH(Table({"a", "a"}), "Table: two columns are called 'a'");
  Table all;
  CHECK_THROWS_WITH(all.append(table, {{"why", 1}}), "Table: 'why' is a column of the appended table and one of the settings");
}
