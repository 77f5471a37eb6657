// SPDX-License-Identifier: MIT
#include <tacit/data/table_remarks.hpp>

#include "catch.hpp"
#include "tables.hpp"

using tables::read;
using tables::says;

namespace table_remarks_tests {

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

TEST_CASE("columns that count the rows or hold parts of a date, and rows of totals, are remarked where they are data") {
  std::string text = "name,a,t,year\n", years = "name,a,year\n";
  for (int k = 0; k < 12; ++k) {
    text += std::string(1, static_cast<char>('a' + k)) + "," + std::to_string(k * k % 7) + "," + std::to_string(k + 1) + ",1999.5\n";
    years += std::string(1, static_cast<char>('a' + k)) + "," + std::to_string(k * k % 7) + "," + std::to_string(1990 + k / 2) + "\n";
  }
  CHECK(read(text).remarks ==
        std::vector<std::string>{"Column 't' is a count of the rows and read as data; to leave it as it is, say --text-columns t."});
  CHECK(says(read(years), "Column 'year' is part of a date and read as data"));
  CHECK(read(years, {.text_columns = {"year"}}).remarks.empty());
  CHECK(
      says(read("region,a,b\nx,1,\ny,,3\nTotal,5,8\n"), "Row 'Total' is read as a row like all others; if it sums them up, take it out."));
  CHECK(read("region,total,b\nx,1,\ny,,3\nSumatra,5,8\n").remarks.empty());
}

}  // namespace table_remarks_tests
