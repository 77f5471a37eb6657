// SPDX-License-Identifier: MIT
#pragma once
// Value: what an oracle returns beside the gradient, the data loss and the objective (loss and penalties) at one theta.

#include "scalar.hpp"

namespace tacit {

template <Scalar S>
struct Value {
  S loss = 0, objective = 0;
};

}  // namespace tacit
