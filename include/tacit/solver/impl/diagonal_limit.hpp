// SPDX-License-Identifier: MIT
#pragma once
// The limits of diagonal nets (diagonal_limit.hpp), found on the path of the dual.

#include <optional>
#include <ostream>

#include "../../core/compiled.hpp"
#include "../../model/initial.hpp"
#include "../diagonal_limit.hpp"
#include "../dual_path.hpp"

namespace tacit {

TACIT_INLINE DiagonalLimit diagonal_limit(const Matrix<double>& A, const Vector<double>& y, const DiagonalLimitSettings& settings) {
  detail::require_one("diagonal_limit", {{"product_scale", &settings.product_scale}, {"factor_scale", &settings.factor_scale}});
  require(settings.depth >= 2 && std::isfinite(settings.depth), "diagonal_limit: the depth is ", settings.depth,
          ", it needs to be 2 or more");
  const long double p = settings.depth;
  const long double t = settings.product_scale ? static_cast<long double>(*settings.product_scale)
                                               : std::pow(static_cast<long double>(*settings.factor_scale), p);
  detail::DualPath path("diagonal_limit", A, y, p);
  path.follow(t);
  const Vector<long double> off = A.cast<long double>() * path.x() - y.cast<long double>();
  const double size = y.norm();
  return {path.x(), path.nu(), settings.depth, static_cast<double>(t), size > 0 ? static_cast<double>(off.norm()) / size : 0, path.steps()};
}

}  // namespace tacit
