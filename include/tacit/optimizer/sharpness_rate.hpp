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
// It is a search: the direction of the stages before it is tried, and an accepted trial is the next theta, whose gradient is then known. Alone it stands
// behind FullGradient. Every `every` steps, and after a step was taken back, lambda_max is improved from its last eigenvector by `rounds` rounds of
// analysis/sharpness.hpp (one product each, and one to start). A step costs one gradient, one more for each trial taken back.

#include "../analysis/sharpness.hpp"
#include "full_gradient.hpp"

namespace tacit {

struct SharpnessRate {
  using stage = SearchTag;
  static constexpr std::string_view name = "SharpnessRate";
  double c = 1;           ///< rate = c / sharpness, 0 < c < 2
  double momentum = 0.9;  ///< of the heavy ball, 0 for none
  double trust = 0.003;   ///< no step longer than this share of |theta|; infinity for no bound
  Index every = 10;       ///< steps between estimates
  Index rounds = 3;       ///< rounds of the eigensolver at each
  double largest = 1e12;  ///< no rate above this: where the Hessian has no positive eigenvalue

  template <class Archive>
  void persist(Archive& archive) {
    archive("c", c);
    archive("momentum", momentum);
    archive("trust", trust);
    archive("every", every);
    archive("rounds", rounds);
    archive("largest", largest);
  }

  template <Scalar S>
  struct State {
    detail::TopEigenvector<S> top;
    Vector<S> direction, velocity;
    double shrink = 1;  ///< what taking back has made of c, recovering by 10 % a step
    Index since = 0;

    template <class Archive>
    void persist(Archive& archive) {
      archive("top", top);
      archive("velocity", velocity);
      archive("shrink", shrink);
      archive("since", since);
    }
  };
  template <class P>
  auto start(const P& problem) const {
    using S = typename P::scalar_type;
    detail::require_hessian_products("SharpnessRate", problem);
    require(c > 0 && c < 2, "SharpnessRate: .c is ", c, ", it needs to be between 0 and 2");
    require(every > 0, "SharpnessRate: .every is ", every, ", it needs to be at least 1");
    require(rounds > 0, "SharpnessRate: .rounds is ", rounds, ", it needs to be at least 1");
    require(largest > 0, "SharpnessRate: .largest is ", largest, ", it needs to be positive");
    require(trust > 0, "SharpnessRate: .trust is ", trust, ", it needs to be positive");
    require(momentum >= 0 && momentum < 1, "SharpnessRate: .momentum is ", momentum, ", it needs to be in [0, 1)");
    State<S> state;
    state.top.x = detail::random_direction<S>(problem.dimension(), 1);
    state.direction.resize(problem.dimension());
    state.velocity = Vector<S>::Zero(problem.dimension());
    return state;
  }

  template <class P, Scalar S>
  void search(const P& problem, typename P::Workspace& ws, Step<S>& step, State<S>& state) const {
    if (state.since == 0)
      state.top.improve([&](const Vector<S>& v, Vector<S>& hv) { step.hessian_times(problem, ws, v, hv); }, 1e-2, rounds);
    state.since = (state.since + 1) % every;
    state.direction = step.factor() * step.direction();

    const double sharpest = state.top.value;
    double eta = sharpest * largest > c ? state.shrink * c / sharpest : largest;
    const double longest = trust * static_cast<double>(step.theta.norm()) / static_cast<double>(state.direction.norm());
    const bool bound = eta > longest;
    if (bound) {
      eta = longest;
      state.velocity.setZero();
    }
    bool coasting = momentum > 0 && !bound;
    for (int tries = 0, halvings = 0; tries < 60; ++tries) {
      Vector<S>& update = step.replace();
      update = static_cast<S>(-eta) * state.direction;
      if (coasting) update += static_cast<S>(momentum) * state.velocity;
      if (step.look_ahead(problem, ws).value.objective <= step.value.objective) {
        // Taken back until nothing moves: the direction climbs, or the objective has a wall here.
        if (state.shrink < 1e-3 &&
            std::equal(update.data(), update.data() + update.size(), step.theta.data(), [](S u, S x) { return x + u == x; }))
          return step.stall("SharpnessRate: the step that does not raise the objective is below the rounding of theta");
        step.rate = eta;
        state.velocity = update;
        if (halvings > 0) state.since = 0;
        state.shrink = std::min(1.0, state.shrink * (halvings > 0 ? std::pow(0.5, halvings) : 1.1));
        return;
      }
      if (coasting) coasting = false;  // restart: the plain step comes first
      else eta /= 2, ++halvings;
    }
    step.stall();
  }
};

}  // namespace tacit
