// SPDX-License-Identifier: MIT
#include <tacit/data/table_lines.hpp>

#include "catch.hpp"
#include "tables.hpp"

using namespace tacit;
using tables::completed;
using tables::Names;
using tables::read;
using tables::refused;
using tables::shown;

namespace table_lines_tests {

TEST_CASE("a quoted cell may hold line breaks, in the header and below") {
  const std::string text = "name,\"Temp\n(C)\",b\nr0,,6.5\n\"United Korea\n(former)\",1,2\nr2,3,\n";
  const TableFile table = read(text);
  CHECK(table.col_labels == Names{"Temp\n(C)", "b"});
  CHECK(table.row_labels == Names{"r0", "United Korea\n(former)", "r2"});
  CHECK(shown(table) == ". 6.5 / 1 2 / 3 .");
  CHECK(completed(text, 4.5) == "name,\"Temp\n(C)\",b\nr0,4.5,6.5\n\"United Korea\n(former)\",1,2\nr2,3,4.5\n");
}

TEST_CASE("line breaks in quotes: CRLF, several, quotes and separators beside them, semicolons") {
  CHECK(read("n,a,b\r\n\"x\r\ny\",1,\r\nz,,2\r\n").row_labels == Names{"x\r\ny", "z"});
  CHECK(read("n;a;b\n\"p\n\nq \"\"r\"\"; s\";1,5;\n\"t\";;2\n").row_labels == Names{"p\n\nq \"r\"; s", "t"});
  CHECK(shown(read("\"a\nb\"\t\"c\nd\"\n1\t2\n\t4\n")) == "1 2 / . 4");
  CHECK(read("n,a,b\n\"say \\\"no\\\" twice\",1,2\ny,,3\n").row_labels == Names{"say \\\"no\\\" twice", "y"});  // as MySQL writes quotes
}

TEST_CASE("errors behind a line break in quotes name the line where the row begins, and a quote never closed where it was opened") {
  CHECK(scratch::mentions(refused("n,a,b\n\"x\ny\",1,2\nz,3,4\nu,5,six\nv,7,8\n"), ", line 5, column 3: 'six' is not a number"));
  CHECK(refused("n,a,b\nx,1,2\n\"y,3,4\nz,5,6\n") == ", line 3, column 1: a quote is opened and not closed");
  CHECK(refused("n,a,\"b\nx,1,2\n") == ", line 1, column 3: a quote is opened and not closed");
  CHECK(refused("n,a,b\nx,1,2\n\"y,3,4\nz\"5,5,6\n") == ", line 3, column 1: text follows the quote that closes on line 4");
}

TEST_CASE("line ends of old Macs, alone and mixed with others") {
  const std::string mac = "name,a,b\rr0,1,\rr1,,4\r";
  CHECK(shown(read(mac)) == "1 . / . 4");
  CHECK(completed(mac, 2) == "name,a,b\rr0,1,2\rr1,2,4\r");
  CHECK(shown(read("name,a,b\rr0,1,\rr1,,4\n")) == "1 . / . 4");
  CHECK(shown(read("name,a,b\r\r\nr0,1,\r\r\nr1,,4\r\r\n")) == "1 . / . 4");
  CHECK(shown(read("name;a;b\r\"x\ry\";1;\rr1;;4")) == "1 . / . 4");
  CHECK(scratch::mentions(refused("name,a,b\rr0,1,2\rr1,3,x\rr2,5,6\r"), ", line 3, column 3: 'x' is not a number"));
  CHECK(shown(read("# by nobody\rname,a,b\rr0,1,\rr1,,4\r")) == "1 . / . 4");
}

TEST_CASE("empty lines and comments between rows are passed over, and said") {
  const std::string text = "name,a,b\nx,1,\n\ny,,2\n   \n# to be checked\n,,\nz,3,4\n";
  const TableFile table = read(text);
  CHECK(shown(table) == "1 . / . 2 / 3 4");
  CHECK(table.format ==
        "table, comma-separated, header, first column = labels, 4 lines between or below the rows passed over, missing spelled empty");
  CHECK(completed(text, 9) == "name,a,b\nx,1,9\n\ny,9,2\n   \n# to be checked\n,,\nz,3,4\n");
  CHECK(scratch::mentions(refused("a,b\n1,2\n\n\n3,4\n5,x\n"), ", line 6, column 2: 'x'"));
  CHECK(shown(read("\n\nname,a,b\nx,1,\ny,,2\n")) == "1 . / . 2");
  CHECK(shown(read("a\n1\n\n2\n")) == "1 / . / 2");  // a single column: an empty line is a gap
}

TEST_CASE("comments between rows may hold separators") {
  const TableFile table = read("name,a,b\n# from x, y\nr,1,\n#, t\ns,,2\n");
  CHECK(shown(table) == "1 . / . 2");
  CHECK(tables::says(table, "2 lines between or below the rows passed over"));
  CHECK(read("name,a,b\n#1,1,\n#2,,2\n").row_labels == Names{"#1", "#2"});  // rows, since they have as many cells
}

TEST_CASE("ARFF is refused with what to do") {
  for (const char* top : {"% 1. Title\n% Sources: a, b\n", ""})
    CHECK(scratch::mentions(
        refused(std::string(top) + "@relation iris\n@attribute length numeric\n@attribute class {a, b}\n@data\n1,a\n2,b\n"),
        "are those of ARFF: write the names of its attributes as one line above its data, and take out the rest"));
}

TEST_CASE("single quotes around all names are taken off") {
  CHECK(read("'GPA' 'TUCE' 'PSI'\n2.5 20 0\n2.75 NA 1\n").col_labels == Names{"GPA", "TUCE", "PSI"});
  CHECK(read("a,b',c\n1,2,\n3,,4\n").col_labels == Names{"a", "b'", "c"});
}

TEST_CASE("a line behind # is a header if it has as many cells as the rows, and rows may begin with #") {
  CHECK(read("#OTU ID\ts0\ts1\nO1\t1\t\nO2\t\t3\n").col_labels == Names{"s0", "s1"});
  CHECK(read("# Constructed from biom file\n#OTU ID\ts0\ts1\nO1\t1\t\nO2\t\t3\n").col_labels == Names{"s0", "s1"});
  CHECK(read("# by nobody, in 2019\n# a,b,c\n1,2,\n,3,4\n").col_labels == Names{"a", "b", "c"});  // as numpy.savetxt writes it
  CHECK(read("# a b c\n1 2 NA\nNA 3 4\n").col_labels == Names{"a", "b", "c"});
  const TableFile rows = read("#00,1.5,2\n#01,,3\n#02,4,\n");
  CHECK(rows.row_labels == Names{"#00", "#01", "#02"});
  CHECK(shown(rows) == "1.5 2 / . 3 / 4 .");
  CHECK(read("#00,1.5,2\n#01,,3\nA2,4,\n").row_labels == Names{"#00", "#01", "A2"});
  CHECK(read("# made, by, nobody\nname,a,b\nx,1,\ny,,2\n").col_labels == Names{"a", "b"});  // the line below is the header
  CHECK(refused("# only\n# this\n") == ": holds nothing but comments");
}

TEST_CASE("titles above the table are passed over, and said") {
  const std::string text =
      "\"Data Source\",\"Indicators\",\n\n\"Last Updated\",\"2021-07-30\",\n\n\"Country\",\"Code\",\"1960\",\"1961\",\"1962\",\n"
      "\"A\",\"AAA\",\"1.5\",\"\",\"3\",\n\"B\",\"BBB\",\"2.5\",\"4\",\"\",\n\"C\",\"CCC\",\"3.5\",\"4\",\"5\",\n";
  const TableFile table = read(text);
  CHECK(table.col_labels == Names{"1960", "1961", "1962"});
  CHECK(shown(table) == "1.5 . 3 / 2.5 4 . / 3.5 4 5");
  CHECK(tables::says(table, "header on line 5"));
  CHECK(tables::says(table, "2 lines above the table passed over"));
  CHECK(shown(read("Results of 2019\nname;a;b\nx;1;\ny;;2\nz;3;4\n")) == "1 . / . 2 / 3 4");
  CHECK(refused("1,2\n3,4,5\n6,7,8\n9,1,2\n") ==
        ", line 2: has 3 columns, line 1 has 2; it looks like decimal commas in a comma-separated file: divide its cells by semicolons, or "
        "write decimal points");  // numbers are no title
}

TEST_CASE("titles that a spreadsheet has filled up with separators are passed over, and said") {
  const TableFile counted = read("506,13,,,,\n\"CRIM\",\"ZN\",\"TAX\",\"B\",\"AGE\",\"MEDV\"\n0.5,1,2,,4,5\n1,,3,4,5,6\n");
  CHECK(counted.col_labels.size() == 6);
  CHECK(tables::says(counted, "header on line 2"));
  CHECK(tables::says(counted, "The table begins on line 2; what stands above it is not read."));
  const TableFile years = read("Sales by region;;;;\n;;;;\n;2001;2002;2003;2004\nN;1;;3;4\nS;;2;3;5\nW;2;2;;1\n");
  CHECK(years.col_labels == Names{"2001", "2002", "2003", "2004"});
  CHECK(shown(years) == "1 . 3 4 / . 2 3 5 / 2 2 . 1");
  // Rows with gaps are no titles.
  CHECK(read("A,,,\nB,1,2,3\nC,2,,4\nD,5,6,7\n").row_labels == Names{"A", "B", "C", "D"});
  CHECK(read("5,,,\n1,2,3,4\n2,3,,5\n").data.where.rows() == 3);
  CHECK(read(",,,5\n,1,2,3\nb,2,,4\nc,5,6,7\n").data.where.rows() == 4);
}

TEST_CASE("a header without a corner, as R writes it") {
  const TableFile table = read("a b c\ng1 1 2 NA\ng2 3 NA 4\ng3 5 6 7\n");
  CHECK(table.col_labels == Names{"a", "b", "c"});
  CHECK(table.row_labels == Names{"g1", "g2", "g3"});
  CHECK(shown(table) == "1 2 . / 3 . 4 / 5 6 7");
  CHECK(read("\"a\",\"b\"\n\"1\",5,NA\n\"2\",NA,7\n\"3\",8,9\n").row_labels == Names{"1", "2", "3"});
  CHECK(tables::says(table, "header without a corner"));
}

TEST_CASE("rows that all end in a separator, under a header that does not") {
  const std::string text = "name,a,b\nx,1,2,\ny,,3,\nz,4,,\n";
  const TableFile table = read(text);
  CHECK(table.col_labels == Names{"a", "b"});
  CHECK(shown(table) == "1 2 / . 3 / 4 .");
  CHECK(completed(text, 9) == "name,a,b\nx,1,2,\ny,9,3,\nz,4,9,\n");
}

TEST_CASE("lines of separators at the end of a table with a header are no rows") {
  const std::string text = "id,a,b\n7,1,\n9,,2\n12,3,4\n,,\n,,\n";
  CHECK(read(text).row_labels == Names{"7", "9", "12"});
  CHECK(completed(text, 9) == "id,a,b\n7,1,9\n9,9,2\n12,3,4\n,,\n,,\n");
  CHECK(shown(read("a,b\n1,\n,2\n3,4\n,\n")) == "1 . / . 2 / 3 4");
  CHECK(shown(read("1,\n,2\n,\n")) == "1 . / . 2 / . .");  // without a header they may be
}

TEST_CASE("notes below the table are passed over, and only there") {
  const std::string text = "name,a,b\nx,1,\ny,,2\n\n\"Source: a, b and c\"\nLast updated in May\n";
  CHECK(shown(read(text)) == "1 . / . 2");
  CHECK(tables::says(read(text), "3 lines between or below the rows passed over"));
  CHECK(completed(text, 9) == "name,a,b\nx,1,9\ny,9,2\n\n\"Source: a, b and c\"\nLast updated in May\n");
  CHECK(refused("name,a,b\nx,1,\nlost\ny,,2\n") == ", line 3: has 1 column, line 1 has 3");
}

}  // namespace table_lines_tests
