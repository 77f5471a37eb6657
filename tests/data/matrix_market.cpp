// SPDX-License-Identifier: MIT
#include <tacit/data/matrix_market.hpp>
#include <tacit/data/read.hpp>

#include "catch.hpp"
#include "tables.hpp"

using namespace tacit;

namespace matrix_market_tests {

namespace {

MatrixFile parsed(const std::string& text) {
  scratch::Folder folder;
  return read_observed(scratch::put(folder / "a.mtx", text));
}
std::string refused(const std::string& text) {
  scratch::Folder folder;
  const std::string path = scratch::put(folder / "a.mtx", text);
  return scratch::file_error_of(path, [&] { read_matrix_market(path); });
}
const std::string general = "%%MatrixMarket matrix coordinate real general\n";

}  // namespace

TEST_CASE("coordinates: entries that are not listed are gaps") {
  const MatrixFile file = parsed(general + "% by nobody\n%\n2 3 4\n1 1 1.5\n2 3 -2e1\n\n1 3 0\n2 1 7\n");
  CHECK(tables::shown(file) == "1.5 . 0 / 7 . -20");
  CHECK(file.format == "MatrixMarket coordinate, 2 x 3, entries that are not listed are gaps");
  CHECK(tables::shown(parsed("%%MatrixMarket MATRIX Coordinate Integer General\r\n2 2 1\r\n2 1 7\r\n")) == ". . / 7 .");
}

TEST_CASE("arrays column by column, and symmetric matrices by their lower half") {
  CHECK(tables::shown(parsed("%%MatrixMarket matrix array real general\n2 3\n1\n2\nnan\n4\n5\n6\n")) == "1 . 5 / 2 4 6");
  CHECK(tables::shown(parsed("%%MatrixMarket matrix array real symmetric\n3 3\n1\n2\n3\n4\n5\n6\n")) == "1 2 3 / 2 4 5 / 3 5 6");
  CHECK(tables::shown(parsed("%%MatrixMarket matrix coordinate real symmetric\n3 3 2\n1 1 5\n3 1 2\n")) == "5 . 2 / . . . / 2 . .");
}

TEST_CASE("what cannot be read is named with its line") {
  CHECK(refused("%%MatrixMarket matrix coordinate pattern general\n1 1 1\n1 1\n") ==
        ", line 1: holds a pattern matrix; real and integer ones are read, since a pattern has no values to complete");
  CHECK(refused("%%MatrixMarket matrix coordinate complex general\n") ==
        ", line 1: holds a complex matrix; real and integer ones are read");
  CHECK(refused("%%MatrixMarket matrix array real skew-symmetric\n2 2\n1\n") ==
        ", line 1: holds a skew-symmetric matrix; general and symmetric ones are read");
  CHECK(scratch::mentions(refused("%%MatrixMarket vector\n"), ", line 1: is no MatrixMarket header"));
  CHECK(refused(general) == ": ends before the line of sizes");
  CHECK(refused(general + "2 3\n") == ", line 2: has 2 numbers, sizes are rows, columns, entries");
  CHECK(refused(general + "2 2 2\n1 1 5\n") == ": ends after 1 of 2 entries");
  CHECK(refused(general + "2 2 1\n1 1 5\n2 2 5\n") == ", line 4: is entry 2, the line of sizes says 1");
  CHECK(refused(general + "2 2 1\n3 1 5\n") == ", line 3, column 1: 3 is out of range, it needs to lie in 1 ... 2");
  CHECK(refused(general + "2 2 1\n1 1 x\n") == ", line 3, column 3: 'x' is not a number");
  CHECK(scratch::mentions(refused(general + "2 2 2\n1 1 5\n1 1 6\n"), "twice"));
}

}  // namespace matrix_market_tests
