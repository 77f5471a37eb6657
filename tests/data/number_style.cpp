// SPDX-License-Identifier: MIT
#include <tacit/data/number_style.hpp>

#include "catch.hpp"
#include "tables.hpp"

using namespace tacit;
using tables::completed;
using tables::read;
using tables::refused;
using tables::says;
using tables::shown;

namespace number_style_tests {

TEST_CASE("what the marks of a number show") {
  using namespace detail;
  CHECK(marks_of("12") == plain);
  for (const char* text : {"1.5", "0.125", "1234.567", ".5", "-5.", "1.234e5", "1.5E-3"}) CHECK(marks_of(text) == point);
  for (const char* text : {"1,5", "0,125", "1234,567", ",5", "1,234e5"}) CHECK(marks_of(text) == comma);
  for (const char* text : {"1.234", "-12.345", "+999.000"}) CHECK(marks_of(text) == point_or_thousands);
  for (const char* text : {"1,234", "-12,345", "999,000"}) CHECK(marks_of(text) == comma_or_thousands);
  CHECK(marks_of("1.234.567") == points);
  CHECK(marks_of("1,234,567") == commas);
  CHECK(marks_of("1,234.5") == commas_point);
  CHECK(marks_of("1.234,5") == points_comma);
  for (const char* text :
       {"", "-", ".", ",", "1,23,4", "1.23.4", "1,2.5", "12,34.5", "1,234.5.6", "0,123,456", "1e", "1,5x", "10.03.2004"}) {
    INFO(text);
    CHECK(marks_of(text) == no_number);
  }
}

TEST_CASE("commas before three digits everywhere are between thousands, and said") {
  const std::string text = "name\ta\tb\nr0\t8,322\t\nr1\t\t951\nr2\t12,184\t1,405\n";
  const TableFile table = read(text);
  CHECK(shown(table) == "8322 . / . 951 / 12184 1405");
  CHECK(says(table, "commas between thousands"));
  CHECK(says(table,
             "'8,322' (line 2, column 2) is read as 8322, since every comma stands before three digits; if decimals are meant, say "
             "--decimal comma."));
  CHECK(completed(text, 8198.65) == "name\ta\tb\nr0\t8,322\t8198.65\nr1\t8198.65\t951\nr2\t12,184\t1,405\n");
  CHECK(shown(read(text, {.decimal = ','})) == "8.322 . / . 951 / 12.184 1.405");
}

TEST_CASE("thousands in quotes, between semicolons, pipes and blanks, with decimals, and in millions") {
  CHECK(shown(read("n,a,b\nr0,\"8,322\",\nr1,,951\nr2,\"12,184\",\"1,405\"\n")) == "8322 . / . 951 / 12184 1405");
  CHECK(shown(read("n;a;b\nr0;1,234,567;\nr1;;8,322\n")) == "1234567 . / . 8322");
  CHECK_FALSE(says(read("n;a;b\nr0;1,234,567;\nr1;;8,322\n"), "is read as"));  // proved by the millions
  CHECK(shown(read("a b\n8,322 951\n12,184 NA\n")) == "8322 951 / 12184 .");
  CHECK(shown(read("n;a;b\nr0;1,234.5;\nr1;;2.25\n")) == "1234.5 . / . 2.25");
  CHECK(shown(read("n\ta\tb\nr0\t8,322\t0.5\nr1\t7,000\t\n")) == "8322 0.5 / 7000 .");
}

TEST_CASE("one number that cannot be thousands makes decimal commas of all") {
  for (const std::string other : {"0,532", "1234,567", "1,5", "12,3456", "1,5e3"}) {
    INFO(other);
    const TableFile table = read("n;a;b\nr0;8,322;\nr1;;" + other + "\n");
    CHECK(table.data.y[0] == 8.322);
    CHECK(says(table, "decimal comma"));
    CHECK(table.remarks.empty());
  }
  CHECK(shown(read("n;a;b\nr0;1.234,5;\nr1;;2.500\n")) == "1234.5 . / . 2500");  // points between thousands
  CHECK(shown(read("n;a;b\nr0;1.234.567;\nr1;;2,5\n")) == "1234567 . / . 2.5");
  CHECK(completed("n,a,b\nr0,\"2,5\",\nr1,,\"0,125\"\n", 1.5) == "n,a,b\nr0,\"2,5\",\"1,5\"\nr1,\"1,5\",\"0,125\"\n");
  CHECK(shown(read("n;a\nr0;1.234\nr1;2.345\n")) == "1.234 / 2.345");  // points alone are decimal points
}

TEST_CASE("marks that contradict each other are refused with both places") {
  CHECK(refused("n;a\nr0;1,5\nr1;2.5\n") == ", line 3, column 2: '2.5' has a decimal point, line 2, column 2 has a decimal comma");
  CHECK(refused("n;a\nr0;1,5\nr1;1,234,567\n") ==
        ", line 3, column 2: '1,234,567' has commas between thousands, line 2, column 2 has a decimal comma");
  CHECK(refused("n,a\nr0,\"1,5\"\nr1,2.5\n") == ", line 3, column 2: '2.5' has a decimal point, line 2, column 2 has a decimal comma");
  CHECK(shown(read("n;date;a\nr0;1.5.2004;1,5\nr1;2.5.2004;2,5\n")) == "1.5 / 2.5");  // dates are text, not numbers with points
}

TEST_CASE("blanks, no-break blanks and apostrophes between thousands, and the printers' minus") {
  CHECK(shown(read("n;a;b\nr0;12 184;\nr1;-1 234 567;8\n")) == "12184 . / -1234567 8");
  CHECK(shown(read("n;a;b\nr0;12\xC2\xA0"
                   "184,5;\nr1;1\xE2\x80\xAF"
                   "234;8\n")) == "12184.5 . / 1234 8");
  CHECK(shown(read("n,a,b\nr0,12'184.5,\nr1,\xE2\x88\x92"
                   "5,8\n")) == "12184.5 . / -5 8");
  CHECK(scratch::mentions(refused("n;a;b\nr0;12 18;1\nr1;5;8\nr2;6;9\n"), "'12 18' is not a number"));
}

}  // namespace number_style_tests
