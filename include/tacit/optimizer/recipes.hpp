// SPDX-License-Identifier: MIT
#pragma once
// The optimizers that everybody asks for by name, a line each. Compose the stages directly for anything else.

#include "adam_scale.hpp"
#include "clip.hpp"
#include "full_gradient.hpp"
#include "gradient_penalty.hpp"
#include "group_rms_scale.hpp"
#include "learning_rate.hpp"
#include "momentum.hpp"
#include "on_batches.hpp"
#include "required.hpp"
#include "weight_decay.hpp"

namespace tacit {

struct RateSettings {
  Required<double> rate;
};
/// theta <- theta - rate g.
inline auto gradient_descent(RateSettings o) { return FullGradient{} | LearningRate{ConstantRate{o.rate}}; }

struct SgdSettings {
  Required<double> rate;
  Required<Index> batch;
  std::uint64_t seed = 1;
  bool with_replacement = false;
};
/// Gradient descent on minibatches.
inline auto sgd(SgdSettings o) {
  return on_batches({.size = o.batch, .seed = o.seed, .with_replacement = o.with_replacement}, FullGradient{}) |
         LearningRate{ConstantRate{o.rate}};
}

struct MomentumSettings {
  Required<double> rate;
  double beta = 0.9;
};
/// Gradient descent with heavy-ball momentum.
inline auto momentum(MomentumSettings o) { return FullGradient{} | HeavyBall{o.beta} | LearningRate{ConstantRate{o.rate}}; }
/// Gradient descent with Nesterov's momentum.
inline auto nesterov(MomentumSettings o) { return FullGradient{} | Nesterov{o.beta} | LearningRate{ConstantRate{o.rate}}; }

struct AdamSettings {
  double rate = 1e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
};
/// Adam on the full gradient.
inline auto adam(AdamSettings o = {}) { return FullGradient{} | AdamScale{o.beta1, o.beta2, o.eps} | LearningRate{ConstantRate{o.rate}}; }

struct GroupRmspropSettings {
  double rate = 1e-3, eps = 1e-4, decay = 0.99;
};
/// GroupRMSprop as Arora et al. 2019 run it (their eps; Razin et al. use 1e-6).
inline auto group_rmsprop(GroupRmspropSettings o = {}) {
  return FullGradient{} | GroupRmsScale{.eps = o.eps, .decay = o.decay} | LearningRate{ConstantRate{o.rate}};
}

struct GradientRegularizedSettings {
  Required<double> rate, lambda;
};
/// Descent on L + lambda/2 |grad L|^2.
inline auto gradient_regularized(GradientRegularizedSettings o) {
  return GradientPenalty{.lambda = o.lambda} | LearningRate{ConstantRate{o.rate}};
}

}  // namespace tacit
