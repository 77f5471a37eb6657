// SPDX-License-Identifier: MIT
#pragma once
// Label noise: the gradient on the targets y_k + sigma xi_k, with xi fresh at every step, +1 or -1 or normal, on the batch or on all data.
// With half the mean
// of squares on B observations its mean is the gradient g, and where all residuals are 0 its covariance is (sigma^2 / B) H (without the
// half, (2 sigma^2 / B) H).
// At small rates eta it acts as the penalty lambda R, lambda = eta sigma^2 / B, R = tr(H) / 4 + O(eta).
//                                                                                    [Blanc et al. 2020; Damian, Ma & Lee 2021]
// The targets themselves are left alone: the noise stands in the workspace for one evaluation. What the step sees at theta is the noisy
// objective, so hooks that ask for
// loss or gradient cause an evaluation of their own; drawn_loss is the noisy one. A search behind sees the same noise. A step costs one
// gradient.

#include "learning_rate.hpp"
#include "noise_law.hpp"
#include "required.hpp"
#include "seen_oracle.hpp"

namespace tacit {

namespace detail {
/// How many targets are at hand: more than observations where these have several outputs.
template <class P>
Index targets_of(const P& problem) {
  if constexpr (requires { problem.target_count(); }) return problem.target_count();
  else return problem.count();
}
}  // namespace detail

struct LabelNoise {
  using stage = SourceTag;
  static constexpr std::string_view name = "LabelNoise";
  double sigma;
  NoiseLaw law = NoiseLaw::signs;
  std::uint64_t seed = 1;

  template <class Archive>
  void persist(Archive& archive) {
    archive("sigma", sigma);
    archive("law", law);
    archive("seed", seed);
  }

  template <class P>
  auto start(const P& problem) const {
    using S = typename P::scalar_type;
    constexpr bool targets = requires(typename P::Workspace & ws, const Vector<S>* shift) {
      problem.count();
      problem.shift_targets(ws, shift);
    };
    static_assert(targets,
                  "LabelNoise: the problem has no targets to disturb; it needs count() and shift_targets(ws, shift), as Problem has them");
    require(std::isfinite(sigma) && sigma >= 0, "LabelNoise: .sigma is ", sigma, ", it needs to be 0 or more");
    if constexpr (requires { problem.has_targets(); }) require(problem.has_targets(), "LabelNoise: the problem has no targets to disturb");
    if constexpr (targets) return detail::NoiseState<S>{Random(seed, "label_noise"), Vector<S>(detail::targets_of(problem))};
  }
  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, detail::NoiseState<S>& state) const {
    detail::fill_noise(state.random, law, sigma, detail::targets_of(problem), state.noise);
    step.ahead.known = false;  // it was evaluated under other noise
    step.evaluate(oracle(problem, state), ws);
    step.full = false;
  }
  /// The problem with the noise of this step.
  template <class P, Scalar S>
  detail::ShiftedTargets<P> oracle(const P& problem, const detail::NoiseState<S>& state) const {
    return {problem, state.noise};
  }
};

struct LabelNoiseSettings {
  Required<double> rate, sigma;
  NoiseLaw law = NoiseLaw::signs;
  std::uint64_t seed = 1;
};
inline auto label_noise(LabelNoiseSettings o) {
  return LabelNoise{.sigma = o.sigma, .law = o.law, .seed = o.seed} | LearningRate{ConstantRate{o.rate}};
}

}  // namespace tacit
