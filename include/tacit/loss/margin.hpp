// SPDX-License-Identifier: MIT
#pragma once
// Losses of the margin  q = y z  of a label y = -1 or +1, other labels being refused when the problem is built:
//   logistic         log(1 + e^-q)              exact at any margin
//   exponential      e^-q, below q = -30 its parabola there: value and both derivatives are continuous, and finite at any margin
//   hinge            max(1 - q, 0)              at q = 1 the slope from the right, 0, unless .at_kink says otherwise
//   squared_hinge    max(1 - q, 0)^2            its curvature jumps from 2 to 0 at q = 1, where it is 0
// Mean over entries unless asked for the sum.                                          Source: Bartlett, Jordan & McAuliffe 2006, table 1.

#include "pointwise.hpp"

namespace tacit {

struct MarginSettings {
  Reduction reduction = Reduction::mean;
};
struct HingeSettings {
  Reduction reduction = Reduction::mean;
  Side at_kink = Side::right;  ///< which slope at the margin 1: right 0, left -1, middle -1/2; in the margin
};

namespace detail {
inline constexpr TargetRule signs{[](double y) { return y == 1 || y == -1; }, "-1 or 1"};
}

inline auto logistic(MarginSettings options = {}) {
  return pointwise([](auto z, auto y) { return softplus(-y * z); }, options.reduction, "logistic", detail::signs);
}
inline auto exponential(MarginSettings options = {}) {
  return pointwise([](auto z, auto y) { return exp_or_parabola(-y * z); }, options.reduction, "exponential", detail::signs);
}
inline auto hinge(HingeSettings options = {}) {
  // In x = 1 - q, what is right of the margin is left of the kink.
  const Side side = options.at_kink == Side::middle ? Side::middle : options.at_kink == Side::right ? Side::left : Side::right;
  return pointwise([side](auto z, auto y) { return relu(1 - y * z, side); }, options.reduction, "hinge", detail::signs);
}
inline auto squared_hinge(MarginSettings options = {}) {
  return pointwise([](auto z, auto y) { return square(relu(1 - y * z)); }, options.reduction, "squared_hinge", detail::signs);
}

}  // namespace tacit
