// SPDX-License-Identifier: MIT
#pragma once
// RMSProp:  v <- v + (1 - decay) (u^2 - v),  update = u / (sqrt(v) + eps), without bias correction; PyTorch's defaults.
//   .place = EpsPlace::inside    sqrt(v + eps), as optax has it (decay 0.9 there)
//   .centred = true              a <- a + (1 - decay) (u - a), and v - a^2 in place of v; where rounding makes it negative it counts as 0
// Momentum is HeavyBall behind it: the recipe's .momentum, in front of the rate as in PyTorch (optax has it behind). With eps = 0,
// multiplying the loss by a
// power of two changes no bit, and 0 / 0 counts as 0. One number per parameter, one more with each of centred and momentum.
// [Tieleman and Hinton 2012, lecture 6.5; Graves 2013, eq. (38)-(41) for the centred form]

#include "full_gradient.hpp"
#include "learning_rate.hpp"
#include "momentum.hpp"

namespace tacit {

struct RmsScale {
  using stage = TransformTag;
  static constexpr std::string_view name = "RmsScale";
  static constexpr bool entrywise = true;
  double decay = 0.99, eps = 1e-8;
  bool centred = false;
  EpsPlace place = EpsPlace::outside;

  template <class Archive>
  void persist(Archive& archive) {
    archive("decay", decay);
    archive("eps", eps);
    archive("centred", centred);
    archive("place", place);
  }

  template <Scalar S>
  struct State {
    Vector<S> v, mean;  ///< mean is empty unless centred
    template <class Archive>
    void persist(Archive& archive) {
      archive("v", v);
      archive("mean", mean);
    }
  };
  template <Scalar S>
  State<S> start(const Layout& layout) const {
    detail::require_decay("RmsScale", "decay", decay);
    detail::require_not_negative("RmsScale", "eps", eps);
    return {Vector<S>::Zero(layout.parameter_count()), Vector<S>::Zero(centred ? layout.parameter_count() : 0)};
  }
  template <Scalar S>
  void apply(Step<S>& step, State<S>& state) const {
    const S weight = detail::one_minus<S>(decay), tiny = static_cast<S>(eps);
    const auto average_of_squares = [&](Index at, Index n, const auto& g) {
      auto v = detail::chunk_of(state.v, at, n);
      detail::average(v, weight, g.square());
      return v;
    };
    if (!centred)
      return detail::divide_by_root(step, tiny, place, [&](Index at, Index n, const auto& g) {
        return std::pair{g, average_of_squares(at, n, g)};
      });
    detail::divide_by_root(step, tiny, place, [&](Index at, Index n, const auto& g) {
      const auto v = average_of_squares(at, n, g);
      auto a = detail::chunk_of(state.mean, at, n);
      detail::average(a, weight, g);
      return std::pair{g, (v - a.square()).max(S(0))};
    });
  }
};

struct RmspropSettings {
  double rate = 1e-2, decay = 0.99, eps = 1e-8, momentum = 0;
  bool centred = false;
  EpsPlace place = EpsPlace::outside;
};
inline auto rmsprop(RmspropSettings o = {}) {
  return FullGradient{} | RmsScale{o.decay, o.eps, o.centred, o.place} | HeavyBall{.beta = o.momentum} | LearningRate{ConstantRate{o.rate}};
}

}  // namespace tacit
