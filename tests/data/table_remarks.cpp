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

TEST_CASE("fill values of formats, ends of a machine's integers and nines with decimals are remarked, too") {
  const auto text = [](const std::string& fill) {
    return "n,a,b\nr0," + fill + ",5\nr1,3.5,6\nr2," + fill + ",7\nr3," + fill + ",9\nr4,12,1\n";
  };
  for (const std::string fill : {"1E+20", "9.96921e+36", "32767", "65535", "2147483647"})
    CHECK(says(read(text(fill)),
               " stands in the data 3 times, and nothing else in its column is above 12: if it means missing, say --missing "));
  for (const std::string fill : {"-99.9", "-999.99", "-32768", "-2147483648", "-1e34"})
    CHECK(says(read(text(fill)), " stands in the data 3 times, and nothing else in its column is below 3.5"));
  CHECK(read(text("-1e34"), {.missing = {"-1e+34"}}).data.count() == 7);
}

TEST_CASE("a column that is carried along although its cells begin as numbers is remarked; dates, codes and categories are not") {
  const auto text = [](const std::string& name, const std::vector<std::string>& cells) {
    std::string all = "n," + name + ",b\n";
    for (std::size_t k = 0; k < cells.size(); ++k) all += "r" + std::to_string(k) + "," + cells[k] + "," + std::to_string(k * k) + ".5\n";
    return all;
  };
  const std::vector<std::string> weights{"3.5 kg", "4 kg", "2.25 kg", "", "7 kg"};
  CHECK(says(read(text("weight", weights)),
             "The cells of column 'weight' begin as numbers and are none ('3.5 kg' on line 2), so that it is carried along as "
             "text; write plain numbers to have it completed."));
  CHECK(says(read(text("age", {"0-4", "5-9", "10-14", "15-19"})), "The cells of column 'age' begin as numbers"));
  CHECK(read(text("weight", weights), {.text_columns = {"weight"}}).remarks.empty());
  CHECK(read(text("day", {"3.4.2021", "4.4.2021", "5.4.2021", "6.4.2021"})).remarks.empty());
  CHECK(read(text("case_id", {"103b", "104a", "105c", "106"})).remarks.empty());
  CHECK(read(text("class", {"1st", "2nd", "1st", "3rd", "2nd"})).remarks.empty());
}

TEST_CASE("numbers that are data are not remarked") {
  CHECK(read("n,a,b\nr0,99.9,5\nr1,97.5,6\nr2,99.9,7\nr3,99.9,9\n").remarks.empty());
  CHECK(read("n,a,b\nr0,32768.5,5\nr1,1,6\nr2,32768.5,7\nr3,32768.5,9\n").remarks.empty());
  CHECK(read("n,a,b\nr0,3e15,5\nr1,1e15,6\nr2,3e15,7\nr3,3e15,9\n").remarks.empty());
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
