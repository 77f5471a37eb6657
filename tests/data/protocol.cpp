// SPDX-License-Identifier: MIT
#include <tacit/data/protocol.hpp>

#include "catch.hpp"
#include "scratch.hpp"

using namespace tacit;
using namespace scratch;

namespace protocol_tests {

TEST_CASE("a test file joins the data by its ids, and new ones are appended") {
  const Folder folder;
  const std::string base = put(folder / "u1.base", "1\t10\t3\n1\t20\t4\n7\t10\t5\n"),
                    test = put(folder / "u1.test", "7\t20\t1\n9\t10\t2\n1\t30\t3\n");
  const Protocol p = read_test_file(read_triplets(base), test);
  CHECK(p.file.row_labels == std::vector<std::string>{"1", "7", "9"});
  CHECK(p.file.col_labels == std::vector<std::string>{"10", "20", "30"});
  REQUIRE(p.folds.size() == 1);
  CHECK(p.folds[0].train.y == (Vector<double>(3) << 3, 4, 5).finished());
  CHECK(p.folds[0].test.y == (Vector<double>(3) << 3, 1, 2).finished());
  CHECK(p.folds[0].test.where[0] == Entry{0, 2});
  CHECK(p.folds[0].test.where[2] == Entry{2, 0});
  CHECK(p.file.data.where.shape() == Shape{3, 3});
  const std::string again = put(folder / "again.test", "7\t20\t1\n7\t10\t2\n");
  CHECK(error_of([&] { read_test_file(read_triplets(base), again); }) ==
        again + ": row 7, column 10 is an entry of the training data, too");
}

TEST_CASE("a folds file numbers entries of the data; the others always train") {
  const Folder folder;
  const std::string data = put(folder / "data", "a,x,1\na,y,2\nb,x,3\nb,y,4\nb,z,5\n"),
                    folds = put(folder / "folds", "a,x,2\nb,z,1\nb,x,2\n");
  const Protocol p = read_folds_file(read_triplets(data), folds);
  REQUIRE(p.folds.size() == 2);
  CHECK(p.folds[0].test.y == (Vector<double>(1) << 5).finished());
  CHECK(p.folds[0].train.y == (Vector<double>(4) << 1, 2, 3, 4).finished());
  CHECK(p.folds[1].test.y == (Vector<double>(2) << 1, 3).finished());
  CHECK(p.folds[1].train.y == (Vector<double>(3) << 2, 4, 5).finished());
  const std::string wrong = put(folder / "wrong", "a,x,2\na,z,1\n");
  CHECK(error_of([&] { read_folds_file(read_triplets(data), wrong); }) == wrong + ": row a, column z is not an entry of the data");
}

TEST_CASE("data without labels are named by index") {
  const Folder folder;
  MatrixFile matrix{observed<double>(2, 2, {{0, 0, 1.0}, {1, 1, 2.0}}), {}, {}, ""};
  const Protocol p = read_test_file(matrix, put(folder / "test", "0,1,7\n"));
  CHECK(p.folds[0].test.where[0] == Entry{0, 1});
  const std::string far = put(folder / "far", "0,2,7\n");
  CHECK(error_of([&] { read_test_file(matrix, far); }) == far + ": '2' is not an index below 2, and the data have no labels");
}

}  // namespace protocol_tests
