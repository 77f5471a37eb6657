// SPDX-License-Identifier: MIT
#include <tacit/data/label_order.hpp>

#include "catch.hpp"

using namespace tacit;

namespace label_order_tests {

namespace {

using Labels3 = std::vector<std::string>;

std::string found(const Labels3& labels, const char* called = "") {
  const auto order = order_of_labels(labels, called);
  return order ? order->found : "no";
}
/// Steps between the lines, in units of the first.
std::vector<double> steps(const Labels3& labels, const char* called = "") {
  const auto order = order_of_labels(labels, called);
  std::vector<double> x;
  for (std::size_t k = 1; order && k < order->at.size(); ++k)
    x.push_back(std::round(1e6 * (order->at[k] - order->at[k - 1]) / (order->at[1] - order->at[0])) / 1e6);
  return x;
}

}  // namespace

TEST_CASE("labels that are dates and times have an order, in every usual spelling") {
  const std::vector<double> even{1, 1};
  for (const Labels3& days :
       {Labels3{"2004-02-28", "2004-02-29", "2004-03-01"}, Labels3{"2004/2/28", "2004/2/29", "2004/3/1"},
        Labels3{"20040228", "20040229", "20040301"}, Labels3{"28.02.2004", "29.02.2004", "01.03.2004"},
        Labels3{"2/28/2004", "2/29/2004", "3/1/2004"}, Labels3{"28/2/04", "29/2/04", "1/3/04"},
        Labels3{"28-Feb-2004", "29-Feb-2004", "1-Mar-2004"}, Labels3{"Feb 28, 2004", "Feb 29, 2004", "March 1, 2004"}}) {
    INFO(days[0]);
    CHECK(found(days) == "date");
    CHECK(steps(days) == even);
  }
  for (const Labels3& hours : {Labels3{"2004-02-29 22:00", "2004-02-29 23:00", "2004-03-01 00:00"},
                               Labels3{"2004-02-29T22:00:00Z", "2004-02-29T23:00:00Z", "2004-03-01T00:00:00Z"},
                               Labels3{"29/02/2004 22.00.00", "29/02/2004 23.00.00", "01/03/2004 00.00.00"},
                               Labels3{"2/29/2004 10:00 PM", "2/29/2004 11:00 PM", "3/1/2004 12:00 AM"}}) {
    INFO(hours[0]);
    CHECK(found(hours) == "date and time");
    CHECK(steps(hours) == even);
  }
  CHECK(found({"2003-11", "2003-12", "2004-01"}) == "month");
  CHECK(steps({"Nov 2003", "Dec 2003", "Jan 2004"}) == even);
  CHECK(found({"2003-Q4", "2004-Q1", "2004-Q2"}) == "quarter");
  CHECK(steps({"Q4 2003", "Q1 2004", "Q2 2004"}) == even);
}

TEST_CASE("the order of dates is theirs, not that of the lines; steps may be uneven") {
  CHECK(steps({"2004-03-03", "2004-03-02", "2004-03-12"}) == std::vector<double>{1, -10});
  CHECK(order_of_labels({"3/4/2004", "4/4/2004", "5/4/2004"}, "")->at[1] -
            order_of_labels({"3/4/2004", "4/4/2004", "5/4/2004"}, "")->at[0] ==
        1);
  CHECK(order_of_labels({"3/4/2004", "3/5/2004", "3/6/2004"}, "")->at[1] -
            order_of_labels({"3/4/2004", "3/5/2004", "3/6/2004"}, "")->at[0] ==
        1);
}

TEST_CASE("times of day come again and again, hour upon hour") {
  CHECK(found({"22.00.00", "23.00.00", "00.00.00", "01.00.00"}) == "time of day");
  CHECK(found({"22:30", "23:00", "23:30", "00:00", "00:30"}) == "time of day");
  CHECK(found({"22.00.00", "23.00.00", "01.00.00", "02.00.00"}) == "no");  // one is missing: nobody knows how many days
  CHECK(found({"08:00", "08:00", "08:00"}) == "no");
}

TEST_CASE("numbers in even steps and years have an order; ids, words, and what is no date do not") {
  CHECK(found({"250", "252", "254", "256"}) == "even steps");
  CHECK(found({"0,5", "1,0", "1,5"}) == "even steps");
  CHECK(found({"week 9", "week 10", "week 11"}) == "even steps");
  CHECK(found({"1990", "1995", "1997"}, "Year") == "year");
  CHECK(found({"y1990", "y1991", "y1992"}) == "even steps");
  CHECK(found({"X1990", "X1995", "X2000"}) == "even steps");
  CHECK(found({"FY2010", "FY2011", "FY2012"}) == "even steps");
  CHECK(found({"x1", "x2", "x3"}) == "no");  // no years
  CHECK(found({"y2990", "y2991", "y2992"}) == "no");
  CHECK(found({"q1990", "q1991", "q1992"}) == "no");
  CHECK(found({"1990", "1995", "1997"}) == "no");
  CHECK(found({"1003", "1007", "1012", "1013"}) == "no");
  CHECK(found({"gene1", "gene2", "gene3"}) == "no");
  CHECK(found({"a", "b", "c"}) == "no");
  CHECK(found({"03/10", "03/11", "03/12"}) == "no");  // without a year
  CHECK(found({"1.5", "2.25", "8.0"}) == "no");
  CHECK(found({"18.00", "18.30", "18.90"}) == "no");
  CHECK(found({"2004-13-01", "2004-13-02", "2004-13-03"}) == "no");
  CHECK(found({"2004-01-01", "2004-01-02", "total"}) == "no");
  CHECK(found({"2004-01-01", "2004-01-01", "2004-01-02"}) == "no");  // a day of two stations
  CHECK(found({"2004-01-01", "2004-01-02"}) == "no");                // two lines
  CHECK(found({}) == "no");
}

}  // namespace label_order_tests
