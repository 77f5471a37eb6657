// SPDX-License-Identifier: MIT
#pragma once
// Adam's entrywise scaling:  m <- m + (1 - b1) (u - m),  v <- v + (1 - b2) (u^2 - v),  update = (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t))
// + eps).
// With eps = 0, multiplying the loss by a power of two changes no bit of the update, 0 / 0 counts as 0, and b1 = b2 = 0 gives the signs
// of the gradient.
// Two numbers per parameter.  [Kingma and Ba 2015, algorithm 1, with PyTorch's defaults]

#include "momentum.hpp"

namespace tacit {

namespace detail {
/// The moments that Adam and its kin average.
template <Scalar S>
struct Moments {
  Vector<S> m, v;
  Index t = 0;
  template <class Archive>
  void persist(Archive& archive) {
    archive("m", m);
    archive("v", v);
    archive("t", t);
  }
};
template <Scalar S, class Settings>
Moments<S> start_moments(const char* who, const Settings& s, const Layout& layout) {
  require_decay(who, "beta1", s.beta1);
  require_decay(who, "beta2", s.beta2);
  require_not_negative(who, "eps", s.eps);
  return {Vector<S>::Zero(layout.parameter_count()), Vector<S>::Zero(layout.parameter_count()), 0};
}
/// 1 / (1 - beta^t), what corrects an average that began at 0.
inline double bias_correction(double beta, Index t) { return 1 / (1 - std::pow(beta, static_cast<double>(t))); }
}  // namespace detail

struct AdamScale {
  using stage = TransformTag;
  static constexpr std::string_view name = "AdamScale";
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
    return detail::start_moments<S>("AdamScale", *this, layout);
  }
  template <Scalar S>
  void apply(Step<S>& step, detail::Moments<S>& state) const {
    ++state.t;
    const S a1 = detail::one_minus<S>(beta1), a2 = detail::one_minus<S>(beta2), tiny = static_cast<S>(eps);
    const S cm = static_cast<S>(detail::bias_correction(beta1, state.t)), cv = static_cast<S>(detail::bias_correction(beta2, state.t));
    detail::divide_by_root(step, tiny, EpsPlace::outside, [&](Index at, Index n, const auto& g) {
      auto m = detail::chunk_of(state.m, at, n), v = detail::chunk_of(state.v, at, n);
      detail::average(m, a1, g);
      detail::average(v, a2, g.square());
      return std::pair{cm * m, cv * v};
    });
  }
};

}  // namespace tacit
