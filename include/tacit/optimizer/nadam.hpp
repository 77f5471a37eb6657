// SPDX-License-Identifier: MIT
#pragma once
// NAdam: Adam with Nesterov's look-ahead. m and v as in Adam (adam_scale.hpp), mu_t = b1 (1 - 0.96^(t psi) / 2), p_t = mu_1 mu_2 ...
// mu_t, and
//   update = [mu_{t+1} m / (1 - p_t mu_{t+1}) + (1 - mu_t) u / (1 - p_t)] / (sqrt(v / (1 - b2^t)) + eps)
// which is the documented form of PyTorch (what its 1.13 computes with foreach = True; its default path there had one factor mu_t too
// many).
// .momentum = NadamMomentum::constant has mu_t = b1 throughout, as optax. Two numbers per parameter.  [Dozat 2016, algorithm 2]

#include "adam_scale.hpp"
#include "full_gradient.hpp"
#include "learning_rate.hpp"

namespace tacit {

enum class NadamMomentum {
  increasing,  ///< b1 (1 - 0.96^(t psi) / 2): from about b1 / 2 up to b1
  constant     ///< b1
};
template <>
inline constexpr std::array names_of<NadamMomentum>{"increasing", "constant"};

struct NadamScale {
  using stage = TransformTag;
  static constexpr std::string_view name = "NadamScale";
  static constexpr bool entrywise = true;
  double beta1 = 0.9, beta2 = 0.999, eps = 1e-8, psi = 4e-3;
  NadamMomentum momentum = NadamMomentum::increasing;

  template <class Archive>
  void persist(Archive& archive) {
    archive("beta1", beta1);
    archive("beta2", beta2);
    archive("eps", eps);
    archive("psi", psi);
    archive("momentum", momentum);
  }

  template <Scalar S>
  struct State {
    detail::Moments<S> moments;
    double product = 1;  ///< of all mu so far
    template <class Archive>
    void persist(Archive& archive) {
      archive("moments", moments);
      archive("product", product);
    }
  };
  template <Scalar S>
  State<S> start(const Layout& layout) const {
    detail::require_not_negative("NadamScale", "psi", psi);
    return {detail::start_moments<S>("NadamScale", *this, layout)};
  }
  template <Scalar S>
  void apply(Step<S>& step, State<S>& state) const {
    const Index t = ++state.moments.t;
    const double now = mu(t), next = mu(t + 1);
    state.product *= now;
    const S a1 = detail::one_minus<S>(beta1), a2 = detail::one_minus<S>(beta2), tiny = static_cast<S>(eps);
    const S cm = static_cast<S>(next / (1 - state.product * next)), cg = static_cast<S>((1 - now) / (1 - state.product));
    const S cv = static_cast<S>(detail::bias_correction(beta2, t));
    detail::divide_by_root(step, tiny, EpsPlace::outside, [&](Index at, Index n, const auto& g) {
      auto m = detail::chunk_of(state.moments.m, at, n), v = detail::chunk_of(state.moments.v, at, n);
      detail::average(m, a1, g);
      detail::average(v, a2, g.square());
      return std::pair{cm * m + cg * g, cv * v};
    });
  }

 private:
  double mu(Index t) const {
    return momentum == NadamMomentum::constant ? beta1 : beta1 * (1 - 0.5 * std::pow(0.96, static_cast<double>(t) * psi));
  }
};

struct NadamSettings {
  double rate = 2e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, psi = 4e-3;
  NadamMomentum momentum = NadamMomentum::increasing;
};
inline auto nadam(NadamSettings o = {}) {
  return FullGradient{} | NadamScale{o.beta1, o.beta2, o.eps, o.psi, o.momentum} | LearningRate{ConstantRate{o.rate}};
}

}  // namespace tacit
