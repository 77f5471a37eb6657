// SPDX-License-Identifier: MIT
#pragma once
// Mirror descent with the hyperbolic entropy of scale beta: the mirror map is arcsinh(theta / beta).  [Ghai, Hazan & Singer 2020]
//   theta <- beta sinh(arcsinh(theta / beta) - eta g),  entrywise
// beta -> 0 acts multiplicatively, beta -> infinity with eta / beta as the rate is gradient descent. It equals exponentiated gradient on
// theta = w+ - w- with w+ w- = beta^2 / 4 (exponentiated_gradient.hpp), and its flow is the flow of u^2 - v^2 from u = v = alpha, beta = 2
// alpha^2, at a quarter of the speed. On the singular values of blocks: spectral_mirror_descent.hpp. Sets the rate itself, because no
// multiple of a direction leads there. No state.

#include <cmath>
#include <limits>

#include "full_gradient.hpp"
#include "learning_rate.hpp"
#include "required.hpp"

namespace tacit {

namespace detail {
template <class Schedule>
double first_rate(const char* who, const Schedule& schedule) {
  const double first = schedule(0);
  require(std::isfinite(first) && first > 0, who, ": the rate is ", first, ", it needs to be positive and finite");
  return first;
}
inline void require_beta(const char* who, double beta) {
  require(std::isfinite(beta) && beta > 0, who, ": .beta is ", beta, ", it needs to be given and positive");
}
}  // namespace detail

template <class Schedule = ConstantRate>
struct MirrorDescent {
  using stage = TransformTag;
  static constexpr std::string_view name = "MirrorDescent";
  static constexpr bool sets_rate = true;
  Schedule schedule;
  double beta = std::numeric_limits<double>::quiet_NaN();

  template <class A>
  void persist(A& archive) {
    detail::persist_schedule(archive, schedule);
    archive("beta", beta);
  }

  template <Scalar S>
  Nothing start(const Layout&) const {
    detail::first_rate("MirrorDescent", schedule);
    detail::require_beta("MirrorDescent", beta);
    return {};
  }
  template <Scalar S>
  void apply(Step<S>& step, Nothing&) const {
    const double eta = schedule(step.iteration);
    const S scale = static_cast<S>(beta), c = static_cast<S>(eta) * step.factor();
    const Vector<S>& g = step.direction();
    Vector<S>& next = step.replace_next();
    for (Index i = 0; i < g.size(); ++i) next[i] = scale * std::sinh(std::asinh(step.theta[i] / scale) - c * g[i]);
    step.rate = eta;
  }
};

struct MirrorDescentSettings {
  Required<double> rate, beta;
};
inline auto mirror_descent(MirrorDescentSettings o) { return FullGradient{} | MirrorDescent<>{{o.rate}, o.beta}; }

}  // namespace tacit
