// SPDX-License-Identifier: MIT
#include <tacit/solver/spectral.hpp>

#include "catch.hpp"
#include "normal.hpp"

#include <Eigen/QR>
#include <Eigen/SVD>

using namespace tacit;
using namespace tacit::detail;

namespace {

using Svd = Eigen::JacobiSVD<Matrix<double>>;

Matrix<double> orthonormal(Index rows, Index cols, unsigned seed) {
  return Eigen::HouseholderQR<Matrix<double>>(normal(rows, cols, seed)).householderQ() * Matrix<double>::Identity(rows, cols);
}

Matrix<double> shrunk(const Matrix<double>& Z, double tau) {
  const Svd svd(Z, Eigen::ComputeThinU | Eigen::ComputeThinV);
  return svd.matrixU() * (svd.singularValues().array() - tau).max(0).matrix().asDiagonal() * svd.matrixV().transpose();
}

}  // namespace

TEST_CASE("norm bounds are the norms, from above") {
  const auto [rows, cols] = GENERATE(std::pair<Index, Index>{9, 9}, std::pair<Index, Index>{20, 6}, std::pair<Index, Index>{6, 20},
                                     std::pair<Index, Index>{1, 5});
  const Matrix<double> full = normal(rows, cols, 1), thin = normal(rows, 1, 2) * normal(1, cols, 3);
  for (const Matrix<double>& W : {full, thin}) {
    const Vector<double> sigma = Svd(W).singularValues();
    CHECK(spectral_norm_bound(W) >= sigma[0]);
    CHECK(spectral_norm_bound(W) <= sigma[0] * (1 + 1e-11));
    CHECK(nuclear_norm_bound(W) >= sigma.sum() * (1 - 1e-14));
    CHECK(nuclear_norm_bound(W) <= sigma.sum() * (1 + 1e-7));
  }
}

TEST_CASE("the nuclear norm's bound stands where the Gram matrix has lost the small values") {
  Vector<double> sigma(12);
  for (Index i = 0; i < 12; ++i) sigma[i] = std::pow(10.0, -i);
  const Matrix<double> W = orthonormal(15, 12, 5) * sigma.asDiagonal() * orthonormal(12, 12, 6).transpose();
  CHECK(nuclear_norm_bound(W) >= sigma.sum() * (1 - 1e-14));
  CHECK(nuclear_norm_bound(W) <= sigma.sum() * (1 + 1e-7));
}

TEST_CASE("SingularShrink lowers every singular value by tau, down to 0") {
  const auto [rows, cols] = GENERATE(std::pair<Index, Index>{8, 8}, std::pair<Index, Index>{17, 6}, std::pair<Index, Index>{6, 17});
  const Matrix<double> Z = normal(rows, cols, 7);
  SingularShrink shrink;
  for (double tau : {0.0, 1.5, 4.0, 100.0}) {
    Matrix<double> X;
    const double norm = shrink(Z, tau, X);
    const Matrix<double> expected = shrunk(Z, tau);
    CHECK((X - expected).norm() < 1e-12 * Z.norm());
    CHECK_THAT(norm, Catch::Matchers::WithinAbs(Svd(expected).singularValues().sum(), 1e-11));
  }
}

TEST_CASE("large SingularShrink follows the leading singular vectors, and finds more of them when tau falls") {
  const bool wide = GENERATE(false, true);
  const Matrix<double> U = orthonormal(wide ? 200 : 210, 200, 9), V = orthonormal(wide ? 210 : 200, 200, 10);
  Vector<double> sigma(200);
  for (Index i = 0; i < 200; ++i) sigma[i] = i < 10 ? 60.0 - static_cast<double>(i) : i < 30 ? 30.0 - 0.1 * static_cast<double>(i) : 0.5;
  const Matrix<double> Z = U * sigma.asDiagonal() * V.transpose();
  SingularShrink shrink;
  for (double tau : {50.5, 25.0, 0.1}) {  // 10, all 30, and so many that the whole is decomposed
    Matrix<double> X;
    double norm = 0;
    for (int call = 0; call < 30; ++call) norm = shrink(Z, tau, X);
    const Vector<double> lowered = (sigma.array() - tau).max(0);
    CHECK_THAT(norm, Catch::Matchers::WithinRel(lowered.sum(), 1e-10));
    CHECK((X - U * lowered.asDiagonal() * V.transpose()).norm() < 1e-9 * Z.norm());
  }
}

TEST_CASE("EigenShrink lowers every eigenvalue by tau, down to 0") {
  Matrix<double> Z = normal(9, 9, 11), X;
  Z = (Z + Z.transpose()).eval();
  EigenShrink shrink;
  const double trace = shrink(Z, 1.0, X);
  const EigenSolver eigen(Z), result(X);
  CHECK_THAT(trace, Catch::Matchers::WithinAbs((eigen.eigenvalues().array() - 1).max(0).sum(), 1e-12));
  CHECK_THAT(X.trace(), Catch::Matchers::WithinAbs(trace, 1e-12));
  CHECK(result.eigenvalues()[0] > -1e-13);
  const Matrix<double> expected =
      eigen.eigenvectors() * (eigen.eigenvalues().array() - 1).max(0).matrix().asDiagonal() * eigen.eigenvectors().transpose();
  CHECK((X - expected).norm() < 1e-12 * Z.norm());
}
