// SPDX-License-Identifier: MIT
#pragma once
// Decoupled weight decay behind the step:  theta_{t+1} = (1 - eta lambda) (theta_t + update),  eta the rate just applied. SOAP's program
// decays so; AdamW decays before its step (WeightDecay between scale and rate). A block whose update is zero stays as it is: SOAP's first
// gradient moves nothing.

#include "chain.hpp"

namespace tacit {

struct DecayAfterStep {
  using stage = TransformTag;
  static constexpr std::string_view name = "DecayAfterStep";
  static constexpr bool behind_rate = true;
  double lambda = 0.01;

  template <class A>
  void persist(A& archive) {
    archive("lambda", lambda);
  }

  struct State {
    Layout layout;
    template <class A>
    void persist(A&) {}
  };
  template <Scalar S>
  State start(const Layout& layout) const {
    require(lambda >= 0, "DecayAfterStep: .lambda is ", lambda, ", it needs to be at least 0");
    return {layout};
  }
  template <Scalar S>
  void apply(Step<S>& step, State& state) const {
    if (lambda == 0) return;
    const S c = static_cast<S>(lambda * step.rate);
    Vector<S>& update = step.own();
    for (Index l = 0; l < state.layout.size(); ++l) {
      auto block = state.layout.flat(update, l);
      if (!block.isZero(0)) block -= c * (state.layout.flat(step.theta, l) + block);
    }
  }
};

}  // namespace tacit
