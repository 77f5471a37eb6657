// SPDX-License-Identifier: MIT
#include <tacit/data/csv.hpp>
#include <tacit/io/csv_writer.hpp>

#include "catch.hpp"
#include "scratch.hpp"

using namespace tacit;

namespace csv_tests {

namespace {

using Names = std::vector<std::string>;

MatrixFile parsed(const std::string& text, const CsvOptions& options = {}) {
  scratch::Folder folder;
  return read_csv(scratch::put(folder / "x.csv", text), options);
}
/// The error after the file's name.
std::string refused(const std::string& text, const CsvOptions& options = {}) {
  scratch::Folder folder;
  const std::string path = scratch::put(folder / "x.csv", text);
  return scratch::file_error_of(path, [&] { read_csv(path, options); });
}
/// What an error adds about a cell that is no number.
std::string means(const std::string& cell, const std::string& column) {
  return "; if it means missing, say --missing \"" + cell + "\", if the column is no data --text-columns " + column;
}
/// NaN shown as -7.
Matrix<double> dense(const MatrixFile& file) {
  Matrix<double> W = Matrix<double>::Constant(file.data.where.rows(), file.data.where.cols(), -7);
  for (Index k = 0; k < file.data.count(); ++k) W(file.data.where[k].row, file.data.where[k].col) = file.data.y[k];
  return W;
}
Matrix<double> rows(std::initializer_list<std::initializer_list<double>> values) {
  Matrix<double> W(static_cast<Index>(values.size()), static_cast<Index>(values.begin()->size()));
  Index i = 0;
  for (const auto& row : values) {
    Index j = 0;
    for (double value : row) W(i, j++) = value;
    ++i;
  }
  return W;
}

}  // namespace

TEST_CASE("plain numbers with gaps") {
  const MatrixFile file = parsed("1,2.5,NA\n-3e-2,,+4\nnan,0,NULL\n");
  CHECK(dense(file) == rows({{1, 2.5, -7}, {-0.03, -7, 4}, {-7, 0, -7}}));
  CHECK(file.data.count() == 5);  // the zero is data
  CHECK(file.row_labels.empty());
  CHECK(file.col_labels.empty());
  CHECK(file.format == "table, comma-separated, no header, no row labels, missing spelled NA, empty, nan, NULL");
}

TEST_CASE("CRLF, a byte-order mark, comments, blanks, a missing final newline and empty lines at the end") {
  const Matrix<double> expected = rows({{1, 2}, {3, 4}});
  const std::string text = GENERATE(std::string("1,2\r\n3,4\r\n"),
                                    std::string("\xEF\xBB\xBF"
                                                "1,2\n3,4\n"),
                                    std::string("# a comment\n#\n1,2\n3,4\n"), std::string(" 1 , 2\n3,\t4 \n"), std::string("1,2\n3,4"),
                                    std::string("1,2\n3,4\n\n\r\n  \n"), std::string("\"1\",\"2\"\n3,4\n"));
  CHECK(dense(parsed(text)) == expected);
}

TEST_CASE("other separators are found") {
  const std::string text = GENERATE(std::string("1;2\n;4\n"), std::string("1\t2\n\t4\n"), std::string("  1   2\nNA\t4 \n"));
  CHECK(dense(parsed(text)) == rows({{1, 2}, {-7, 4}}));
  CHECK(dense(parsed("1\t\n2\t\n\t5\n3\t\n")) == rows({{1, -7}, {2, -7}, {-7, 5}, {3, -7}}));  // tabs at the end divide empty cells
}

TEST_CASE("labels are found") {
  SECTION("a header only") {
    const MatrixFile file = parsed("a,b\n1,2\n3,\n");
    CHECK(file.col_labels == Names{"a", "b"});
    CHECK(file.row_labels.empty());
    CHECK(dense(file) == rows({{1, 2}, {3, -7}}));
    CHECK(file.format == "table, comma-separated, header, no row labels, missing spelled empty");
  }
  SECTION("row labels only") {
    const MatrixFile file = parsed("x,1,2\ny,3,4\n");
    CHECK(file.col_labels.empty());
    CHECK(file.row_labels == Names{"x", "y"});
    CHECK(dense(file) == rows({{1, 2}, {3, 4}}));
  }
  SECTION("both, with a corner") {
    const MatrixFile file = parsed("name,a,b\nx,1,2\ny,3,4\n");
    CHECK(file.col_labels == Names{"a", "b"});
    CHECK(file.row_labels == Names{"x", "y"});
  }
  SECTION("both, numeric row labels under an empty corner") {
    const MatrixFile file = parsed(",a,b\n17,1,2\n4,3,4\n");
    CHECK(file.row_labels == Names{"17", "4"});
    CHECK(dense(file) == rows({{1, 2}, {3, 4}}));
  }
  SECTION("counting labels, as pandas writes a plain frame") {
    const MatrixFile file = parsed(",0,1,2\n0,5,6,7\n1,8,9,10\n");
    CHECK(file.col_labels == Names{"0", "1", "2"});
    CHECK(dense(file) == rows({{5, 6, 7}, {8, 9, 10}}));
  }
  SECTION("quotes, with the separator and quotes inside") {
    const MatrixFile file = parsed("\"\",\"a, b\",\"say \"\"c\"\"\"\n\"x\",1,\"2\"\n\"y\",3,4\n");
    CHECK(file.col_labels == Names{"a, b", "say \"c\""});
    CHECK(file.row_labels == Names{"x", "y"});
    CHECK(dense(file) == rows({{1, 2}, {3, 4}}));
  }
  SECTION("said instead of found") {
    const MatrixFile ids = parsed("id,a\n17,1\n4,2\n", {.row_labels = Labels::present});
    CHECK(ids.row_labels == Names{"17", "4"});
    CHECK(ids.col_labels == Names{"a"});
    CHECK(dense(ids) == rows({{1}, {2}}));
    const MatrixFile data = parsed(",0,1\n0,5,6\n", {.header = Labels::absent, .row_labels = Labels::absent});
    CHECK(dense(data) == rows({{-7, 0, 1}, {0, 5, 6}}));
    CHECK(parsed("1,2\n3,4\n", {.header = Labels::present}).col_labels == Names{"1", "2"});
  }
}

TEST_CASE("a header over missing first cells is not taken for numbers") {
  CHECK(dense(parsed("NA,NA\n1,2\n")) == rows({{-7, -7}, {1, 2}}));
  CHECK(dense(parsed(",5,9\n1,2,3\n")) == rows({{-7, 5, 9}, {1, 2, 3}}));
}

TEST_CASE("what write_csv wrote is read back, bit for bit") {
  scratch::Folder folder;
  Matrix<double> W(3, 2);
  W << 1.0 / 3, 1e-300, std::nan(""), 0.1 + 0.2, -5, 4.9e-324;
  write_csv(folder / "w.csv", W, {.rows = {"1", "22", "c,\"d\""}, .cols = {"0", "x"}});
  const MatrixFile labelled = read_csv(folder / "w.csv");
  W(1, 0) = -7;
  CHECK(dense(labelled) == W);
  CHECK(labelled.row_labels == Names{"1", "22", "c,\"d\""});
  CHECK(labelled.col_labels == Names{"0", "x"});
  write_csv(folder / "w.csv", W);
  CHECK(dense(read_csv(folder / "w.csv")) == W);
  write_csv(folder / "w.csv", W, {.rows = {"5", "17", "2"}, .cols = {"31", "1029"}});
  const MatrixFile ids = read_csv(folder / "w.csv", {.header = Labels::present});
  CHECK(dense(ids) == W);
  CHECK(ids.row_labels == Names{"5", "17", "2"});
  CHECK(ids.col_labels == Names{"31", "1029"});
}

TEST_CASE("what cannot be read is named with line, column and reason") {
  CHECK(refused("") == ": is empty");
  CHECK(refused("\n \r\n\n") == ": is empty");
  CHECK(refused("\xEF\xBB\xBF") == ": is empty");
  CHECK(refused("# only\n# this\n") == ": holds nothing but comments");
  CHECK(refused("a,b,c\n") == ": holds a header line and no row of numbers");
  CHECK(refused("a,b,c") == ": holds a header line and no row of numbers");
  CHECK(refused("1,2,3\n4,5\n") == ", line 2: has 2 columns, line 1 has 3");
  CHECK(refused("a,b\n1,2\n3\n") == ", line 3: has 1 column, line 1 has 2");
  CHECK(refused("# c\n1,2\n3,4,5\n") ==
        ", line 3: has 3 columns, line 2 has 2; it looks like decimal commas in a comma-separated file: divide its cells by "
        "semicolons, or write decimal points");
  CHECK(refused("1,2\r\n3,abc\r\n") == ", line 2, column 2: 'abc' is not a number" + means("abc", "2"));
  CHECK(refused("a,b\nx,1\ny,1.5.2\n") == ", line 3, column 2: '1.5.2' is not a number" + means("1.5.2", "b"));
  CHECK(refused("1,two\n3,4\n") == ", line 1, column 2: 'two' is not a number; if line 1 is a header, say --header yes");
  CHECK(refused("1.5,2\n2.5,3\nx,4\n") == ", line 3, column 1: 'x' is not a number" + means("x", "1"));
  CHECK(refused("1,2\n1,0x10\n") == ", line 2, column 2: '0x10' is not a number" + means("0x10", "2"));
  CHECK(refused("1,2\n1,-\n") == ", line 2, column 2: '-' is not a number" + means("-", "2"));
  CHECK(refused("1,2\n3,inf\n") == ", line 2, column 2: 'inf' is infinite");
  CHECK(refused("1,2\n-Infinity,4\n") == ", line 2, column 1: '-Infinity' is infinite");
  CHECK(refused("1,2\n3,1e999\n") == ", line 2, column 2: '1e999' is too large for a double");
  CHECK(refused("1,\"2\n3,4\n") == ", line 1, column 2: a quote is opened and not closed");
  CHECK(refused("1,\"2\"3\n") == ", line 1, column 2: text follows the closing quote");
  CHECK(refused("NA,\n,nan\n") == ": holds no number: all 2 x 2 cells are missing");
  CHECK(refused("name\nx\ny\n") == ": holds no column of numbers: column 1 holds text, 'x' on line 2; it has a single column");
  CHECK(refused("a,b\nx,u\ny,v\n") == ": holds no column of numbers: column 1 holds text, 'x' on line 2");
  CHECK(refused(std::string("1,2\n3,\0\n", 8)) == ": is not a text file: it holds a zero byte");
  CHECK(refused(std::string("\xFF\xFE"
                            "1\0",
                            4)) == ": is UTF-16; save it as UTF-8 or plain ASCII");
  CHECK(refused("1,2\n3," + std::string(100, 'x') + "\n") ==
        ", line 2, column 2: '" + std::string(40, 'x') + "...' is not a number" + means(std::string(40, 'x'), "2"));
}

TEST_CASE("tiny numbers are numbers") { CHECK(dense(parsed("1e-400,1\n"))(0, 0) == 0); }

TEST_CASE("decimal commas are read where the separator is no comma, and said") {
  const std::string text =
      GENERATE(std::string("1;2,5\n-0,25;1,5e3\n"), std::string("1\t2,5\n-0,25\t1,5e3\n"), std::string("1;\"2,5\"\n-,25;1500\n"));
  const MatrixFile file = parsed(text);
  CHECK(dense(file) == rows({{1, 2.5}, {-0.25, 1500}}));
  CHECK(scratch::mentions(file.format, "-separated, no header, no row labels, decimal comma"));
  CHECK(parsed("a;b\n1;2.5\n").format == "table, semicolon-separated, header, no row labels");
  CHECK(parsed("2,5;1,5\n1;2\n").col_labels.empty());  // a first line of decimal commas is not text
  CHECK(parsed("name;a\nx;2,5\ny;1\n").row_labels == Names{"x", "y"});
}

TEST_CASE("decimals written in two ways, and commas that are none, are refused") {
  CHECK(refused("1,5;2\n1;2.5\n") == ", line 2, column 2: '2.5' has a decimal point, line 1, column 1 has a decimal comma");
  CHECK(refused("1;2.5\n1,5;2\n") == ", line 2, column 1: '1,5' has a decimal comma, line 1, column 2 has a decimal point");
  for (const std::string cell : {"1,234,5", "12.34,5", "1,23.4", ",", "1,5x", "a,5", "-,"}) {
    INFO(cell);
    CHECK(refused("1;2\n3;" + cell + "\n") == ", line 2, column 2: '" + cell + "' is not a number" + means(cell, "2"));
  }
}

TEST_CASE("a comma-separated file with decimal commas is refused with what it looks like") {
  CHECK(refused("a,b\n1,5,2\n") ==
        ", line 2: has 3 columns, line 1 has 2; it looks like decimal commas in a comma-separated file: divide its cells by semicolons, or "
        "write "
        "decimal points");
  CHECK(refused("name,a,b\nx,1,05,2,25\n") ==
        ", line 2: has 5 columns, line 1 has 3; it looks like decimal commas in a comma-separated file: divide its cells by semicolons, or "
        "write "
        "decimal points");
  CHECK(refused("1,2\n1.5,2.5,3.5\n") == ", line 2: has 3 columns, line 1 has 2");
}

TEST_CASE("mixed separators are named") {
  CHECK(refused("1;2;3\n4,5,6\n") == ", line 2: has 1 column, line 1 has 3; this line is comma-separated, line 1 semicolon-separated");
  CHECK(refused("1,2\n3;4\n") == ", line 2: has 1 column, line 1 has 2; this line is semicolon-separated, line 1 comma-separated");
  CHECK(refused("1\t2\n3;4\n") == ", line 2: has 1 column, line 1 has 2; this line is semicolon-separated, line 1 tab-separated");
  CHECK(refused("1,2,3\n4,5;6\n") == ", line 2: has 2 columns, line 1 has 3; it mixes two separators, comma and semicolon");
  CHECK(refused("1;2;3\n\"4\";5,6\n") == ", line 2: has 2 columns, line 1 has 3");
  CHECK(refused("1;2;3\n\"4,5\",6,7\n") == ", line 2, column 1: text follows the closing quote");
}

TEST_CASE("labels that repeat are refused with both places") {
  CHECK(refused("name,a\nx,1\ny,2\nx,3\n") ==
        ", line 4, column 1: the row label 'x' comes a second time, first on line 2; say what to do with such rows: --duplicates keep, "
        "last or mean");
  CHECK(refused("# c\nx,1\nx,2\n") ==
        ", line 3, column 1: the row label 'x' comes a second time, first on line 2; say what to do with such rows: --duplicates keep, "
        "last or mean");
  CHECK(refused("name,a,b,a\nx,1,2,3\n") == ", line 1, column 4: the column label 'a' comes a second time, first in column 2");
  CHECK(refused("a,b,a\n1,2,3\n") == ", line 1, column 3: the column label 'a' comes a second time, first in column 1");
  CHECK(parsed("name,a,,\nx,1,2,3\n").col_labels == Names{"a", "", ""});  // no label is no repetition
}

TEST_CASE("a lone - or ? is a gap where that is said") {
  const MatrixFile file = parsed("name;a;b\nx;-;?\ny;NA;-1,5\n", {.marks = true});
  CHECK(dense(file) == rows({{-7, -7}, {-7, -1.5}}));
  CHECK(file.format == "table, semicolon-separated, header, first column = labels, decimal comma, missing spelled -, ?, NA");
  CHECK(refused("1,2\n3,?\n") == ", line 2, column 2: '?' is not a number" + means("?", "2"));
}

}  // namespace csv_tests
