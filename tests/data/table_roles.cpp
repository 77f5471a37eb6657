// SPDX-License-Identifier: MIT
#include <tacit/data/table_roles.hpp>

#include "catch.hpp"
#include "tables.hpp"

using namespace tacit;
using tables::completed;
using tables::Names;
using tables::read;
using tables::refused;
using tables::says;
using tables::shown;

namespace table_roles_tests {

TEST_CASE("a first column that holds text anywhere is labels") {
  const TableFile table = read("sample,a,b\n101,1,\n102,,2\n103b,3,4\n104,5,6\n105A,7,8\n");
  CHECK(table.row_labels == Names{"101", "102", "103b", "104", "105A"});
  CHECK(shown(table) == "1 . / . 2 / 3 4 / 5 6 / 7 8");
  CHECK(read("1,2\nx,4\n").row_labels == Names{"1", "x"});
  CHECK(read("id;a;b\n1;1,5;\n2;;2\n3/2;3;4\n").row_labels[2] == "3/2");
  CHECK(read("a,b\n2019-01-01,1\n2019-01-02,2\n").row_labels[1] == "2019-01-02");
  CHECK(scratch::mentions(refused("a,b\n1.5,1\n2.5,2\n3.5x,3\n4.5,4\n"),
                          ", line 4, column 1: '3.5x' is not a number"));  // decimals are no ids
}

TEST_CASE("whole numbers under a header are labels if they count or are called ids") {
  CHECK(read("sample_id,a,b\n170,1.5,\n25,,2\n99,3,4\n").row_labels == Names{"170", "25", "99"});
  CHECK(read("day,a,b\n1,1.5,\n2,,2\n3,3,4\n").row_labels == Names{"1", "2", "3"});
  CHECK(read("year,AFG,ALB\n1990,1.5,\n1995,,2\n2000,3,4\n").row_labels == Names{"1990", "1995", "2000"});
  CHECK(read("age,weight\n30,70\n25,\n41,82\n").row_labels.empty());
  CHECK(read("a,b\n1,2\n3,4\n5,6\n").row_labels.empty());  // both columns are in even steps
  CHECK(read("t,x,y\n0.0,1,\n0.5,,3\n1.0,5,4\n1.5,1,7\n").row_labels == Names{"0.0", "0.5", "1.0", "1.5"});
  CHECK(says(read("100,1.5,2\n107,2.5,\n114,1,3\n121,5,7\n128,6,1\n"),
             "Column 1 counts 100, 107, 114, ... and is read as data; if it is labels, say --row-labels 1."));
  const TableFile visits = read("patient_id,a,b\n7,1.5,\n7,,2\n7,3,4\n");
  CHECK(shown(visits) == "1.5 . / . 2 / 3 4");
  CHECK(says(visits, "column 'patient_id' carried along"));
  CHECK(refused("timestamp,a,b\n1600,1.5,\n1660,,2\n1660,3,4\n1725,3,4\n") ==
        ", line 4, column 1: the row label '1660' comes a second time, first on line 3; say what to do with such rows: --duplicates keep, "
        "last or mean");
  CHECK(shown(read("day,a\n1,1.5\n2,2\n3,3\n", {.row_labels = Labels::absent})) == "1 1.5 / 2 2 / 3 3");
}

TEST_CASE("ids and codes are no data wherever they stand, whether they repeat or not") {
  for (const char* name : {"id", "district_id", "patid", "identifier", "zip_code", "Country Code", "CaseNum", "Sample Number", "iso_num",
                           "subject", "FIPS", "Unnamed: 0"}) {
    const TableFile table = read(std::string("state,a,") + name + ",b\nAL,1.5,1,\nAK,,2,4\nAZ,3.5,2,6\nAR,4,9,1\n");
    CHECK(shown(table) == "1.5 . / . 4 / 3.5 6 / 4 1");
    CHECK(says(table, std::string("column '") + name + "' carried along"));
  }
  for (const char* name : {"humid", "acid", "number", "rooms", "wave number", "persons", "codeine"})
    CHECK(read(std::string("state,a,") + name + "\nAL,1.5,1\nAK,,2\nAZ,3,2\n").col_labels.size() == 2);
  CHECK(read("state,a,zip\nAL,1.5,1.25\nAK,,2\nAZ,3,2\n").col_labels.size() == 2);  // no whole numbers
  CHECK(read("state,a,id\nAL,1.5,1\nAK,,2\nAZ,3,2\n", {.row_labels = Labels::absent}).col_labels == Names{"a", "id"});
  CHECK(read("identifier,a,b\n4,1.5,\n5,,2\n11,3,4\n").row_labels == Names{"4", "5", "11"});
  // Observations are counted, though years are in even steps, too.
  CHECK(read("Obs,GNP,YEAR\n1,5,1947\n2,,1948\n3,7,1949\n").row_labels == Names{"1", "2", "3"});
}

TEST_CASE("whole numbers with leading zeros are codes") {
  const TableFile zips = read("zip,lat,lon\n00501,40.5,\n00544,,-72.5\n10001,41,-73\n");
  CHECK(zips.row_labels == Names{"00501", "00544", "10001"});
  CHECK(shown(zips) == "40.5 . / . -72.5 / 41 -73");
  const TableFile plain = read("name,area,pop\na,01001,5\nb,1003,\nc,1005,7\n");
  CHECK(plain.col_labels == Names{"pop"});
  CHECK(says(plain, "column 'area' carried along"));
  CHECK(read("00501,40.5,1\n10544,,2\n10001,41,3\n").row_labels == Names{"00501", "10544", "10001"});  // the first line alone shows it
  CHECK(shown(read("001,012\n013,\n100,007\n")) == "1 12 / 13 . / 100 7");                             // all numbers are written so
  CHECK(read("n,x,y\na,00.5,1\nb,01.5,2\n").col_labels.size() == 2);
  CHECK(shown(read("zip,lat\n00501,40.5\n00544,\n", {.row_labels = Labels::absent})) == "501 40.5 / 544 .");
}

TEST_CASE("parts of a date join labels that repeat, if all rows differ then") {
  const TableFile quarters = read("year,quarter,gdp,cpi\n1959,1,2710.5,\n1959,2,,29.5\n1960,1,2847.5,29.25\n1960,2,2834,30\n");
  CHECK(quarters.row_labels == Names{"1959 1", "1959 2", "1960 1", "1960 2"});
  CHECK(says(quarters, "columns 'year', 'quarter' = labels"));
  const TableFile panel = read("country,continent,year,life,gdp\nA,x,1952,1,\nA,x,1957,,2\nB,x,1952,3,4\nB,x,1957,5,6\nB,x,1962,5,6\n");
  CHECK(panel.row_labels[1] == "A 1957");
  CHECK(panel.col_labels == Names{"life", "gdp"});
  CHECK(says(panel, "text column 'continent' carried along"));
  CHECK(read("patient_id,day,x,y\n7,1,5,\n7,2,,2\n9,1,3,4\n9,2,3,4\n9,5,3,4\n").row_labels[4] == "9 5");
  // Replicates in each year: a category, and the year stays data.
  const TableFile sites = read("site,year,x,y\nA,1990,1,\nA,1990,,2\nA,1991,3,4\nA,1991,5,6\nB,1990,7,8\nB,1990,7,9\n");
  CHECK(sites.row_labels.empty());
  CHECK(sites.col_labels == Names{"year", "x", "y"});
  CHECK(says(sites, "Column 'year' is part of a date and read as data; to leave it as it is, say --text-columns year."));
}

TEST_CASE("a frame of separators is no labels") {
  const TableFile table = read("| object | x | y |\n| a | 1 | |\n| b | | 2 |\n| c | 3 | 4 |\n");
  CHECK(table.row_labels.empty());
  CHECK(shown(table) == "1 . / . 2 / 3 4");
}

TEST_CASE("labels that repeat alone are joined with the text beside them") {
  const std::string text = "Date,Time,a,b\n31/03/2004,12:00:00,1,\n31/03/2004,13:00:00,,2\n01/04/2004,12:00:00,3,4\n";
  const TableFile table = read(text);
  CHECK(table.row_labels == Names{"31/03/2004 12:00:00", "31/03/2004 13:00:00", "01/04/2004 12:00:00"});
  CHECK(says(table, "columns 'Date', 'Time' = labels"));
  CHECK(completed(text, 9) == "Date,Time,a,b\n31/03/2004,12:00:00,1,9\n31/03/2004,13:00:00,9,2\n01/04/2004,12:00:00,3,4\n");
  CHECK(read("d;t;a;b\n10/03/2004;18.00.00;2,6;\n10/03/2004;19.00.00;;2\n").row_labels[1] == "10/03/2004 19.00.00");
  CHECK(read("site,plot,x,y\nA,p,1,\nA,q,,2\nB,p,3,4\n").row_labels == Names{"A p", "A q", "B p"});
}

TEST_CASE("texts that mostly repeat are a category, no labels") {
  const TableFile table = read("group,a,b\ncase,1,\ncase,,2\ncontrol,3,4\ncase,5,6\ncontrol,7,8\n");
  CHECK(table.row_labels.empty());
  CHECK(shown(table) == "1 . / . 2 / 3 4 / 5 6 / 7 8");
  CHECK(says(table, "text column 'group' carried along"));
}

TEST_CASE("columns of text anywhere are carried along untouched") {
  const std::string text = "name,a,group,b,when\nr0,1,control,,2019-05-01 12:30\nr1,,case,2.5,\nr2,3,\"a, b\",4,NA\n";
  const TableFile table = read(text);
  CHECK(table.col_labels == Names{"a", "b"});
  CHECK(shown(table) == "1 . / . 2.5 / 3 4");
  CHECK(table.format ==
        "table, comma-separated, header, first column = labels, text columns 'group', 'when' carried along, missing spelled empty");
  CHECK(completed(text, 7) == "name,a,group,b,when\nr0,1,control,7,2019-05-01 12:30\nr1,7,case,2.5,\nr2,3,\"a, b\",4,NA\n");
  CHECK(read("a,code\n1,250\n2,V27\n3,401\n4,E88\n5,E89\n6,V30\n7,V31\n8,12\n").data.where.cols() == 1);
  CHECK(shown(read("1;x;2\n3;y;\n;z;5\n")) == "1 2 / 3 . / . 5");
  CHECK(shown(read("a,b,,\n1,,,\n,2,,\n")) == "1 . / . 2");  // columns without a name and a number
}

TEST_CASE("a few texts among numbers are refused with line, column, cell and the options") {
  std::string text = "n,a,b\n";
  for (int k = 0; k < 40; ++k)
    text += "r" + std::to_string(k) + "," + std::to_string(k) + ".5," + (k == 25 ? "1.2.3" : std::to_string(k)) + "\n";
  CHECK(refused(text) ==
        ", line 27, column 3: '1.2.3' is not a number; if it means missing, say --missing \"1.2.3\", if the column is no data "
        "--text-columns b");
  CHECK(shown(read("n,a,b\nr0,1,n.d.\nr1,2,3\nr2,n.d.,4\n", {.missing = {"n.d."}})) == "1 . / 2 3 / . 4");
  CHECK(refused("n,a,b\nr0,1,n.d.\nr1,2,3\nr2,4,n.d.\nr3,5,6\n") ==
        ", line 2, column 3: 'n.d.' is not a number (one of 2 in the column); if it means missing, say --missing \"n.d.\", if the column "
        "is no data "
        "--text-columns b");
  CHECK(shown(read(text, {.text_columns = {"b"}})).substr(0, 9) == "0.5 / 1.5");
  CHECK(scratch::mentions(refused("n,a,b\nr0,1,2.5\nr1,2,3.5 p\nr2,3,1.5 e\nr3,4,2.25\nr4,5,7.5 q\nr5,6,7.5 z\nr6,6,7\nr7,6,7\n"),
                          "'3.5 p' is not a number"));
  CHECK(refused("n,a,b\nr0,1,2\nr1,2,inf\nr2,4,5\n") == ", line 3, column 3: 'inf' is infinite");
}

TEST_CASE("columns are named by options, by name or number") {
  const std::string text = "n,a,b,c\nr0,1,2,\nr1,,3,4\nr2,5,,6\n";
  CHECK(shown(read(text, {.drop_columns = {"b"}})) == "1 . / . 4 / 5 6");
  CHECK(shown(read(text, {.text_columns = {"2", "c"}})) == "2 / 3 / .");
  CHECK(read(text, {.label_column = "c"}).row_labels == Names{"", "4", "6"});
  CHECK(completed(text, 9, {.drop_columns = {"b"}}) == "n,a,b,c\nr0,1,2,9\nr1,9,3,4\nr2,5,,6\n");
  CHECK(refused(text, {.drop_columns = {"d"}}) ==
        ", line 1: has no column called 'd', which --drop-columns names; columns also have numbers from 1 to 4");
  CHECK(read("age,who,a\n30,bob,1\n30,ann,2\n", {.label_column = "who"}).row_labels == Names{"bob", "ann"});
}

TEST_CASE("labels that come twice: refused, last, mean or kept") {
  const std::string text = "time,a,b,c\n01:00,1,,7\n02:00,2,3,\n02:00,4,,5\n03:00,6,8,9\n";
  CHECK(refused(text) ==
        ", line 4, column 1: the row label '02:00' comes a second time, first on line 3; say what to do with such rows: "
        "--duplicates keep, last or mean");
  const TableFile kept = read(text, {.duplicates = RowsAgain::keep});
  CHECK(kept.row_labels == Names{"01:00", "02:00", "02:00 (2)", "03:00"});
  CHECK(shown(kept) == "1 . 7 / 2 3 . / 4 . 5 / 6 8 9");
  CHECK(shown(read(text, {.duplicates = RowsAgain::last})) == "1 . 7 / 4 3 5 / 6 8 9");
  CHECK(shown(read(text, {.duplicates = RowsAgain::mean})) == "1 . 7 / 3 3 5 / 6 8 9");
  CHECK(completed(text, 0.5, {.duplicates = RowsAgain::keep}) == "time,a,b,c\n01:00,1,0.5,7\n02:00,2,3,0.5\n02:00,4,0.5,5\n03:00,6,8,9\n");
  CHECK(completed(text, 0.5, {.duplicates = RowsAgain::mean}) == "time,a,b,c\n01:00,1,0.5,7\n02:00,2,3,5\n02:00,4,3,5\n03:00,6,8,9\n");
}

TEST_CASE("files without a column of numbers are refused in a sentence") {
  CHECK(refused("a,b\nx,u\ny,v\n") == ": holds no column of numbers: column 1 holds text, 'x' on line 2");
  CHECK(refused("name,a\nr0,3.7*\nr1,4.1*\n") ==
        ": holds no column of numbers: column 2 holds text, '3.7*' on line 2; a number is read where nothing but its "
        "unit stands beside it in the whole column");
  CHECK(refused("name,a\nr0,(3.7)\nr1,(4.1)\n").find("column 2 holds text, '(3.7)' on line 2") != std::string::npos);
  CHECK(refused("name\nx\ny\n") == ": holds no column of numbers: column 1 holds text, 'x' on line 2; it has a single column");
  CHECK(refused("a,b\n") == ": holds a header line and no row of numbers");
}

}  // namespace table_roles_tests
