// SPDX-License-Identifier: MIT
#pragma once
// Gradient descent at the rate c / lambda_max(Hessian), safeguarded: a step that would raise the objective is taken back and halved until it
// does not. Near a saddle the Hessian is as small as theta, so the rate grows as the start shrinks and the run leaves the saddle in tens of
// steps; c < 2 is the stability limit of the quadratic model. It is a source, not a LearningRate, because only sources may ask for
// Hessian-vector products and for trial values; the trial that is accepted is the next theta, whose gradient it already knows.
//
// Every `every` steps, and after a step was taken back, lambda_max is improved from its last eigenvector by `rounds` rounds of
// analysis/sharpness.hpp (one product each, and one to start). A step costs one gradient, and 1 more for each halving.

#include "../analysis/sharpness.hpp"
#include "chain.hpp"

namespace tacit {

struct SharpnessRate {
  using stage = SourceTag;
  double c = 1;             ///< rate = c / sharpness, 0 < c < 2
  Index every = 10;         ///< steps between estimates
  Index rounds = 3;         ///< rounds of the eigensolver at each
  double largest = 1e12;    ///< no rate above this: where the Hessian has no positive eigenvalue

  template <Scalar S>
  struct State {
    detail::TopEigenvector<S> top;
    Vector<S> trial, trial_gradient;
    Value<S> trial_value;
    double shrink = 1;  ///< what taking back has made of c, recovering by 10 % a step
    Index since = 0;
    bool has_trial = false;

    template <class Archive>
    void persist(Archive& archive) {
      archive("top", top);
      archive("trial", trial);
      archive("trial_gradient", trial_gradient);
      archive("trial_loss", trial_value.loss);
      archive("trial_objective", trial_value.objective);
      archive("shrink", shrink);
      archive("since", since);
      archive("has_trial", has_trial);
    }
  };
  template <class P>
  auto start(const P& problem) const {
    using S = typename P::scalar_type;
    require(c > 0 && c < 2, "SharpnessRate: .c is ", c, ", it needs to be between 0 and 2");
    require(every > 0 && rounds > 0 && largest > 0, "SharpnessRate: .every, .rounds and .largest need to be positive");
    State<S> state;
    state.top.x = detail::random_direction<S>(problem.dimension(), 1);
    state.trial.resize(problem.dimension());
    state.trial_gradient.resize(problem.dimension());
    return state;
  }

  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, State<S>& state) const {
    if (state.has_trial && state.trial == step.theta) {
      step.value = state.trial_value;
      step.gradient.swap(state.trial_gradient);
    } else {
      step.value = problem.value_and_gradient(step.theta, ws, step.gradient);
      state.since = 0;
    }
    if (state.since == 0) estimate(problem, ws, step, state);
    state.since = (state.since + 1) % every;

    const double sharpest = state.top.value;
    double rate = sharpest * largest > c ? state.shrink * c / sharpest : largest;
    state.has_trial = true;
    for (int halvings = 0; halvings < 60; ++halvings, rate /= 2) {
      step.begin();
      step.scale(static_cast<S>(-rate));
      step.apply(state.trial);
      state.trial_value = problem.value_and_gradient(state.trial, ws, state.trial_gradient);
      if (state.trial_value.objective <= step.value.objective) {
        step.rate = rate;
        if (halvings > 0) state.since = 0;
        state.shrink = std::min(1.0, state.shrink * (halvings > 0 ? std::pow(0.5, halvings) : 1.1));
        return;
      }
    }
    step.stalled = true;
    step.rate = 0;
  }

  friend std::ostream& operator<<(std::ostream& out, const SharpnessRate& s) {
    return out << "SharpnessRate{.c = " << s.c << ", .every = " << s.every << ", .rounds = " << s.rounds << '}';
  }

 private:
  /// ws is linearised at step.theta here: either by the gradient just drawn, or by the accepted trial.
  template <class P, Scalar S>
  void estimate(const P& problem, typename P::Workspace& ws, const Step<S>& step, State<S>& state) const {
    if (state.has_trial && !(state.trial == step.theta)) return;
    state.top.improve([&](const Vector<S>& v, Vector<S>& hv) { problem.hessian_times_linearized(step.theta, v, ws, hv); }, 1e-2, rounds);
  }
};

}  // namespace tacit
