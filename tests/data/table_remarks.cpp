// SPDX-License-Identifier: MIT
#include <tacit/data/table_remarks.hpp>

#include "catch.hpp"
#include "tables.hpp"

using tables::read;
using tables::says;

TEST_CASE("one number that stands for gaps is remarked") {
  CHECK(says(read("n,a,b\nr0,-200,5\nr1,3,-200\nr2,-200,7\nr3,1.5,9\n"),
             "-200 stands in the data 3 times, and nothing else in its columns is below 1.5: if it means missing, say --missing -200."));
  CHECK(says(read("n,a,b\nr0,-999,5\nr1,-3,6\nr2,-999,7\nr3,-999,9\n"),
             "-999 stands in the data 3 times, and nothing else in its column is below -3"));
  CHECK(says(read("n,a,b\nr0,9999,5\nr1,3,6\nr2,9999,7\nr3,9999,9\nr4,12,1\n"),
             "9999 stands in the data 3 times, and nothing else in its column is above 12"));
}

TEST_CASE("numbers that are data are not remarked") {
  CHECK(read("n,a,b\nr0,-200,5\nr1,-190,6\nr2,-200,7\nr3,-200,9\n").remarks.empty());
  CHECK(read("n,a,b\nr0,-1,5\nr1,1,6\nr2,-1,7\nr3,-1,9\n").remarks.empty());
  CHECK(read("n,a,b\nr0,999,5\nr1,1,6\nr2,2,7\nr3,3,9\n").remarks.empty());  // once
  CHECK(read("n,a,b\nr0,99,5\nr1,80,6\nr2,99,7\nr3,99,9\n").remarks.empty());
  CHECK(read("n,a,b\nr0,-200,5\nr1,3,-200\nr2,-200,7\n", {.missing = {"-200"}}).remarks.empty());
}
