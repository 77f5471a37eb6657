// SPDX-License-Identifier: MIT
#pragma once
// Huber's loss, quadratic near zero and linear beyond delta:  f = r^2/2 for |r| <= delta, delta (|r| - delta/2) otherwise, r = z - y; in units of
// y squared. Mean over entries unless asked for the sum.                                   [Razin et al. 2021, 2022 with delta = 1]

#include "../core/check.hpp"
#include "pointwise.hpp"

namespace tacit {

struct HuberSettings {
  double delta = 1;
  Reduction reduction = Reduction::mean;
};

inline auto huber(HuberSettings options = {}) {
  require(options.delta > 0, "huber: delta is ", options.delta, ", it needs to be positive");
  const auto formula = [delta = options.delta](auto z, auto y) {
    const auto r = z - y;
    const auto size = abs(r);
    return size <= delta ? r * r / 2 : delta * (size - delta / 2);
  };
  return pointwise(formula, options.reduction, sentence("huber(", options.delta, ")"));
}

}  // namespace tacit
