// SPDX-License-Identifier: MIT
#include <tacit/core/orthonormal.hpp>
#include <tacit/core/random.hpp>
#include <tacit/core/thin_svd.hpp>

#include "catch.hpp"

using namespace tacit;
using tacit::detail::SymmetricEigen;
using tacit::detail::ThinSvd;

namespace {

Matrix<double> gaussian_of_eigen(Index rows, Index cols, std::uint64_t seed) {
  Random random(seed, "thin_svd");
  Matrix<double> A(rows, cols);
  for (double& entry : A.reshaped()) entry = random.normal();
  return A;
}
Matrix<double> unit(Index n) { return Matrix<double>::Identity(n, n); }

}  // namespace

TEST_CASE("a symmetric matrix is made of its eigenvalues, ascending, and orthonormal eigenvectors, at any scale") {
  for (const Index n : {1, 2, 3, 7, 60})
    for (const double scale : {1.0, 1e-200, 1e200}) {
      const Matrix<double> B = gaussian_of_eigen(n, n, 1), A = scale * (B + B.transpose());
      SymmetricEigen<double> eigen(n);
      for (int again = 0; again < 2; ++again) eigen.compute({A.data(), n, n});
      const Matrix<double> Q = eigen.eigenvectors();
      const Vector<double> d = eigen.eigenvalues() / scale;
      CHECK((Q.transpose() * Q - unit(n)).norm() < 1e-13);
      CHECK((Q * d.asDiagonal() * Q.transpose() - A / scale).norm() < 1e-13 * static_cast<double>(n));
      for (Index i = 0; i + 1 < n; ++i) CHECK(d[i] <= d[i + 1]);
    }
  SymmetricEigen<double> zero(3);
  const Matrix<double> nothing = Matrix<double>::Zero(3, 3);
  zero.compute({nothing.data(), 3, 3});
  CHECK(zero.eigenvalues().norm() == 0);
}

TEST_CASE("a thin decomposition gives the matrix back, its small singular values to their own digits of the largest") {
  for (const auto& [rows, cols] : {std::pair<Index, Index>{1, 1}, {6, 6}, {9, 4}, {4, 9}, {1, 5}, {40, 30}}) {
    const Index k = std::min(rows, cols);
    Matrix<double> A = gaussian_of_eigen(rows, cols, 2);
    for (Index j = 0; j < cols; ++j) A.col(j) *= std::pow(10.0, -static_cast<double>(j % 6));
    ThinSvd<double> svd(rows, cols);
    svd.compute({A.data(), rows, cols});
    CHECK(svd.rank() == k);
    CHECK((svd.left() * svd.values().asDiagonal() * svd.right().transpose() - A).norm() < 1e-14 * A.norm());
    CHECK((svd.left().transpose() * svd.left() - unit(k)).norm() < 1e-13);
    CHECK((svd.right().transpose() * svd.right() - unit(k)).norm() < 1e-13);
    for (Index i = 0; i + 1 < k; ++i) CHECK(svd.values()[i] >= svd.values()[i + 1]);
  }
  const Matrix<double> low = gaussian_of_eigen(8, 3, 3) * gaussian_of_eigen(3, 7, 4);
  ThinSvd<double> svd(8, 7);
  svd.compute({low.data(), 8, 7});
  CHECK(svd.rank() == 3);
  CHECK(svd.values().tail(4).norm() == 0);
  Matrix<double> rebuilt(8, 7);
  svd.compose(Vector<double>(svd.values()), {rebuilt.data(), 8, 7});
  CHECK((rebuilt - low).norm() < 1e-13 * low.norm());
}

TEST_CASE("the orthonormal factor spans the same columns in turn, and stays orthonormal on singular matrices") {
  for (const Index n : {1, 2, 5, 20}) {
    const Matrix<double> A = gaussian_of_eigen(n, n, 5);
    Matrix<double> Q = A;
    Vector<double> tau(n);
    detail::orthonormalise<double>({Q.data(), n, n}, tau);
    CHECK((Q.transpose() * Q - unit(n)).norm() < 1e-14 * static_cast<double>(n));
    const Matrix<double> R = Q.transpose() * A;
    CHECK(Matrix<double>(R.triangularView<Eigen::StrictlyLower>()).norm() < 1e-13);
    Matrix<double> singular = gaussian_of_eigen(n, 1, 6) * gaussian_of_eigen(1, n, 7);
    detail::orthonormalise<double>({singular.data(), n, n}, tau);
    CHECK((singular.transpose() * singular - unit(n)).norm() < 1e-14 * static_cast<double>(n));
  }
}
