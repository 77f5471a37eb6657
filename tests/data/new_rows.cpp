// SPDX-License-Identifier: MIT
#include <tacit/data/new_rows.hpp>

#include "catch.hpp"
#include "scratch.hpp"

using namespace tacit;

namespace new_rows_tests {

namespace {

using Names = std::vector<std::string>;
const Names letters{"a", "b", "c", "d"}, numbers{"5000", "5003", "5006", "5009"};

MatrixFile fresh(const std::string& text, const Names& cols = letters, const NewRowsOptions& options = {.row_name = "name"}) {
  scratch::Folder folder;
  const LabelIndex index(cols, static_cast<Index>(cols.size()));
  return read_new_rows(scratch::put(folder / "n.csv", text), index, options);
}
std::string refused(const std::string& text, const Names& cols = letters) {
  scratch::Folder folder;
  const std::string path = scratch::put(folder / "n.csv", text);
  const LabelIndex index(cols, static_cast<Index>(cols.size()));
  return scratch::file_error_of(path, [&] { read_new_rows(path, index, {.row_name = "name"}); });
}
/// Rows as "label: a b c d", - for gaps.
std::string rows_of(const MatrixFile& file) {
  Matrix<double> W = Matrix<double>::Constant(file.data.where.rows(), file.data.where.cols(), std::nan(""));
  for (Index k = 0; k < file.data.count(); ++k) W(file.data.where[k].row, file.data.where[k].col) = file.data.y[k];
  std::string text;
  for (Index i = 0; i < W.rows(); ++i) {
    text += (file.row_labels.empty() ? "" : file.row_labels[static_cast<std::size_t>(i)]) + ":";
    for (Index j = 0; j < W.cols(); ++j) text += std::isnan(W(i, j)) ? " -" : sentence(" ", W(i, j));
    text += "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("columns of new rows are found by the model's names") {
  CHECK(rows_of(fresh("name,a,b,c,d\n101,,5,4,\n102,1,,,2\n")) ==
        "101: - 5 4 -\n102: 1 - - 2\n");                                // numeric ids below the name of training
  CHECK(rows_of(fresh("who,d,c,b,a\nx,4,3,2,1\n")) == "x: 1 2 3 4\n");  // another order
  CHECK(rows_of(fresh("name,c,b\nx,3,2\n")) == "x: - 2 3 -\n");         // a subset
  CHECK(rows_of(fresh("c,b\n3,2\n")) == ": - 2 3 -\n");                 // without labels
  CHECK(rows_of(fresh("d;name;a\n4,5;x;1\n")) == "x: 1 - - 4.5\n");     // labels in the middle
  CHECK(rows_of(fresh(",name,b\n0,x,2\n")) == "x: - 2 - -\n");          // the index of pandas
  CHECK(rows_of(fresh("name,colour,b\nx,red,2\n", letters, {.row_name = "name", .left_out = {"colour"}})) == "x: - 2 - -\n");
  CHECK(fresh("name,c,b\nx,3,2\n").format ==
        "new rows, comma-separated, header, with row labels, 2 of the model's 4 columns, the others are gaps");
}

TEST_CASE("a first line of the model's names is a header, numbers or not") {
  CHECK(rows_of(fresh(",5000,5003,5006,5009\nbob,4,,,4\n", numbers)) == "bob: 4 - - 4\n");
  CHECK(rows_of(fresh("5009,5000\n4,1\n", numbers)) == ": 1 - - 4\n");
  CHECK(rows_of(fresh("user,5003,5000\n7,4,1\n", numbers)) == "7: 1 4 - -\n");
  CHECK(rows_of(fresh("1,2,3,4\n4,3,2,1\n", numbers)) == ": 1 2 3 4\n: 4 3 2 1\n");  // no names of the model: two rows
}

TEST_CASE("without a header new rows are as wide as the model, or have labels in front") {
  CHECK(rows_of(fresh("1,2,,4\n")) == ": 1 2 - 4\n");
  CHECK(rows_of(fresh("x,1,2,,4\ny,,,,\n")) == "x: 1 2 - 4\ny: - - - -\n");
}

TEST_CASE("new rows may come as ratings") {
  const MatrixFile file = fresh("rating,user,item\n4,ann,5003\n2,bob,5000\n3,ann,7\n", numbers);
  CHECK(rows_of(file) == "ann: - 4 - -\nbob: 2 - - -\n");
  CHECK(scratch::mentions(file.format, ", 1 of items that the model does not know left out"));
}

TEST_CASE("new rows that do not fit are refused by name") {
  CHECK(refused("name,a,weight\nx,1,2\n") ==
        ", line 1, column 3: the model has no column 'weight'; it has 'a', 'b', 'c', 'd'. Leave this one out");
  CHECK(refused("name,a,b,a\nx,1,2,3\n") == ", line 1, column 4: the column 'a' comes a second time, first in column 2");
  CHECK(refused("1,2\n") == ", line 1: has 2 columns, the model has 4; with a header of the model's column names they are found by name");
  CHECK(refused("name,a\nx,one\n") == ", line 2, column 2: 'one' is not a number");
  CHECK(refused("name,a,b\nx,1\n") == ", line 2: has 2 columns, line 1 has 3");
  CHECK(refused("name,a,b\n") == ": holds a header line and no row");
}

}  // namespace new_rows_tests
