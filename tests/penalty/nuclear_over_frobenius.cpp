// SPDX-License-Identifier: MIT
#include <tacit/core/random.hpp>
#include <tacit/penalty/nuclear_over_frobenius.hpp>

#include <Eigen/SVD>

#include "catch.hpp"

using namespace tacit;

namespace {

template <Scalar S>
Matrix<S> draw(Index rows, Index cols, std::uint64_t seed) {
  Random random(seed, "test");
  return Matrix<S>::NullaryExpr(rows, cols, [&] { return static_cast<S>(random.normal()); });
}

template <Scalar S>
struct Evaluated {
  S value;
  Matrix<S> slope;
};
template <Scalar S>
Evaluated<S> at(const Matrix<S>& W, double lambda = 1) {
  const NuclearOverFrobenius penalty{lambda};
  auto ws = penalty.start<S>(W.rows(), W.cols());
  Matrix<S> slope(W.rows(), W.cols());
  const S value =
      penalty.value_and_slope<S>(ConstMatrixMap<S>(W.data(), W.rows(), W.cols()), ws, MatrixMap<S>(slope.data(), W.rows(), W.cols()));
  return {value, slope};
}
Matrix<double> curvature(const Matrix<double>& W, const Matrix<double>& dW) {
  const NuclearOverFrobenius penalty{1};
  auto ws = penalty.start<double>(W.rows(), W.cols());
  Matrix<double> slope(W.rows(), W.cols()), out(W.rows(), W.cols());
  const ConstMatrixMap<double> w(W.data(), W.rows(), W.cols());
  penalty.value_and_slope<double>(w, ws, MatrixMap<double>(slope.data(), W.rows(), W.cols()));
  penalty.curvature_times<double>(w, ws, ConstMatrixMap<double>(dW.data(), W.rows(), W.cols()),
                                  MatrixMap<double>(out.data(), W.rows(), W.cols()));
  return out;
}

}  // namespace

TEST_CASE("the ratio's gradient and Hessian agree with central differences") {
  for (const auto& [rows, cols] : {std::pair<Index, Index>{7, 7}, {9, 5}, {4, 8}, {1, 6}, {30, 20}}) {
    CAPTURE(rows, cols);
    const Matrix<double> W = draw<double>(rows, cols, 1), V = draw<double>(rows, cols, 2);
    const auto here = at(W);
    const double h = 1e-5;
    const auto differ = [&](double step) { return (at<double>(W + step * V).value - at<double>(W - step * V).value) / (2 * step); };
    const double slope = (4 * differ(h / 2) - differ(h)) / 3;
    CHECK(std::abs(slope - here.slope.cwiseProduct(V).sum()) <= 1e-8 * here.slope.norm() * V.norm());
    const Matrix<double> differences = (at<double>(W + h * V).slope - at<double>(W - h * V).slope) / (2 * h), exact = curvature(W, V);
    // 1e-10: what rounding of slopes of order one leaves after division by h; all there is at a single row, where R = 1 everywhere.
    CHECK((differences - exact).norm() <= 1e-7 * std::max(exact.norm(), here.slope.norm()) + 1e-10);
    const Matrix<double> other = draw<double>(rows, cols, 3);
    CHECK(std::abs(curvature(W, other).cwiseProduct(V).sum() - exact.cwiseProduct(other).sum()) <=
          1e-12 * (exact.norm() * other.norm() + 1));
  }
}

TEST_CASE("the ratio does not see scale, and its gradient is orthogonal to W") {
  const Matrix<double> W = draw<double>(20, 30, 4);
  const auto here = at(W);
  CHECK_THAT(at<double>(1e-3 * W).value, Catch::Matchers::WithinRel(here.value, 1e-12));
  CHECK(std::abs(here.slope.cwiseProduct(W).sum()) <= 1e-12 * here.slope.norm() * W.norm());
  CHECK_THAT(at(W, 0.25).value, Catch::Matchers::WithinRel(here.value / 4, 1e-12));
}

TEST_CASE("the ratio at matrices of known rank") {
  const Matrix<double> one = draw<double>(6, 1, 5) * draw<double>(1, 8, 6);
  CHECK_THAT(at(one).value, Catch::Matchers::WithinAbs(1.0, 1e-12));
  CHECK(at(one).slope.allFinite());
  CHECK(curvature(one, draw<double>(6, 8, 7)).allFinite());
  const Matrix<double> identity = Matrix<double>::Identity(9, 9);
  CHECK_THAT(at(identity).value, Catch::Matchers::WithinRel(3.0, 1e-12));
  CHECK(at(identity).slope.norm() <= 1e-14);  // the maximum of the ratio
  const Matrix<double> zero = Matrix<double>::Zero(3, 4);
  CHECK(at(zero).value == 0);
  CHECK(at(zero).slope.norm() == 0);
}

TEST_CASE("the ratio in float agrees with double") {
  const Matrix<double> W = draw<double>(12, 15, 8);
  const Matrix<float> w = W.cast<float>();
  CHECK_THAT(static_cast<double>(at(w).value), Catch::Matchers::WithinRel(at(W).value, 1e-5));
  CHECK((at(w).slope.cast<double>() - at(W).slope).norm() <= 1e-4 * at(W).slope.norm());
}

namespace {
/// The gradient at a W of rank k up to rounding, from a singular value decomposition in long double.
Matrix<long double> exact_slope(const Matrix<long double>& W, Index k) {
  const Eigen::JacobiSVD<Matrix<long double>> svd(W, Eigen::ComputeThinU | Eigen::ComputeThinV);
  const Vector<long double> s = svd.singularValues().head(k);
  const long double f = s.norm(), n = s.sum();
  return svd.matrixU().leftCols(k) * (1 / f - s.array() * (n / (f * f * f))).matrix().asDiagonal() * svd.matrixV().leftCols(k).transpose();
}
/// How far the gradient is off, relative to its size, at a matrix rounded to S with these singular values.
template <class S>
double error_at(std::initializer_list<double> sigma, Index rows, Index cols, std::uint64_t seed) {
  const Index k = static_cast<Index>(sigma.size());
  const Matrix<double> U = Eigen::JacobiSVD<Matrix<double>>(draw<double>(rows, k, seed), Eigen::ComputeThinU).matrixU(),
                       V = Eigen::JacobiSVD<Matrix<double>>(draw<double>(cols, k, seed + 100), Eigen::ComputeThinU).matrixU();
  Vector<double> s(k);
  std::copy(sigma.begin(), sigma.end(), s.begin());
  const Matrix<S> W = (U * s.asDiagonal() * V.transpose()).template cast<S>();
  const Matrix<long double> exact = exact_slope(W.template cast<long double>(), k);
  return static_cast<double>((at(W).slope.template cast<long double>() - exact).norm() / exact.norm());
}
}  // namespace

TEST_CASE("the gradient of the ratio keeps its digits where singular values differ by much") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed)
    for (const auto& [rows, cols] : {std::pair<Index, Index>{2, 2}, {3, 3}, {7, 5}, {4, 9}}) {
      CAPTURE(seed, rows, cols);
      // What a backward stable decomposition leaves: eps s1 / s_min, and a factor for the sizes.
      CHECK(error_at<float>({1, 1e-3}, rows, cols, seed) <= 20 * 6e-8 * 1e3);
      CHECK(error_at<double>({1, 1e-6}, rows, cols, seed) <= 20 * 1.1e-16 * 1e6);
      if (std::min(rows, cols) < 3) continue;
      CHECK(error_at<float>({1, 1e-3, 0.7e-3}, rows, cols, seed) <= 20 * 6e-8 * 1.5e3);
      CHECK(error_at<double>({1, 1e-5, 0.9e-5}, rows, cols, seed) <= 20 * 1.1e-16 * 1.2e5);
    }
}

TEST_CASE("the ratio does not see scales whose squares leave the range, its derivatives scale inversely") {
  const auto check = [](auto scalar, std::initializer_list<double> scales) {
    using S = decltype(scalar);
    const Matrix<S> W = draw<double>(6, 4, 3).cast<S>();
    const auto here = at(W);
    const double eps = 100 * std::numeric_limits<S>::epsilon();
    for (const double c : scales) {
      CAPTURE(c);
      const Matrix<S> scaled = static_cast<S>(c) * W;
      const auto there = at(scaled);
      CHECK_THAT(there.value, Catch::Matchers::WithinRel(here.value, static_cast<S>(eps)));
      CHECK((static_cast<S>(c) * there.slope - here.slope).norm() <= eps * here.slope.norm());
    }
  };
  check(double(), {1e-160, 1e-90, 1e90, 1e150});
  check(float(), {1e-30, 1e-12, 1e12, 1e18});
  const Matrix<double> W = draw<double>(6, 4, 3), dW = draw<double>(6, 4, 4);
  for (const double c : {1e-100, 1e100}) CHECK((curvature(c * W, c * dW) * c - curvature(W, dW)).norm() <= 1e-12 * curvature(W, dW).norm());
}
