// SPDX-License-Identifier: MIT
#include <tacit/io/separator.hpp>

#include "catch.hpp"
#include "tables.hpp"

using namespace tacit;
using detail::sampled_separator;

namespace separator_tests {

TEST_CASE("the separator is the first that divides all first lines alike") {
  CHECK(sampled_separator("a,b\n1,2\n") == ',');
  CHECK(sampled_separator("a;b\n1,5;2\n2,5;3,5\n") == ';');
  CHECK(sampled_separator("a\tb\n1,5\t2\n") == '\t');
  CHECK(sampled_separator("a|b|c\n1|2|3\n") == '|');
  CHECK(sampled_separator("1::2::3\n2::3::4\n") == ':');
  CHECK(sampled_separator("1 2 3\n4 5 6\n") == ' ');
  CHECK(sampled_separator("country;region,1990,1991\nx,1,2\ny,3,4\n") == ',');  // a semicolon inside of a name
  CHECK(sampled_separator("\"a;b\",c\n\"d;e\",2\n") == ',');
  CHECK(sampled_separator("\"a\nb;c\",d\n1,2\n") == ',');
  CHECK(sampled_separator("a,b,c\nx 1,2,3,4\ny 1,2,3,4\nz,2,3,4\n") == ',');            // a header without a corner
  CHECK(sampled_separator("name,a,b,c\nx\t1,2,3,4\nx\t2,2,3,4\nx\t3,2,3,4\n") == ',');  // a tab inside of the labels
  CHECK(sampled_separator("a;b\nx, 1;2;3\nx, 2;2;3\nx, 3;2;3\n") == ';');               // not of the header: no corner
  CHECK(sampled_separator("Table 1: all of them\n\na;b\n1;2\n3;4\n5;6\n") == ';');
  CHECK(sampled_separator("1,5 2,5\n3,25 -4,5\n1,5 2\n") == ' ');  // decimal commas between blanks
  CHECK(sampled_separator("New York,1,2\nNew Delhi,3,4\n") == ',');
  CHECK(sampled_separator("1,2\n3;4\n") == ',');  // nothing divides all: the first line decides
  CHECK(sampled_separator("") == ' ');
}

TEST_CASE("sep= in the first line says it") {
  for (const std::string text : {"sep=;\r\nn;a;b\r\nx;1;\r\ny;;2\r\n", "SEP=,\nn,a,b\nx,1,\ny,,2\n", "\"sep=|\"\nn|a|b\nx|1|\ny||2\n",
                                 "sep=\t\nn\ta\tb\nx\t1\t\ny\t\t2\n"}) {
    INFO(text);
    const TableFile table = tables::read(text);
    CHECK(tables::shown(table) == "1 . / . 2");
    CHECK(table.col_labels == tables::Names{"a", "b"});
  }
  CHECK(tables::completed("sep=;\r\nn;a;b\r\nx;1,5;\r\ny;;2\r\n", 3.5) == "sep=;\r\nn;a;b\r\nx;1,5;3,5\r\ny;3,5;2\r\n");
  CHECK(tables::refused("sep=;\nn;a\nx;1;2\n") == ", line 3: has 3 columns, line 2 has 2");
}

TEST_CASE("pipes divide cells") {
  CHECK(tables::completed("n|a|b\nx|1|\ny||2,5\n", 1.5) == "n|a|b\nx|1|1,5\ny|1,5|2,5\n");
  CHECK(tables::read("n|a|b\nx|1|\ny||2\n").format == "table, pipe-separated, header, first column = labels, missing spelled empty");
}

}  // namespace separator_tests
