// SPDX-License-Identifier: MIT
#pragma once
// Exponentiated gradient: steps that multiply. In three forms, by name:  [Kivinen & Warmuth 1997]
//   positive   theta <- theta exp(-eta g)                       needs theta >= 0; zeros stay zero
//   simplex    the same, then divided by the sum of theta      a constant added to g changes nothing
//   both_signs theta = w+ - w-,  w+ <- w+ exp(-eta g),  w- <- w- exp(eta g);  starts at w+ w- = beta^2 / 4, which it keeps
// A negative entry in the first two forms leaves no step. Sets the rate itself. State: none; both_signs keeps w+ and w- (2 per parameter:
// their difference alone would lose the digits of the smaller one).

#include "mirror_descent.hpp"

namespace tacit {

enum class ExponentiatedForm { positive, simplex, both_signs };
template <>
inline constexpr std::array<const char*, 3> names_of<ExponentiatedForm>{"positive", "simplex", "both_signs"};

template <class Schedule = ConstantRate>
struct ExponentiatedGradient {
  using stage = TransformTag;
  static constexpr std::string_view name = "ExponentiatedGradient";
  static constexpr bool sets_rate = true;
  Schedule schedule;
  ExponentiatedForm form = ExponentiatedForm::positive;
  double beta = std::numeric_limits<double>::quiet_NaN();  ///< of both_signs

  template <class A>
  void persist(A& archive) {
    detail::persist_schedule(archive, schedule);
    archive("form", form);
    archive("beta", beta);
  }

  template <Scalar S>
  struct State {
    Vector<S> plus, minus;
    template <class A>
    void persist(A& archive) {
      archive("plus", plus);
      archive("minus", minus);
    }
  };
  template <Scalar S>
  State<S> start(const Layout& layout) const {
    detail::first_rate("ExponentiatedGradient", schedule);
    const bool both = form == ExponentiatedForm::both_signs;
    if (both) detail::require_beta("ExponentiatedGradient", beta);
    const Index size = both ? layout.parameter_count() : 0;
    return {Vector<S>::Zero(size), Vector<S>::Zero(size)};
  }
  template <Scalar S>
  void apply(Step<S>& step, State<S>& state) const {
    const double eta = schedule(step.iteration);
    const S c = -static_cast<S>(eta) * step.factor();
    const Vector<S>&g = step.direction(), &theta = step.theta;
    if (form != ExponentiatedForm::both_signs && theta.minCoeff() < 0)
      return step.stall("ExponentiatedGradient: theta has a negative entry; .form = ExponentiatedForm::both_signs takes any");
    Vector<S>& next = step.replace_next();
    step.rate = eta;
    if (form == ExponentiatedForm::both_signs) {
      for (Index i = 0; i < g.size(); ++i) {
        S &plus = state.plus[i], &minus = state.minus[i];
        if (plus - minus != theta[i] || plus == 0) split(theta[i], plus, minus);  // at the start, and where theta was set from outside
        plus *= std::exp(c * g[i]);
        minus *= std::exp(-c * g[i]);
        next[i] = plus - minus;
      }
      return;
    }
    const S shift = form == ExponentiatedForm::simplex ? (c * g).maxCoeff() : S(0);
    S sum = 0;
    for (Index i = 0; i < g.size(); ++i) sum += next[i] = theta[i] * std::exp(c * g[i] - shift);
    if (form == ExponentiatedForm::simplex) {
      if (!(sum > 0)) return step.stall("ExponentiatedGradient: theta sums to zero, which is no point of the simplex");
      next /= sum;
    }
  }

 private:
  /// w+ - w- = theta, w+ w- = beta^2 / 4, each to full precision.
  template <Scalar S>
  void split(S theta, S& plus, S& minus) const {
    const S b = static_cast<S>(beta), larger = (std::hypot(theta, b) + std::abs(theta)) / 2, smaller = b * b / (4 * larger);
    plus = theta >= 0 ? larger : smaller;
    minus = theta >= 0 ? smaller : larger;
  }
};

struct ExponentiatedGradientSettings {
  Required<double> rate;
  ExponentiatedForm form = ExponentiatedForm::positive;
  double beta = std::numeric_limits<double>::quiet_NaN();
};
inline auto exponentiated_gradient(ExponentiatedGradientSettings o) {
  return FullGradient{} | ExponentiatedGradient<>{{o.rate}, o.form, o.beta};
}

}  // namespace tacit
