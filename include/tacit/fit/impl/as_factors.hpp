// SPDX-License-Identifier: MIT
#pragma once
// A whole table as factors, by the eigenvectors of its smaller Gram matrix (fit/as_factors.hpp).

#include <Eigen/Eigenvalues>

#include "../../core/compiled.hpp"
#include "../../core/product.hpp"
#include "../as_factors.hpp"

namespace tacit::detail {

TACIT_INLINE DeepFit table_as_factors(const Matrix<double>& W, Centre centre, std::string told) {
  const bool tall = W.rows() >= W.cols();
  const Matrix<double> X = tall ? W : Matrix<double>(W.transpose());
  const Matrix<double> V = Eigen::SelfAdjointEigenSolver<Matrix<double>>(product_tn(X, X)).eigenvectors(), U = product(X, V);
  const Vector<double> length = U.colwise().norm().transpose();
  std::vector<Index> kept;  // the largest first
  for (Index k = length.size(); k-- > 0;)
    if (length[k] > 1e-6 * length.maxCoeff()) kept.push_back(k);
  Matrix<double> A(X.rows(), static_cast<Index>(kept.size())), B(X.cols(), A.cols());
  for (Index c = 0; c < A.cols(); ++c) {
    const Index k = kept[static_cast<std::size_t>(c)];
    A.col(c) = U.col(k) / std::sqrt(length[k]), B.col(c) = V.col(k) * std::sqrt(length[k]);
  }
  return tall ? depth_two(A, B, std::move(centre), std::move(told)) : depth_two(B, A, std::move(centre), std::move(told));
}

}  // namespace tacit::detail
