// SPDX-License-Identifier: MIT
#pragma once
// Adamax: Adam with the maximum norm in place of the second moment,  m <- m + (1 - b1) (u - m),  w <- max(b2 w, |u| + eps),  update = (m
// / (1 - b1^t)) / w.
// eps is PyTorch's, the paper has none: with eps = 0, 0 / 0 counts as 0. Two numbers per parameter.  [Kingma and Ba 2015, algorithm 2]

#include "adam_scale.hpp"
#include "full_gradient.hpp"
#include "learning_rate.hpp"

namespace tacit {

struct AdamaxScale {
  using stage = TransformTag;
  static constexpr std::string_view name = "AdamaxScale";
  static constexpr bool entrywise = true;
  double beta1 = 0.9, beta2 = 0.999, eps = 1e-8;

  template <class Archive>
  void persist(Archive& archive) {
    archive("beta1", beta1);
    archive("beta2", beta2);
    archive("eps", eps);
  }

  template <Scalar S>
  detail::Moments<S> start(const Layout& layout) const {
    return detail::start_moments<S>("AdamaxScale", *this, layout);
  }
  template <Scalar S>
  void apply(Step<S>& step, detail::Moments<S>& state) const {
    const S a1 = detail::one_minus<S>(beta1), b2 = static_cast<S>(beta2), tiny = static_cast<S>(eps);
    const S cm = static_cast<S>(detail::bias_correction(beta1, ++state.t));
    detail::entrywise(step, [&](Index at, Index n, const auto& g, auto& u) {
      auto m = detail::chunk_of(state.m, at, n), w = detail::chunk_of(state.v, at, n);
      detail::average(m, a1, g);
      w = (b2 * w).max(g.abs() + tiny);
      u = cm * m / w;
      if (tiny == S(0)) u = (w == S(0)).select(S(0), u);
    });
  }
};

struct AdamaxSettings {
  double rate = 2e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
};
inline auto adamax(AdamaxSettings o = {}) {
  return FullGradient{} | AdamaxScale{o.beta1, o.beta2, o.eps} | LearningRate{ConstantRate{o.rate}};
}

}  // namespace tacit
