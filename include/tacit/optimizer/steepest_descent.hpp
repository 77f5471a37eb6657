// SPDX-License-Identifier: MIT
#pragma once
// Steepest descent for the entrywise p-norm, p in [1, inf], with 1/p + 1/q = 1:
//   d = sign(g) |g|^(q-1) / |g|_q^(q-1),  so that  <g, d> = |g|_q  and  |d|_p = 1;   update d, or |g|_q d with .dual  [Bernstein & Newhouse]
// p = 2 is the normalised gradient (.dual: gradient descent), p = inf the sign (.dual: times |g|_1), p = 1 moves only the entry of largest
// |g|, the first of equals. g = 0 gives 0. The norm is taken over all of theta; over the singular values of each block:
// schatten_descent.hpp. No state.

#include <cmath>
#include <limits>

#include "full_gradient.hpp"
#include "learning_rate.hpp"
#include "required.hpp"

namespace tacit {

namespace detail {

inline void require_p(const char* who, double p) { require(p >= 1, who, ": .p is ", p, ", it needs to be in [1, inf]"); }

/// g becomes d; returns |g|_q.
template <Scalar S>
S to_steepest(double p, Out<S> g) {
  if (g.size() == 0) return 0;
  Index top = 0;
  const S largest = g.cwiseAbs().maxCoeff(&top);
  if (largest == 0) return 0;
  if (p == 1) {
    const S sign = g[top] > 0 ? S(1) : S(-1);
    g.setZero();
    g[top] = sign;
    return largest;
  }
  if (std::isinf(p)) {
    const S sum = g.template lpNorm<1>();
    g = g.array().sign().matrix();
    return sum;
  }
  if (p == 2) {
    const S norm = largest * (g / largest).norm();
    g /= norm;
    return norm;
  }
  const S q = static_cast<S>(p / (p - 1)), less = static_cast<S>(1 / (p - 1));  // q and q - 1
  S sum = 0;
  for (const S entry : g) sum += std::pow(std::abs(entry) / largest, q);
  const S by = std::pow(sum, less / q);
  for (S& entry : g) entry = std::copysign(std::pow(std::abs(entry) / largest, less) / by, entry);
  return largest * std::pow(sum, 1 / q);
}

}  // namespace detail

struct SteepestDescent {
  using stage = TransformTag;
  static constexpr std::string_view name = "SteepestDescent";
  double p = std::numeric_limits<double>::quiet_NaN();
  bool dual = false;

  template <class A>
  void persist(A& archive) {
    archive("p", p);
    archive("dual", dual);
  }

  template <Scalar S>
  Nothing start(const Layout&) const {
    detail::require_p("SteepestDescent", p);
    return {};
  }
  template <Scalar S>
  void apply(Step<S>& step, Nothing&) const {
    const S norm = detail::to_steepest<S>(p, step.own());
    if (dual) step.scale(norm);
  }
};

struct SteepestDescentSettings {
  Required<double> rate, p;
  bool dual = false;
};
inline auto steepest_descent(SteepestDescentSettings o) {
  return FullGradient{} | SteepestDescent{o.p, o.dual} | LearningRate{ConstantRate{o.rate}};
}

}  // namespace tacit
