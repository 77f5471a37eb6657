// SPDX-License-Identifier: MIT
#pragma once
// Adam with weight decay, in its two forms (PyTorch's defaults):
//   adamw     theta <- (1 - eta lambda) theta - eta u,  u from the gradient alone: the decay acts also where the gradient is 0
//   adam_l2   the gradient of the loss plus lambda/2 |theta|^2 is what Adam sees, and scales
// The rate of a schedule multiplies the decay of adamw too.  [Loshchilov and Hutter 2019, algorithm 2, with their lambda being eta
// lambda here]

#include "adam_scale.hpp"
#include "full_gradient.hpp"
#include "learning_rate.hpp"
#include "weight_decay.hpp"

namespace tacit {

struct AdamWSettings {
  double rate = 1e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, lambda = 1e-2;
};
inline auto adamw(AdamWSettings o = {}) {
  return FullGradient{} | AdamScale{o.beta1, o.beta2, o.eps} | WeightDecay{o.lambda} | LearningRate{ConstantRate{o.rate}};
}
inline auto adam_l2(AdamWSettings o = {}) {
  return FullGradient{} | WeightDecay{o.lambda} | AdamScale{o.beta1, o.beta2, o.eps} | LearningRate{ConstantRate{o.rate}};
}

}  // namespace tacit
