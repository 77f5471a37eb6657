// SPDX-License-Identifier: MIT
#pragma once
// AdaGrad:  v <- v + u^2,  update = u / (sqrt(v) + eps), v from .initial on (PyTorch: eps 1e-10 outside the root, v from 0).
// optax is {.eps = 1e-7, .initial = 0.1, .place = EpsPlace::inside}. PyTorch's lr_decay is the schedule inverse_time. With eps = initial
// = 0, multiplying the
// loss by a power of two changes no bit, and 0 / 0 counts as 0. One number per parameter.  [Duchi, Hazan and Singer 2011, diagonal form]

#include "entrywise.hpp"
#include "full_gradient.hpp"
#include "learning_rate.hpp"

namespace tacit {

struct AdaGradScale {
  using stage = TransformTag;
  static constexpr std::string_view name = "AdaGradScale";
  static constexpr bool entrywise = true;
  double eps = 1e-10, initial = 0;
  EpsPlace place = EpsPlace::outside;

  template <class Archive>
  void persist(Archive& archive) {
    archive("eps", eps);
    archive("initial", initial);
    archive("place", place);
  }

  template <Scalar S>
  struct State {
    Vector<S> v;
    template <class Archive>
    void persist(Archive& archive) {
      archive("v", v);
    }
  };
  template <Scalar S>
  State<S> start(const Layout& layout) const {
    detail::require_not_negative("AdaGradScale", "eps", eps);
    detail::require_not_negative("AdaGradScale", "initial", initial);
    return {Vector<S>::Constant(layout.parameter_count(), static_cast<S>(initial))};
  }
  template <Scalar S>
  void apply(Step<S>& step, State<S>& state) const {
    detail::divide_by_root(step, static_cast<S>(eps), place, [&](Index at, Index n, const auto& g) {
      auto v = detail::chunk_of(state.v, at, n);
      v += g.square();
      return std::pair{g, v};
    });
  }
};

struct AdaGradSettings {
  double rate = 1e-2, eps = 1e-10, initial = 0;
  EpsPlace place = EpsPlace::outside;
};
inline auto adagrad(AdaGradSettings o = {}) {
  return FullGradient{} | AdaGradScale{o.eps, o.initial, o.place} | LearningRate{ConstantRate{o.rate}};
}

}  // namespace tacit
