// SPDX-License-Identifier: MIT
#include <tacit/core/random.hpp>
#include <tacit/solver/posterior_mean.hpp>

#include "catch.hpp"

using namespace tacit;

TEST_CASE("effects of the pattern solve their normal equations, of lines of different length and a component that is fixed") {
  // Three lines over two others, two components: four effects, so that five steps of conjugate gradients are exact. Line 2 has no entries.
  const Index start[] = {0, 2, 3, 3};
  const std::int32_t other[] = {0, 1, 1};
  for (const bool fixed : {false, true}) {
    const double variance = 0.7;
    Vector<double> inverse(2);
    inverse << 1.5, fixed ? 0 : 0.8;
    Matrix<double> S[3], covariance(3, 3), T(2, 3);
    T << 0.3, -0.2, 0, fixed ? 0 : 0.5, fixed ? 0 : 0.4, 0;
    for (int i = 0; i < 3; ++i) {
      const double off = fixed ? 0 : 0.05 * i;
      S[i].resize(2, 2);
      S[i] << 0.2 + 0.1 * i, off, off, fixed ? 0 : 0.3;
      covariance.col(i) << S[i](0, 0), off, S[i](1, 1);
    }
    detail::PatternEffects effects(2, 3, 2, start, other, variance);
    const Matrix<double> m = effects.update(covariance, T, inverse);

    const double share[] = {1 / std::sqrt(2.0), 1, 0};
    Matrix<double> X(3, 2), normal = Matrix<double>::Identity(4, 4) / variance;
    X << share[0], share[0], 0, share[1], 0, 0;
    Vector<double> right = Vector<double>::Zero(4), column(4);
    for (int i = 0; i < 3; ++i) {
      Matrix<double> H = inverse.asDiagonal();
      for (int p = 0; p < 2; ++p)
        for (int q = 0; q < 2; ++q) H(p, q) -= inverse[p] * S[i](p, q) * inverse[q];
      for (int j = 0; j < 2; ++j)
        for (int p = 0; p < 2; ++p) {
          right[2 * j + p] += X(i, j) * inverse[p] * T(p, i);
          for (int l = 0; l < 2; ++l)
            for (int q = 0; q < 2; ++q) normal(2 * j + p, 2 * l + q) += X(i, j) * X(i, l) * H(p, q);
        }
    }
    detail::invert(normal, column);
    for (int i = 0; i < 3; ++i)
      for (int p = 0; p < 2; ++p) {
        double expected = 0;
        for (int j = 0; j < 2; ++j) expected += X(i, j) * normal.row(2 * j + p).dot(right);
        CHECK(std::abs(m(p, i) - expected) < 1e-12);
      }
    CHECK(m.col(2).isZero(0));
    CHECK(std::abs(m(0, 0)) > 0.05);
  }
}
