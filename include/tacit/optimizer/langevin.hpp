// SPDX-License-Identifier: MIT
#pragma once
// Unadjusted Langevin dynamics, as a transform behind the rate eta of this step:  theta <- theta - eta u + sqrt(2 eta T) xi,  xi ~ N(0, I),
// T the temperature.
// On lambda theta^2 / 2 the variance settles at  T / (lambda (1 - eta lambda / 2)).  The epsilon of Welling & Teh 2011 is 2 eta; a
// posterior wants the *sum* of losses
// (of a batch times m/b, as sums of minibatches are here) and T = 1. The loss and gradient that hooks see are without the noise.
//
//   FullGradient{} | LearningRate{1e-3} | Langevin{.temperature = 1}

#include "full_gradient.hpp"
#include "learning_rate.hpp"
#include "noise_law.hpp"
#include "required.hpp"

namespace tacit {

struct Langevin {
  using stage = TransformTag;
  static constexpr std::string_view name = "Langevin";
  static constexpr bool behind_rate = true;
  static constexpr bool needs_rate = true;
  double temperature = 1;
  std::uint64_t seed = 1;

  template <class Archive>
  void persist(Archive& archive) {
    archive("temperature", temperature);
    archive("seed", seed);
  }

  template <Scalar S>
  detail::NoiseState<S> start(const Layout& layout) const {
    require(std::isfinite(temperature) && temperature >= 0, "Langevin: .temperature is ", temperature, ", it needs to be 0 or more");
    return {Random(seed, "langevin"), Vector<S>(layout.parameter_count())};
  }
  template <Scalar S>
  void apply(Step<S>& step, detail::NoiseState<S>& state) const {
    detail::fill_noise(state.random, NoiseLaw::normal, std::sqrt(2 * step.rate * temperature), state.noise.size(), state.noise);
    step.own() += state.noise;
  }
};

struct LangevinSettings {
  Required<double> rate;
  double temperature = 1;
  std::uint64_t seed = 1;
};
/// Langevin dynamics on the full gradient.
inline auto langevin(LangevinSettings o) {
  return FullGradient{} | LearningRate{ConstantRate{o.rate}} | Langevin{.temperature = o.temperature, .seed = o.seed};
}

}  // namespace tacit
