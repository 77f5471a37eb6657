// SPDX-License-Identifier: MIT
#pragma once
// Nesterov's method with the momentum of convex problems, mu_t = (t - 1) / (t + 2) in step t = 1, 2, ...:
//   v <- mu_{t-1} v + u,   update u + mu_t v
// so that the iterates are the look-ahead points y_t of  x_t = y_{t-1} - eta g(y_{t-1}),  y_t = x_t + mu_t (x_t - x_{t-1}).  On a convex
// function with
// eta <= 1 / L the value at x_t falls as 1 / t^2. One number per parameter.           [Nesterov 1983, in the form of Su, Boyd and Candes
// 2014, eq. (1)]

#include "entrywise.hpp"
#include "full_gradient.hpp"
#include "learning_rate.hpp"
#include "required.hpp"

namespace tacit {

struct NesterovConvex {
  using stage = TransformTag;
  static constexpr std::string_view name = "NesterovConvex";
  static constexpr bool entrywise = true;
  static constexpr bool behind_rate = true;
  template <class Archive>
  void persist(Archive&) {}

  template <Scalar S>
  struct State {
    Vector<S> velocity;
    Index t = 0;
    template <class Archive>
    void persist(Archive& archive) {
      archive("velocity", velocity);
      archive("t", t);
    }
  };
  template <Scalar S>
  State<S> start(const Layout& layout) const {
    return {Vector<S>::Zero(layout.parameter_count()), 0};
  }
  template <Scalar S>
  void apply(Step<S>& step, State<S>& state) const {
    const double t = static_cast<double>(++state.t);
    const S last = static_cast<S>(t > 1 ? (t - 2) / (t + 1) : 0), now = static_cast<S>((t - 1) / (t + 2));
    detail::entrywise(step, [&](Index at, Index n, const auto& g, auto& u) {
      auto v = detail::chunk_of(state.velocity, at, n);
      v = last * v + g;
      u = g + now * v;
    });
  }
};

struct NesterovConvexSettings {
  Required<double> rate;
};
/// Nesterov's accelerated gradient for convex problems.
inline auto nesterov_convex(NesterovConvexSettings o) { return FullGradient{} | NesterovConvex{} | LearningRate{ConstantRate{o.rate}}; }

}  // namespace tacit
