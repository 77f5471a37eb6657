// SPDX-License-Identifier: MIT
#include <tacit/io/csv_writer.hpp>

#include "../data/scratch.hpp"
#include "catch.hpp"

using namespace tacit;

TEST_CASE("a table as CSV, with its provenance beside it") {
  scratch::Folder folder;
  Table table({"depth", "loss", "why, exactly"});
  table.add({2, 0.1, "plain"}).add({3, Cell(), "a \"b\", c"}).add({4, HUGE_VAL, "two\nlines"}).add({5, -HUGE_VAL, ""});
  Provenance provenance;
  provenance.set("rate", 0.5);
  write_csv(folder / "t.csv", table, provenance);
  CHECK(scratch::get(folder / "t.csv") ==
        "depth,loss,\"why, exactly\"\n2,0.1,plain\n3,,\"a \"\"b\"\", c\"\n4,inf,\"two\nlines\"\n5,-inf,\n");
  CHECK(scratch::get(folder / "t.csv.meta.json") == json(provenance));
}

TEST_CASE("matrices with and without labels") {
  scratch::Folder folder;
  Matrix<double> W(2, 3);
  W << 1, 0.1, -2, 4, std::nan(""), 1e-20;
  write_csv(folder / "w.csv", W);
  CHECK(scratch::get(folder / "w.csv") == "1,0.1,-2\n4,,1e-20\n");
  write_csv(folder / "w.csv", W, {.rows = {"u1", "u2"}, .cols = {"a", "b", "c,d"}});
  CHECK(scratch::get(folder / "w.csv") == ",a,b,\"c,d\"\nu1,1,0.1,-2\nu2,4,,1e-20\n");
  write_csv(folder / "w.csv", W.transpose(), {.rows = {"a", "b", "c"}});
  CHECK(scratch::get(folder / "w.csv") == ",0,1\na,1,4\nb,0.1,\nc,-2,1e-20\n");
  CHECK_THROWS_WITH(write_csv(folder / "w.csv", W, {.rows = {"a"}}), "write_csv: got 1 row labels for 2 rows");
  CHECK_THROWS_WITH(write_csv(folder / "w.csv", W, {.cols = {"a"}}), "write_csv: got 1 column labels for 3 columns");
}

TEST_CASE("a full disk is reported when writing CSV") {
  const std::string path = "/dev/full";
  if (!scratch::fs::exists(path)) return;
  Table table({"a"});
  table.add({1});
  CHECK(scratch::file_error_of(path, [&] { write_csv(path, table); }) == ": cannot be written: No space left on device");
  CHECK_THROWS_WITH(write_csv(path, Table()), "write_csv: the table for /dev/full has no columns");
}
