// SPDX-License-Identifier: MIT
#pragma once
// The binomial deviance of shares 0 <= y <= 1 with a logistic link, z the log-odds of the predicted share p = 1 / (1 + e^-z):
//   f = 2 (y log(y / p) + (1 - y) log((1 - y) / (1 - p))),   f' = 2 (p - y),   f'' = 2 p (1 - p);        0 where p = y.
// Of shares of n trials, weights of n make it the deviance of the counts. Exact at any z. Other targets are refused when the problem is built. Mean over
// entries unless asked for the sum.                                                        Source: McCullagh & Nelder 1989, section 4.4.

#include <cmath>

#include "pointwise.hpp"

namespace tacit {

struct BinomialSettings {
  Reduction reduction = Reduction::mean;
};

inline auto binomial(BinomialSettings options = {}) {
  const auto formula = [](auto z, auto y) {
    using S = decltype(y);
    const auto entropy = [](S share) { return share > 0 ? share * std::log(share) : S(0); };
    const S known = entropy(y) + entropy(1 - y);
    // -y log p - (1 - y) log(1 - p), written so that nothing cancels.
    return z > 0 ? 2 * (softplus(-z) + (1 - y) * z + known) : 2 * (softplus(z) - y * z + known);
  };
  return pointwise(formula, options.reduction, "binomial", {[](double y) { return y >= 0 && y <= 1; }, "a share between 0 and 1"});
}

}  // namespace tacit
