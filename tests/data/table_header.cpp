// SPDX-License-Identifier: MIT
#include <tacit/data/table_header.hpp>

#include "catch.hpp"
#include "tables.hpp"

using namespace tacit;
using tables::Names;
using tables::read;
using tables::refused;
using tables::shown;

namespace table_header_tests {

TEST_CASE("years above a country by year panel are a header") {
  const TableFile table = read("geo,1972,1973,1974\nAfghanistan,,6.88,5.2\nAlbania,13.4,,9.5\nAlgeria,26.7,28.6,30\n");
  CHECK(table.col_labels == Names{"1972", "1973", "1974"});
  CHECK(table.row_labels == Names{"Afghanistan", "Albania", "Algeria"});
  CHECK(shown(table) == ". 6.88 5.2 / 13.4 . 9.5 / 26.7 28.6 30");
  CHECK(table.format == "table, comma-separated, header, first column = labels, missing spelled empty");
}

TEST_CASE("numbers that are labels: two years, uneven years, wavelengths, ids, an empty corner, a second column of labels") {
  CHECK(read("geo,1990,2000\nA,5,9\nB,,7\nC,2,3\n").col_labels == Names{"1990", "2000"});
  CHECK(read("geo;1990;1995;2003\nA;5,5;9;1\nB;;7;2\nC;2;3;4\n", {.separator = ';'}).data.where.cols() == 3);
  CHECK(read("sample,400.5,401,401.5,402,402.5\np,0.1,0.2,,0.3,0.1\nq,0.1,0.2,0.4,0.3,0.1\n").col_labels.size() == 5);
  CHECK(read("gene,101,103,107\ng1,0.5,1.5,\ng2,2,,1.25\ng3,0.1,0.2,0.3\n").col_labels == Names{"101", "103", "107"});
  CHECK(read("taxon,10017,10020,10031\nt1,5,0,\nt2,2,,17\nt3,1,2,3\n").col_labels == Names{"10017", "10020", "10031"});  // counts
  CHECK(read(",5000,5003,5004,5011\nbob,4,,5,1\nann,,3,2,\n").col_labels == Names{"5000", "5003", "5004", "5011"});
  CHECK(read("Entity,Code,1990,1991\nA,AAA,1.5,\nB,BBB,,2.5\n").col_labels == Names{"1990", "1991"});
  CHECK(read("id,1990,1991,1992\n17,1.5,,3\n25,,2.5,4\n").col_labels == Names{"1990", "1991", "1992"});
  CHECK(read("name,1990,1991,1992,total\nA,1.5,,3,9\nB,,2.5,4,8\n").col_labels == Names{"1990", "1991", "1992", "total"});
}

TEST_CASE("a percent or a limit above plain numbers is a name, above percents or limits it is data") {
  CHECK(read("dose,0%,10%,100%\n1mg,1.5,,3\n2mg,2,4,1\n").col_labels == Names{"0%", "10%", "100%"});
  CHECK(read("site,<18,18-30,>30\nA,1.5,,3\nB,2,4,1\n").col_labels == Names{"<18", "18-30", ">30"});
  CHECK(read("x,5%,10%,7%\ny,1%,,3%\nz,2%,4%,1%\n").col_labels.empty());
}

TEST_CASE("rows of numbers are no header") {
  CHECK(read("x,1,2\ny,3,4\n").row_labels == Names{"x", "y"});
  CHECK(read("x,10,20,30\ny,40,50,60\nz,10,30,50\n").row_labels == Names{"x", "y", "z"});
  CHECK(read("a,5,3,1\nb,2,,4\nc,4,1,5\n").row_labels == Names{"a", "b", "c"});
  CHECK(read("a,5.5,3,1\nb,2,,4\nc,4,1,5\n").row_labels == Names{"a", "b", "c"});
  CHECK(shown(read(",5,9\n1,2,3\n")) == ". 5 9 / 1 2 3");
  CHECK(read("x,,\ny,1,2\nz,3,\n").row_labels == Names{"x", "y", "z"});  // a row of gaps
  CHECK(read("1,2,3\n4,5,6\n").col_labels.empty());
}

TEST_CASE("what may be a header is remarked, what is half of one refused, with the option that settles it") {
  const TableFile bare = read("1990,1991,1992\n5.5,6.5,\n7.5,,8.25\n");
  CHECK(bare.data.where.rows() == 3);
  CHECK(tables::says(bare, "Line 1 begins 1990, 1991, 1992 and is read as data; if it is a header, say --header yes."));
  CHECK(refused("1.5,two,3\n2.5,4,5\n3.5,6,7\n") == ", line 1, column 2: 'two' is not a number; if line 1 is a header, say --header yes");
  CHECK(refused("r,1.5,2.x,3.5\ns,2.5,4,5\nt,3.5,6,7\n") ==
        ", line 1, column 3: '2.x' is not a number; if line 1 is a header, say --header yes");
  CHECK(read("1990,1991,1992\n5.5,6.5,\n7.5,,8.25\n", {.header = Labels::present}).col_labels == Names{"1990", "1991", "1992"});
  CHECK(read("geo,1972,1973,1974\nA,,6.88,5.2\nB,13.4,,9.5\n", {.header = Labels::absent}).row_labels == Names{"geo", "A", "B"});
}

TEST_CASE("a first cell that names the labels below makes whole numbers labels") {
  CHECK(read("cell,7,12,55,3\nr0,31,12,,5\nr1,7,3,8,\nr2,2,60,1,9\n").col_labels == Names{"7", "12", "55", "3"});  // labels have digits
  CHECK(read("name,7,12,55,3\nann,31,12,,5\nbob,7,3,8,\n").col_labels == Names{"7", "12", "55", "3"});
  CHECK(read("name,,\nx,1,2\ny,,3\n").row_labels == Names{"x", "y"});
  const TableFile data = read("lima,7,12,55,3\nrome,31,12,,5\nparis,7,3,8,\n");
  CHECK(data.row_labels == Names{"lima", "rome", "paris"});
  CHECK(read("Madrid,7,12,55,3\nRome,31,12,,5\nParis,7,3,8,\n").row_labels.size() == 3);  // no id
  for (const char* name : {"id", "ID", "sample_id", "userId", "SampleID", "movieid", "row id"}) CHECK(detail::names_ids(name));
  for (const char* name : {"Madrid", "cid", "fluid", "MADRID", ""}) CHECK_FALSE(detail::names_ids(name));
  CHECK(tables::says(data, "Line 1 begins lima, 7, 12 and is read as data; if it is a header, say --header yes."));
  CHECK(read("geo,2011\nA,1.5\nB,2.5\nC,3.5\n").col_labels == Names{"2011"});
}

TEST_CASE("a second header line, of units, is called so") {
  CHECK(refused("name,temp,press\n,C,hPa\nx,1,2\ny,3,4\n") ==
        ", line 2, column 2: 'C' is not a number; the line holds words where the lines below hold numbers: a second header line? Take it "
        "out");
}

TEST_CASE("a header that comes a second time is called so") {
  CHECK(refused("n,a,b\nx,1,2\ny,3,4\nn,a,b\nz,5,6\n") ==
        ", line 4, column 2: 'a' is not a number; it is the column's name: the header comes a second time");
}

}  // namespace table_header_tests
