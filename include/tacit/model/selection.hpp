// SPDX-License-Identifier: MIT
#pragma once
// Which solution of A x = y the gradient flow of a diagonal net x = u^p - v^p from u = v = alpha 1 selects, p >= 2, as functions of one number:
//   x = alpha^p h_p(s),  s in range(A^T):    h_2(s) = 2 sinh s,    h_p(s) = (1 - s)^-k - (1 + s)^-k for |s| < 1,  k = p / (p - 2)
//   it minimises  sum q_p(x_i / alpha^p):    q_p(z) = int_0^z h_p^-1
//   as alpha falls, among the minimisers of the l1 norm it minimises  sum g_p(x_i):    g_2(x) = |x| log(|x| / e),   g_p(x) = |x| - (p/2) |x|^(2/p)
// p = infinity is allowed: h(s) = 2 s / (1 - s^2), the central path of a logarithmic barrier.                              [Wind et al. 2023]

#include <cmath>
#include <concepts>
#include <limits>

#include "../core/check.hpp"

namespace tacit {

/// h_p and what belongs to it, in any floating-point precision.
template <std::floating_point R>
class Selection {
 public:
  /// Throws where p is below 2 or NaN.
  explicit Selection(R p) : p_(p), k_(std::isinf(p) ? R(1) : p / (p - 2)) {
    require(p >= 2, "Selection: the depth is ", p, ", it needs to be 2 or more");
  }

  /// k = p / (p - 2); infinite for p = 2.
  R exponent() const { return k_; }
  /// Whether s is bounded: |s| < 1, for p > 2.
  bool bounded() const { return p_ > 2; }
  /// h_p(s), to full relative precision; near the bounds the caller may know room = 1 - |s| better than s tells (p = 2: ignored).
  R h(R s) const { return h(s, 1 - std::abs(s)); }
  R h(R s, R room) const {
    if (!bounded()) return 2 * std::sinh(s);
    const R size = std::abs(s), up = size < R(0.5) ? std::log1p(-size) : std::log(room), down = std::log1p(size);
    return std::copysign(2 * std::exp(-k_ / 2 * (up + down)) * std::sinh(k_ / 2 * (down - up)), s);
  }
  /// h_p'(s) > 0.
  R slope(R s) const { return slope(s, 1 - std::abs(s)); }
  R slope(R s, R room) const {
    if (!bounded()) return 2 * std::cosh(s);
    return k_ * (std::pow(room, -k_ - 1) + std::pow(1 + std::abs(s), -k_ - 1));
  }
  /// h_p^-1(z): Newton's method from the side on which it cannot overshoot.
  R inverse(R z) const {
    if (!bounded()) return std::asinh(z / 2);
    const R size = std::abs(z);
    R s = 1 - std::pow(1 + size, -1 / k_);  // h(s) = size + 1 - (1 + s)^-k >= size, and h is convex on s >= 0
    for (int step = 0; step < 100; ++step) {
      const R change = (h(s) - size) / slope(s);
      s -= change;
      if (!(change > std::numeric_limits<R>::epsilon() * s)) break;
    }
    return std::copysign(s, z);
  }
  /// q_p(z) = z s - int_0^s h_p at s = h_p^-1(z).
  R q(R z) const {
    if (!bounded()) return 2 - std::sqrt(z * z + 4) + z * std::asinh(z / 2);
    const R s = inverse(z);
    const R integral = k_ == 1 ? -std::log1p(-s * s) : (std::pow(1 - s, 1 - k_) + std::pow(1 + s, 1 - k_) - 2) / (k_ - 1);
    return z * s - integral;
  }
  /// g_p(x); 0 at 0.
  R g(R x) const {
    const R size = std::abs(x);
    if (size == 0) return 0;
    if (!bounded()) return size * (std::log(size) - 1);
    return size - p_ / 2 * std::pow(size, 2 / p_);
  }

 private:
  R p_, k_;
};

}  // namespace tacit
