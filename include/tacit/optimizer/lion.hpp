// SPDX-License-Identifier: MIT
#pragma once
// Lion: the sign of a mixture of the average and the gradient, the average being brought up to date afterwards:
//   update = sign(m + (1 - b1) (u - m)),   then   m <- m + (1 - b2) (u - m)
// With b1 = b2 it is Signum. Multiplying the loss by a power of two changes no bit. The recipe's decay is decoupled, theta <- (1 - eta
// lambda) theta - eta
// update; optax has lambda = 1e-3. One number per parameter.  [Chen et al. 2023, algorithm 2]

#include "full_gradient.hpp"
#include "learning_rate.hpp"
#include "momentum.hpp"
#include "weight_decay.hpp"

namespace tacit {

struct LionScale {
  using stage = TransformTag;
  static constexpr std::string_view name = "LionScale";
  static constexpr bool entrywise = true;
  double beta1 = 0.9, beta2 = 0.99;

  template <class Archive>
  void persist(Archive& archive) {
    archive("beta1", beta1);
    archive("beta2", beta2);
  }

  template <Scalar S>
  struct State {
    Vector<S> m;
    template <class Archive>
    void persist(Archive& archive) {
      archive("m", m);
    }
  };
  template <Scalar S>
  State<S> start(const Layout& layout) const {
    detail::require_decay("LionScale", "beta1", beta1);
    detail::require_decay("LionScale", "beta2", beta2);
    return {Vector<S>::Zero(layout.parameter_count())};
  }
  template <Scalar S>
  void apply(Step<S>& step, State<S>& state) const {
    const S a1 = detail::one_minus<S>(beta1), a2 = detail::one_minus<S>(beta2);
    const bool all = a1 == S(1);  // exactly the gradient then
    detail::entry_by_entry(step, [a1, a2, all, m = state.m.data()](Index k, S g) {
      const S apart = g - m[k], mixed = all ? g : m[k] + a1 * apart;
      m[k] += a2 * apart;
      return detail::sign_of(mixed);
    });
  }
};

struct LionSettings {
  double rate = 1e-4, beta1 = 0.9, beta2 = 0.99, lambda = 0;
};
inline auto lion(LionSettings o = {}) {
  return FullGradient{} | LionScale{o.beta1, o.beta2} | WeightDecay{o.lambda} | LearningRate{ConstantRate{o.rate}};
}

}  // namespace tacit
