// SPDX-License-Identifier: MIT
#pragma once
// RAdam: Adam whose rate is held back while the second moment is known from few steps. m and v as in Adam (adam_scale.hpp),
//   R = 2 / (1 - b2) - 1,   rho = R - 2 t b2^t / (1 - b2^t),   r^2 = (rho - 4) (rho - 2) R / ((R - 4) (R - 2) rho)
//   update = r (m / (1 - b1^t)) sqrt(1 - b2^t) / (sqrt(v) + eps)   once rho is above the threshold,   else m / (1 - b1^t)
// Named where programs differ (the defaults are PyTorch's):
//   .threshold   above_5 (PyTorch), from_5 (the authors' program and optax: rho >= 5), above_4 (the paper)
//   .before      momentum (PyTorch, the paper), or none: no step at all before the threshold (the authors' program by default)
//   .eps_beside  the root of the raw v (PyTorch, the authors), or of the corrected one (optax)
// The first steps are not free of the loss's scale. Two numbers per parameter.  [Liu, Jiang, He, Chen, Liu, Gao and Han 2020, algorithm 2]

#include "adam_scale.hpp"
#include "full_gradient.hpp"
#include "learning_rate.hpp"

namespace tacit {

enum class RadamThreshold { above_5, from_5, above_4 };
template <>
inline constexpr std::array names_of<RadamThreshold>{"above_5", "from_5", "above_4"};
/// The step taken while rho is below the threshold.
enum class RadamBefore { momentum, none };
template <>
inline constexpr std::array names_of<RadamBefore>{"momentum", "none"};

struct RadamScale {
  using stage = TransformTag;
  static constexpr std::string_view name = "RadamScale";
  static constexpr bool entrywise = true;
  double beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
  RadamThreshold threshold = RadamThreshold::above_5;
  RadamBefore before = RadamBefore::momentum;
  SecondMoment eps_beside = SecondMoment::raw;

  template <class Archive>
  void persist(Archive& archive) {
    archive("beta1", beta1);
    archive("beta2", beta2);
    archive("eps", eps);
    archive("threshold", threshold);
    archive("before", before);
    archive("eps_beside", eps_beside);
  }

  template <Scalar S>
  detail::Moments<S> start(const Layout& layout) const {
    return detail::start_moments<S>("RadamScale", *this, layout);
  }
  template <Scalar S>
  void apply(Step<S>& step, detail::Moments<S>& state) const {
    const double t = static_cast<double>(++state.t), power = std::pow(beta2, t);
    const double limit = 2 / (1 - beta2) - 1, rho = limit - 2 * t * power / (1 - power);
    const bool adaptive = threshold == RadamThreshold::above_4 ? rho > 4 : threshold == RadamThreshold::from_5 ? rho >= 5 : rho > 5;
    const double r = adaptive ? std::sqrt((rho - 4) * (rho - 2) * limit / ((limit - 4) * (limit - 2) * rho)) : 1;
    const double c1 = 1 - std::pow(beta1, t), root_c2 = std::sqrt(1 - power);
    const S a1 = detail::one_minus<S>(beta1), a2 = detail::one_minus<S>(beta2);
    // eps beside sqrt(v / c2) is eps sqrt(c2) beside sqrt(v)
    const S tiny = static_cast<S>(eps_beside == SecondMoment::raw ? eps : eps * root_c2);
    const S scale = static_cast<S>(adaptive ? r * root_c2 / c1 : before == RadamBefore::momentum ? 1 / c1 : 0);
    detail::entrywise(step, [&](Index at, Index n, const auto& g, auto& u) {
      auto m = detail::chunk_of(state.m, at, n), v = detail::chunk_of(state.v, at, n);
      detail::average(m, a1, g);
      detail::average(v, a2, g.square());
      u = scale * m;
      if (adaptive) detail::divide_by_root(u, u, v, tiny, EpsPlace::outside);
    });
  }
};

struct RadamSettings {
  double rate = 1e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
  RadamThreshold threshold = RadamThreshold::above_5;
  RadamBefore before = RadamBefore::momentum;
  SecondMoment eps_beside = SecondMoment::raw;
};
inline auto radam(RadamSettings o = {}) {
  return FullGradient{} | RadamScale{o.beta1, o.beta2, o.eps, o.threshold, o.before, o.eps_beside} | LearningRate{ConstantRate{o.rate}};
}

}  // namespace tacit
