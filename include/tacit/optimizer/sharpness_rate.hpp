// SPDX-License-Identifier: MIT
#pragma once
// Gradient descent at the rate c / lambda_max(Hessian), safeguarded three ways, for reaching the end point of a gradient flow in few steps:
//   trust      no step is longer than trust |theta|. Where singular values take off one after another, this keeps the path close to the flow's:
//              large relative steps there let several grow at once, and the solution loses its low rank. On 48 draws of the main job's task (starts of
//              1e-3 and 1e-4) 0.003 ends at a relative error at most 0.0015 above GroupRMSprop's, but for one draw (0.022 against 0.014);
//              0.01 takes a third of the steps, and ends more than 0.003 above on 7 of them.
//   momentum   heavy ball, only while the rate is c / lambda_max and not the trust bound: along the long ill-conditioned end.
//   take back  a step that would raise the objective is undone: first its momentum goes, then its rate is halved until the objective does not rise.
// Near a saddle the Hessian is as small as theta, so the rate grows as the start shrinks and the run leaves in a few hundred steps;
// c < 2 is the stability limit of the quadratic model.
//
// It is a source, not a LearningRate, because only sources may ask for Hessian-vector products and trial values; the accepted trial is the
// next theta, whose gradient it then knows. Every `every` steps, and after a step was taken back, lambda_max is improved from its last
// eigenvector by `rounds` rounds of analysis/sharpness.hpp (one product each, and one to start). A step costs one gradient, one more for each trial taken back.

#include "../analysis/sharpness.hpp"
#include "chain.hpp"

namespace tacit {

struct SharpnessRate {
  using stage = SourceTag;
  static constexpr bool sets_rate = true;
  double c = 1;           ///< rate = c / sharpness, 0 < c < 2
  double momentum = 0.9;  ///< of the heavy ball, 0 for none
  double trust = 0.003;   ///< no step longer than this share of |theta|; infinity for no bound
  Index every = 10;       ///< steps between estimates
  Index rounds = 3;       ///< rounds of the eigensolver at each
  double largest = 1e12;  ///< no rate above this: where the Hessian has no positive eigenvalue

  template <Scalar S>
  struct State {
    detail::TopEigenvector<S> top;
    Vector<S> trial, trial_gradient, velocity;
    Value<S> trial_value;
    double shrink = 1;  ///< what taking back has made of c, recovering by 10 % a step
    Index since = 0;
    bool has_trial = false;

    template <class Archive>
    void persist(Archive& archive) {
      archive("top", top);
      archive("trial", trial);
      archive("trial_gradient", trial_gradient);
      archive("velocity", velocity);
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
    require(trust > 0, "SharpnessRate: .trust is ", trust, ", it needs to be positive");
    require(momentum >= 0 && momentum < 1, "SharpnessRate: .momentum is ", momentum, ", it needs to be in [0, 1)");
    State<S> state;
    state.top.x = detail::random_direction<S>(problem.dimension(), 1);
    state.trial.resize(problem.dimension());
    state.trial_gradient.resize(problem.dimension());
    state.velocity = Vector<S>::Zero(problem.dimension());
    return state;
  }

  template <class P, Scalar S>
  void draw(const P& problem, typename P::Workspace& ws, Step<S>& step, State<S>& state) const {
    if (state.has_trial && state.trial == step.theta) {
      if (step.elsewhere) {  // linearise anew; the same numbers come out, and they do not count as work
        const double gradients = ws.gradients;
        problem.value_and_gradient(step.theta, ws, step.gradient);
        ws.gradients = gradients;
      }
      step.value = state.trial_value;
      step.gradient.swap(state.trial_gradient);
    } else {
      step.value = problem.value_and_gradient(step.theta, ws, step.gradient);
      state.since = 0;
    }
    if (state.since == 0) estimate(problem, ws, step, state);
    state.since = (state.since + 1) % every;

    const double sharpest = state.top.value;
    double eta = sharpest * largest > c ? state.shrink * c / sharpest : largest;
    state.has_trial = true;
    const double longest = trust * static_cast<double>(step.theta.norm()) / static_cast<double>(step.gradient.norm());
    const bool bound = eta > longest;
    if (bound) {
      eta = longest;
      state.velocity.setZero();
    }
    bool coasting = momentum > 0 && !bound;
    for (int tries = 0, halvings = 0; tries < 60; ++tries) {
      step.begin();
      Vector<S>& update = step.replace();
      update = static_cast<S>(-eta) * step.gradient;
      if (coasting) update += static_cast<S>(momentum) * state.velocity;
      step.apply(state.trial);
      state.trial_value = problem.value_and_gradient(state.trial, ws, state.trial_gradient);
      if (state.trial_value.objective <= step.value.objective) {
        step.rate = eta;
        state.velocity = update;
        if (halvings > 0) state.since = 0;
        state.shrink = std::min(1.0, state.shrink * (halvings > 0 ? std::pow(0.5, halvings) : 1.1));
        return;
      }
      if (coasting) coasting = false;  // restart: the plain gradient step comes first
      else eta /= 2, ++halvings;
    }
    step.stalled = true;
    step.rate = 0;
  }

  friend std::ostream& operator<<(std::ostream& out, const SharpnessRate& s) {
    return out << "SharpnessRate{.c = " << s.c << ", .momentum = " << s.momentum << ", .trust = " << s.trust << ", .every = " << s.every
               << ", .rounds = " << s.rounds << '}';
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
