// SPDX-License-Identifier: MIT
#include <tacit/model/deep_matrix.hpp>
#include <tacit/model/diagonal_product.hpp>

#include <sstream>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

TEST_CASE("x is the product of the factors, and of length one that of a deep matrix of width one") {
  const DiagonalProduct<double> model({.size = 2, .depth = 3});
  CHECK(model.value(Vector<double>{{2, 3, 5, 7, 11, 13}}) == Vector<double>{{110, 273}});

  const DiagonalProduct<double> scalar({.size = 1, .depth = 4});
  const DeepMatrix<double> chain({1, 1, 1, 1, 1});
  const AllEntries one(1, 1);
  auto ws = scalar.workspace(one);
  auto other = chain.workspace(one);
  const Vector<double> theta{{2, -3, 0.5, 4}}, zbar{{1.5}};
  Vector<double> z(1), z2(1), g(4), g2(4);
  scalar.evaluate(theta, one, ws, z);
  chain.evaluate(theta, one, other, z2);
  scalar.pullback(theta, one, ws, zbar, Write::set, g);
  chain.pullback(theta, one, other, zbar, Write::set, g2);
  CHECK(z == z2);
  CHECK(g == g2);
}
TEST_CASE("a diagonal product starts from a constant or from normal entries") {
  const DiagonalProduct<double> model({.size = 3, .depth = 2});
  CHECK(model.constant({.product_scale = 0.25}) == Vector<double>::Constant(6, 0.5));
  CHECK(model.near_zero({.entry_std = 0.5, .seed = 2}).isApprox(model.near_zero({.product_scale = 0.25, .seed = 2})));
}
TEST_CASE("diagonal products refuse what they cannot be") {
  using Product = DiagonalProduct<double>;
  CHECK(thrown([] { Product({.size = 0, .depth = 2}); }) == "DiagonalProduct: size 0 and depth 2 need to be at least 1");
  CHECK(thrown([] { Product({.size = 2, .depth = 0}); }) == "DiagonalProduct: size 2 and depth 0 need to be at least 1");
  const Product model({.size = 3, .depth = 2});
  CHECK(thrown([&] { model.workspace(LinearMap<double>(4, 1, Matrix<double>::Ones(4, 2))); }) ==
        "DiagonalProduct: the observation is of 4 x 1 numbers, the model is a vector of 3");
  std::ostringstream text;
  text << model << "; " << model.layout();
  CHECK(text.str() == "DiagonalProduct<float64>({.size = 3, .depth = 2}); theta1 3, theta2 3");
}
