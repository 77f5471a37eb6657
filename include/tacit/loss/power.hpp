// SPDX-License-Identifier: MIT
#pragma once
// The power loss  f = |z - y|^p / p,  p >= 1; p = 2 and 4 are those of Arora et al. 2018. Mean over entries unless asked for the sum.
// Its second derivative is not finite at z = y for 1 < p < 2: gradients are fine there, Hessian-vector products are not.

#include <cmath>

#include "../core/check.hpp"
#include "pointwise.hpp"

namespace tacit {

struct PowerSettings {
  double p;
  Reduction reduction = Reduction::mean;
};

inline auto power(PowerSettings options) {
  require(options.p >= 1, "power: p is ", options.p, ", it needs to be at least 1");
  const auto formula = [p = options.p](auto z, auto y) {
    // At z = y the branch counts as positive, so that |r|^p has its true curvature there (abs has slope 0 at 0, right for p = 1 only).
    return p == 1 ? abs(z - y) : pow(z < y ? y - z : z - y, p) / p;
  };
  return pointwise(formula, options.reduction, sentence("power(", options.p, ")"));
}

}  // namespace tacit
