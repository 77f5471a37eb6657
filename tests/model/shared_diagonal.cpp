// SPDX-License-Identifier: MIT
#include <tacit/model/diagonal_net.hpp>
#include <tacit/model/diagonal_product.hpp>
#include <tacit/model/shared_diagonal.hpp>
#include <tacit/observation/linear_map.hpp>
#include <tacit/optimizer/recipes.hpp>
#include <tacit/train.hpp>

#include <sstream>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;

TEST_CASE("x is the power of w, with the sign of w where the depth is no whole number") {
  const Vector<double> w{{2, -3, 0}};
  CHECK(SharedDiagonal<double>({.size = 3, .depth = 2}).value(w) == Vector<double>{{4, 9, 0}});
  CHECK(SharedDiagonal<double>({.size = 3, .depth = 3}).value(w) == Vector<double>{{8, -27, 0}});
  CHECK(
      SharedDiagonal<double>({.size = 3, .depth = 2.5}).value(w).isApprox(Vector<double>{{std::pow(2, 2.5), -std::pow(3, 2.5), 0}}, 1e-15));
}
TEST_CASE("descent on shared weights is that of u^L - v^L from v = 0, and that of the free product from balance at 1 / L of the rate") {
  const Matrix<double> A{{1, 2}, {-0.5, 1}, {0.3, 0.7}};
  for (const double depth : {2.0, 3.0}) {
    const Data<double, LinearMap<double>> data(LinearMap<double>(3, 1, A), Vector<double>{{1, 0.5}});
    const SharedDiagonal<double> shared({.size = 3, .depth = depth});
    const DiagonalNet<double> net({.size = 3, .depth = depth});
    const DiagonalProduct<double> product({.size = 3, .depth = static_cast<Index>(depth)});
    const Problem problem(shared, data, HalfSumOfSquares{});
    const Problem of_net(net, data, HalfSumOfSquares{});
    const Problem of_product(product, data, HalfSumOfSquares{});
    Vector<double> w = shared.constant({.factor_scale = 0.3}), u(6), factors = product.constant({.factor_scale = 0.3});
    u << w, Vector<double>::Zero(3);
    train(problem, w, gradient_descent({.rate = 0.02}), {.iterations = 500});
    train(of_net, u, gradient_descent({.rate = 0.02}), {.iterations = 500});
    train(of_product, factors, gradient_descent({.rate = 0.02 * depth}), {.iterations = 500});
    CHECK((w - Vector<double>::Constant(3, 0.3)).norm() > 0.1);
    CHECK((w - u.head(3)).norm() < 1e-13);
    CHECK(u.tail(3).isZero(0));
    CHECK((w - factors.head(3)).norm() < 1e-13);
  }
}
TEST_CASE("shared weights start from a constant or from normal entries, and refuse what they cannot be") {
  using Shared = SharedDiagonal<double>;
  const Shared model({.size = 3, .depth = 2});
  CHECK(model.constant({.product_scale = 0.25}) == Vector<double>::Constant(3, 0.5));
  CHECK(model.near_zero({.entry_std = 0.5, .seed = 2}).isApprox(model.near_zero({.product_scale = 0.25, .seed = 2})));
  CHECK(thrown([] { Shared({.size = 0, .depth = 2}); }) == "SharedDiagonal: the size is 0, it needs to be at least 1");
  CHECK(thrown([] { Shared({.size = 2, .depth = 1.5}); }) ==
        "SharedDiagonal: the depth is 1.5, it needs to be 2 or more (any real number)");
  CHECK(thrown([&] { model.workspace(LinearMap<double>(4, 1, Matrix<double>::Ones(4, 2))); }) ==
        "SharedDiagonal: the observation is of 4 x 1 numbers, the model is a vector of 3");
  std::ostringstream text;
  text << model << "; " << model.layout();
  CHECK(text.str() == "SharedDiagonal<float64>({.size = 3, .depth = 2}); w 3");
}
