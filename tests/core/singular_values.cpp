// SPDX-License-Identifier: MIT
#include <tacit/core/singular_values.hpp>

#include "catch.hpp"
#include "normal.hpp"

#include <Eigen/SVD>

#include <cmath>
#include <limits>
#include <random>

using namespace tacit;

namespace {

template <class S>
constexpr double tight = 64 * double(std::numeric_limits<S>::epsilon());  // what known spectra are held to

/// W <- Q W with Q a product of random reflections: orthogonal to rounding.
void rotate_rows(Matrix<double>& W, unsigned seed) {
  for (unsigned k = 0; k < 3; ++k) {
    const Vector<double> v = normal(W.rows(), 1, 100 * seed + k).col(0).normalized();
    W -= 2 * v * (v.transpose() * W).eval();
  }
}

Matrix<double> with_values(Index rows, Index cols, const Vector<double>& values, unsigned seed) {
  Matrix<double> W = Matrix<double>::Zero(rows, cols);
  W.diagonal().head(values.size()) = values;
  rotate_rows(W, seed);
  W.transposeInPlace();
  rotate_rows(W, seed + 50);
  W.transposeInPlace();
  return W;
}

template <class S>
Vector<double> values_of(const Matrix<double>& W) {
  SpectrumWorkspace<S> ws;
  Vector<S> sigma;
  singular_values(W.cast<S>(), ws, sigma);
  return sigma.template cast<double>();
}

/// Largest distance of two descending spectra, relative to the largest value.
double distance(const Vector<double>& sigma, const Vector<double>& expected) {
  REQUIRE(sigma.size() == expected.size());
  for (Index i = 0; i + 1 < sigma.size(); ++i) REQUIRE(sigma[i] >= sigma[i + 1]);
  if (sigma.size() > 0) REQUIRE(sigma.tail(1)[0] >= 0);
  const double scale = expected.size() == 0 || expected[0] == 0 ? 1 : expected[0];
  return expected.size() == 0 ? 0 : (sigma - expected).cwiseAbs().maxCoeff() / scale;
}

template <class S>
void compare_with_jacobi(Index rows, Index cols, unsigned seed) {
  const Matrix<double> W = normal<S>(rows, cols, seed).template cast<double>();
  INFO(rows << " x " << cols << ", seed " << seed);
  CHECK(distance(values_of<S>(W), Eigen::JacobiSVD<Matrix<double>>(W).singularValues()) < tolerance<S>);
}

}  // namespace

TEMPLATE_TEST_CASE("singular values agree with Jacobi's method on all small shapes", "", double, float) {
  for (const Index rows : {1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 17, 33})
    for (const Index cols : {1, 2, 3, 4, 5, 6, 8, 9, 13, 16, 17, 32}) compare_with_jacobi<TestType>(rows, cols, unsigned(40 * rows + cols));
}

TEMPLATE_TEST_CASE("singular values agree with Jacobi's method on random shapes up to 130", "", double, float) {
  std::mt19937_64 engine(7);
  for (unsigned seed = 0; seed < 8; ++seed) compare_with_jacobi<TestType>(Index(1 + engine() % 130), Index(1 + engine() % 130), seed);
}

TEMPLATE_TEST_CASE("known spectra come out to a few units of rounding", "", double, float) {
  const Index rows = GENERATE(40, 90, 300), cols = 40;
  Vector<double> values(cols);
  SECTION("evenly spaced") { values.setLinSpaced(cols, 1, 0.025); }
  SECTION("all equal") { values.setConstant(3); }
  SECTION("three clusters") {
    values << Vector<double>::Constant(10, 5), Vector<double>::Constant(20, 1), Vector<double>::Constant(10, 1e-3);
  }
  SECTION("geometric") {
    for (Index i = 0; i < cols; ++i) values[i] = std::pow(10.0, -double(i) / 2);
  }
  SECTION("rank 3") { values << 4, 2, 1, Vector<double>::Zero(cols - 3); }
  SECTION("one small value") {
    values.setOnes();
    values[cols - 1] = 1e-9;
  }
  for (unsigned seed = 0; seed < 4; ++seed) {
    const auto W = with_values(rows, cols, values, seed);
    CHECK(distance(values_of<TestType>(W), values) < tight<TestType>);
    CHECK(distance(values_of<TestType>(W.transpose()), values) < tight<TestType>);
  }
}

TEMPLATE_TEST_CASE("singular values do not change under rotations, and their squares sum to the Frobenius norm", "", double, float) {
  const Index rows = GENERATE(25, 64, 101), cols = GENERATE(25, 31, 64);
  Matrix<double> W = normal<TestType>(rows, cols, unsigned(rows + cols)).template cast<double>();
  const auto sigma = values_of<TestType>(W);
  CHECK_THAT(sigma.squaredNorm(), Catch::Matchers::WithinRel(W.squaredNorm(), tight<TestType>));
  CHECK(distance(values_of<TestType>(W.transpose()), sigma) < tight<TestType>);
  CHECK(distance(values_of<TestType>(W.colwise().reverse()), sigma) < tight<TestType>);
  rotate_rows(W, 3);
  CHECK(distance(values_of<TestType>(W), sigma) < tight<TestType>);
}

TEMPLATE_TEST_CASE("matrices of one row, one column, one entry, none, and the zero matrix", "", double, float) {
  CHECK(values_of<TestType>(Matrix<double>::Constant(1, 1, -2.5))[0] == 2.5);
  for (const Index n : {1, 2, 5, 64, 1000}) {
    const Matrix<double> row = normal<TestType>(1, n, unsigned(n)).template cast<double>();
    CHECK_THAT(values_of<TestType>(row)[0], Catch::Matchers::WithinRel(row.norm(), tight<TestType>));
    CHECK_THAT(values_of<TestType>(row.transpose())[0], Catch::Matchers::WithinRel(row.norm(), tight<TestType>));
    CHECK(values_of<TestType>(Matrix<double>::Zero(n, 5)) == Vector<double>::Zero(std::min<Index>(n, 5)));
  }
  CHECK(values_of<TestType>(Matrix<double>::Zero(0, 5)).size() == 0);
  CHECK(values_of<TestType>(Matrix<double>::Zero(5, 0)).size() == 0);
  CHECK(values_of<TestType>(Matrix<double>::Identity(20, 20)) == Vector<double>::Ones(20));
}

TEMPLATE_TEST_CASE("huge and tiny matrices scale like any other", "", double, float) {
  using S = TestType;
  using Limits = std::numeric_limits<S>;
  const Matrix<S> W = normal<S>(23, 17, 5);
  SpectrumWorkspace<S> ws;
  Vector<S> sigma, scaled;
  singular_values(W, ws, sigma);
  for (const int exponent : {-Limits::max_exponent + 30, -60, 60, Limits::max_exponent - 10}) {
    const S factor = std::ldexp(S(1), exponent);
    singular_values(W * factor, ws, scaled);
    CHECK(scaled == sigma * factor);  // a power of two: to the bit
  }
  const Matrix<S> subnormal = Matrix<S>::Constant(4, 4, Limits::denorm_min());
  singular_values(subnormal, ws, scaled);
  CHECK(scaled[0] == 4 * Limits::denorm_min());
  CHECK(scaled[1] == 0);
}

TEST_CASE("a diagonal keeps its values over the whole range of the scalar") {
  Vector<double> values(31);
  for (Index i = 0; i < values.size(); ++i) values[i] = std::pow(10.0, -10.0 * double(i));  // 1 ... 1e-300
  const Matrix<double> W = values.asDiagonal();
  const auto sigma = values_of<double>(W), reversed = values_of<double>(W.rowwise().reverse());
  for (Index i = 0; i < values.size(); ++i) {
    CHECK_THAT(sigma[i], Catch::Matchers::WithinRel(values[i], 1e-15));
    CHECK_THAT(reversed[i], Catch::Matchers::WithinAbs(values[i], 1e-15));
  }
}

TEMPLATE_TEST_CASE("one entry that is not finite makes every value NaN", "", double, float) {
  using S = TestType;
  SpectrumWorkspace<S> ws;
  Vector<S> sigma;
  for (const S bad : {std::numeric_limits<S>::quiet_NaN(), std::numeric_limits<S>::infinity(), -std::numeric_limits<S>::infinity()})
    for (const Index at : {0, 77, 199}) {
      Matrix<S> W = normal<S>(10, 20, 1);
      W.data()[at] = bad;
      singular_values(W, ws, sigma);
      REQUIRE(sigma.size() == 10);
      CHECK(sigma.array().isNaN().all());
    }
}

TEMPLATE_TEST_CASE("a workspace serves shapes in any order with the same bits, and keeps its memory", "", double, float) {
  using S = TestType;
  SpectrumWorkspace<S> ws;
  Vector<S> sigma, fresh;
  for (const auto& [rows, cols] : {std::pair<Index, Index>{60, 50}, {3, 80}, {50, 60}, {200, 9}, {1, 1}, {60, 50}, {60, 50}}) {
    const Matrix<S> W = normal<S>(rows, cols, unsigned(rows));
    const S* before = ws.matrix.data();
    const bool same_shape = ws.diagonal.size() == std::min(rows, cols);
    singular_values(W, ws, sigma);
    if (same_shape) CHECK(ws.matrix.data() == before);
    SpectrumWorkspace<S> other;
    singular_values(W, other, fresh);
    CHECK(sigma == fresh);
  }
}
