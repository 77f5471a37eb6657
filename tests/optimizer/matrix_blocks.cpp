// SPDX-License-Identifier: MIT
#include <tacit/optimizer/matrix_blocks.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

TEST_CASE("each block is one column-major matrix in theta: itself, or its transpose where it is stored by rows") {
  Layout layout;
  layout.add("A", {2, 3}).add("B", {3, 2}, StorageOrder::row_major).add("b", {4}, StorageOrder::row_major).add("T", {2, 3, 2});
  Vector<double> theta = Vector<double>::LinSpaced(28, 1, 28);
  const auto blocks = matrix_blocks(layout, "a test");
  REQUIRE(blocks.size() == 4);
  CHECK(blocks[0].of(theta) == layout.matrix(theta, 0));
  CHECK(blocks[1].of(theta) == layout.matrix(theta, 1).transpose());
  CHECK((blocks[1].true_rows() == 3 && blocks[1].true_cols() == 2 && blocks[1].rows == 2));
  CHECK((blocks[2].rows == 4 && blocks[2].cols == 1));
  CHECK((blocks[3].true_rows() == 2 && blocks[3].true_cols() == 6 && blocks[3].order() == 2));
  CHECK(blocks[3].of(theta) == layout.matrix(theta, 3));
  blocks[1].in(theta)(0, 2) = -1;  // B(2, 0)
  CHECK(layout.matrix(theta, 1)(2, 0) == -1);
  CHECK(thrown([&] { matrix_blocks(layout, "a test", HigherOrder::refuse); }) ==
        "a test: block T of shape 2 x 3 x 2 is no matrix; .higher_order = HigherOrder::unfold takes it as 2 x 6");
}
