// SPDX-License-Identifier: MIT
#pragma once
// Annealed gradient noise, as a transform:  u <- u + N(0, variance / (1 + k)^decay)  in each entry, k = 0, 1, ... the iteration.
// [Neelakantan et al. 2015]
// .variance is a variance, as in the paper. The loss and gradient that hooks see are without the noise.

#include "full_gradient.hpp"
#include "learning_rate.hpp"
#include "noise_law.hpp"
#include "required.hpp"

namespace tacit {

struct GradientNoise {
  using stage = TransformTag;
  static constexpr std::string_view name = "GradientNoise";
  double variance = 0.01, decay = 0.55;
  std::uint64_t seed = 1;

  template <class Archive>
  void persist(Archive& archive) {
    archive("variance", variance);
    archive("decay", decay);
    archive("seed", seed);
  }

  template <Scalar S>
  detail::NoiseState<S> start(const Layout& layout) const {
    require(std::isfinite(variance) && variance >= 0, "GradientNoise: .variance is ", variance, ", it needs to be 0 or more");
    require(std::isfinite(decay) && decay >= 0, "GradientNoise: .decay is ", decay, ", it needs to be 0 or more");
    return {Random(seed, "gradient_noise"), Vector<S>(layout.parameter_count())};
  }
  template <Scalar S>
  void apply(Step<S>& step, detail::NoiseState<S>& state) const {
    const double now = variance / std::pow(1 + static_cast<double>(step.iteration), decay);
    detail::fill_noise(state.random, NoiseLaw::normal, std::sqrt(now), state.noise.size(), state.noise);
    step.own() += state.noise;
  }
};

struct NoisyDescentSettings {
  Required<double> rate;
  double variance = 0.01, decay = 0.55;
  std::uint64_t seed = 1;
};
/// Gradient descent with annealed gradient noise.
inline auto noisy_descent(NoisyDescentSettings o) {
  return FullGradient{} | GradientNoise{.variance = o.variance, .decay = o.decay, .seed = o.seed} | LearningRate{ConstantRate{o.rate}};
}

}  // namespace tacit
