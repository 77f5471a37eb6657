// SPDX-License-Identifier: MIT
#include <tacit/model/diagonal_net.hpp>

#include <sstream>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinRel;

namespace {

Vector<double> gradient(const DiagonalNet<double>& model, const Vector<double>& theta) {
  const AllEntries all(Shape{model.rows()});
  auto ws = model.workspace(all);
  Vector<double> z(model.rows()), g(theta.size());
  model.evaluate(theta, all, ws, z);
  model.pullback(theta, all, ws, Vector<double>::Ones(model.rows()), Write::set, g);
  return g;
}

}  // namespace

TEST_CASE("x = u^D - v^D, plain powers where D is whole, sign(u) |u|^D where it is not") {
  for (const double D : {2.0, 2.5, 3.0, 4.0, 5.0, 17.0}) {
    const DiagonalNet<double> model({.size = 3, .depth = D});
    Vector<double> theta(6);
    theta << 0.5, -1.2, 0, 0.25, 0.75, -1.1;
    const auto power = [&](double u) { return D == 2.5 || D > 16 ? std::copysign(std::pow(std::abs(u), D), u) : std::pow(u, D); };
    const Vector<double> x = model.value(theta);
    for (Index i = 0; i < 3; ++i) CHECK_THAT(x[i], WithinRel(power(theta[i]) - power(theta[3 + i]), 1e-14));
  }
}
TEST_CASE("a power that is not whole is continuously differentiable at zero") {
  for (const double D : {2.5, 3.25}) {
    const DiagonalNet<double> model({.size = 1, .depth = D});
    const auto slope = [&](double u) { return gradient(model, Vector<double>{{u, 1}})[0]; };
    CHECK(slope(0) == 0);
    CHECK(slope(1e-8) == slope(-1e-8));
    CHECK(slope(1e-8) > 0);
    CHECK(slope(1e-8) < 1e-10);
  }
}
TEST_CASE("the starts of a diagonal net name their unit") {
  const DiagonalNet<double> model({.size = 4000, .depth = 2.5});
  CHECK(model.constant({.factor_scale = 0.1}) == Vector<double>::Constant(8000, 0.1));
  CHECK_THAT(model.constant({.product_scale = 1e-5})[7], WithinRel(1e-2, 1e-14));
  CHECK(model.value(model.constant({.product_scale = 1e-5})).isZero(0));

  const Vector<double> theta = model.near_zero({.entry_std = 0.1, .seed = 3});
  CHECK(theta == model.near_zero({.entry_std = 0.1, .seed = 3}));
  CHECK(theta != model.near_zero({.entry_std = 0.1, .seed = 4}));
  CHECK_THAT(std::sqrt(theta.squaredNorm() / 8000), WithinRel(0.1, 0.05));
  CHECK(model.near_zero({.product_scale = std::pow(0.1, 2.5), .seed = 3}).isApprox(theta, 1e-14));

  CHECK(thrown([&] { model.constant({}); }) == "constant: 0 of the scales .factor_scale, .product_scale are given, exactly one is needed");
  CHECK(thrown([&] { model.constant({.factor_scale = 0.1, .product_scale = 0.1}); }) ==
        "constant: 2 of the scales .factor_scale, .product_scale are given, exactly one is needed");
  CHECK(thrown([&] { model.constant({.factor_scale = -1}); }) == "constant: .factor_scale is -1, it needs to be positive and finite");
  CHECK(thrown([&] { model.near_zero({}); }) == "near_zero: 0 of the scales .entry_std, .product_scale are given, exactly one is needed");
}
TEST_CASE("diagonal nets refuse what they cannot be") {
  using Net = DiagonalNet<double>;
  CHECK(thrown([] { Net({.size = 3, .depth = 1.5}); }) == "DiagonalNet: the depth is 1.5, it needs to be 2 or more (any real number)");
  CHECK(thrown([] { Net({.size = 3, .depth = NAN}); }) == "DiagonalNet: the depth is nan, it needs to be 2 or more (any real number)");
  CHECK(thrown([] { Net({.size = 0, .depth = 2}); }) == "DiagonalNet: the size is 0, it needs to be at least 1");
  const Net model({.size = 3, .depth = 2});
  CHECK(thrown([&] { model.workspace(LinearMap<double>(4, 1, Matrix<double>::Ones(4, 2))); }) ==
        "DiagonalNet: the observation is of 4 x 1 numbers, the model is a vector of 3");
  CHECK(thrown([&] { model.workspace(AllEntries(3, 3)); }) ==
        "DiagonalNet: the observation is of 3 x 3 numbers, the model is a vector of 3");
  CHECK(thrown([&] { model.value(Vector<double>::Ones(3)); }) == "DiagonalNet::value: theta has 3 parameters, the model has 6 (u 3, v 3)");
}
TEST_CASE("a diagonal net prints itself and its layout") {
  const DiagonalNet<double> model({.size = 3, .depth = 2.5});
  std::ostringstream text;
  text << model << "; " << model.layout() << "; " << model.shape();
  CHECK(text.str() == "DiagonalNet<float64>({.size = 3, .depth = 2.5}); u 3, v 3; 3");
  CHECK(model.degree() == 2.5);
  CHECK(model.parameter_count() == 6);
}
