// SPDX-License-Identifier: MIT
#pragma once
// The reparametrised gradient of an expected loss, on fresh draws at every step:  with f the loss of the model under a Gaussian over its parameters,
//   (g_mu, g_S) = 1/K sum_k (g_k, g_k eps_k^T),   g_k = grad f(mu + S eps_k),   eps_k ~ N(0, I)     [Kingma & Welling 2014; Wenger et al. 2025, K = 1]
// an unbiased estimate of the gradient of E f, whatever samples the problem itself averages over. The problem is one of a Gaussian
// (model/gaussian.hpp, expected_term.hpp). What the step sees is the loss on its draws, so hooks that ask for loss or gradient cause an evaluation of
// their own, of the problem's expected loss; drawn_loss is that of the draws. A search behind sees the same draws. A step costs K gradients of the model.

#include "learning_rate.hpp"
#include "noise_law.hpp"
#include "required.hpp"
#include "seen_oracle.hpp"

namespace tacit {

namespace detail {
/// A problem of a Gaussian on the draws eps_1, eps_2, ..., one after another.
template <class P>
class OnDraws : public SeenOracle<OnDraws<P>, P> {
 public:
  using S = typename P::scalar_type;
  OnDraws(const P& problem, const Vector<S>& draws) : SeenOracle<OnDraws, P>(problem, draws) {}

  template <class F>
  Value<S> at(In<S> theta, typename P::Workspace& ws, F&& evaluate) const {
    const Restore scope{std::get<0>(ws.terms).noise};
    std::get<0>(ws.terms).noise = &this->shift();
    return evaluate(theta);
  }

 private:
  struct Restore {  // whatever a loss of one's own throws, the workspace sees the problem's samples again
    const Vector<S>*& noise;
    ~Restore() { noise = nullptr; }
  };
};
}  // namespace detail

struct ReparametrisedGradient {
  using stage = SourceTag;
  static constexpr std::string_view name = "ReparametrisedGradient";
  Index samples = 1;
  std::uint64_t seed = 1;

  template <class Archive>
  void persist(Archive& archive) {
    archive("samples", samples);
    archive("seed", seed);
  }

  template <class P>
  auto start(const P& problem) const {
    using S = typename P::scalar_type;
    constexpr bool possible = requires(typename P::Workspace & ws, const Vector<S>* draws) {
      problem.model().noise_count();
      std::get<0>(ws.terms).noise = draws;
    };
    static_assert(possible,
                  "ReparametrisedGradient: the problem is not one of a Gaussian over parameters; wrap its model, Gaussian(model)");
    require(samples > 0, "ReparametrisedGradient: .samples is ", samples, ", it needs to be at least 1");
    if constexpr (possible)
      return detail::NoiseState<S>{Random(seed, "reparametrised_gradient"), Vector<S>(samples * problem.model().noise_count())};
  }
  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, detail::NoiseState<S>& state) const {
    detail::fill_noise(state.random, NoiseLaw::normal, 1, state.noise.size(), state.noise);
    step.ahead.known = false;  // it was evaluated on other draws
    step.evaluate(oracle(problem, state), ws);
    step.full = false;
  }
  /// The problem on the draws of this step.
  template <class P, Scalar S>
  detail::OnDraws<P> oracle(const P& problem, const detail::NoiseState<S>& state) const {
    return {problem, state.noise};
  }
};

struct ReparametrisedDescentSettings {
  Required<double> rate;
  Index samples = 1;
  std::uint64_t seed = 1;
};
inline auto reparametrised_descent(ReparametrisedDescentSettings o) {
  return ReparametrisedGradient{.samples = o.samples, .seed = o.seed} | LearningRate{ConstantRate{o.rate}};
}

}  // namespace tacit
