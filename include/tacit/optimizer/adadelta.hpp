// SPDX-License-Identifier: MIT
#pragma once
// AdaDelta:  v <- v + (1 - rho) (u^2 - v),  d = sqrt(a + eps) / sqrt(v + eps) u,  a <- a + (1 - rho) (d^2 - a),  update d.
// eps stands inside both roots, and d is made with the old a. Since a begins at 0, nothing would ever move with eps = 0: it is refused.
// Two numbers per
// parameter.  [Zeiler 2012, algorithm 1; PyTorch's defaults]

#include "entrywise.hpp"
#include "full_gradient.hpp"
#include "learning_rate.hpp"

namespace tacit {

struct AdaDeltaScale {
  using stage = TransformTag;
  static constexpr std::string_view name = "AdaDeltaScale";
  static constexpr bool entrywise = true;
  double rho = 0.9, eps = 1e-6;

  template <class Archive>
  void persist(Archive& archive) {
    archive("rho", rho);
    archive("eps", eps);
  }

  template <Scalar S>
  struct State {
    Vector<S> v, a;
    template <class Archive>
    void persist(Archive& archive) {
      archive("v", v);
      archive("a", a);
    }
  };
  template <Scalar S>
  State<S> start(const Layout& layout) const {
    detail::require_decay("AdaDeltaScale", "rho", rho);
    require(eps > 0, "AdaDeltaScale: .eps is ", eps, ", it needs to be positive: without it no step has a length");
    return {Vector<S>::Zero(layout.parameter_count()), Vector<S>::Zero(layout.parameter_count())};
  }
  template <Scalar S>
  void apply(Step<S>& step, State<S>& state) const {
    const S weight = detail::one_minus<S>(rho), tiny = static_cast<S>(eps);
    detail::entrywise(step, [&](Index at, Index n, const auto& g, auto& u) {
      auto v = detail::chunk_of(state.v, at, n), a = detail::chunk_of(state.a, at, n);
      detail::average(v, weight, g.square());
      u = g * ((a + tiny).sqrt() / (v + tiny).sqrt());
      detail::average(a, weight, u.square());
    });
  }
};

struct AdaDeltaSettings {
  double rate = 1, rho = 0.9, eps = 1e-6;
};
inline auto adadelta(AdaDeltaSettings o = {}) { return FullGradient{} | AdaDeltaScale{o.rho, o.eps} | LearningRate{ConstantRate{o.rate}}; }

}  // namespace tacit
