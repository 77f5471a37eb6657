// SPDX-License-Identifier: MIT
#pragma once
// Nonlinear conjugate gradients, Polak and Ribiere's with non-negative beta (PR+):
//   beta = max(0, g^T (g - g_old) / |g_old|^2),   d = -g + beta d_old,   d = -g where that does not descend.          [Nocedal & Wright, eq. (5.44), (5.45)]
// It wants an accurate search: StrongWolfe with c2 at most 0.4 (0.1 is usual), or ExactLineSearch; on a quadratic with the latter it ends in P steps.
// State: 2 numbers a parameter, the last direction and gradient.

#include "strong_wolfe.hpp"

namespace tacit {

struct ConjugateGradient {
  using stage = TransformTag;
  static constexpr std::string_view name = "ConjugateGradient";
  Index restart = 0;  ///< d = -g every so many steps; 0: only where it has to be

  template <class Archive>
  void persist(Archive& archive) {
    archive("restart", restart);
  }

  template <Scalar S>
  struct State {
    Vector<S> direction, gradient;  ///< -d and g of the last step
    Index since = 0;                ///< steps since the last restart; 0 before the first
    template <class Archive>
    void persist(Archive& archive) {
      archive("direction", direction);
      archive("gradient", gradient);
      archive("since", since);
    }
  };
  template <Scalar S>
  State<S> start(const Layout& layout) const {
    require(restart >= 0, "ConjugateGradient: .restart is ", restart, ", it needs to be at least 0");
    return {Vector<S>::Zero(layout.parameter_count()), Vector<S>::Zero(layout.parameter_count()), 0};
  }
  template <Scalar S>
  void apply(Step<S>& step, State<S>& state) const {
    Vector<S>& g = step.own();
    const S before = state.gradient.squaredNorm();
    S beta = 0;
    if (state.since > 0 && state.since != restart && before > 0) beta = std::max(S(0), g.dot(g - state.gradient) / before);
    state.direction = g + beta * state.direction;
    if (beta > 0 && !(g.dot(state.direction) > 0)) state.direction = g, beta = 0;
    state.gradient = g;
    state.since = beta > 0 ? state.since + 1 : 1;
    g = state.direction;
  }
};

struct ConjugateGradientSettings {
  double c1 = 1e-4, c2 = 0.1;  ///< of the strong Wolfe conditions
  Index restart = 0;
};
/// Conjugate gradients with a line search for the strong Wolfe conditions, that begins where it expects the last step's decrease.
inline auto conjugate_gradient(ConjugateGradientSettings o = {}) {
  return FullGradient{} | ConjugateGradient{.restart = o.restart} | StrongWolfe{.c1 = o.c1, .c2 = o.c2, .begin = FirstTrial::same_decrease};
}

}  // namespace tacit
