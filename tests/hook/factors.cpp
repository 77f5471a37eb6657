// SPDX-License-Identifier: MIT
#include <tacit/hook/factors.hpp>

#include <Eigen/LU>

#include "catch.hpp"
#include "example.hpp"
#include "thrown.hpp"

using namespace example;
using Catch::Matchers::WithinRel;

TEST_CASE("balancedness is the largest |W_{l+1}^T W_{l+1} - W_l W_l^T|, relative to the largest |W_l|^2") {
  const auto m = model();
  const Matrix<double> below = m.layer(start(), 0), above = m.layer(start(), 1);
  const double defect = (above.transpose() * above - below * below.transpose()).norm();
  watch(1, [&](const auto& now) {
    if (now.closing()) return;
    CHECK_THAT(balancedness(now), WithinRel(defect, 1e-14));
    CHECK_THAT(relative_balancedness(now), WithinRel(defect / std::max(below.squaredNorm(), above.squaredNorm()), 1e-14));
  });
}

TEST_CASE("sign and logarithm of the determinant come from the factors, where det W itself underflows") {
  const DeepMatrix<double> model({6, 6, 6});
  const Problem p(model, observed<double>(6, 6, {0}, {0}, normal(1, 1)), MeanSquares{});
  const Vector<double> start = normal(72, 4);
  const double det = (Matrix<double>(model.layer(start, 1)) * Matrix<double>(model.layer(start, 0))).determinant();
  for (const double scale : {1.0, 1e-40}) {
    Vector<double> theta = scale * start;
    train(p, theta, gradient_descent({.rate = 1e-9}), {.iterations = 1}, [&](const auto& now) {
      if (now.closing()) return;
      CHECK(determinant_sign(now) == (det > 0 ? 1 : -1));
      CHECK_THAT(log_abs_determinant(now), WithinRel(std::log(std::abs(det)) + 12 * std::log(scale), 1e-12));
    });
  }
}

TEST_CASE("reference alignment: the mean of |U^T W V| on and off the diagonal") {
  const Matrix<double> U = Matrix<double>::Identity(4, 3), V = Matrix<double>::Identity(5, 3);
  const Matrix<double> core = product(start()).topLeftCorner(3, 3).cwiseAbs();
  watch(1, [&](const auto& now) {
    if (now.closing()) return;
    const auto [on, off] = reference_alignment(U, V)(now);
    CHECK_THAT(on, WithinRel(core.trace() / 3, 1e-14));
    CHECK_THAT(off, WithinRel((core.sum() - core.trace()) / 6, 1e-13));
  });
  CHECK(thrown([&] { reference_alignment(U, Matrix<double>(Matrix<double>::Identity(5, 2))); }) ==
        "reference_alignment: U has 3 columns, V has 2");
}
