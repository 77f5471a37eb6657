// SPDX-License-Identifier: MIT
#include <tacit/core/tensor.hpp>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

TEST_CASE("a tensor has its first index fastest, and unfolds at every mode") {
  Tensor<double> t(Shape{2, 3, 4});
  for (Index k = 0; k < t.values.size(); ++k) t.values[k] = static_cast<double>(k);
  CHECK(t({1, 2, 3}) == 23);
  CHECK(t({1, 0, 0}) == 1);
  CHECK(t({0, 1, 0}) == 2);
  CHECK(t({0, 0, 1}) == 6);
  for (Index i = 0; i < 2; ++i)
    for (Index j = 0; j < 3; ++j)
      for (Index k = 0; k < 4; ++k) {
        CHECK(unfold(t, 0)(i, j + 3 * k) == t({i, j, k}));
        CHECK(unfold(t, 1)(j, i + 2 * k) == t({i, j, k}));
        CHECK(unfold(t, 2)(k, i + 2 * j) == t({i, j, k}));
      }
}

TEST_CASE("a tensor of another size, and modes that are not there, are refused with a sentence") {
  CHECK(thrown([] { Tensor<double>(Shape{2, 3}, Vector<double>::Zero(5)); }) == "Tensor: got 5 values for a 2 x 3 tensor");
  const Tensor<double> t(Shape{2, 3});
  CHECK(thrown([&] { (void)t({1}); }) == "Tensor: 1 indices given for a 2 x 3 tensor");
  CHECK(thrown([&] { (void)t({1, 3}); }) == "Tensor: index 3 of mode 1 lies outside the 2 x 3 tensor");
  CHECK(thrown([&] { (void)unfold(t, 2); }) == "unfold: mode 2 is asked for, a 2 x 3 tensor has modes 0 to 1");
}
