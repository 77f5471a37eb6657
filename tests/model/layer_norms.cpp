// SPDX-License-Identifier: MIT
// Norms of layers against sums written out, and against what ties them to each other.
#include <tacit/model/layer_norms.hpp>

#include <tacit/core/random.hpp>
#include <tacit/model/deep_matrix.hpp>
#include <tacit/model/diagonal_product.hpp>

#include <Eigen/Eigenvalues>

#include "catch.hpp"
#include "thrown.hpp"

using namespace tacit;
using Catch::Matchers::WithinRel;

namespace layer_norms_tests {

constexpr double inf = std::numeric_limits<double>::infinity();

Vector<double> weights(Index size, std::uint64_t seed) {
  Random random(seed, "layer_norms");
  Vector<double> theta(size);
  for (double& w : theta) w = random.normal();
  return theta;
}
/// Unit by unit and weight by weight; layer -1: all of them.
double written_out(const DeepMatrix<double>& model, const Vector<double>& theta, Index layer, double p, double q) {
  double outer = 0;
  for (Index l = 0; l < model.depth(); ++l) {
    if (layer >= 0 && l != layer) continue;
    for (Index v = 0; v < model.width(l + 1); ++v) {
      double inner = 0;
      for (Index u = 0; u < model.width(l); ++u) {
        const double w = std::abs(model.layer(theta, l)(v, u));
        inner = p == inf ? std::max(inner, w) : inner + std::pow(w, p);
      }
      const double unit = p == inf ? inner : std::pow(inner, 1 / p);
      outer = q == inf ? std::max(outer, unit) : outer + std::pow(unit, q);
    }
  }
  return q == inf ? outer : std::pow(outer, 1 / q);
}

}  // namespace layer_norms_tests
using namespace layer_norms_tests;

TEST_CASE("group and layer norms are their sums over units and weights, for exponents up to infinity") {
  const DeepMatrix<double> model({4, 3, 5, 2});
  const Vector<double> theta = weights(model.parameter_count(), 1);
  for (const double p : {0.5, 1.0, 2.0, 3.0, inf})
    for (const double q : {0.5, 1.0, 1.5, 2.0, inf}) {
      CAPTURE(p, q);
      CHECK_THAT(group_norm(model, theta, p, q), WithinRel(written_out(model, theta, -1, p, q), 1e-13));
      double product = 1;
      for (Index l = 0; l < 3; ++l) {
        CHECK_THAT(layer_norm(model, theta, l, p, q), WithinRel(written_out(model, theta, l, p, q), 1e-13));
        product *= written_out(model, theta, l, p, q);
      }
      CHECK_THAT(layer_norm_product(model, theta, p, q), WithinRel(product, 1e-13));
    }
  CHECK_THAT(group_norm(model, theta, 2, 2), WithinRel(theta.norm(), 1e-14));
  CHECK_THAT(group_norm(model, theta, 1, 1), WithinRel(theta.lpNorm<1>(), 1e-14));
  // Rows are units: the transposed layers have other norms.
  CHECK(std::abs(layer_norm(model, theta, 0, 1, inf) - model.layer(theta, 0).cwiseAbs().colwise().sum().maxCoeff()) > 0.1);
}
TEST_CASE("Schatten products: Frobenius at 2, the spectral norms at infinity, the traces at 1; orthogonal mixing of units leaves them") {
  const DeepMatrix<double> model({4, 3, 5});
  const Vector<double> theta = weights(model.parameter_count(), 2);
  CHECK_THAT(schatten_product(model, theta, 2), WithinRel(layer_norm_product(model, theta, 2, 2), 1e-12));
  double spectral = 1, trace = 1, third = 1;
  for (Index l = 0; l < 2; ++l) {
    const Matrix<double> W = model.layer(theta, l);
    const Eigen::SelfAdjointEigenSolver<Matrix<double>> solver(W.rows() < W.cols() ? Matrix<double>(W * W.transpose())
                                                                                   : Matrix<double>(W.transpose() * W));
    const Vector<double> sigma = solver.eigenvalues().cwiseMax(0).cwiseSqrt();
    spectral *= sigma.maxCoeff();
    trace *= sigma.sum();
    third *= std::pow(sigma.array().pow(1.5).sum(), 1 / 1.5);
  }
  CHECK_THAT(schatten_product(model, theta, inf), WithinRel(spectral, 1e-12));
  CHECK_THAT(schatten_product(model, theta, 1), WithinRel(trace, 1e-12));
  CHECK_THAT(schatten_product(model, theta, 1.5), WithinRel(third, 1e-12));
  Random random(3, "layer_norms");
  const Matrix<double> Q = detail::random_isometry<double>(3, 3, random);
  Vector<double> mixed = theta;
  model.layer(mixed, 0) = Q * Matrix<double>(model.layer(theta, 0));
  model.layer(mixed, 1) = Matrix<double>(model.layer(theta, 1)) * Q.transpose();
  for (const double p : {1.0, 1.5, inf}) CHECK_THAT(schatten_product(model, mixed, p), WithinRel(schatten_product(model, theta, p), 1e-12));
  CHECK(std::abs(layer_norm_product(model, mixed, 1, inf) / layer_norm_product(model, theta, 1, inf) - 1) > 1e-3);
}
TEST_CASE("a diagonal layer is a square matrix whose units have one incoming weight") {
  const DiagonalProduct<double> model({.size = 3, .depth = 2});
  const Vector<double> theta{{1, -2, 3, 0.5, 4, -1}};
  CHECK(group_norm(model, theta, 1, inf) == 4);
  CHECK_THAT(layer_norm_product(model, theta, 3, 1), WithinRel(6 * 5.5, 1e-15));
  CHECK_THAT(schatten_product(model, theta, 1), WithinRel(6 * 5.5, 1e-15));
  CHECK_THAT(schatten_product(model, theta, inf), WithinRel(3 * 4.0, 1e-15));
}
TEST_CASE("norms of layers refuse exponents, layers and thetas that mean nothing") {
  const DeepMatrix<double> model({2, 2, 2});
  const Vector<double> theta = weights(8, 1), other = weights(7, 1);
  CHECK(thrown([&] { group_norm(model, theta, 0, 1); }) == "layer_norm: p is 0, it needs to be positive (infinity: the largest)");
  CHECK(thrown([&] { layer_norm_product(model, theta, 1, -1); }) == "layer_norm: q is -1, it needs to be positive (infinity: the largest)");
  CHECK(thrown([&] { schatten_product(model, theta, std::nan("")); }) ==
        "schatten_product: p is nan, it needs to be positive (infinity: the largest)");
  CHECK(thrown([&] { layer_norm(model, theta, 2, 1, 1); }) == "layer_norm: layer 2 is asked for, there are 2");
  CHECK(thrown([&] { group_norm(model, other, 1, 1); }).find("group_norm") == 0);
}
