// SPDX-License-Identifier: MIT
#include <tacit/data/cell_reader.hpp>

#include "catch.hpp"
#include "tables.hpp"

using namespace tacit;
using tables::completed;
using tables::read;
using tables::refused;
using tables::says;
using tables::shown;

namespace cell_reader_tests {

TEST_CASE("gaps as spreadsheets, statistics programs and public data spell them") {
  for (const std::string gap : {"", "NA", "n/a", "#N/A", "#NA", "NaN", "-nan", "null", "None", "<NA>", "#N/A N/A", ".", "..", "-", "?"}) {
    INFO(gap);
    const std::string text = "n,a,b\nr0,1," + gap + "\nr1," + gap + ",2\n";
    CHECK(shown(read(text)) == "1 . / . 2");
    CHECK(completed(text, 1.5) == "n,a,b\nr0,1,1.5\nr1,1.5,2\n");
    CHECK(says(read(text), "missing spelled " + (gap.empty() ? "empty" : gap)));
  }
}

TEST_CASE("further spellings are named: text in any case, numbers by their value") {
  const CsvOptions options{.missing = {"n.d.", "-200", "1e3"}};
  const std::string text = "n,a,b,c\nr0,1,N.D.,-200\nr1,-200.0,2,3\nr2,4,1000,-2e2\n";
  CHECK(shown(read(text, options)) == "1 . . / . 2 3 / 4 . .");
  CHECK(says(read(text, options), "missing spelled N.D., -200, -200.0, 1000, -2e2"));
  CHECK(completed(text, 7, options) == "n,a,b,c\nr0,1,7,7\nr1,7,2,3\nr2,4,7,7\n");
  CHECK(shown(read("n;a;b\nr0;-99,9;1,5\nr1;2,5;-99,90\n", {.missing = {"-99.9"}})) == ". 1.5 / 2.5 .");
}

TEST_CASE("a column of percents, or of amounts of money, is read without the unit and filled with it") {
  const std::string text = "n,a,b\nr0,45%,1\nr1,,2\nr2,5.5 %,\n";
  CHECK(scratch::mentions(refused(text), ", line 4, column 2: '5.5 %' is not a number"));  // with and without a blank are two units
  const std::string alike = "n,a,b\nr0,45%,1\nr1,,2\nr2,5.5%,\n";
  CHECK(shown(read(alike)) == "45 1 / . 2 / 5.5 .");
  CHECK(says(read(alike), "'45%' is read as a number without its unit, and gaps are filled with the unit, in column 'a'."));
  CHECK(completed("n,lat\nr0,48.5\u00b0\nr1,\nr2,-5\u00b0\n", 12.5) == "n,lat\nr0,48.5\u00b0\nr1,12.5\u00b0\nr2,-5\u00b0\n");
  CHECK(completed(alike, 12.5) == "n,a,b\nr0,45%,1\nr1,12.5%,2\nr2,5.5%,12.5\n");
  CHECK(completed("n;a;b\nr0;4,5 %;1\nr1;;2\nr2;5,5 %;\n", 1.5) == "n;a;b\nr0;4,5 %;1\nr1;1,5 %;2\nr2;5,5 %;1,5\n");
  CHECK(completed("n,a,b\nr0,\"$1,234.50\",1\nr1,,2\nr2,$5,\n", 12.5) == "n,a,b\nr0,\"$1,234.50\",1\nr1,$12.5,2\nr2,$5,12.5\n");
  CHECK(scratch::mentions(refused("n,a,b\nr0,45%,1\nr1,0.3,2\nr2,5.5%,4\nr3,7%,4\n"), "'45%' is not a number"));
}

TEST_CASE("TRUE and FALSE are 1 and 0 where a column holds nothing else") {
  const std::string text = "n,a,b\nr0,TRUE,1\nr1,,2\nr2,false,\nr3,True,4\n";
  CHECK(shown(read(text)) == "1 1 / . 2 / 0 . / 1 4");
  CHECK(says(read(text), "TRUE and FALSE are read as 1 and 0 in column 'a'"));
  CHECK(completed(text, 0.25) == "n,a,b\nr0,TRUE,1\nr1,0.25,2\nr2,false,0.25\nr3,True,4\n");
  CHECK(shown(read("n,a,b\nr0,TRUE,1\nr1,yes,2\nr2,no,3\n")) == "1 / 2 / 3");  // text
  CHECK(scratch::mentions(refused("n,a,b\nr0,TRUE,1\nr1,5,2\nr2,6,3\n"), ", line 2, column 2: 'TRUE' is not a number"));
}

TEST_CASE("values below or beyond a limit are refused with what to do") {
  CHECK(refused("n,a,b\nr0,1.5,2\nr1,<0.5,3\nr2,2,4\n") ==
        ", line 3, column 2: '<0.5' is a limit, neither a number nor a gap; write a number in its place, or say --missing \"<0.5\" to have "
        "it filled, "
        "or --text-columns a to leave the column as it is");
  CHECK(scratch::mentions(refused("n;a;b\nr0;1,5;2\nr1;> 100;3\nr2;2;4\n"), ", line 3, column 2: '> 100' is a limit"));
  CHECK(scratch::mentions(refused("n,a,b\nr0,<0.5,2\nr1,<0.5,3\nr2,1,4\n"), ", line 2, column 2: '<0.5' is a limit"));
  CHECK(shown(read("n,a,b\nr0,1.5,2\nr1,<0.5,3\n", {.missing = {"<0.5"}})) == "1.5 2 / . 3");
  CHECK(shown(read("n,a,b\nr0,1.5,2\nr1,<0.5,3\n", {.text_columns = {"a"}})) == "2 / 3");
}

}  // namespace cell_reader_tests
