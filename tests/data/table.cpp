// SPDX-License-Identifier: MIT
#include <tacit/data/table.hpp>

#include "catch.hpp"
#include "scratch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace table_tests {

namespace {

/// The text of a table after its gaps were filled with W_ij = 10 (i + 1) + (j + 1) + 0.25, or with what is said.
std::string completed(const std::string& text, const CompletedOptions& options = {}, std::optional<double> constant = {}) {
  scratch::Folder folder;
  const TableFile table = read_table(scratch::put(folder / "in.csv", text));
  Matrix<double> W(table.data.where.rows(), table.data.where.cols());
  for (Index j = 0; j < W.cols(); ++j)
    for (Index i = 0; i < W.rows(); ++i) W(i, j) = constant.value_or(static_cast<double>(10 * (i + 1) + j + 1) + 0.25);
  write_completed(folder / "out.csv", table, W, options);
  CHECK(scratch::get(folder / "in.csv") == text);
  return scratch::get(folder / "out.csv");
}
std::string refused(const std::string& text) {
  scratch::Folder folder;
  const std::string path = scratch::put(folder / "x.csv", text);
  return scratch::file_error_of(path, [&] { read_table(path); });
}

}  // namespace

TEST_CASE("a table is read and said in one line") {
  scratch::Folder folder;
  const TableFile table = read_table(scratch::put(folder / "x.csv", "name;a;b\nx;1,5;NA\ny;-;2\n"));
  CHECK(table.format == "table, semicolon-separated, header, first column = labels, decimal comma, missing spelled NA, -");
  CHECK(table.row_labels == std::vector<std::string>{"x", "y"});
  CHECK(table.col_labels == std::vector<std::string>{"a", "b"});
  CHECK(table.decimal == ',');
  CHECK(table.data.count() == 2);
  REQUIRE(table.missing.size() == 2);
  CHECK(table.missing[1].row == 1);
  CHECK(table.missing[1].col == 0);
  CHECK(table.bytes.substr(table.missing[0].offset, table.missing[0].length) == "NA");
}

TEST_CASE("every spelling of a gap is filled, and nothing else is touched") {
  CHECK(completed("1,NA,N/A,na\nNaN,2,nan,\nnull,NULL,3,-\n?,None,-nan,4\n") ==
        "1,12.25,13.25,14.25\n21.25,2,23.25,24.25\n31.25,32.25,3,34.25\n41.25,42.25,43.25,4\n");
  CHECK(completed("01.50,+2,\n.5,1e0,-0\n") == "01.50,+2,13.25\n.5,1e0,-0\n");  // observed cells keep their spelling
  CHECK(completed("1,2\n3,4\n") == "1,2\n3,4\n");
}

TEST_CASE("line ends, quotes, blanks, a byte-order mark, comments and the end of the file stay as they were") {
  CHECK(completed("\xEF\xBB\xBFname,a,b\r\nx,1,\r\ny,NA,4") == "\xEF\xBB\xBFname,a,b\r\nx,1,12.25\r\ny,21.25,4");
  CHECK(completed("# said by\n#nobody\n\"n\",\"a, b\",\"c \"\"d\"\"\"\n\"x\",\"\",\"1\"\n\"y\",\"2\",\"NA\"\n") ==
        "# said by\n#nobody\n\"n\",\"a, b\",\"c \"\"d\"\"\"\n\"x\",\"11.25\",\"1\"\n\"y\",\"2\",\"22.25\"\n");
  CHECK(completed(" 1 ,  NA , 3\n4,  ,6 \n\n\r\n  \n") == " 1 ,  12.25 , 3\n4,  22.25,6 \n\n\r\n  \n");
  CHECK(completed("1\t2.5\t\n\t3\t4\n\t\t") == "1\t2.5\t13.25\n21.25\t3\t4\n31.25\t32.25\t33.25");
  CHECK(completed("1;2\r\n3;\r\n") == "1;2\r\n3;22.25\r\n");
  CHECK(completed("  1   NA \n? 4\n") == "  1   12.25 \n21.25 4\n");
  CHECK(completed("1,2\n3,") == "1,2\n3,22.25");
  CHECK(completed("a\n1\n\n2\n") == "a\n1\n21.25\n2\n");  // a single column: an empty line is a gap
}

TEST_CASE("predictions take the decimal style of the file") {
  CHECK(completed("n;a;b\nx;1,5;\ny;;2\n") == "n;a;b\nx;1,5;12,25\ny;21,25;2\n");
  CHECK(completed("1,5\t?\n\t2\n") == "1,5\t12,25\n21,25\t2\n");
  CHECK(completed("1.5;\n;2\n") == "1.5;12.25\n21.25;2\n");
  CHECK(completed("1;\n;2\n") == "1;12.25\n21.25;2\n");  // no decimals to go by
  CHECK(completed("1;\n;2\n", {.decimal = ','}) == "1;12,25\n21,25;2\n");
  CHECK(completed("1,5;\n;2\n", {.decimal = '.'}) == "1,5;12.25\n21.25;2\n");
}

TEST_CASE("predictions are clipped, then rounded to significant digits") {
  const auto written = [](double x, const CompletedOptions& options = {}) {
    const std::string text = completed("1,\n", options, x);
    return text.substr(2, text.size() - 3);
  };
  CHECK(written(1.0 / 3) == "0.333333");
  CHECK(written(2) == "2");
  CHECK(written(-1234567.8) == "-1234570");  // no exponent where people would not write one
  CHECK(written(0.00001234567) == "0.0000123457");
  CHECK(written(1.5e20) == "1.5e+20");
  CHECK(written(1.5e-20) == "1.5e-20");
  CHECK(written(-0.0) == "0");
  CHECK(written(1.0 / 3, {.digits = 2}) == "0.33");
  CHECK(written(0.1 + 0.2, {.digits = 17}) == "0.30000000000000004");
  CHECK(written(7, {.low = 1, .high = 5}) == "5");
  CHECK(written(-7, {.low = 1, .high = 5}) == "1");
  CHECK(written(3.14159, {.low = 1, .high = 5, .digits = 3}) == "3.14");
  CHECK(written(-7, {.low = 0.5}) == "0.5");
  CHECK(written(9, {.high = 4.996, .digits = 3}) == "4.996");  // rounded it would be above
  CHECK(written(0, {.low = 1.004, .digits = 3}) == "1.004");
}

TEST_CASE("the completed table reads back with the observed entries bit for bit") {
  scratch::Folder folder;
  const TableFile table = read_table(scratch::put(folder / "in.csv", "0,1;0,2;?\n-;1e-3;7\n"));
  write_completed(folder / "out.csv", table, Matrix<double>::Constant(2, 3, 1.0 / 7));
  const TableFile again = read_table(folder / "out.csv");
  CHECK(again.missing.empty());
  CHECK(again.data.count() == 6);
  for (Index k = 0; k < table.data.count(); ++k) {
    const Entry at = table.data.where[k];
    CHECK(again.data.y[3 * at.row + at.col] == table.data.y[k]);
  }
  CHECK(scratch::mentions(scratch::get(folder / "out.csv.meta.json"), "\"tacit\""));
  CHECK(folder.files() == 3);
}

TEST_CASE("a table that was set aside is written byte for byte, whatever became of its file meanwhile") {
  scratch::Folder folder;
  std::string text, expected;
  for (int i = 0; i < 1 << 16; ++i) text += "12345678,87654321,?\n", expected += "12345678,87654321,0.5\n";
  TableFile table = read_table(scratch::put(folder / "in.csv", text));
  TableAside aside(table);
  CHECK(table.bytes.empty());
  CHECK(table.missing.empty());
  scratch::put(folder / "in.csv", "1,2,3\n");
  aside.bring_back(table);
  write_completed(folder / "out.csv", table, Matrix<double>::Constant(1 << 16, 3, 0.5));
  CHECK((scratch::get(folder / "out.csv") == expected));
}

TEST_CASE("tables that cannot be read are refused with line, column and reason") {
  CHECK(scratch::mentions(refused("a;b\n1;2\n3;two\n"),
                          ", line 3, column 2: 'two' is not a number; if it means missing, say --missing \"two\""));
  CHECK(scratch::mentions(refused("a;b\n1;2\n3;--\n"),
                          ", line 3, column 2: '--' is not a number; if it means missing, say --missing \"--\""));
  CHECK(refused("-,?\n,NA\n") == ": holds no number: all 2 x 2 cells are missing");
  CHECK(refused("name,a\nx,1\nx,2\n") ==
        ", line 3, column 1: the row label 'x' comes a second time, first on line 2; say what to do with such rows: --duplicates keep, "
        "last or "
        "mean");
}

TEST_CASE("what cannot be written is refused, and no file appears") {
  scratch::Folder folder;
  const TableFile table = read_table(scratch::put(folder / "in.csv", "1,\n,2\n"));
  const std::string out = folder / "out.csv";
  const auto refusal = [&](const Matrix<double>& W, const CompletedOptions& options = {}) {
    return thrown([&] { write_completed(out, table, W, options); });
  };
  const Matrix<double> W = Matrix<double>::Ones(2, 2);
  CHECK(refusal(Matrix<double>::Ones(2, 3)) == "write_completed: W is 2 x 3, the table " + table.path + " is 2 x 2");
  CHECK(refusal(Matrix<double>::Constant(2, 2, std::nan(""))) == "write_completed: the prediction for row 0, column 1 (from 0) is nan");
  CHECK(refusal(W, {.digits = 0}) == "write_completed: .digits is 0, it needs to lie in 1 ... 17");
  CHECK(refusal(W, {.low = 5, .high = 1}) == "write_completed: the range [5, 1] is empty");
  CHECK(refusal(W, {.low = std::nan("")}) == "write_completed: .low is nan, it needs to be finite");
  CHECK(refusal(W, {.decimal = ','}) == "write_completed: .decimal is ',', but " + table.path + " is comma-separated");
  CHECK(refusal(W, {.decimal = ';'}) == "write_completed: .decimal is ';', it is '.' or ','");
  CHECK(thrown([&] { write_completed("out.csv.gz", table, W); }) ==
        "write_completed: out.csv.gz would be written as plain text; leave .gz off its name");
  CHECK(folder.files() == 1);
}

}  // namespace table_tests
