// SPDX-License-Identifier: MIT
#pragma once
// What the transforms that treat every entry alike share: one pass over the update in chunks that stay in the first-level cache, so that a rule of several
// vector operations reads and writes each array once; the place of eps; and division where 0 / 0 is 0, for rules with eps = 0.

#include <algorithm>
#include <cmath>

#include "chain.hpp"

namespace tacit {

/// Where eps stands beside the root of a second moment v.
enum class EpsPlace {
  outside,  ///< sqrt(v) + eps, as PyTorch has it
  inside    ///< sqrt(v + eps), as optax has it
};
template <>
inline constexpr std::array names_of<EpsPlace>{"outside", "inside"};

/// Which second moment a setting speaks of.
enum class SecondMoment {
  raw,       ///< v itself
  corrected  ///< v / (1 - beta2^t)
};
template <>
inline constexpr std::array names_of<SecondMoment>{"raw", "corrected"};

namespace detail {

inline void require_decay(const char* who, const char* name, double beta) {
  require(beta >= 0 && beta < 1, who, ": .", name, " is ", beta, ", it needs to be in [0, 1)");
}
inline void require_not_negative(const char* who, const char* name, double x) {
  require(x >= 0, who, ": .", name, " is ", x, ", it needs to be at least 0");
}
inline void require_positive(const char* who, const char* name, double x) {
  require(x > 0, who, ": .", name, " is ", x, ", it needs to be positive");
}

/// 1 - beta in double, then rounded: in float, 1 - float(beta) has lost digits.
template <Scalar S>
S one_minus(double beta) {
  return static_cast<S>(1 - beta);
}

/// Calls rule(at, n, u) for one chunk after another: the array u of length n holds factor * direction from entry `at` on, and is to be overwritten with the
/// new update.
template <Scalar S, class Rule>
void entrywise(Step<S>& step, Rule&& rule) {
  constexpr Index chunk = 1024;
  const S factor = step.factor();
  const S* from = step.direction().data();
  Vector<S>& update = step.replace();
  for (Index at = 0; at < update.size(); at += chunk) {
    const Index n = std::min(chunk, update.size() - at);
    const Eigen::Map<const Eigen::Array<S, Eigen::Dynamic, 1>> given(from + at, n);
    Eigen::Map<Eigen::Array<S, Eigen::Dynamic, 1>> u(update.data() + at, n);
    u = factor * given;
    rule(at, n, u);
  }
}

/// Entries `at` ... of a vector of the state, as an array.
template <Scalar S>
Eigen::Map<Eigen::Array<S, Eigen::Dynamic, 1>> chunk_of(Vector<S>& x, Index at, Index n) {
  return {x.data() + at, n};
}

/// m <- m + weight (x - m); with the weight 1 exactly x.
template <Scalar S, class M, class X>
void average(M& m, S weight, const X& x) {
  if (weight == S(1)) m = x;
  else m += weight * (x - m);
}

/// u / (sqrt(v) + eps), or u / sqrt(v + eps).
template <Scalar S, class U, class V>
void divide_by_root(U& u, const V& v, S eps, EpsPlace place) {
  if (place == EpsPlace::inside) u /= (v + eps).sqrt();
  else u /= v.sqrt() + eps;
  if (eps == S(0)) u = (v == S(0)).select(S(0), u);
}

/// 1 where x > 0, -1 where x < 0, else 0.
template <class U>
void replace_by_signs(U& u) {
  using S = typename U::Scalar;
  S* x = u.data();
  for (Index k = 0; k < u.size(); ++k) x[k] = static_cast<S>(x[k] > S(0)) - static_cast<S>(x[k] < S(0));
}

}  // namespace detail

}  // namespace tacit
