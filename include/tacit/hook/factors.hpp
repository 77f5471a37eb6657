// SPDX-License-Identifier: MIT
#pragma once
// Probes on the structure of factors.
//   balancedness              max_l |W_{l+1}^T W_{l+1} - W_l W_l^T|_F: zero on balanced starts, kept by gradient flow, changed by O(rate^2) a step
//   relative_balancedness     the same over max_l |W_l|_F^2
//   determinant_sign, log_abs_determinant     of W, square factors                                         [Razin & Cohen 2020]
//   reference_alignment(U, V)                 |U^T W V| on and off the diagonal: how far W is diagonal in given bases
//   mode_weights(U, V)                        its diagonal, u_i^T W v_i: the eigenvalues of a W that shares eigenvectors V = U with its target
//                                             [Gidel et al. 2019; Chou et al. 2024]

#include <array>

#include "../core/determinant.hpp"
#include "../core/product.hpp"
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
  const Shape shape = now.shape();
  require(shape.order() == 2 && layout[0].shape.order() == 2, "balancedness: W is ", shape, " and theta ", layout,
          "; the probe looks at products of matrices. For tensors there is unbalancedness");
  for (Index l = 0; l + 1 < layout.size(); ++l)
    require(layout[l + 1].shape.order() == 2 && layout[l + 1].shape.cols() == layout[l].shape.rows(), "balancedness: the blocks ",
            layout[l + 1].name, ' ', layout[l + 1].shape, " and ", layout[l].name, ' ', layout[l].shape,
            " do not multiply; the probe looks at products of matrices, W_N ... W_1");
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

Determinant determinant_of(const char* who, const auto& now) {
  if constexpr (requires { now.model().determinant(now.theta()); }) return now.model().determinant(now.theta());
  else return refuse_model<Determinant>(who, "determinant from its factors");
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
  static double of(const auto& now) { return determinant_of("determinant_sign", now).sign; }
};
struct LogAbsDeterminantDefinition {
  static constexpr const char* name = "log_abs_determinant";
  static double of(const auto& now) { return determinant_of("log_abs_determinant", now).log_abs; }
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
    const auto& W = now.end_to_end();
    require(U.rows() == W.rows() && V.rows() == W.cols(), "reference_alignment: U has ", U.rows(), " rows and V ", V.rows(), ", W is ",
            W.rows(), " x ", W.cols());
    const Matrix<S> core = U.transpose() * W * V;
    const double k = static_cast<double>(core.rows()), on = static_cast<double>(core.diagonal().cwiseAbs().sum());
    const double all = static_cast<double>(core.cwiseAbs().sum());
    return std::array<double, 2>{on / k, k > 1 ? (all - on) / (k * (k - 1)) : 0.0};
  });
}

/// u_i^T W v_i for given bases, signs kept: columns mode_1, mode_2, ... O(n1 n2 k) flops.
template <Scalar S>
auto mode_weights(const Matrix<S>& U, const Matrix<S>& V) {
  require(U.cols() == V.cols(), "mode_weights: U has ", U.cols(), " columns, V has ", V.cols());
  return probe("mode", [U, V](const auto& now) {
    const auto& W = now.end_to_end();
    require(U.rows() == W.rows() && V.rows() == W.cols(), "mode_weights: U has ", U.rows(), " rows and V ", V.rows(), ", W is ", W.rows(),
            " x ", W.cols());
    Matrix<S> WV(W.rows(), V.cols());
    detail::multiply<S>({W.data(), W.rows(), W.cols()}, {V.data(), V.rows(), V.cols()}, Write::set, {WV.data(), WV.rows(), WV.cols()});
    Vector<S> weights(U.cols());
    for (Index i = 0; i < weights.size(); ++i) weights[i] = U.col(i).dot(WV.col(i));
    return weights;
  });
}

}  // namespace tacit
