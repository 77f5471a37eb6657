// SPDX-License-Identifier: MIT
#include <tacit/io/csv_reader.hpp>

#include <tacit/io/csv_writer.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;

TEST_CASE("a CSV file comes back as it was written: integers, numbers, text, gaps and infinities; a short row is an error with its line") {
  const scratch::Folder folder;
  Table table;
  table.add_column("n", std::vector<std::int64_t>{1, -2, 3}).add_column("x", std::vector<double>{0.1, std::nan(""), -HUGE_VAL});
  table.add_column("name", std::vector<std::string>{"a, b", "say \"c\"", "d"});
  write_csv(folder / "t.csv", table);
  const Table back = read_csv_table(folder / "t.csv");
  CHECK(back.at(0, "n").is_integer());
  CHECK(back.at(0, "x").number() == 0.1);
  CHECK(back.at(1, "x").is_missing());
  CHECK(back.at(2, "x").number() == -HUGE_VAL);
  CHECK(back.at(0, "name").text() == "a, b");
  const std::string broken = scratch::put(folder / "broken.csv", "a,b\n1,2\n3\n");
  CHECK(scratch::mentions(scratch::file_error_of(broken, [&] { read_csv_table(broken); }), "has 1 cells, the header names 2 columns"));
}
