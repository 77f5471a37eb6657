// SPDX-License-Identifier: MIT
#pragma once
// Probes on the structure of factors.
//   balancedness              max_l |W_{l+1}^T W_{l+1} - W_l W_l^T|_F: zero on balanced starts, kept by gradient flow, changed by O(rate^2) a step
//   relative_balancedness     the same over max_l |W_l|_F^2
//   determinant_sign, log_abs_determinant     of W, square factors                                         [Razin & Cohen 2020]
//   reference_alignment(U, V)                 |U^T W V| on and off the diagonal: how far W is diagonal in given bases

#include <array>

#include "../core/determinant.hpp"
#include "probe.hpp"

namespace tacit {

namespace detail {

/// |A^T A - B B^T|_F of the factor A above B.
template <Scalar S>
double balance_defect(const AnyMatrixMap<S>& below, const AnyMatrixMap<S>& above) {
  return static_cast<double>(norm(above.transpose() * above - below * below.transpose()));
}
template <class P>
double balancedness_defect(const Snapshot<P>& now, bool relative) {
  using S = typename P::scalar_type;
  const Layout& layout = now.layout();
  double worst = 0, largest = 0;
  for (Index l = 0; l < layout.size(); ++l) largest = std::max(largest, static_cast<double>(layout.flat(now.theta(), l).squaredNorm()));
  const double scale = squares_in_range(static_cast<S>(largest)) ? 1 : static_cast<double>(now.theta().cwiseAbs().maxCoeff());
  if (scale != 1 && scale > 0 && std::isfinite(scale)) {  // squares leave the range: of theta / scale, and scaled back
    const Vector<S> scaled = now.theta() / static_cast<S>(scale);
    for (Index l = 0; l < layout.size(); ++l)
      largest = std::max(l ? largest : 0.0, static_cast<double>(layout.flat(scaled, l).squaredNorm()));
    for (Index l = 0; l + 1 < layout.size(); ++l)
      worst = std::max(worst, balance_defect<S>(layout.matrix(scaled, l), layout.matrix(scaled, l + 1)));
    return relative ? worst / largest : worst * scale * scale;
  }
  for (Index l = 0; l + 1 < layout.size(); ++l)
    worst = std::max(worst, balance_defect<S>(layout.matrix(now.theta(), l), layout.matrix(now.theta(), l + 1)));
  return relative ? worst / largest : worst;
}

struct BalancednessDefinition {
  static constexpr const char* name = "balancedness";
  static double of(const auto& now) { return balancedness_defect(now, false); }
};
struct RelativeBalancednessDefinition {
  static constexpr const char* name = "relative_balancedness";
  static double of(const auto& now) { return balancedness_defect(now, true); }
};
struct DeterminantSignDefinition {
  static constexpr const char* name = "determinant_sign";
  static double of(const auto& now) { return now.model().determinant(now.theta()).sign; }
};
struct LogAbsDeterminantDefinition {
  static constexpr const char* name = "log_abs_determinant";
  static double of(const auto& now) { return now.model().determinant(now.theta()).log_abs; }
};

}  // namespace detail

inline constexpr detail::FixedProbe<detail::BalancednessDefinition> balancedness{};
inline constexpr detail::FixedProbe<detail::RelativeBalancednessDefinition> relative_balancedness{};
/// -1, 0 or 1; from the factors, so that it stays exact where det W underflows.
inline constexpr detail::FixedProbe<detail::DeterminantSignDefinition> determinant_sign{};
/// ln |det W|.
inline constexpr detail::FixedProbe<detail::LogAbsDeterminantDefinition> log_abs_determinant{};

/// Mean |entry| of U^T W V on and off the diagonal, for given orthonormal bases: columns alignment_1 (diagonal) and alignment_2 (off it).
template <Scalar S>
auto reference_alignment(const Matrix<S>& U, const Matrix<S>& V) {
  require(U.cols() == V.cols(), "reference_alignment: U has ", U.cols(), " columns, V has ", V.cols());
  return probe("alignment", [U, V](const auto& now) {
    const Matrix<S> core = U.transpose() * now.end_to_end() * V;
    const double k = static_cast<double>(core.rows()), on = static_cast<double>(core.diagonal().cwiseAbs().sum());
    const double all = static_cast<double>(core.cwiseAbs().sum());
    return std::array<double, 2>{on / k, k > 1 ? (all - on) / (k * (k - 1)) : 0.0};
  });
}

}  // namespace tacit
