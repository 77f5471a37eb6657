// SPDX-License-Identifier: MIT
#pragma once
// Adam's entrywise scaling:  m <- m + (1 - b1) (u - m),  v <- v + (1 - b2) (u^2 - v),  update = (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps).
// [Kingma & Ba 2015, with PyTorch's defaults]  Fused over chunks that stay in the first-level cache.

#include <cmath>

#include "momentum.hpp"

namespace tacit {

struct AdamScale {
  using stage = TransformTag;
  static constexpr std::string_view name = "AdamScale";
  double beta1 = 0.9, beta2 = 0.999, eps = 1e-8;

  template <class Archive>
  void persist(Archive& archive) {
    archive("beta1", beta1);
    archive("beta2", beta2);
    archive("eps", eps);
  }

  template <Scalar S>
  struct State {
    Vector<S> m, v;
    Index t = 0;
    template <class Archive>
    void persist(Archive& archive) {
      archive("m", m);
      archive("v", v);
      archive("t", t);
    }
  };
  template <Scalar S>
  State<S> start(const Layout& layout) const {
    detail::require_decay("AdamScale", "beta1", beta1);
    detail::require_decay("AdamScale", "beta2", beta2);
    require(eps > 0, "AdamScale: .eps is ", eps, ", it needs to be positive");
    return {Vector<S>::Zero(layout.parameter_count()), Vector<S>::Zero(layout.parameter_count()), 0};
  }
  template <Scalar S>
  void apply(Step<S>& step, State<S>& state) const {
    ++state.t;
    const double t = static_cast<double>(state.t);
    const S a1 = static_cast<S>(1 - beta1), a2 = static_cast<S>(1 - beta2),
            tiny = static_cast<S>(eps);  // exact also in float, where 1 - float(beta2) is not
    const S cm = static_cast<S>(1 / (1 - std::pow(beta1, t))), cv = static_cast<S>(1 / (1 - std::pow(beta2, t)));
    const S factor = step.factor();
    const S* from = step.direction().data();
    Vector<S>& update = step.replace();
    constexpr Index chunk = 1024;
    for (Index at = 0; at < update.size(); at += chunk) {
      const Index n = std::min(chunk, update.size() - at);
      const Eigen::Map<const Vector<S>> raw(from + at, n);
      auto m = state.m.segment(at, n), v = state.v.segment(at, n);
      auto out = update.segment(at, n);
      out = factor * raw;
      m += a1 * (out - m);
      v += a2 * (out.cwiseAbs2() - v);
      out = (cm * m.array() / ((cv * v.array()).sqrt() + tiny)).matrix();
    }
  }
};

}  // namespace tacit
