// SPDX-License-Identifier: MIT
#pragma once
// The squared 2-Wasserstein distance of two Gaussians N(m_1, C_1), N(m_2, C_2) with C = S S^T, S of any number of columns:
//   W2^2 = |m_1 - m_2|^2 + tr(C_1 + C_2 - 2 (C_2^(1/2) C_1 C_2^(1/2))^(1/2)) = |m_1 - m_2|^2 + |S_1|_F^2 + |S_2|_F^2 - 2 |S_1^T S_2|_*
// since the root has the singular values of S_1^T S_2.                                                                  [Olkin & Pukelsheim 1982]
// No matrix root is formed: P R_1 R_2 flops and the singular values of an R_1 x R_2 matrix. Absolute rounding: a few units of |S_1|_F^2 + |S_2|_F^2.
//
// The second Gaussian is the reference, a prior. Its covariance needs to be regular, or an error says which of its scales is not: only then is there one
// optimal map from it, and a direction that a prior leaves without variance is more often a mistake than meant. SingularReference::allowed computes the
// same formula, which stays true, for priors of low rank. The first may be singular, as what training leads to is.

#include <limits>
#include <string>

#include "../core/check.hpp"
#include "../core/norm.hpp"
#include "../core/product.hpp"
#include "../core/singular_values.hpp"

namespace tacit {

enum class SingularReference { refused, allowed };

namespace detail {

template <Scalar S>
Vector<S> singular_values_of(const Matrix<S>& A) {
  SpectrumWorkspace<S> ws;
  Vector<S> sigma;
  singular_values(A, ws, sigma);
  return sigma;
}

/// Throws where the rows of S are linearly dependent, to rounding.
template <Scalar S>
void require_regular(const Matrix<S>& scales, const std::string& name) {
  const Index P = scales.rows(), R = scales.cols();
  require(R >= P, "wasserstein2: the scales ", name, " of the reference are ", P, " x ", R,
          ": their covariance is singular, at least as many columns as rows are needed (or SingularReference::allowed)");
  const Vector<S> sigma = singular_values_of(scales);
  require(sigma[P - 1] > static_cast<S>(R) * std::numeric_limits<S>::epsilon() * sigma[0], "wasserstein2: the scales ", name,
          " of the reference, ", P, " x ", R, ", are singular: their singular values are between ", sigma[P - 1], " and ", sigma[0],
          " (or SingularReference::allowed)");
}

/// tr(C_1 + C_2 - 2 (C_2^(1/2) C_1 C_2^(1/2))^(1/2)).
template <Scalar S>
S scale_distance2(const Matrix<S>& one, const Matrix<S>& two) {
  return one.squaredNorm() + two.squaredNorm() - 2 * singular_values_of(product_tn(one, two)).sum();
}

}  // namespace detail

/// W2^2 of N(mean, scales scales^T) to the reference. Throws where shapes do not fit, a number is not finite, or the reference is singular.
template <Scalar S>
S wasserstein2(const Vector<S>& mean, const Matrix<S>& scales, const Vector<S>& reference_mean, const Matrix<S>& reference_scales,
               SingularReference singular = SingularReference::refused) {
  require(mean.size() > 0 && mean.size() == reference_mean.size(), "wasserstein2: the means have ", mean.size(), " and ",
          reference_mean.size(), " entries, they need as many, and at least 1");
  require(scales.rows() == mean.size() && reference_scales.rows() == mean.size() && scales.cols() > 0 && reference_scales.cols() > 0,
          "wasserstein2: the scales are ", scales.rows(), " x ", scales.cols(), " and ", reference_scales.rows(), " x ",
          reference_scales.cols(), ", they need a row for each of the ", mean.size(), " entries of the means");
  require(mean.allFinite() && reference_mean.allFinite() && scales.allFinite() && reference_scales.allFinite(),
          "wasserstein2: a mean or a scale is not finite");
  if (singular == SingularReference::refused) detail::require_regular(reference_scales, "S");
  return (mean - reference_mean).squaredNorm() + detail::scale_distance2(scales, reference_scales);
}

}  // namespace tacit
