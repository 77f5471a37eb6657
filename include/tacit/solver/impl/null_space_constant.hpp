// SPDX-License-Identifier: MIT
#pragma once
// The linear program of null_space_constant.hpp, solved by basis pursuit.

#include <Eigen/QR>

#include "../../core/compiled.hpp"
#include "../basis_pursuit.hpp"
#include "../null_space_constant.hpp"

namespace tacit {

TACIT_INLINE NullSpaceConstant null_space_constant(const Matrix<double>& A, const Vector<double>& x,
                                                   const NullSpaceConstantSettings& settings) {
  constexpr const char* who = "null_space_constant";
  const Index m = A.rows(), d = A.cols();
  require(x.size() == d, who, ": A has ", d, " columns, x ", x.size(), " entries");
  const double largest = x.size() ? x.lpNorm<Eigen::Infinity>() : 0;
  require(largest > 0 && std::isfinite(largest), who, ": x is zero or not finite, it has no support");
  NullSpaceConstant result;
  std::vector<Index> rest;
  for (Index i = 0; i < d; ++i) (std::abs(x[i]) > settings.threshold * largest ? result.support : rest).push_back(i);
  const auto on = [&](const std::vector<Index>& columns) {
    Matrix<double> part(m, static_cast<Index>(columns.size()));
    for (Index k = 0; k < part.cols(); ++k) part.col(k) = A.col(columns[static_cast<std::size_t>(k)]);
    return part;
  };
  const Matrix<double> inside = on(result.support), outside = on(rest);
  const Index s = inside.cols();
  Vector<double> sigma(s);
  for (Index k = 0; k < s; ++k) sigma[k] = x[result.support[static_cast<std::size_t>(k)]] > 0 ? 1 : -1;
  const Eigen::ColPivHouseholderQR<Matrix<double>> qr(inside);
  require(qr.rank() == s, who, ": the ", s, " columns of A on the support of x have rank ", qr.rank(),
          "; that x is not a vertex, rho is not defined");

  // Any z with the signs is  w + N c,  N an orthonormal basis of the vectors orthogonal to A_S.
  const Matrix<double> Q = qr.householderQ();
  const Vector<double> turned = qr.colsPermutation().transpose() * sigma;
  const Vector<double> w = Q.leftCols(s) * qr.matrixR().topRows(s).triangularView<Eigen::Upper>().transpose().solve(turned);
  result.z = w;
  const Vector<double> fixed = outside.transpose() * w;
  Matrix<double> constraints(m - s + 1, outside.cols());
  constraints.topRows(m - s) = Q.rightCols(m - s).transpose() * outside;
  constraints.row(m - s) = -fixed.transpose();
  // Where the last row depends on the others, some z vanishes outside: rho = 0.
  const Matrix<double> above = constraints.topRows(m - s).transpose();
  const double scale = rest.empty() ? 0 : outside.colwise().norm().maxCoeff() * w.norm();
  Vector<double> best = Vector<double>::Zero(m - s);
  if (m > s && !rest.empty()) best = above.colPivHouseholderQr().solve(Vector<double>(-fixed));
  if (rest.empty() || (fixed + above * best).lpNorm<Eigen::Infinity>() <= 1e-12 * scale) {
    result.z += Q.rightCols(m - s) * best;
  } else {
    const BasisPursuit pursuit = basis_pursuit(constraints, Vector<double>::Unit(m - s + 1, m - s), {.gap = settings.gap});
    result.z -= Q.rightCols(m - s) * (pursuit.lambda.head(m - s) / pursuit.lambda[m - s]);
    const Vector<double> n_inside = -qr.solve(Vector<double>(outside * pursuit.x));
    result.n = Vector<double>::Zero(d);
    for (Index k = 0; k < s; ++k) result.n[result.support[static_cast<std::size_t>(k)]] = n_inside[k];
    for (Index k = 0; k < outside.cols(); ++k) result.n[rest[static_cast<std::size_t>(k)]] = pursuit.x[k];
    result.lower = sigma.dot(n_inside) / pursuit.norm;
    result.null_residual = (A * result.n).norm() / result.n.norm();
  }
  result.mismatch = (inside.transpose() * result.z - sigma).lpNorm<Eigen::Infinity>();
  if (!rest.empty()) result.upper = (outside.transpose() * result.z).lpNorm<Eigen::Infinity>();
  return result;
}

}  // namespace tacit
