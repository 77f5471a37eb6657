// SPDX-License-Identifier: MIT
#pragma once
// A whole table of predictions as a fit of this library: what is no factorization (nearest neighbours, regressions of columns) is saved, reported and folded into like one
// where its smaller side is small,   W = W I  (I of n2 x n2)  or  I W  (n1 x n1).   Memory: n1 n2 numbers and those of I.

#include <algorithm>

#include "../solver/column_regression.hpp"
#include "../solver/nearest_neighbours.hpp"
#include "as_factors.hpp"

namespace tacit {

namespace detail {

inline constexpr Index narrow_table = 500;         ///< the longest smaller side of such a table,
inline constexpr double small_table = 10'000'000;  ///< and its most entries
inline bool stands_as_factors(const Shape& shape) { return std::min(shape[0], shape[1]) <= narrow_table && shape.size() <= small_table; }
/// The table W around this centre.
inline DeepFit table_as_factors(const Matrix<double>& W, Centre centre, std::string told) {
  const auto identity = [](Index n) { return Matrix<double>(Matrix<double>::Identity(n, n)); };
  return W.cols() <= W.rows() ? depth_two(W, identity(W.cols()), std::move(centre), std::move(told))
                              : depth_two(identity(W.rows()), W.transpose(), std::move(centre), std::move(told));
}

}  // namespace detail

inline DeepFit as_deep(const NearestNeighbours& fit, const Shape&) {
  return detail::table_as_factors(fit.beside_the_centre(), fit.centre, fit.name());
}
inline DeepFit as_deep(const ColumnRegressions& fit, const Shape&) { return detail::table_as_factors(fit.table, {}, fit.name()); }

}  // namespace tacit
