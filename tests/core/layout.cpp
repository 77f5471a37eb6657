// SPDX-License-Identifier: MIT
#include <tacit/core/layout.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

namespace {
Layout example() {
  Layout layout;
  layout.add("A", {2, 3})
      .add("B", {3, 2}, StorageOrder::row_major)
      .add("c", {4})
      .add("T", {2, 2, 2})
      .add("R", {2, 2, 2}, StorageOrder::row_major);
  return layout;
}
Vector<double> counting(Index n) { return Vector<double>::LinSpaced(n, 0, static_cast<double>(n - 1)); }
}  // namespace

TEST_CASE("blocks stand one after another") {
  const Layout layout = example();
  CHECK(layout.parameter_count() == 6 + 6 + 4 + 8 + 8);
  CHECK(layout.size() == 5);
  Index at = 0;
  for (const Block& block : layout) {
    CHECK(block.offset == at);
    CHECK(block.count == block.shape.count());
    at += block.count;
  }
  CHECK(sentence(layout) == "A 2 x 3, B 3 x 2 (row-major), c 4, T 2 x 2 x 2, R 2 x 2 x 2 (row-major)");
}

TEST_CASE("maps follow the storage order") {
  const Layout layout = example();
  const Vector<double> theta = counting(layout.parameter_count());
  const auto A = layout.matrix(theta, 0), B = layout.matrix(theta, 1), c = layout.matrix(theta, 2);
  CHECK(A.rows() == 2);
  CHECK(A.cols() == 3);
  CHECK(A(1, 0) == 1);
  CHECK(A(0, 1) == 2);
  CHECK(B.rows() == 3);
  CHECK(B(0, 1) == 7);
  CHECK(B(1, 0) == 8);
  CHECK(c.rows() == 4);
  CHECK(c.cols() == 1);
  CHECK(c(3, 0) == 15);
  const auto T = layout.matrix(theta, 3), R = layout.matrix(theta, 4);  // unfolded at mode 0
  CHECK(T.rows() == 2);
  CHECK(T.cols() == 4);
  CHECK(T(1, 2) == 16 + 1 + 2 * 2);
  CHECK(R(1, 2) == 24 + 1 * 4 + 2);
}

TEST_CASE("maps of a mutable theta write through, flat and as matrices, in both precisions") {
  const Layout layout = example();
  Vector<float> theta = Vector<float>::Zero(layout.parameter_count());
  layout.matrix(theta, 1)(2, 0) = 5;
  CHECK(theta[6 + 4] == 5);
  layout.flat(theta, 2).setConstant(3);
  CHECK(theta.sum() == 5 + 4 * 3);
  CHECK(layout.flat(static_cast<const Vector<float>&>(theta), 2).size() == 4);
}

TEST_CASE("names differ, sizes match") {
  Layout layout = example();
  CHECK(thrown([&] { layout.add("B", {1}); }) == "Layout: two blocks are called 'B'");
  CHECK(layout == example());
  CHECK_FALSE(layout == Layout().add("A", {2, 3}));
  CHECK_NOTHROW(layout.require_size(32, "Someone"));
  CHECK(thrown([] {
          Layout().add("W1", {2, 3}).require_size(5, "Someone");
        }) == "Someone: theta has 5 parameters, the model has 6 (W1 2 x 3)");
  CHECK(thrown([] {
          Layout().add("A1", {1'000'000'000, 9'000'000'000}).add("A2", {1'000'000'000, 1'000'000'000});
        }) == "Layout: block A2 of shape 1000000000 x 1000000000 makes theta longer than an index can count");
}
