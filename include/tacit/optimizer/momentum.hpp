// SPDX-License-Identifier: MIT
#pragma once
// Momentum in its two forms, as PyTorch has them (the velocity starts at the first update):
//   HeavyBall  v <- beta v + (1 - dampening) u, at first v = u;    update v
//   Nesterov   v <- beta v + u;                                    update u + beta v
// Since the first velocity is u itself, dampening = beta is not quite the exponential average; that one is HeavyBall at the rate times
// (1 - beta).
// Nesterov's iterates are the look-ahead points x + beta w of  w <- beta w - eta g(x + beta w), x <- x + w.  One number per parameter.
// Polyak 1964; Sutskever, Martens, Dahl and Hinton 2013.

#include "entrywise.hpp"

namespace tacit {

namespace detail {
template <Scalar S>
struct Velocity {
  Vector<S> velocity;
  bool begun = false;
  template <class Archive>
  void persist(Archive& archive) {
    archive("velocity", velocity);
    archive("begun", begun);
  }
};
}  // namespace detail

struct HeavyBall {
  using stage = TransformTag;
  static constexpr std::string_view name = "HeavyBall";
  static constexpr bool entrywise = true;
  static constexpr bool behind_rate = true;
  double beta = 0.9, dampening = 0;

  template <class Archive>
  void persist(Archive& archive) {
    archive("beta", beta);
    archive("dampening", dampening);
  }

  template <Scalar S>
  detail::Velocity<S> start(const Layout& layout) const {
    detail::require_decay("HeavyBall", "beta", beta);
    require(dampening >= 0 && dampening <= 1, "HeavyBall: .dampening is ", dampening, ", it needs to be in [0, 1]");
    return {Vector<S>::Zero(idle() ? 0 : layout.parameter_count())};
  }
  template <Scalar S>
  void apply(Step<S>& step, detail::Velocity<S>& state) const {
    if (idle()) return;
    const S b = static_cast<S>(beta), weight = state.begun ? detail::one_minus<S>(dampening) : S(1);
    state.begun = true;
    detail::entry_by_entry(step, [b, weight, v = state.velocity.data()](Index k, S g) { return v[k] = b * v[k] + weight * g; });
  }

 private:
  bool idle() const { return beta == 0 && dampening == 0; }
};

struct Nesterov {
  using stage = TransformTag;
  static constexpr std::string_view name = "Nesterov";
  static constexpr bool entrywise = true;
  static constexpr bool behind_rate = true;
  double beta = 0.9;

  template <class Archive>
  void persist(Archive& archive) {
    archive("beta", beta);
  }

  template <Scalar S>
  detail::Velocity<S> start(const Layout& layout) const {
    detail::require_decay("Nesterov", "beta", beta);
    return {Vector<S>::Zero(layout.parameter_count())};
  }
  template <Scalar S>
  void apply(Step<S>& step, detail::Velocity<S>& state) const {
    const S b = static_cast<S>(beta);
    detail::entry_by_entry(step, [b, v = state.velocity.data()](Index k, S g) {
      v[k] = b * v[k] + g;
      return g + b * v[k];
    });
  }
};

}  // namespace tacit
