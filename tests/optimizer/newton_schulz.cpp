// SPDX-License-Identifier: MIT
#include <tacit/optimizer/newton_schulz.hpp>

#include "block_examples.hpp"

using namespace tacit;
using namespace block_examples;
using Catch::Matchers::WithinAbs;

namespace {

Matrix<double> iterated(const NewtonSchulz& by, Matrix<double> X) {
  NewtonSchulz::Workspace<double> ws({{"X", 0, X.rows(), X.cols(), false}});
  by.run<double>({X.data(), X.rows(), X.cols()}, ws);
  return X;
}

}  // namespace

TEST_CASE("five published steps take every normalised singular value from 0.00151 on into [0.6818, 1.2024]") {
  // Singular values of a diagonal matrix are seen one by one.
  const Index n = 20'000;
  double smallest = 2, largest = 0;
  for (Index k = 0; k < n; ++k) {
    const double x = 0.00151 * std::pow(1 / 0.00151, static_cast<double>(k) / static_cast<double>(n - 1));
    const double y = iterated({}, Matrix<double>::Constant(1, 1, x))(0, 0);
    smallest = std::min(smallest, y);
    largest = std::max(largest, y);
  }
  CHECK_THAT(smallest, WithinAbs(0.6818, 5e-5));
  CHECK_THAT(largest, WithinAbs(1.2024, 5e-5));
  CHECK(iterated({}, Matrix<double>::Constant(1, 1, 1e-3))(0, 0) < 0.6);  // below, it does not get there
  CHECK_THAT(iterated({}, Matrix<double>::Constant(1, 1, 1e-9))(0, 0) / 1e-9, WithinAbs(485, 0.5));
}

TEST_CASE("the singular vectors stay, whatever the sides") {
  for (const auto& [rows, cols] : {std::pair<Index, Index>{6, 6}, {4, 30}, {30, 4}}) {
    const Matrix<double> G = gaussian(rows, cols, 1), X = G / G.norm(), Y = iterated({}, X);
    const auto svd = X.jacobiSvd(Eigen::ComputeThinU | Eigen::ComputeThinV);
    Matrix<double> inner = svd.matrixU().transpose() * Y * svd.matrixV();
    CHECK(inner.diagonal().minCoeff() > 0.68);
    CHECK(inner.diagonal().maxCoeff() < 1.2025);
    inner.diagonal().setZero();
    CHECK(inner.norm() < 1e-13);
    CHECK((iterated({}, X.transpose()) - Y.transpose()).norm() < 1e-13);
  }
}

TEST_CASE("(15/8, -10/8, 3/8) iterated 30 times is the polar factor to 1e-15; Muon's constants are not") {
  for (const auto& [rows, cols] : {std::pair<Index, Index>{5, 5}, {4, 9}, {9, 4}}) {
    const Matrix<double> G = orthogonal(rows, 2).leftCols(std::min(rows, cols)) *
                             Vector<double>::LinSpaced(std::min(rows, cols), 0.2, 1).asDiagonal() *
                             orthogonal(cols, 3).leftCols(std::min(rows, cols)).transpose();
    const Matrix<double> X = G / G.norm();
    const Matrix<double> polar =
        orthogonal(rows, 2).leftCols(std::min(rows, cols)) * orthogonal(cols, 3).leftCols(std::min(rows, cols)).transpose();
    const Matrix<double> Y = iterated({.a = 15.0 / 8, .b = -10.0 / 8, .c = 3.0 / 8, .iterations = 30}, X);
    CHECK((Y - polar).cwiseAbs().maxCoeff() < 2e-15);
    const Matrix<double> gram = rows <= cols ? Matrix<double>(Y * Y.transpose()) : Matrix<double>(Y.transpose() * Y);
    CHECK((gram - Matrix<double>::Identity(gram.rows(), gram.cols())).cwiseAbs().maxCoeff() < 2e-15);
    CHECK((iterated({}, X) - polar).norm() > 0.1);
  }
}

TEST_CASE("a step is a X + (b A + c A^2) X with A = X X^T, for small blocks and for those that are multiplied in packed blocks") {
  for (const auto& [rows, cols] : {std::pair<Index, Index>{1, 7}, {9, 9}, {37, 20}, {20, 37}, {100, 100}, {270, 260}, {130, 600}}) {
    const Matrix<double> G = gaussian(rows, cols, 5), X = G / G.norm(), A = X * X.transpose();
    const NewtonSchulz by{.iterations = 1};
    const Matrix<double> expected = by.a * X + by.b * A * X + by.c * A * A * X;
    CHECK((iterated(by, X) - expected).norm() <= 1e-14 * expected.norm());
  }
}
