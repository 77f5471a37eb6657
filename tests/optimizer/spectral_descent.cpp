// SPDX-License-Identifier: MIT
#include <tacit/optimizer/adam_scale.hpp>
#include <tacit/optimizer/spectral_descent.hpp>

#include "block_examples.hpp"
#include "thrown.hpp"

using namespace tacit;
using namespace block_examples;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

/// U diag(s) V^T with singular values falling geometrically from 1 to 1 / condition.
Matrix<double> conditioned(Index rows, Index cols, double condition, std::uint64_t seed) {
  const Index k = std::min(rows, cols);
  Vector<double> s(k);
  for (Index i = 0; i < k; ++i) s[i] = std::pow(condition, -static_cast<double>(i) / static_cast<double>(std::max<Index>(k - 1, 1)));
  return orthogonal(rows, seed).leftCols(k) * s.asDiagonal() * orthogonal(cols, seed + 1).leftCols(k).transpose();
}

}  // namespace

TEST_CASE("the direction is a polar factor whatever the conditioning: orthonormal, and aligned with the gradient") {
  for (const double condition : {1.0, 1e3, 1e8, 1e12})
    for (const auto& [rows, cols] : {std::pair<Index, Index>{30, 30}, {12, 40}, {40, 12}}) {
      const Matrix<double> G = conditioned(rows, cols, condition, 7), U = direction(SpectralDescent{}, G);
      CAPTURE(condition, rows, cols);
      const Index k = std::min(rows, cols);
      const Matrix<double> gram = rows < cols ? Matrix<double>(U * U.transpose()) : Matrix<double>(U.transpose() * U);
      CHECK((gram - Matrix<double>::Identity(k, k)).norm() < 1e-14 * static_cast<double>(k));
      double nuclear = 0;
      for (Index i = 0; i < k; ++i) nuclear += std::pow(condition, -static_cast<double>(i) / static_cast<double>(k - 1));
      CHECK_THAT((G.cwiseProduct(U)).sum(), WithinRel(nuclear, 1e-14));
      const Matrix<double> stretch = U.transpose() * G;  // symmetric for the polar factor alone
      CHECK((stretch - stretch.transpose()).norm() < 3e-14);
    }
}

TEST_CASE("singular values below the rank cut are dropped, and a zero block gives a zero step") {
  const Matrix<double> G = gaussian(9, 2, 1) * gaussian(2, 7, 2), U = direction(SpectralDescent{}, G);
  CHECK_THAT(U.squaredNorm(), WithinAbs(2.0, 1e-13));
  CHECK(direction(SpectralDescent{}, Matrix<double>::Zero(4, 6)).norm() == 0);
  CHECK(direction(SpectralDescent{.dual = SpectralDual::all}, Matrix<double>::Zero(4, 6)).norm() == 0);
  Matrix<double> broken = gaussian(4, 6, 3);
  broken(1, 2) = std::nan("");
  CHECK(direction(SpectralDescent{}, broken).hasNaN());
}

TEST_CASE("spectral descent commutes with orthogonal changes on both sides of each factor and ignores the loss's scale") {
  for (const auto& [rows, cols] : {std::pair<Index, Index>{8, 8}, {5, 9}, {9, 5}}) {
    const Matrix<double> G = gaussian(rows, cols, 3), Q = orthogonal(rows, 4), R = orthogonal(cols, 5), U = direction(SpectralDescent{}, G);
    CHECK((direction(SpectralDescent{}, Q * G * R) - Q * U * R).norm() < 1e-13);
    CHECK((direction(SpectralDescent{}, 3e7 * G) - U).norm() < 1e-13);
    CHECK((3e7 * G - G).norm() >
          1e7);  // gradient descent commutes with orthogonal changes too, but not with the loss's scale; Adam with neither
    CHECK((direction(AdamScale{}, Q * G * R) - Q * direction(AdamScale{}, G) * R).norm() > 0.5);
  }
}

TEST_CASE("an end-to-end run from factors changed by orthogonal matrices follows the changed run, and so does its product") {
  // Law of the whole step: W1 -> Q W1, W2 -> W2 Q^T. Gradient descent shares it; scaled changes W1 -> 2 W1, W2 -> W2 / 2 neither does.
  const Matrix<double> A = gaussian(4, 6, 11), B = gaussian(5, 4, 12), target = gaussian(5, 6, 13), Q = orthogonal(4, 14);
  const auto product_after = [&](Matrix<double> W1, Matrix<double> W2, bool spectral) {
    for (int t = 0; t < 40; ++t) {
      const Matrix<double> residual = W2 * W1 - target, G1 = W2.transpose() * residual, G2 = residual * W1.transpose();
      W1 -= 0.02 * (spectral ? direction(SpectralDescent{}, G1) : G1);
      W2 -= 0.02 * (spectral ? direction(SpectralDescent{}, G2) : G2);
    }
    return Matrix<double>(W2 * W1);
  };
  CHECK((product_after(Q * A, B * Q.transpose(), true) - product_after(A, B, true)).norm() < 1e-10);
  CHECK((product_after(2 * A, B / 2, true) - product_after(A, B, true)).norm() > 0.1);
}

TEST_CASE("gradient descent does not ignore the loss's scale, nor move all directions alike: spectral descent does") {
  const Matrix<double> G = conditioned(6, 6, 1e6, 21), U = direction(SpectralDescent{}, G);
  const Vector<double> singular = Eigen::JacobiSVD<Matrix<double>>(U).singularValues();
  CHECK((singular.array() - 1).abs().maxCoeff() < 1e-13);
  CHECK(G.jacobiSvd().singularValues().minCoeff() < 2e-6);
  CHECK((direction(SpectralDescent{}, 2 * G) - U).norm() < 1e-13);
  CHECK((2 * G - G).norm() > 0.5);
}

TEST_CASE("the dual of a block is its nuclear norm, or that of all blocks") {
  Layout layout;
  layout.add("A", {3, 4}).add("B", {2, 2}, StorageOrder::row_major).add("b", {5});
  const Vector<double> g = flat(gaussian(21, 1, 31)), zero = Vector<double>::Zero(21);
  const Vector<double> u = direction(SpectralDescent{}, layout, g, zero);
  const Vector<double> by_block = direction(SpectralDescent{.dual = SpectralDual::block}, layout, g, zero);
  const Vector<double> by_all = direction(SpectralDescent{.dual = SpectralDual::all}, layout, g, zero);
  double sum = 0;
  for (Index l = 0; l < 3; ++l) {
    const double nuclear = Matrix<double>(layout.matrix(g, l)).jacobiSvd().singularValues().sum();
    CHECK((layout.flat(by_block, l) - nuclear * layout.flat(u, l)).norm() < 1e-13 * nuclear);
    CHECK_THAT(layout.flat(g, l).dot(layout.flat(u, l)), WithinRel(nuclear, 1e-14));
    sum += nuclear;
  }
  CHECK((by_all - sum * u).norm() < 1e-13 * sum);
  CHECK((layout.flat(u, 2) - layout.flat(g, 2).normalized()).norm() < 1e-14);
}

TEST_CASE("blocks of order three are unfolded at mode 0 whatever their storage, or refused by name") {
  Layout by_columns, by_rows;
  by_columns.add("T", {3, 2, 4});
  by_rows.add("T", {3, 2, 4}, StorageOrder::row_major);
  const Vector<double> g = flat(gaussian(24, 1, 41)), zero = Vector<double>::Zero(24);
  const Matrix<double> unfolded = g.reshaped(3, 8);
  const Matrix<double> polar = direction(SpectralDescent{}, unfolded);
  CHECK((direction(SpectralDescent{}, by_columns, g, zero) - flat(polar)).norm() < 1e-14);
  const Vector<double> g_by_rows = flat(unfolded.transpose()), polar_by_rows = flat(polar.transpose());
  CHECK((direction(SpectralDescent{}, by_rows, g_by_rows, zero) - polar_by_rows).norm() < 1e-14);
  CHECK(thrown([&] { SpectralDescent{.higher_order = HigherOrder::refuse}.start<double>(by_rows); }).find("block T of shape 3 x 2 x 4") !=
        std::string::npos);
}

TEST_CASE("the settings are printed by name") {
  std::ostringstream out;
  out << spectral_descent({.rate = 0.5, .dual = SpectralDual::block});
  CHECK(out.str() == "FullGradient | SpectralDescent{.dual = block, .higher_order = unfold} | LearningRate{0.5}");
}
