// SPDX-License-Identifier: MIT
#pragma once
// Euclidean norms that are right at every scale. The squares are summed as they stand, one pass as before; only where that sum is zero, so small that
// squares may have been lost to underflow, or infinite, the entries are divided by the largest one first, |x| = m |x / m|. So 1e-160 and 1e150 (float:
// 1e-30 and 1e18), whose squares leave the range, have norms, and the usual case costs one comparison. Not a number and infinity stay what they are.

#include <algorithm>
#include <cmath>
#include <limits>

#include "simd.hpp"

namespace tacit::detail {

/// Whether a sum of squares is what it should be: what underflow can have taken is below its rounding.
template <Scalar S>
bool squares_in_range(S sum) {
  return sum >= std::numeric_limits<S>::min() / std::numeric_limits<S>::epsilon() && sum <= std::numeric_limits<S>::max();
}

/// |x| of numbers whose squares leave the range.
template <Scalar S>
[[gnu::cold]] S scaled_norm(const S* x, Index count) {
  S largest = 0, sum = 0;
  for (Index k = 0; k < count; ++k) largest = std::max(largest, std::abs(x[k]));
  if (!(largest > 0) || !std::isfinite(largest)) return largest;
  for (Index k = 0; k < count; ++k) sum += (x[k] / largest) * (x[k] / largest);
  return largest * std::sqrt(sum);
}
/// The same of an expression, which is written out first.
template <class D>
[[gnu::cold]] typename D::Scalar scaled_norm(const Eigen::MatrixBase<D>& x) {
  const typename D::PlainObject numbers = x;
  return scaled_norm(numbers.data(), numbers.size());
}

/// |x| of a vector, |x|_F of a matrix; may be any expression, which is evaluated once in the usual case and written out where squares leave the range.
template <class D>
typename D::Scalar norm(const Eigen::MatrixBase<D>& x) {
  const auto squares = x.squaredNorm();
  return squares_in_range(squares) || std::isnan(squares) ? std::sqrt(squares) : scaled_norm(x);
}
/// The same of `count` numbers one after another, with the sums side by side of simd.hpp.
template <Scalar S>
S norm(const S* x, Index count) {
  const S squares = squared_norm(x, count);
  return squares_in_range(squares) || std::isnan(squares) ? std::sqrt(squares) : scaled_norm(x, count);
}

/// |x - y| of `count` numbers each.
template <Scalar S>
S distance(const S* x, const S* y, Index count) {
  const auto difference = Eigen::Map<const Vector<S>>(x, count) - Eigen::Map<const Vector<S>>(y, count);
  const S squares = difference.squaredNorm();
  return squares_in_range(squares) || std::isnan(squares) ? std::sqrt(squares) : scaled_norm(difference);
}

/// The norm of every column.
template <class D>
Vector<typename D::Scalar> column_norms(const Eigen::MatrixBase<D>& A) {
  Vector<typename D::Scalar> norms(A.cols());
  for (Index j = 0; j < A.cols(); ++j) norms[j] = norm(A.col(j));
  return norms;
}

/// sqrt(mean x_i^2).
template <class D>
typename D::Scalar root_mean_square(const Eigen::MatrixBase<D>& x) {
  using S = typename D::Scalar;
  const S squares = x.squaredNorm(), count = static_cast<S>(x.size());
  return squares_in_range(squares) || std::isnan(squares) ? std::sqrt(squares / count) : scaled_norm(x) / std::sqrt(count);
}
/// mean x_i^2, in double where float cannot hold the squares.
template <class D>
double mean_square(const Eigen::MatrixBase<D>& x) {
  using S = typename D::Scalar;
  const S squares = x.squaredNorm();
  if (squares_in_range(squares) || std::isnan(squares)) return static_cast<double>(squares / static_cast<S>(x.size()));
  const double root = static_cast<double>(scaled_norm(x)) / std::sqrt(static_cast<double>(x.size()));
  return root * root;
}

/// (sum |x_i|^p)^(1/p), p > 0, of numbers in any order.
template <class Numbers>
double p_norm(const Numbers& x, double p) {
  double sum = 0, largest = 0;
  for (const auto value : x) sum += std::pow(std::abs(static_cast<double>(value)), p);
  if (squares_in_range(sum) || std::isnan(sum)) return std::pow(sum, 1 / p);
  for (const auto value : x) largest = std::max(largest, std::abs(static_cast<double>(value)));
  if (!(largest > 0) || !std::isfinite(largest)) return largest;
  sum = 0;
  for (const auto value : x) sum += std::pow(std::abs(static_cast<double>(value)) / largest, p);
  return largest * std::pow(sum, 1 / p);
}

}  // namespace tacit::detail
