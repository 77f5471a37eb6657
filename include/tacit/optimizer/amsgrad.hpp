// SPDX-License-Identifier: MIT
#pragma once
// AMSGrad: Adam whose second moment never falls. m and v as in Adam (adam_scale.hpp), then
//   .maximum_of = SecondMoment::raw         w <- max(w, v),                 update = (m / (1 - b1^t)) / (sqrt(w / (1 - b2^t)) + eps)
// as PyTorch
//   .maximum_of = SecondMoment::corrected   w <- max(w, v / (1 - b2^t)),    update = (m / (1 - b1^t)) / (sqrt(w) + eps)
// as optax
// Three numbers per parameter.  [Reddi, Kale and Kumar 2018, algorithm 2, with Adam's bias corrections]

#include "adam_scale.hpp"
#include "full_gradient.hpp"
#include "learning_rate.hpp"

namespace tacit {

struct AmsGradScale {
  using stage = TransformTag;
  static constexpr std::string_view name = "AmsGradScale";
  static constexpr bool entrywise = true;
  double beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
  SecondMoment maximum_of = SecondMoment::raw;

  template <class Archive>
  void persist(Archive& archive) {
    archive("beta1", beta1);
    archive("beta2", beta2);
    archive("eps", eps);
    archive("maximum_of", maximum_of);
  }

  template <Scalar S>
  struct State {
    detail::Moments<S> moments;
    Vector<S> largest;
    template <class Archive>
    void persist(Archive& archive) {
      archive("moments", moments);
      archive("largest", largest);
    }
  };
  template <Scalar S>
  State<S> start(const Layout& layout) const {
    return {detail::start_moments<S>("AmsGradScale", *this, layout), Vector<S>::Zero(layout.parameter_count())};
  }
  template <Scalar S>
  void apply(Step<S>& step, State<S>& state) const {
    const Index t = ++state.moments.t;
    const S a1 = detail::one_minus<S>(beta1), a2 = detail::one_minus<S>(beta2), tiny = static_cast<S>(eps);
    const S cm = static_cast<S>(detail::bias_correction(beta1, t)), cv = static_cast<S>(detail::bias_correction(beta2, t));
    detail::entrywise(step, [&](Index at, Index n, const auto& g, auto& u) {
      auto m = detail::chunk_of(state.moments.m, at, n), v = detail::chunk_of(state.moments.v, at, n);
      auto w = detail::chunk_of(state.largest, at, n);
      detail::average(m, a1, g);
      detail::average(v, a2, g.square());
      if (maximum_of == SecondMoment::raw) {
        w = w.max(v);
        u = cm * m / ((cv * w).sqrt() + tiny);
      } else {
        w = w.max(cv * v);
        u = cm * m / (w.sqrt() + tiny);
      }
      if (tiny == S(0)) u = (w == S(0)).select(S(0), u);
    });
  }
};

struct AmsGradSettings {
  double rate = 1e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
  SecondMoment maximum_of = SecondMoment::raw;
};
inline auto amsgrad(AmsGradSettings o = {}) {
  return FullGradient{} | AmsGradScale{o.beta1, o.beta2, o.eps, o.maximum_of} | LearningRate{ConstantRate{o.rate}};
}

}  // namespace tacit
