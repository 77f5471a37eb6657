// SPDX-License-Identifier: MIT
#pragma once
// Parameter noise:  u = g(theta + sigma xi),  xi ~ N(0, I) fresh at every step, and the step is taken from theta: descent on the objective
// smoothed by a Gaussian.
// On a quadratic the mean of u is g(theta).
// What the step sees is the objective at theta + sigma xi, so hooks that ask for loss or gradient cause an evaluation of their own at
// theta; drawn_loss is the disturbed
// one. A search behind sees the same noise. A step costs one gradient.

#include "learning_rate.hpp"
#include "noise_law.hpp"
#include "required.hpp"
#include "seen_oracle.hpp"

namespace tacit {

struct ParameterNoise {
  using stage = SourceTag;
  static constexpr std::string_view name = "ParameterNoise";
  double sigma;
  std::uint64_t seed = 1;

  template <class Archive>
  void persist(Archive& archive) {
    archive("sigma", sigma);
    archive("seed", seed);
  }

  template <class P>
  auto start(const P& problem) const {
    using S = typename P::scalar_type;
    require(std::isfinite(sigma) && sigma >= 0, "ParameterNoise: .sigma is ", sigma, ", it needs to be 0 or more");
    return detail::NoiseState<S>{Random(seed, "parameter_noise"), Vector<S>(problem.dimension()), Vector<S>(problem.dimension())};
  }
  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, detail::NoiseState<S>& state) const {
    detail::fill_noise(state.random, NoiseLaw::normal, sigma, state.noise.size(), state.noise);
    step.ahead.known = false;  // it was evaluated under other noise
    step.evaluate(oracle(problem, state), ws);
    step.full = false;
  }
  /// The problem with the noise of this step.
  template <class P, Scalar S>
  detail::ShiftedTheta<P> oracle(const P& problem, detail::NoiseState<S>& state) const {
    return {problem, state.noise, state.buffer};
  }
};

struct ParameterNoiseSettings {
  Required<double> rate, sigma;
  std::uint64_t seed = 1;
};
inline auto parameter_noise(ParameterNoiseSettings o) {
  return ParameterNoise{.sigma = o.sigma, .seed = o.seed} | LearningRate{ConstantRate{o.rate}};
}

}  // namespace tacit
