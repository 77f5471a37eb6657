// SPDX-License-Identifier: MIT
#pragma once
// The absolute deviation, smoothed at zero:  f = sqrt(r^2 + eps^2) - eps,  r = z - y; within eps of |r| everywhere, r^2 / (2 eps) near zero. In units of y.
// |r| itself, with slope 0 at 0, is power({.p = 1}). Mean over entries unless asked for the sum.                [l1 of Razin et al. 2021, 2022]

#include "pointwise.hpp"

namespace tacit {

struct SmoothedL1Settings {
  double epsilon = 1e-3;  ///< in units of y
  Reduction reduction = Reduction::mean;
};

inline auto smoothed_l1(SmoothedL1Settings options = {}) {
  require(options.epsilon > 0, "smoothed_l1: epsilon is ", options.epsilon, ", it needs to be positive; power({.p = 1}) is not smoothed");
  const auto formula = [epsilon = options.epsilon](auto z, auto y) {
    const auto r = (z - y) / epsilon;
    return epsilon * (r * r / (sqrt(r * r + 1) + 1));
  };
  return pointwise(formula, options.reduction, sentence("smoothed_l1(", options.epsilon, ")"));
}

}  // namespace tacit
