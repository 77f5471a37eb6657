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
    const bool all = a1 == S(1);  // exactly the gradient then
    detail::entry_by_entry(step, [a1, b2, tiny, cm, all, m = state.m.data(), w = state.v.data()](Index k, S g) {
      const S mean = all ? g : m[k] + a1 * (g - m[k]), largest = std::max(b2 * w[k], std::abs(g) + tiny);
      m[k] = mean;
      w[k] = largest;
      return largest == S(0) ? S(0) : cm * mean / largest;  // 0 / 0 is 0, where eps is 0
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
