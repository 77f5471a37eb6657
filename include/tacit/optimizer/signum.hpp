// SPDX-License-Identifier: MIT
#pragma once
// Signum: the sign of an average,  m <- m + (1 - beta) (u - m),  update = sign(m), with sign(0) = 0. With beta = 0 it is sign descent.
// One number per
// parameter.  [Bernstein, Wang, Azizzadenesheli and Anandkumar 2018, algorithm 2]

#include "full_gradient.hpp"
#include "learning_rate.hpp"
#include "momentum.hpp"

namespace tacit {

struct SignumScale {
  using stage = TransformTag;
  static constexpr std::string_view name = "SignumScale";
  static constexpr bool entrywise = true;
  double beta = 0.9;

  template <class Archive>
  void persist(Archive& archive) {
    archive("beta", beta);
  }

  template <Scalar S>
  struct State {
    Vector<S> m;
    template <class Archive>
    void persist(Archive& archive) {
      archive("m", m);
    }
  };
  template <Scalar S>
  State<S> start(const Layout& layout) const {
    detail::require_decay("SignumScale", "beta", beta);
    return {Vector<S>::Zero(layout.parameter_count())};
  }
  template <Scalar S>
  void apply(Step<S>& step, State<S>& state) const {
    const S a = detail::one_minus<S>(beta);
    const bool all = a == S(1);  // exactly the gradient then
    detail::entry_by_entry(step, [a, all, m = state.m.data()](Index k, S g) {
      m[k] = all ? g : m[k] + a * (g - m[k]);
      return detail::sign_of(m[k]);
    });
  }
};

struct SignumSettings {
  double rate = 1e-2, beta = 0.9;
};
inline auto signum(SignumSettings o = {}) { return FullGradient{} | SignumScale{o.beta} | LearningRate{ConstantRate{o.rate}}; }

}  // namespace tacit
