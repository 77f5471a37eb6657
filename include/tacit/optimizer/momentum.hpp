// SPDX-License-Identifier: MIT
#pragma once
// Momentum in its two forms, as PyTorch has them (the velocity starts at the first update):
//   HeavyBall  v <- beta v + u,  update v
//   Nesterov   v <- beta v + u,  update u + beta v

#include "chain.hpp"

namespace tacit {

namespace detail {
inline void require_decay(const char* who, const char* name, double beta) {
  require(beta >= 0 && beta < 1, who, ": .", name, " is ", beta, ", it needs to be in [0, 1)");
}
template <Scalar S>
struct Velocity {
  Vector<S> velocity;
  template <class Archive>
  void persist(Archive& archive) {
    archive("velocity", velocity);
  }
};
}  // namespace detail

struct HeavyBall {
  using stage = TransformTag;
  static constexpr std::string_view name = "HeavyBall";
  static constexpr bool behind_rate = true;
  double beta = 0.9;

  template <class Archive>
  void persist(Archive& archive) {
    archive("beta", beta);
  }

  template <Scalar S>
  detail::Velocity<S> start(const Layout& layout) const {
    detail::require_decay("HeavyBall", "beta", beta);
    return {Vector<S>::Zero(layout.parameter_count())};
  }
  template <Scalar S>
  void apply(Step<S>& step, detail::Velocity<S>& state) const {
    const S factor = step.factor();
    state.velocity = static_cast<S>(beta) * state.velocity + factor * step.direction();
    step.replace() = state.velocity;
  }
};

struct Nesterov {
  using stage = TransformTag;
  static constexpr std::string_view name = "Nesterov";
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
    Vector<S>& update = step.own();
    state.velocity = static_cast<S>(beta) * state.velocity + update;
    update += static_cast<S>(beta) * state.velocity;
  }
};

}  // namespace tacit
