// SPDX-License-Identifier: MIT
#pragma once
// The Poisson deviance of counts y >= 0 with a logarithmic link, z the logarithm of the predicted mean mu = exp(z):
//   f = 2 (y log(y / mu) - (y - mu)),   f' = 2 (mu - y),   f'' = 2 mu,        0 where mu = y; y = 0 has f = 2 mu.
// Mean over entries unless asked for the sum. Above z = 30, a mean of 10^13, exp(z) goes on as its parabola there: value and both derivatives are continuous and finite
// at any z that is, so that a step too far does not overflow. Targets below 0 are refused.                         Source: McCullagh & Nelder 1989, section 2.3.

#include <cmath>

#include "pointwise.hpp"

namespace tacit {

struct PoissonSettings {
  Reduction reduction = Reduction::mean;
};

inline auto poisson(PoissonSettings options = {}) {
  const auto formula = [](auto z, auto y) {
    using S = decltype(y);
    const S log_y = y > 0 ? std::log(y) : S(0), known = y > 0 ? y * log_y - y : y < 0 ? std::numeric_limits<S>::quiet_NaN() : S(0);
    if (y > 0 && z - log_y < S(1) && z < S(30)) return 2 * y * (expm1(z - log_y) - (z - log_y));  // keeps its digits where mu is close to y
    return 2 * (exp_or_parabola(z) - y * z + known);
  };
  return pointwise(formula, options.reduction, "poisson", {[](double y) { return y >= 0; }, "0 or more"});
}

}  // namespace tacit
