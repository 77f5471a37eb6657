// SPDX-License-Identifier: MIT
#include "tables.hpp"

#include "catch.hpp"

namespace table_order_tests {

using namespace tables;

namespace {

/// As in  "0 labels: date, 1 labels: even steps".
std::string orders(const std::string& text, const CsvOptions& options = {}) {
  std::string found;
  for (const tacit::LineOrder& one : read(text, options).order)
    found += (found.empty() ? "" : ", ") + std::to_string(one.mode) + " " + one.found;
  return found;
}

}  // namespace

TEST_CASE("the order of rows is told by dates as labels, beside other labels, and by hours that repeat") {
  CHECK(orders("date,a,b\n2004-03-10,1,2\n2004-03-11,,3\n2004-03-12,4,5\n") == "0 labels: date");
  CHECK(orders("Date;Time;a\n10/03/2004;23.00.00;1,5\n11/03/2004;00.00.00;\n11/03/2004;01.00.00;2,5\n13/03/2004;01.00.00;2,5\n") ==
        "0 labels: date and time");
  CHECK(orders("site,day,a,b\nx,2004-03-10,1,2\ny,2004-03-11,,3\nz,2004-03-12,4,5\n") == "0 column day: date");
  const std::string hours = [] {
    std::string text = "Time;a;b\n";
    for (int k = 0; k < 60; ++k)
      text += (k % 24 < 10 ? "0" : "") + std::to_string(k % 24) + ".00.00;" + std::to_string(k * k % 7) + ",5;" + (k % 9 ? "1" : "") + "\n";
    return text;
  }();
  CHECK(orders(hours) == "0 column Time: time of day");
  CHECK(read("site,day,a\nx,2004-03-12,1\ny,2004-03-10,\nz,2004-03-11,4\n").order[0].at[1] + 2 ==
        read("site,day,a\nx,2004-03-12,1\ny,2004-03-10,\nz,2004-03-11,4\n").order[0].at[0]);
}

TEST_CASE("the order of columns is told by their names; labels without an order tell none") {
  CHECK(orders("sample,250,252,254,256,258\na,1.5,,3.5,1,2.5\nb,2.5,2,,3.5,1\nc,3,4.5,5,1.5,1\n") == "1 labels: even steps");
  CHECK(orders("country,2003-01,2003-02,2003-03\na,1,,3\nb,2,2,\nc,3,4,5\n") == "1 labels: month");
  CHECK(orders("id,a,b\n1003,1,2\n1007,,3\n1012,4,5\n1013,1,1\n") == "");
  CHECK(orders("name,a,b\nx,1,2\ny,,3\nz,4,5\n") == "");
}

}  // namespace table_order_tests
