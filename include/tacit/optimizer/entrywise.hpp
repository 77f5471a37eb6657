// SPDX-License-Identifier: MIT
#pragma once
// What the transforms that treat every entry alike share: one pass over the update in chunks that stay in the first-level cache, so that
// a rule of several
// vector operations reads and writes each array once; the place of eps; and division where 0 / 0 is 0, for rules with eps = 0.

#include <algorithm>
#include <cmath>
#include <type_traits>

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

/// Calls rule(at, n, g, u) for one chunk after another: the array g of length n holds factor * direction from entry `at` on, the new update
/// is to be written into u, which may be the same memory. A rule(at, n, g) returns the update instead, as an expression of arrays that
/// entry k of g alone enters at entry k; that saves storing it. Where the rate is known already, theta + rate * update is made in the same
/// pass.
template <Scalar S, class Rule>
void entrywise(Step<S>& step, Rule&& rule) {
  using Array = Eigen::Array<S, Eigen::Dynamic, 1>;
  using Given = Eigen::Map<const Array>;
  constexpr bool returns = std::is_invocable_v<Rule&, Index, Index, const Given&>;
  // Small chunks let the memory run ahead of the arithmetic where the arrays do not fit into the caches, large ones cost less.
  constexpr Index most = returns ? 1024 : 512, few = 128;
  const Index chunk = step.gradient.size() > (Index(1) << 18) ? few : most;
  const S factor = step.factor();
  const S* from = step.direction().data();
  const bool fused = step.fused();
  Vector<S>& out = fused ? step.replace_next() : step.replace();
  alignas(64) S here[returns ? 1 : most];
  for (Index at = 0; at < out.size(); at += chunk) {
    const Index n = std::min(chunk, out.size() - at);
    const Given given(from + at, n);
    if constexpr (returns) {
      Eigen::Map<Array> to(out.data() + at, n);
      if (fused) {
        to = Given(step.theta.data() + at, n) + factor * rule(at, n, given);
      } else if (factor == S(1)) {
        to = rule(at, n, given);
      } else {
        to = factor * given;
        to = rule(at, n, Given(to.data(), n));
      }
    } else {
      Eigen::Map<Array> u(fused ? here : out.data() + at, n);
      const bool scaled = !fused && factor != S(1);
      if (scaled) u = factor * given;
      rule(at, n, Given(scaled ? u.data() : given.data(), n), u);
      if (fused) out.segment(at, n) = step.theta.segment(at, n) + factor * u.matrix();
    }
  }
}

/// The same in one loop over the entries, for rules without roots, which compilers make vectors of: rule(k, g_k) returns entry k of the
/// update. Chunks would read what such a rule has just stored once more, which is worth a third of its time.
template <Scalar S, class Rule>
void entry_by_entry(Step<S>& step, Rule rule) {
  const Index n = step.gradient.size();
  const S factor = step.factor();
  const S* from = step.direction().data();
  if (step.fused()) {
    const S* theta = step.theta.data();
    S* out = step.replace_next().data();
    for (Index k = 0; k < n; ++k) out[k] = theta[k] + factor * rule(k, from[k]);
  } else {
    S* out = step.replace().data();
    for (Index k = 0; k < n; ++k) out[k] = rule(k, factor * from[k]);
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

/// The update x / (sqrt(v) + eps), or x / sqrt(v + eps), where parts(at, n, g) brings one chunk of the state up to date and returns the pair x and v
/// as expressions: the update itself is then nowhere stored. With eps = 0, 0 / 0 counts as 0.
template <Scalar S, class Parts>
void divide_by_root(Step<S>& step, S eps, EpsPlace place, Parts parts) {
  if (eps == S(0))
    entrywise(step, [&](Index at, Index n, const auto& g) {
      const auto [x, v] = parts(at, n, g);
      return (v == S(0)).select(S(0), x / v.sqrt());
    });
  else if (place == EpsPlace::inside)
    entrywise(step, [&](Index at, Index n, const auto& g) {
      const auto [x, v] = parts(at, n, g);
      return x / (v + eps).sqrt();
    });
  else
    entrywise(step, [&](Index at, Index n, const auto& g) {
      const auto [x, v] = parts(at, n, g);
      return x / (v.sqrt() + eps);
    });
}

/// 1 where x > 0, -1 where x < 0, else 0.
template <Scalar S>
S sign_of(S x) {
  return static_cast<S>(x > S(0)) - static_cast<S>(x < S(0));
}

}  // namespace detail

}  // namespace tacit
