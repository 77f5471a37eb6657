// SPDX-License-Identifier: MIT
#include <tacit/analysis/wasserstein.hpp>
#include <tacit/core/random.hpp>
#include <tacit/core/symmetric_eigen.hpp>

#include <Eigen/LU>

#include "catch.hpp"
#include "thrown.hpp"

namespace wasserstein_distance {

using namespace tacit;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

Matrix<double> drawn(Index rows, Index cols, std::uint64_t seed) {
  Random random(seed, "wasserstein");
  Matrix<double> A(rows, cols);
  for (double& entry : A.reshaped()) entry = random.normal();
  return A;
}
/// The symmetric root of a covariance, by its eigenvectors.
Matrix<double> root(const Matrix<double>& C) {
  detail::SymmetricEigen<double> eigen(C.rows());
  eigen.compute({C.data(), C.rows(), C.cols()});
  const Matrix<double> V = eigen.eigenvectors();
  return V * eigen.eigenvalues().cwiseMax(0).cwiseSqrt().asDiagonal() * V.transpose();
}
double by_roots(const Vector<double>& m, const Matrix<double>& S, const Vector<double>& n, const Matrix<double>& T) {
  const Matrix<double> C = S * S.transpose(), D = T * T.transpose(), half = root(D);
  return (m - n).squaredNorm() + C.trace() + D.trace() - 2 * root(half * C * half).trace();
}

TEST_CASE("W2^2 from scales is the formula by matrix roots, whatever the shapes of the scales, the first of them singular or not") {
  for (const Index P : {1, 2, 5, 12})
    for (const Index R : {1, 3, 12, 20}) {
      CAPTURE(P, R);
      const auto seed = static_cast<std::uint64_t>(100 * P + R);
      const Vector<double> m = drawn(P, 1, seed), n = drawn(P, 1, seed + 1);
      const Matrix<double> S = drawn(P, R, seed + 2), T = drawn(P, P + 2, seed + 3);
      const double distance = wasserstein2(m, S, n, T);
      CHECK_THAT(distance, WithinRel(by_roots(m, S, n, T), 1e-6));  // roots know singular covariances to half the digits
      CHECK(distance < (m - n).squaredNorm() + S.squaredNorm() + T.squaredNorm());
      if (R >= P) CHECK_THAT(distance, WithinRel(by_roots(m, S, n, T), 1e-11));
      if (R >= P) CHECK_THAT(distance, WithinRel(wasserstein2(n, T, m, S), 1e-12));
      // The scales matter through S S^T alone: T Q with orthonormal Q is no other Gaussian, T times 2 is.
      const Matrix<double> A = drawn(P + 2, P + 2, seed + 4), Q = A * root(A.transpose() * A).inverse();
      CHECK_THAT(wasserstein2(n, Matrix<double>(T * Q), n, T), WithinAbs(0, 1e-12 * T.squaredNorm()));
      CHECK_THAT(wasserstein2(n, Matrix<double>(2 * T), n, T), WithinRel(T.squaredNorm(), 1e-12));
      // Any coupling of the draws costs at least as much: here eps of S with eps of T, and what is left of S alone.
      if (R >= P + 2)
        CHECK(distance <= (m - n).squaredNorm() + (S.leftCols(P + 2) - T).squaredNorm() + S.rightCols(R - P - 2).squaredNorm());
    }
}

TEST_CASE("W2^2 in one dimension is (m - n)^2 + (s - t)^2; of a point to a Gaussian its second moment about the point") {
  const auto number = [](double x) { return Vector<double>{{x}}; };
  const auto scale = [](double x) { return Matrix<double>{{x}}; };
  CHECK_THAT(wasserstein2(number(1), scale(2), number(4), scale(-3)), WithinRel(10.0, 1e-15));
  const Vector<double> m = drawn(4, 1, 1), n = drawn(4, 1, 2);
  const Matrix<double> T = drawn(4, 4, 3);
  CHECK_THAT(wasserstein2(m, Matrix<double>(Matrix<double>::Zero(4, 1)), n, T), WithinRel((m - n).squaredNorm() + T.squaredNorm(), 1e-14));
  const Vector<float> single = m.cast<float>();
  const Matrix<float> T_single = T.cast<float>();
  CHECK_THAT(static_cast<double>(wasserstein2(single, Matrix<float>(2 * T_single), single, T_single)), WithinRel(T.squaredNorm(), 1e-5));
}

TEST_CASE("a singular reference is refused by name, unless it is allowed; so is what does not fit") {
  const Vector<double> m = Vector<double>::Zero(3);
  const Matrix<double> S = drawn(3, 3, 4), thin = drawn(3, 2, 5);
  Matrix<double> singular = S;
  singular.col(2) = singular.col(0) - singular.col(1);
  CHECK(thrown([&] { wasserstein2(m, S, m, thin); }) ==
        "wasserstein2: the scales S of the reference are 3 x 2: their covariance is singular, at least as many columns as rows are needed "
        "(or "
        "SingularReference::allowed)");
  CHECK(thrown([&] {
          wasserstein2(m, S, m, singular);
        }).find("wasserstein2: the scales S of the reference, 3 x 3, are singular: their singular values are between ") == 0);
  CHECK(thrown([&] {
          wasserstein2(m, S, m, Matrix<double>(Matrix<double>::Zero(3, 3)));
        }).find("are singular: their singular values are between 0 and 0") != std::string::npos);
  CHECK_THAT(wasserstein2(m, S, m, singular, SingularReference::allowed), WithinRel(wasserstein2(m, singular, m, S), 1e-12));
  CHECK(thrown([&] { wasserstein2(m, singular, m, S); }) == "nothing was thrown");
  CHECK(thrown([&] { wasserstein2(Vector<double>(Vector<double>::Zero(2)), S, m, S); }) ==
        "wasserstein2: the means have 2 and 3 entries, they need as many, and at least 1");
  CHECK(thrown([&] { wasserstein2(m, Matrix<double>(S.topRows(2)), m, S); }) ==
        "wasserstein2: the scales are 2 x 3 and 3 x 3, they need a row for each of the 3 entries of the means");
  Matrix<double> broken = S;
  broken(1, 1) = std::nan("");
  CHECK(thrown([&] { wasserstein2(m, broken, m, S); }) == "wasserstein2: a mean or a scale is not finite");
}

}  // namespace wasserstein_distance
