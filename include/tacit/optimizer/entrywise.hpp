// SPDX-License-Identifier: MIT
#pragma once
// What the transforms that treat every entry alike share: one pass over the update in chunks that stay in the first-level cache, so that
// a rule of several
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

/// Calls rule(at, n, g, u) for one chunk after another: the array g of length n holds factor * direction from entry `at` on, the new
/// update is to be written
/// into u, which may be the same memory. Where the rate is known already, theta + rate * update is made in the same pass.
template <Scalar S, class Rule>
void entrywise(Step<S>& step, Rule&& rule) {
  using Array = Eigen::Array<S, Eigen::Dynamic, 1>;
  // Small chunks let the memory run ahead of the arithmetic where the arrays do not fit into the caches, large ones cost less.
  constexpr Index most = 512, few = 128;
  const Index chunk = step.gradient.size() > (Index(1) << 18) ? few : most;
  const S factor = step.factor();
  const S* from = step.direction().data();
  const bool fused = step.fused();
  Vector<S>& out = fused ? step.replace_next() : step.replace();
  alignas(64) S here[most];
  for (Index at = 0; at < out.size(); at += chunk) {
    const Index n = std::min(chunk, out.size() - at);
    const Eigen::Map<const Array> given(from + at, n);
    Eigen::Map<Array> u(fused ? here : out.data() + at, n);
    const bool scaled = !fused && factor != S(1);
    if (scaled) u = factor * given;
    rule(at, n, Eigen::Map<const Array>(scaled ? u.data() : given.data(), n), u);
    if (fused) out.segment(at, n) = step.theta.segment(at, n) + factor * u.matrix();
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

/// u = g / (sqrt(v) + eps), or g / sqrt(v + eps).
template <Scalar S, class G, class U, class V>
void divide_by_root(const G& g, U& u, const V& v, S eps, EpsPlace place) {
  if (place == EpsPlace::inside) u = g / (v + eps).sqrt();
  else u = g / (v.sqrt() + eps);
  if (eps == S(0)) u = (v == S(0)).select(S(0), u);
}

/// 1 where x > 0, -1 where x < 0, else 0.
template <class X, class U>
void signs_of(const X& x, U& u) {
  using S = typename U::Scalar;
  const S* from = x.data();
  S* to = u.data();
  for (Index k = 0; k < u.size(); ++k) to[k] = static_cast<S>(from[k] > S(0)) - static_cast<S>(from[k] < S(0));
}

}  // namespace detail

}  // namespace tacit
