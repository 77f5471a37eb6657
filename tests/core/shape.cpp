// SPDX-License-Identifier: MIT
#include <tacit/core/shape.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

TEST_CASE("a shape knows its sizes") {
  const Shape matrix{3, 4}, tensor{2, 3, 5}, column{7}, scalar;
  CHECK(matrix.order() == 2);
  CHECK(matrix.rows() == 3);
  CHECK(matrix.cols() == 4);
  CHECK(matrix.count() == 12);
  CHECK(tensor[2] == 5);
  CHECK(tensor.count() == 30);
  CHECK(column.cols() == 1);
  CHECK(scalar.rows() == 1);
  CHECK(scalar.count() == 1);
  CHECK(matrix == Shape(std::vector<Index>{3, 4}));
  CHECK_FALSE(matrix == Shape{4, 3});
  CHECK(sentence(matrix, "; ", tensor, "; ", column, "; ", scalar) == "3 x 4; 2 x 3 x 5; 7; scalar");
}

TEST_CASE("sizes below 1 are refused") {
  CHECK(thrown([] { Shape{3, 0}; }) == "Shape: mode 1 has size 0, every mode needs at least 1");
  CHECK(thrown([] { Shape{-2}; }) == "Shape: mode 0 has size -2, every mode needs at least 1");
}

TEST_CASE("a count that does not fit an index is refused, its size is not") {
  const Shape huge{4'000'000'000, 4'000'000'000, 4};
  CHECK(huge.size() == 6.4e19);
  CHECK(thrown([&] { (void)huge.count(); }) == "Shape: the product of 4000000000 x 4000000000 x 4 overflows");
  CHECK(Shape{1'000'000'000, 1'000'000'000}.count() == 1'000'000'000'000'000'000);
}

TEST_CASE("dense objects above 10^8 entries are refused") {
  CHECK_NOTHROW(Shape{10'000, 10'000}.require_dense("Someone"));
  CHECK(thrown([] {
          Shape{100'000, 100'000}.require_dense("Someone");
        }) ==
        "Someone: a dense 100000 x 100000 object has 1e+10 entries, more than the 100000000 that are formed; use observed entries and "
        "quantities that are computed from the factors");
}
