// SPDX-License-Identifier: MIT
#pragma once
// Basis pursuit (basis_pursuit.hpp) by the path of its dual.

#include "../../core/compiled.hpp"
#include "../basis_pursuit.hpp"
#include "../dual_path.hpp"

namespace tacit {

TACIT_INLINE BasisPursuit basis_pursuit(const Matrix<double>& A, const Vector<double>& y, const BasisPursuitSettings& settings) {
  require(settings.gap > 0, "basis_pursuit: .gap is ", settings.gap, ", it needs to be positive");
  constexpr auto infinity = std::numeric_limits<long double>::infinity();
  detail::DualPath path("basis_pursuit", A, y, infinity);
  BasisPursuit result;
  if (y.norm() > 0) {
    // At the first t, |x|_1 is known up to a factor that the second makes up for.
    const auto target = [&] { return settings.gap * path.x().lpNorm<1>() / (2 * static_cast<long double>(A.cols())); };
    path.follow(1e-3L * path.size());
    path.follow(target());
  }
  result.x = path.x().cast<double>();
  result.norm = result.x.lpNorm<1>();
  result.lambda = path.nu().cast<double>();
  result.lambda /= std::max(1.0, (A.transpose() * result.lambda).lpNorm<Eigen::Infinity>());
  result.lower = result.lambda.dot(y);
  if (result.norm > 0) {
    result.gap = std::max(result.norm - result.lower, 0.0) / result.norm;
    result.residual = (A * result.x - y).norm() / y.norm();
  }
  result.steps = path.steps();
  return result;
}

}  // namespace tacit
